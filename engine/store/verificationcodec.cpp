#include "engine/store/verificationcodec.h"

#include "engine/store/jsonfields.h"

#include <QJsonDocument>

#include <algorithm>

namespace octopus::store {

namespace {

constexpr qsizetype textCap = 64;
constexpr qint64 wholeNumberCap = qint64(1) << 53; // what every JSON reader takes
constexpr qint64 latest = 9'000'000'000'000;       // ms since 1970; in 2255
constexpr qint64 nanosecondsPerMillisecond = 1'000'000;
constexpr qint64 formatVersion = 1;
constexpr const char *formatName = "octopus-verifications";

QString key(const char *name)
{
    return QString::fromLatin1(name);
}

QJsonObject encodeRecord(const VerificationRecord &record)
{
    QJsonArray differences;
    for (const RecordedDifference &one : record.differences) {
        if (differences.size() < VerificationRecord::mostDifferences)
            differences.append(QJsonObject{{key("path"), bytesToJson(one.path.bytes())},
                                           {key("what"), QString::fromLatin1(one.what)}});
    }
    const LastVerification &summary = record.summary;
    const auto count = [](quint64 value) {
        return qint64(std::min(value, quint64(wholeNumberCap)));
    };
    return {{key("at"), summary.at.nanoseconds / nanosecondsPerMillisecond},
            {key("identical"), count(summary.identical)},
            {key("different"), count(summary.different)},
            {key("milliseconds"), qint64(summary.duration.count())},
            {key("digest"), QString::fromLatin1(summary.digest)},
            {key("repaired"), summary.repaired},
            {key("differences"), differences}};
}

Result<RecordedDifference> decodeDifference(const QJsonValue &value, const QByteArray &where)
{
    Result<JsonFields> fields = JsonFields::of(value, where);
    OCTOPUS_TRY(fields);
    const auto bytes = fields->bytes("path", RelPath::maximumLength);
    const auto what = fields->text("what", textCap);
    OCTOPUS_TRY(bytes);
    OCTOPUS_TRY(what);
    OCTOPUS_TRY(fields->finish());
    const auto path = RelPath::parse(*bytes);
    if (!path)
        return fieldFailure(where + ".path", path.error().detail);
    const QByteArray word = what->toLatin1();
    if (QString::fromLatin1(word) != *what)
        return fieldFailure(where + ".what", "is no word of the engine's");
    return RecordedDifference{*path, word};
}

Result<VerificationRecord> decodeRecord(const QJsonValue &value, const QByteArray &where)
{
    Result<JsonFields> fields = JsonFields::of(value, where);
    OCTOPUS_TRY(fields);
    const auto at = fields->integer("at", 0, latest);
    const auto identical = fields->integer("identical", 0, wholeNumberCap);
    const auto different = fields->integer("different", 0, wholeNumberCap);
    const auto duration = fields->integer("milliseconds", 0, wholeNumberCap);
    const auto digest = fields->text("digest", textCap);
    const auto repaired = fields->flag("repaired");
    const auto differences =
        fields->list("differences", VerificationRecord::mostDifferences, decodeDifference);
    OCTOPUS_TRY(at);
    OCTOPUS_TRY(identical);
    OCTOPUS_TRY(different);
    OCTOPUS_TRY(duration);
    OCTOPUS_TRY(digest);
    OCTOPUS_TRY(repaired);
    OCTOPUS_TRY(differences);
    OCTOPUS_TRY(fields->finish());
    const QByteArray hex = digest->toLatin1();
    if (QByteArray::fromHex(hex).toHex() != hex || QString::fromLatin1(hex) != *digest)
        return fieldFailure(where + ".digest", "is not hexadecimal");
    return VerificationRecord{{WallTime{*at * nanosecondsPerMillisecond}, quint64(*identical),
                               quint64(*different), Milliseconds(*duration), hex, *repaired},
                              *differences};
}

Result<JsonFields> openDocument(const QByteArray &bytes)
{
    if (bytes.size() > verificationFileCap)
        return failure(ErrorCode::TooLong, "larger than 16 MiB");
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &error);
    if (error.error != QJsonParseError::NoError || !document.isObject())
        return failure(ErrorCode::Corrupt, "no JSON object");
    return JsonFields::of(document.object(), {});
}

} // namespace

QByteArray encodeVerifications(const QList<VerificationRecord> &records)
{
    QJsonArray list;
    for (const VerificationRecord &record :
         records.first(std::min(records.size(), mostVerificationRecords)))
        list.append(encodeRecord(record));
    return QJsonDocument(QJsonObject{{key("format"), key(formatName)},
                                     {key("version"), formatVersion},
                                     {key("reports"), list}})
        .toJson(QJsonDocument::Indented);
}

Result<QList<VerificationRecord>> decodeVerifications(const QByteArray &bytes)
{
    Result<JsonFields> fields = openDocument(bytes);
    OCTOPUS_TRY(fields);
    const auto format = fields->text("format", textCap);
    OCTOPUS_TRY(format);
    if (*format != QLatin1StringView(formatName))
        return fieldFailure("format", "is not '" + QByteArray(formatName) + "'");
    const auto version = fields->integer("version", 1, wholeNumberCap);
    OCTOPUS_TRY(version);
    if (*version != formatVersion)
        return failure(ErrorCode::VersionMismatch, "was written by a newer Octopus");
    auto records = fields->list("reports", mostVerificationRecords, decodeRecord);
    OCTOPUS_TRY(records);
    OCTOPUS_TRY(fields->finish());
    return records;
}

} // namespace octopus::store
