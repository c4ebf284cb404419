#include "engine/store/configuration.h"

#include "engine/store/jsonfields.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QSet>
#include <QTimeZone>

#include <algorithm>
#include <functional>
#include <limits>

namespace octopus::store {

namespace {

constexpr qsizetype fileCap = 16 * 1024 * 1024;
constexpr qsizetype nameCap = 64;
constexpr qsizetype pathCap = 4095;
constexpr qsizetype vaultCap = 256;
constexpr qsizetype sourceCap = 256;
constexpr qsizetype patternCap = 1024;
constexpr qsizetype targetCap = 64;
constexpr qsizetype addressesCap = 16;
constexpr qsizetype addressCap = 300;
constexpr qsizetype grantCap = 64;
constexpr qsizetype rootTextCap = 3 * 20 + 2;
constexpr qint64 wholeNumberCap = qint64(1) << 53; // what every JSON reader takes
constexpr const char *formatName = "octopus-configuration";

QString key(const char *name)
{
    return QString::fromLatin1(name);
}

template <typename Values, typename Encode> QJsonArray array(const Values &values, Encode encodeOne)
{
    QJsonArray out;
    for (const auto &value : values)
        out.append(encodeOne(value));
    return out;
}

// ---- encoding

QString captureText(CaptureGrade grade)
{
    return grade == CaptureGrade::Exact ? QStringLiteral("exact") : QStringLiteral("watch");
}

QString acknowledgeText(AcknowledgeMode mode)
{
    return mode == AcknowledgeMode::Durable ? QStringLiteral("durable") : QStringLiteral("async");
}

QJsonValue encodeTarget(const VaultTarget &target)
{
    QJsonObject json{{key("peer"), target.peer.text()},
                     {key("destination"), bytesToJson(target.destination)},
                     {key("adopt"), target.adopt},
                     {key("paused"), target.paused}};
    if (target.founded)
        json.insert(key("founded"), true);
    if (target.transports)
        json.insert(key("transport"), target.transports->text());
    return json;
}

// "device inode birth", decimal: JSON's numbers do not hold 64 bits. Empty: not known.
QString rootText(const std::optional<FileIdentity> &root)
{
    if (!root)
        return QStringLiteral("");
    return QStringLiteral("%1 %2 %3").arg(root->device).arg(root->inode).arg(root->birthNs);
}

QJsonValue encodeVault(const Vault &vault)
{
    return QJsonObject{
        {key("id"), vault.id.text()},
        {key("name"), vault.name},
        {key("sources"), array(vault.sources, bytesToJson)},
        {key("includes"), array(vault.rules.includes, bytesToJson)},
        {key("excludes"), array(vault.rules.excludes, bytesToJson)},
        {key("targets"), array(vault.targets, encodeTarget)},
        {key("capture"), captureText(vault.capture)},
        {key("acknowledge"), acknowledgeText(vault.acknowledge)},
        {key("transport"), vault.transports.text()},
        {key("limitBytesPerSecond"), qint64(vault.limitBytesPerSecond)},
        {key("epoch"), qint64(number(vault.epoch))},
        {key("sourceRoot"), rootText(vault.sourceRoot)},
    };
}

QJsonValue encodePeer(const Peer &peer)
{
    return QJsonObject{{key("id"), peer.id.text()},
                       {key("name"), peer.name},
                       {key("addresses"), QJsonArray::fromStringList(peer.addresses)},
                       {key("grants"), array(peer.grants, bytesToJson)},
                       {key("highestProtocol"), qint64(peer.highestProtocol)}};
}

QString timeText(WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(time.nanoseconds / 1'000'000, QTimeZone::UTC)
        .toString(Qt::ISODateWithMs);
}

QJsonValue encodeTicket(const OutstandingTicket &ticket)
{
    return QJsonObject{{key("secretHash"), QString::fromLatin1(ticket.secretHash.toHex())},
                       {key("expires"), timeText(ticket.expires)},
                       {key("grant"), bytesToJson(ticket.grant)}};
}

// ---- decoding

template <typename T, typename Parse>
Result<T> parsed(const Result<QString> &text, const QByteArray &where, Parse parse)
{
    if (!text)
        return passOn(text);
    Result<T> value = parse(*text);
    if (!value)
        return fieldFailure(where, value.error().detail);
    return value;
}

template <typename Id> Result<Id> id(JsonFields &fields, const char *name)
{
    return parsed<Id>(fields.text(name, nameCap), fields.where() + '.' + name, Id::fromText);
}

Result<QByteArray> pattern(const QJsonValue &value, const QByteArray &where)
{
    return bytesFromJson(value, where, pathCap)
        .and_then([&](QByteArray bytes) -> Result<QByteArray> {
            if (bytes.isEmpty())
                return fieldFailure(where, "is empty");
            return bytes;
        });
}

Result<QByteArray> absolutePath(const QJsonValue &value, const QByteArray &where)
{
    return bytesFromJson(value, where, pathCap)
        .and_then([&](QByteArray bytes) -> Result<QByteArray> {
            if (!bytes.startsWith('/'))
                return fieldFailure(where, "is not an absolute path");
            return bytes;
        });
}

Result<QString> address(const QJsonValue &value, const QByteArray &where)
{
    return textFromJson(value, where, addressCap);
}

// With its password, of which an error says nothing.
Result<Transports> transports(JsonFields &fields)
{
    return parsed<Transports>(fields.text("transport", Transports::longestText),
                              fields.where() + ".transport", [](const QString &text) {
                                  return Transports::parse(text).and_then(
                                      [](const Transports &x) { return x.withPasswordsOf({}); });
                              });
}

template <typename T>
Result<T> choice(JsonFields &fields, const char *name, QString (*textOf)(T), T first, T second)
{
    const Result<QString> text = fields.text(name, nameCap);
    if (!text)
        return passOn(text);
    if (*text == textOf(first))
        return first;
    if (*text == textOf(second))
        return second;
    return fieldFailure(fields.where() + '.' + name,
                        "is neither '" + textOf(first).toUtf8() + "' nor '"
                            + textOf(second).toUtf8() + "'");
}

Result<VaultTarget> decodeTarget(const QJsonValue &value, const QByteArray &where)
{
    Result<JsonFields> fields = JsonFields::of(value, where);
    if (!fields)
        return passOn(fields);
    const auto peer = id<MachineId>(*fields, "peer");
    const auto destination = fields->bytes("destination", pathCap);
    const auto adopt = fields->flag("adopt");
    const auto paused = fields->flag("paused");
    const auto founded = fields->has("founded") ? fields->flag("founded") : Result<bool>(false);
    std::optional<Transports> own;
    if (fields->has("transport")) {
        const auto list = transports(*fields);
        OCTOPUS_TRY(list);
        own = *list;
    }
    OCTOPUS_TRY(peer);
    OCTOPUS_TRY(destination);
    OCTOPUS_TRY(adopt);
    OCTOPUS_TRY(paused);
    OCTOPUS_TRY(founded);
    OCTOPUS_TRY(fields->finish());
    return VaultTarget{*peer, *destination, *adopt, *paused, own, *founded};
}

Result<std::optional<FileIdentity>> decodeRoot(JsonFields &fields)
{
    const auto text = fields.text("sourceRoot", rootTextCap);
    OCTOPUS_TRY(text);
    if (text->isEmpty())
        return std::nullopt;
    const QStringList parts = text->split(u' ');
    FileIdentity root;
    bool good[3] = {};
    root.device = parts.value(0).toULongLong(&good[0]);
    root.inode = parts.value(1).toULongLong(&good[1]);
    root.birthNs = parts.value(2).toLongLong(&good[2]);
    // Written back it must be the same: no signs, leading zeros or further parts.
    if (!std::ranges::all_of(good, std::identity()) || rootText(root) != *text)
        return fieldFailure(fields.where() + ".sourceRoot", "is not three whole numbers");
    return root;
}

Result<void> decodeSettings(JsonFields &fields, Vault &vault)
{
    const auto capture =
        choice(fields, "capture", captureText, CaptureGrade::Watch, CaptureGrade::Exact);
    const auto acknowledge = choice(fields, "acknowledge", acknowledgeText, AcknowledgeMode::Async,
                                    AcknowledgeMode::Durable);
    const auto ways = transports(fields);
    const auto limit = fields.integer("limitBytesPerSecond", 0, wholeNumberCap);
    const auto epoch = fields.integer("epoch", 1, wholeNumberCap);
    OCTOPUS_TRY(capture);
    OCTOPUS_TRY(acknowledge);
    OCTOPUS_TRY(ways);
    OCTOPUS_TRY(limit);
    const auto root = decodeRoot(fields);
    OCTOPUS_TRY(epoch);
    OCTOPUS_TRY(root);
    vault.capture = *capture;
    vault.acknowledge = *acknowledge;
    vault.transports = *ways;
    vault.limitBytesPerSecond = quint64(*limit);
    vault.epoch = Epoch(quint64(*epoch));
    vault.sourceRoot = *root;
    return {};
}

Result<Vault> decodeVault(const QJsonValue &value, const QByteArray &where)
{
    Result<JsonFields> fields = JsonFields::of(value, where);
    if (!fields)
        return passOn(fields);
    const auto vaultId = id<VaultId>(*fields, "id");
    const auto name = fields->text("name", nameCap);
    const auto sources = fields->list("sources", sourceCap, absolutePath);
    const auto includes = fields->list("includes", patternCap, pattern);
    const auto excludes = fields->list("excludes", patternCap, pattern);
    const auto targets = fields->list("targets", targetCap, decodeTarget);
    OCTOPUS_TRY(vaultId);
    OCTOPUS_TRY(name);
    OCTOPUS_TRY(sources);
    OCTOPUS_TRY(includes);
    OCTOPUS_TRY(excludes);
    OCTOPUS_TRY(targets);
    if (const Result<void> good = checkVaultName(*name); !good)
        return fieldFailure(where + ".name", good.error().detail);
    if (sources->isEmpty())
        return fieldFailure(where + ".sources", "is empty");
    Vault vault{*vaultId, *name, *sources, {*includes, *excludes}, *targets};
    OCTOPUS_TRY(decodeSettings(*fields, vault));
    OCTOPUS_TRY(fields->finish());
    return vault;
}

Result<Peer> decodePeer(const QJsonValue &value, const QByteArray &where)
{
    Result<JsonFields> fields = JsonFields::of(value, where);
    if (!fields)
        return passOn(fields);
    const auto machine = id<MachineId>(*fields, "id");
    const auto name = fields->text("name", nameCap);
    const auto addresses = fields->list("addresses", addressesCap, address);
    const auto grants = fields->list("grants", grantCap, absolutePath);
    const auto protocol =
        fields->integer("highestProtocol", 0, std::numeric_limits<quint32>::max());
    OCTOPUS_TRY(machine);
    OCTOPUS_TRY(name);
    OCTOPUS_TRY(addresses);
    OCTOPUS_TRY(grants);
    OCTOPUS_TRY(protocol);
    OCTOPUS_TRY(fields->finish());
    return Peer{*machine, *name, *addresses, *grants, quint32(*protocol)};
}

Result<Sha256Digest> hashFromText(const QString &hex)
{
    // Of the same length and alphabet as a machine id.
    return MachineId::fromText(hex)
        .transform([](const MachineId &bytes) {
            Sha256Digest digest;
            std::ranges::copy(bytes.bytes(), digest.bytes.begin());
            return digest;
        })
        .transform_error([](Error error) {
            error.detail = "is not a SHA-256 in hexadecimal";
            return error;
        });
}

Result<WallTime> timeFromText(const QString &text)
{
    constexpr qint64 latest = std::numeric_limits<qint64>::max() / 1'000'000; // in 2262
    const QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
    const qint64 milliseconds = time.isValid() ? time.toMSecsSinceEpoch() : -1;
    // Exactly the form that encode() writes, within what nanoseconds can hold.
    if (milliseconds < 0 || milliseconds > latest || timeText({milliseconds * 1'000'000}) != text)
        return failure(ErrorCode::Invalid, "is not a time like 2026-11-22T12:00:00.000Z");
    return WallTime{milliseconds * 1'000'000};
}

Result<OutstandingTicket> decodeTicket(const QJsonValue &value, const QByteArray &where)
{
    Result<JsonFields> fields = JsonFields::of(value, where);
    if (!fields)
        return passOn(fields);
    const auto hash = parsed<Sha256Digest>(fields->text("secretHash", nameCap),
                                           where + ".secretHash", hashFromText);
    const auto expires =
        parsed<WallTime>(fields->text("expires", nameCap), where + ".expires", timeFromText);
    const auto grant = fields->bytes("grant", pathCap);
    OCTOPUS_TRY(hash);
    OCTOPUS_TRY(expires);
    OCTOPUS_TRY(grant);
    OCTOPUS_TRY(fields->finish());
    if (!grant->isEmpty() && !grant->startsWith('/'))
        return fieldFailure(where + ".grant", "is not an absolute path");
    return OutstandingTicket{*hash, *expires, *grant};
}

template <typename T, typename Key>
Result<void> checkUnique(const QList<T> &values, const char *list, Key keyOf)
{
    QSet<std::decay_t<decltype(keyOf(values.first()))>> seen;
    for (qsizetype i = 0; i < values.size(); ++i) {
        const auto one = keyOf(values[i]);
        if (seen.contains(one))
            return fieldFailure(QByteArray(list) + '[' + QByteArray::number(i) + ']',
                                "has the id or name of an earlier one");
        seen.insert(one);
    }
    return {};
}

Result<Configuration> decodeFields(JsonFields &fields)
{
    const auto name = fields.text("machineName", nameCap);
    const auto port = fields.integer("listenPort", 0, 65535);
    auto vaults = fields.list("vaults", vaultCap, decodeVault);
    auto peers = fields.list("peers", peerCap, decodePeer);
    auto tickets = fields.list("tickets", outstandingTicketCap, decodeTicket);
    OCTOPUS_TRY(name);
    OCTOPUS_TRY(port);
    OCTOPUS_TRY(vaults);
    OCTOPUS_TRY(peers);
    OCTOPUS_TRY(tickets);
    OCTOPUS_TRY(fields.finish());
    OCTOPUS_TRY(checkUnique(*vaults, "vaults", [](const Vault &vault) { return vault.id; }));
    OCTOPUS_TRY(checkUnique(*vaults, "vaults", [](const Vault &vault) { return vault.name; }));
    OCTOPUS_TRY(checkUnique(*peers, "peers", [](const Peer &peer) { return peer.id; }));
    return Configuration{*name, quint16(*port), std::move(*vaults), std::move(*peers),
                         std::move(*tickets)};
}

Result<void> checkHeader(JsonFields &fields)
{
    const Result<QString> format = fields.text("format", nameCap);
    OCTOPUS_TRY(format);
    if (*format != QLatin1StringView(formatName))
        return fieldFailure("format", "is not '" + QByteArray(formatName) + "'");
    const Result<qint64> version = fields.integer("version", 1, wholeNumberCap);
    OCTOPUS_TRY(version);
    if (*version > configurationVersion) {
        return failure(ErrorCode::VersionMismatch,
                       "version: " + QByteArray::number(*version)
                           + " was written by a newer Octopus; this one knows up to "
                           + QByteArray::number(configurationVersion));
    }
    return {};
}

} // namespace

QByteArray encode(const Configuration &configuration)
{
    const QJsonObject object{
        {key("format"), key(formatName)},
        {key("version"), configurationVersion},
        {key("machineName"), configuration.machineName},
        {key("listenPort"), int(configuration.listenPort)},
        {key("vaults"), array(configuration.vaults, encodeVault)},
        {key("peers"), array(configuration.peers, encodePeer)},
        {key("tickets"), array(configuration.tickets, encodeTicket)},
    };
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

Result<Configuration> decode(const QByteArray &bytes)
{
    if (bytes.size() > fileCap)
        return failure(ErrorCode::TooLong, "larger than 16 MiB");
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &error);
    if (error.error != QJsonParseError::NoError) {
        return failure(ErrorCode::Corrupt,
                       "not valid JSON at byte " + QByteArray::number(error.offset) + ": "
                           + error.errorString().toUtf8());
    }
    if (!document.isObject())
        return failure(ErrorCode::Corrupt, "not a JSON object");
    Result<JsonFields> fields = JsonFields::of(document.object(), {});
    OCTOPUS_TRY(fields);
    OCTOPUS_TRY(checkHeader(*fields));
    return decodeFields(*fields);
}

Result<void> check(const Configuration &configuration)
{
    const Result<Configuration> again = decode(encode(configuration));
    if (!again)
        return passOn(again);
    if (*again != configuration)
        return failure(ErrorCode::Invalid, "a value would not survive being stored");
    return {};
}

} // namespace octopus::store
