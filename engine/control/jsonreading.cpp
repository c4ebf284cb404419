// The reading half of json.h.
#include "engine/control/json.h"

#include <QDateTime>

#include <cmath>
#include <limits>

namespace octopus::control {

namespace {

constexpr qint64 nanosecondsPerMillisecond = 1'000'000;

// The value of an enumeration from 1 to `last` whose name is `text`, or `otherwise`.
template <typename Enum>
Enum fromName(const QString &text, const char *(*nameOf)(Enum), Enum last, Enum otherwise)
{
    for (quint8 value = 1; value <= quint8(last); ++value) {
        if (text == QLatin1StringView(nameOf(Enum(value))))
            return Enum(value);
    }
    return otherwise;
}

QByteArray bytesOrEmpty(const QJsonValue &value)
{
    return bytesFromJson(value).value_or(QByteArray());
}

quint64 count(const QJsonValue &value)
{
    return quint64(std::max<qint64>(value.toInteger(), 0));
}

std::optional<Milliseconds> duration(const QJsonValue &value)
{
    return value.isDouble() ? std::optional(Milliseconds(value.toInteger())) : std::nullopt;
}

std::optional<WallTime> optionalTime(const QJsonValue &value)
{
    const Result<WallTime> time = timeFromJson(value);
    return time ? std::optional(*time) : std::nullopt;
}

MachineId machineId(const QJsonValue &value)
{
    return MachineId::fromText(value.toString()).value_or(MachineId());
}

VaultId vaultId(const QJsonValue &value)
{
    return VaultId::fromText(value.toString()).value_or(VaultId());
}

Phase phase(const QJsonValue &value)
{
    return fromName(value.toString(), phaseName, Phase::Diverged, Phase::Offline);
}

QList<QByteArray> byteList(const QJsonValue &value)
{
    QList<QByteArray> list;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &one : array)
        list.append(bytesOrEmpty(one));
    return list;
}

QList<Problem> problems(const QJsonValue &value)
{
    QList<Problem> list;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &one : array) {
        Problem problem;
        problem.path = RelPath::parse(bytesOrEmpty(one[u"path"])).value_or(RelPath());
        problem.code = fromName(one[u"code"].toString(), problemName, ProblemCode::Different,
                                ProblemCode::CannotRead);
        problem.detail = bytesOrEmpty(one[u"text"]);
        problem.since = timeFromJson(one[u"since"]).value_or(WallTime());
        list.append(problem);
    }
    return list;
}

std::optional<Halt> halt(const QJsonValue &value)
{
    if (!value.isObject())
        return std::nullopt;
    return Halt{fromName(value[u"reason"].toString(), haltName, HaltReason::ReplicaGone,
                         HaltReason::StateUnreadable),
                bytesOrEmpty(value[u"text"]), byteList(value[u"paths"]), count(value[u"gone"]),
                count(value[u"known"])};
}

std::optional<LastVerification> lastVerification(const QJsonValue &value)
{
    const std::optional<WallTime> at = optionalTime(value[u"at"]);
    if (!at)
        return std::nullopt;
    return LastVerification{*at,
                            count(value[u"identical"]),
                            count(value[u"different"]),
                            Milliseconds(std::llround(value[u"seconds"].toDouble() * 1000.0)),
                            value[u"digest"].toString().toLatin1(),
                            value[u"repaired"].toBool()};
}

MirrorStatus mirror(const QJsonObject &json)
{
    MirrorStatus status;
    status.peer = machineId(json[u"peerId"]);
    status.peerName = json[u"peer"].toString();
    status.destination = bytesOrEmpty(json[u"destination"]);
    status.phase = phase(json[u"phase"]);
    status.offlineBecause = bytesOrEmpty(json[u"offlineBecause"]);
    status.via = json[u"via"].toString();
    status.address = json[u"address"].toString();
    status.inSync = json[u"inSync"].toBool();
    status.lag = duration(json[u"lagMs"]);
    status.backlogOperations = count(json[u"backlogOperations"]);
    status.backlogBytes = count(json[u"backlogBytes"]);
    status.sentBytes = count(json[u"sentBytes"]);
    status.receivedBytes = count(json[u"receivedBytes"]);
    status.operations = count(json[u"operations"]);
    status.files = count(json[u"files"]);
    status.bytes = count(json[u"bytes"]);
    const QJsonValue progress = json[u"progress"];
    status.progress = {count(progress[u"done"]), count(progress[u"total"]),
                       duration(progress[u"etaMs"])};
    status.lastInSync = optionalTime(json[u"lastInSync"]);
    status.lastVerified = lastVerification(json[u"lastVerified"]);
    status.problems = problems(json[u"problems"]);
    status.halt = halt(json[u"halt"]);
    return status;
}

VaultStatus vault(const QJsonObject &json)
{
    VaultStatus status;
    status.vault.id = vaultId(json[u"id"]);
    status.vault.name = json[u"name"].toString();
    status.vault.sources = byteList(json[u"sources"]);
    if (json[u"capture"].toString() == u"exact")
        status.vault.capture = CaptureGrade::Exact;
    const QJsonArray targets = json[u"targets"].toArray();
    for (const QJsonValue &target : targets)
        status.targets.append(mirror(target.toObject()));
    return status;
}

ReplicaStatus replica(const QJsonObject &json)
{
    ReplicaStatus status;
    status.vault = vaultId(json[u"id"]);
    status.name = json[u"name"].toString();
    status.primary = machineId(json[u"primaryId"]);
    status.primaryName = json[u"primary"].toString();
    status.destination = bytesOrEmpty(json[u"destination"]);
    status.phase = phase(json[u"phase"]);
    status.consistent = json[u"consistent"].toBool();
    status.asOf = optionalTime(json[u"asOf"]);
    status.lag = duration(json[u"lagMs"]);
    status.problems = problems(json[u"problems"]);
    status.halt = halt(json[u"halt"]);
    return status;
}

} // namespace

Result<QByteArray> bytesFromJson(const QJsonValue &value)
{
    if (value.isString())
        return value.toString().toUtf8();
    const QJsonValue encoded = value[u"bytes"];
    if (!value.isObject() || !encoded.isString())
        return failure(ErrorCode::Invalid, "neither text nor {\"bytes\": …}");
    const auto decoded = QByteArray::fromBase64Encoding(encoded.toString().toLatin1(),
                                                        QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return failure(ErrorCode::Invalid, "not base64");
    return *decoded;
}

Result<WallTime> timeFromJson(const QJsonValue &value)
{
    const QDateTime time = QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
    // What 64 bits of nanoseconds hold: 1677 to 2262.
    constexpr qint64 most = std::numeric_limits<qint64>::max() / nanosecondsPerMillisecond;
    const qint64 milliseconds = time.isValid() ? time.toMSecsSinceEpoch() : most + 1;
    if (milliseconds > most || milliseconds < -most)
        return failure(ErrorCode::Invalid, "not a time");
    return WallTime{milliseconds * nanosecondsPerMillisecond};
}

PairingStatus pairingFromJson(const QJsonObject &json)
{
    PairingStatus status;
    status.peer = machineId(json[u"id"]);
    status.name = json[u"name"].toString();
    status.address = json[u"address"].toString();
    status.digits = json[u"digits"].toString();
    status.askedHere = json[u"askedBy"].toString() == u"this";
    status.state = fromName(json[u"state"].toString(), pairingStateName, PairingState::Failed,
                            PairingState::Failed);
    status.confirmedThere = json[u"confirmedByPeer"].toBool();
    status.expires = timeFromJson(json[u"expires"]).value_or(WallTime());
    status.left = std::chrono::seconds(count(json[u"secondsLeft"]));
    status.detail = bytesOrEmpty(json[u"text"]);
    status.code = fromName(json[u"code"].toString(), errorName, ErrorCode::Other, ErrorCode::Other);
    return status;
}

ActivityEntry activityFromJson(const QJsonValue &json)
{
    ActivityEntry entry;
    entry.number = count(json[u"number"]);
    entry.at = timeFromJson(json[u"at"]).value_or(WallTime());
    entry.what = fromName(json[u"what"].toString(), activityName, ActivityKind::Attributes,
                          ActivityKind::Changed);
    entry.path = RelPath::parse(bytesOrEmpty(json[u"path"])).value_or(RelPath());
    entry.from = RelPath::parse(bytesOrEmpty(json[u"from"])).value_or(RelPath());
    entry.bytes = count(json[u"bytes"]);
    entry.more = count(json[u"more"]);
    return entry;
}

VerificationRecord verificationFromJson(const QJsonValue &json)
{
    VerificationRecord record;
    record.summary = lastVerification(json).value_or(LastVerification());
    const QJsonArray differences = json[u"differences"].toArray();
    for (const QJsonValue &one : differences) {
        record.differences.append({RelPath::parse(bytesOrEmpty(one[u"path"])).value_or(RelPath()),
                                   one[u"what"].toString().toLatin1()});
    }
    return record;
}

Result<EngineStatus> statusFromJson(const QJsonObject &document)
{
    const QJsonValue machine = document[u"machine"];
    if (!machine.isObject() || !document[u"vaults"].isArray())
        return failure(ErrorCode::Invalid, "not a status document");
    EngineStatus status;
    status.machine = {machine[u"name"].toString(), machineId(machine[u"id"]),
                      machine[u"address"].toString(), bytesOrEmpty(machine[u"warning"])};
    const QJsonArray vaults = document[u"vaults"].toArray();
    for (const QJsonValue &one : vaults) {
        if (one[u"role"].toString() == u"target")
            status.replicas.append(replica(one.toObject()));
        else
            status.vaults.append(vault(one.toObject()));
    }
    const QJsonArray pairings = document[u"pairings"].toArray();
    for (const QJsonValue &one : pairings)
        status.pairings.append(pairingFromJson(one.toObject()));
    return status;
}

Failure failureFromJson(const QJsonObject &document)
{
    Failure failure;
    failure.error.code =
        fromName(document[u"code"].toString(), errorName, ErrorCode::Other, ErrorCode::Other);
    failure.error.detail = bytesOrEmpty(document[u"text"]);
    failure.paths = byteList(document[u"paths"]);
    return failure;
}

} // namespace octopus::control
