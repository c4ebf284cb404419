#include "engine/control/commandfields.h"

#include "engine/control/json.h"

namespace octopus::control {

namespace {

constexpr qsizetype textCap = 4096;
constexpr qsizetype pathCap = 4096; // PATH_MAX
constexpr qsizetype listCap = 1000;
constexpr qint64 minutesCap = 60 * 24 * 7;

Result<void> checkAbsolute(const QByteArray &path, const char *what)
{
    if (path.startsWith('/'))
        return {};
    return failure(ErrorCode::Invalid,
                   what + QByteArray(" must be an absolute path, not \"") + path + '"');
}

Result<void> checkSources(const QList<QByteArray> &sources)
{
    if (sources.isEmpty())
        return failure(ErrorCode::Invalid, "a vault needs a source");
    for (const QByteArray &source : sources)
        OCTOPUS_TRY(checkAbsolute(source, "a source"));
    return {};
}

Result<void> checkTargets(const QList<TargetChoice> &targets)
{
    if (targets.isEmpty())
        return failure(ErrorCode::Invalid, "a vault needs a target");
    for (const TargetChoice &target : targets) {
        if (target.peer.isEmpty())
            return failure(ErrorCode::Invalid, "a target needs a peer");
    }
    return {};
}

Result<void> checkTransports(const QString &text)
{
    const auto parsed = Transports::parse(text);
    return parsed ? Result<void>() : passOn(parsed);
}

Result<void> checkTransports(const QList<TargetTransport> &targets)
{
    for (const TargetTransport &one : targets) {
        if (!one.transport.isEmpty())
            OCTOPUS_TRY(checkTransports(one.transport));
    }
    return {};
}

} // namespace

QJsonValue FieldWriter::json(const QString &value)
{
    return value;
}

QJsonValue FieldWriter::json(const QByteArray &value)
{
    return bytesToJson(value);
}

QJsonValue FieldWriter::json(bool value)
{
    return value;
}

QJsonValue FieldWriter::json(quint64 value)
{
    return qint64(value);
}

QJsonValue FieldWriter::json(std::chrono::minutes value)
{
    return qint64(value.count());
}

QJsonValue FieldWriter::json(CaptureGrade value)
{
    return captureName(value);
}

QJsonValue FieldWriter::json(AcknowledgeMode value)
{
    return acknowledgeName(value);
}

QJsonValue FieldWriter::json(const QList<QByteArray> &value)
{
    QJsonArray array;
    for (const QByteArray &one : value)
        array.append(bytesToJson(one));
    return array;
}

template <typename One> static QJsonValue objects(const QList<One> &value)
{
    QJsonArray array;
    for (One one : value) {
        FieldWriter writer;
        fields(writer, one);
        array.append(writer.object());
    }
    return array;
}

QJsonValue FieldWriter::json(const QList<TargetChoice> &value)
{
    return objects(value);
}

QJsonValue FieldWriter::json(const QList<TargetTransport> &value)
{
    return objects(value);
}

const char *FieldReader::take(const QJsonValue &json, QString &value)
{
    if (!json.isString())
        return "is not a text";
    value = json.toString();
    return value.size() <= textCap ? nullptr : "is too long";
}

const char *FieldReader::take(const QJsonValue &json, QByteArray &value)
{
    const Result<QByteArray> bytes = bytesFromJson(json);
    if (!bytes)
        return "is neither a text nor {\"bytes\": …}";
    value = *bytes;
    if (value.contains('\0'))
        return "holds a NUL byte";
    return value.size() <= pathCap ? nullptr : "is too long";
}

const char *FieldReader::take(const QJsonValue &json, bool &value)
{
    value = json.toBool();
    return json.isBool() ? nullptr : "is neither true nor false";
}

const char *FieldReader::take(const QJsonValue &json, quint64 &value)
{
    const qint64 number = json.toInteger(-1);
    value = quint64(number);
    return number >= 0 ? nullptr : "is not a whole number from 0";
}

const char *FieldReader::take(const QJsonValue &json, std::chrono::minutes &value)
{
    const qint64 number = json.toInteger(-1);
    value = std::chrono::minutes(number);
    return number >= 1 && number <= minutesCap ? nullptr : "is not within 1 minute and 7 days";
}

const char *FieldReader::take(const QJsonValue &json, CaptureGrade &value)
{
    value = json.toString() == u"exact" ? CaptureGrade::Exact : CaptureGrade::Watch;
    return captureName(value) == json.toString() ? nullptr : "is neither watch nor exact";
}

const char *FieldReader::take(const QJsonValue &json, AcknowledgeMode &value)
{
    value = json.toString() == u"durable" ? AcknowledgeMode::Durable : AcknowledgeMode::Async;
    return acknowledgeName(value) == json.toString() ? nullptr : "is neither async nor durable";
}

const char *FieldReader::take(const QJsonValue &json, QList<QByteArray> &value)
{
    if (!json.isArray())
        return "is not a list";
    const QJsonArray array = json.toArray();
    if (array.size() > listCap)
        return "has too many entries";
    for (const QJsonValue &one : array) {
        if (const char *fault = take(one, value.emplaceBack()))
            return fault;
    }
    return nullptr;
}

template <typename One>
static const char *takeObjects(const QJsonValue &json, QList<One> &value, const char *fault)
{
    if (!json.isArray())
        return "is not a list";
    const QJsonArray array = json.toArray();
    if (array.size() > listCap)
        return "has too many entries";
    for (const QJsonValue &one : array) {
        const QJsonObject object = one.toObject();
        FieldReader reader(object);
        fields(reader, value.emplaceBack());
        if (reader.error())
            return fault;
    }
    return nullptr;
}

const char *FieldReader::take(const QJsonValue &json, QList<TargetChoice> &value)
{
    return takeObjects(json, value, "holds a target that is not {\"peer\": …, \"destination\": …}");
}

const char *FieldReader::take(const QJsonValue &json, QList<TargetTransport> &value)
{
    return takeObjects(json, value, "holds a target that is not {\"peer\": …, \"transport\": …}");
}

void FieldReader::refuse(QLatin1StringView key, const char *fault)
{
    if (!m_error) {
        m_error = Error{ErrorCode::Invalid,
                        "the argument \"" + QByteArray(key.data(), key.size()) + "\" " + fault, 0};
    }
}

Result<void> check(const Check &command)
{
    if (command.address.trimmed().isEmpty())
        return failure(ErrorCode::Invalid, "there is no address to check");
    return checkTransports(command.transport);
}

Result<void> check(const Invite &command)
{
    return command.grant.isEmpty() ? Result<void>() : checkAbsolute(command.grant, "the grant");
}

Result<void> check(const ConfirmPairing &command)
{
    return command.grant.isEmpty() ? Result<void>() : checkAbsolute(command.grant, "the grant");
}

Result<void> check(const Grant &command)
{
    return checkAbsolute(command.folder, "the grant");
}

Result<void> check(const AddVault &command)
{
    OCTOPUS_TRY(checkVaultName(command.name));
    OCTOPUS_TRY(checkSources(command.sources));
    OCTOPUS_TRY(checkTransports(command.transport));
    OCTOPUS_TRY(checkTransports(command.targetTransports));
    return checkTargets(command.targets);
}

Result<void> check(const EditVault &command)
{
    if (command.name)
        OCTOPUS_TRY(checkVaultName(*command.name));
    if (command.sources)
        OCTOPUS_TRY(checkSources(*command.sources));
    if (command.transport)
        OCTOPUS_TRY(checkTransports(*command.transport));
    if (command.targetTransports)
        OCTOPUS_TRY(checkTransports(*command.targetTransports));
    return command.targets ? checkTargets(*command.targets) : Result<void>();
}

} // namespace octopus::control
