#include "engine/control/json.h"

#include <QDateTime>
#include <QStringDecoder>
#include <QTimeZone>

namespace octopus::control {

namespace {

constexpr qint64 nanosecondsPerMillisecond = 1'000'000;

QString latin(const char *text)
{
    return QString::fromLatin1(text);
}

QJsonValue millisecondsToJson(const std::optional<Milliseconds> &duration)
{
    return duration ? QJsonValue(qint64(duration->count())) : QJsonValue(QJsonValue::Null);
}

QJsonValue optionalTime(const std::optional<WallTime> &time)
{
    return time ? timeToJson(*time) : QJsonValue(QJsonValue::Null);
}

QJsonArray toArray(const QList<QByteArray> &list)
{
    QJsonArray array;
    for (const QByteArray &bytes : list)
        array.append(bytesToJson(bytes));
    return array;
}

QJsonArray toArray(const QList<Problem> &problems)
{
    QJsonArray array;
    for (const Problem &problem : problems)
        array.append(toJson(problem));
    return array;
}

QJsonValue haltToJson(const std::optional<Halt> &halt)
{
    return halt ? QJsonValue(toJson(*halt)) : QJsonValue(QJsonValue::Null);
}

QJsonValue textOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

QJsonValue verificationToJson(const std::optional<LastVerification> &verification)
{
    return verification ? QJsonValue(control::toJson(*verification)) : QJsonValue(QJsonValue::Null);
}

QJsonObject mirrorToJson(const MirrorStatus &mirror)
{
    return {
        {QStringLiteral("peer"), mirror.peerName},
        {QStringLiteral("peerId"), mirror.peer.text()},
        {QStringLiteral("destination"), bytesToJson(mirror.destination)},
        {QStringLiteral("phase"), latin(phaseName(mirror.phase))},
        {QStringLiteral("offlineBecause"), bytesToJson(mirror.offlineBecause)},
        {QStringLiteral("via"), textOrNull(mirror.via)},
        {QStringLiteral("address"), textOrNull(mirror.address)},
        {QStringLiteral("inSync"), mirror.inSync},
        {QStringLiteral("lagMs"), millisecondsToJson(mirror.lag)},
        {QStringLiteral("backlogOperations"), qint64(mirror.backlogOperations)},
        {QStringLiteral("backlogBytes"), qint64(mirror.backlogBytes)},
        {QStringLiteral("sentBytes"), qint64(mirror.sentBytes)},
        {QStringLiteral("receivedBytes"), qint64(mirror.receivedBytes)},
        {QStringLiteral("operations"), qint64(mirror.operations)},
        {QStringLiteral("files"), qint64(mirror.files)},
        {QStringLiteral("bytes"), qint64(mirror.bytes)},
        {QStringLiteral("progress"),
         QJsonObject{{QStringLiteral("done"), qint64(mirror.progress.done)},
                     {QStringLiteral("total"), qint64(mirror.progress.total)},
                     {QStringLiteral("etaMs"), millisecondsToJson(mirror.progress.remaining)}}},
        {QStringLiteral("lastInSync"), optionalTime(mirror.lastInSync)},
        {QStringLiteral("lastVerified"), verificationToJson(mirror.lastVerified)},
        {QStringLiteral("problems"), toArray(mirror.problems)},
        {QStringLiteral("halt"), haltToJson(mirror.halt)},
    };
}

} // namespace

QJsonValue bytesToJson(const QByteArray &bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8,
                           QStringDecoder::Flag::Stateless
                               | QStringDecoder::Flag::ConvertInitialBom);
    const QString text = decoder(bytes);
    // The comparison catches what a lenient decoder might change without an error; a byte order
    // mark at the start would get lost when the document is read.
    if (!decoder.hasError() && text.toUtf8() == bytes && !text.startsWith(QChar::ByteOrderMark))
        return text;
    return QJsonObject{{QStringLiteral("bytes"), QString::fromLatin1(bytes.toBase64())}};
}

QJsonValue timeToJson(WallTime time)
{
    const qint64 milliseconds = time.nanoseconds / nanosecondsPerMillisecond;
    return QDateTime::fromMSecsSinceEpoch(milliseconds, QTimeZone::UTC).toString(Qt::ISODateWithMs);
}

QString captureName(CaptureGrade grade)
{
    return grade == CaptureGrade::Exact ? QStringLiteral("exact") : QStringLiteral("watch");
}

QString acknowledgeName(AcknowledgeMode mode)
{
    return mode == AcknowledgeMode::Durable ? QStringLiteral("durable") : QStringLiteral("async");
}

QJsonObject toJson(const Problem &problem)
{
    return {{QStringLiteral("path"), bytesToJson(problem.path.bytes())},
            {QStringLiteral("code"), latin(problemName(problem.code))},
            {QStringLiteral("text"), bytesToJson(problem.detail)},
            {QStringLiteral("since"), timeToJson(problem.since)},
            {QStringLiteral("notice"), isNotice(problem.code)}};
}

QJsonObject toJson(const Halt &halt)
{
    return {{QStringLiteral("reason"), latin(haltName(halt.reason))},
            {QStringLiteral("text"), bytesToJson(halt.detail)},
            {QStringLiteral("advice"), QString::fromUtf8(haltAdvice(halt.reason))},
            {QStringLiteral("paths"), toArray(halt.paths)},
            {QStringLiteral("gone"), qint64(halt.gone)},
            {QStringLiteral("known"), qint64(halt.known)}};
}

QJsonObject toJson(const ActivityEntry &entry)
{
    QJsonObject json{{QStringLiteral("number"), qint64(entry.number)},
                     {QStringLiteral("at"), timeToJson(entry.at)},
                     {QStringLiteral("what"), latin(activityName(entry.what))},
                     {QStringLiteral("path"), bytesToJson(entry.path.bytes())},
                     {QStringLiteral("bytes"), qint64(entry.bytes)},
                     {QStringLiteral("more"), qint64(entry.more)}};
    if (entry.what == ActivityKind::Moved)
        json.insert(QStringLiteral("from"), bytesToJson(entry.from.bytes()));
    return json;
}

QJsonObject toJson(const LastVerification &verification)
{
    return {{QStringLiteral("at"), timeToJson(verification.at)},
            {QStringLiteral("identical"), qint64(verification.identical)},
            {QStringLiteral("different"), qint64(verification.different)},
            {QStringLiteral("seconds"), double(verification.duration.count()) / 1000.0},
            {QStringLiteral("digest"), QString::fromLatin1(verification.digest)},
            {QStringLiteral("repaired"), verification.repaired}};
}

QJsonObject toJson(const VerificationRecord &record)
{
    QJsonObject json = toJson(record.summary);
    QJsonArray differences;
    for (const RecordedDifference &one : record.differences)
        differences.append(QJsonObject{{QStringLiteral("path"), bytesToJson(one.path.bytes())},
                                       {QStringLiteral("what"), QString::fromLatin1(one.what)}});
    json.insert(QStringLiteral("differences"), differences);
    return json;
}

QJsonObject toJson(const PairingStatus &pairing)
{
    return {{QStringLiteral("id"), pairing.peer.text()},
            {QStringLiteral("name"), pairing.name},
            {QStringLiteral("address"), pairing.address},
            {QStringLiteral("digits"), pairing.digits},
            {QStringLiteral("askedBy"), latin(pairing.askedHere ? "this" : "peer")},
            {QStringLiteral("state"), latin(pairingStateName(pairing.state))},
            {QStringLiteral("confirmedByPeer"), pairing.confirmedThere},
            {QStringLiteral("expires"), timeToJson(pairing.expires)},
            {QStringLiteral("secondsLeft"), qint64(pairing.left.count() / 1000)},
            {QStringLiteral("text"), bytesToJson(pairing.detail)},
            {QStringLiteral("code"), latin(errorName(pairing.code))}};
}

QJsonObject toJson(const VaultStatus &vault)
{
    QJsonArray targets;
    for (const MirrorStatus &mirror : vault.targets)
        targets.append(mirrorToJson(mirror));
    return {{QStringLiteral("name"), vault.vault.name},
            {QStringLiteral("id"), vault.vault.id.text()},
            {QStringLiteral("role"), QStringLiteral("primary")},
            {QStringLiteral("capture"), captureName(vault.vault.capture)},
            {QStringLiteral("sources"), toArray(vault.vault.sources)},
            {QStringLiteral("targets"), targets}};
}

QJsonObject toJson(const ReplicaStatus &replica)
{
    return {{QStringLiteral("name"), replica.name},
            {QStringLiteral("id"), replica.vault.text()},
            {QStringLiteral("role"), QStringLiteral("target")},
            {QStringLiteral("primary"), replica.primaryName},
            {QStringLiteral("primaryId"), replica.primary.text()},
            {QStringLiteral("destination"), bytesToJson(replica.destination)},
            {QStringLiteral("phase"), latin(phaseName(replica.phase))},
            {QStringLiteral("consistent"), replica.consistent},
            {QStringLiteral("asOf"), optionalTime(replica.asOf)},
            {QStringLiteral("lagMs"), millisecondsToJson(replica.lag)},
            {QStringLiteral("problems"), toArray(replica.problems)},
            {QStringLiteral("halt"), haltToJson(replica.halt)}};
}

QJsonObject toJson(const EngineStatus &status, const QString &vault)
{
    QJsonArray vaults;
    for (const VaultStatus &one : status.vaults) {
        if (vault.isEmpty() || one.vault.name == vault)
            vaults.append(toJson(one));
    }
    for (const ReplicaStatus &one : status.replicas) {
        if (vault.isEmpty() || one.name == vault)
            vaults.append(toJson(one));
    }
    QJsonArray pairings;
    for (const PairingStatus &one : status.pairings)
        pairings.append(toJson(one));
    return {{QStringLiteral("machine"),
             QJsonObject{{QStringLiteral("name"), status.machine.name},
                         {QStringLiteral("id"), status.machine.id.text()},
                         {QStringLiteral("address"), status.machine.address},
                         {QStringLiteral("warning"), bytesToJson(status.machine.warning)}}},
            {QStringLiteral("vaults"), vaults},
            {QStringLiteral("pairings"), pairings}};
}

QJsonObject toJson(const Failure &failure)
{
    return {{QStringLiteral("code"), latin(errorName(failure.error.code))},
            {QStringLiteral("text"), bytesToJson(failure.error.detail)},
            {QStringLiteral("paths"), toArray(failure.paths)}};
}

} // namespace octopus::control
