#include "engine/control/answer.h"

#include "engine/control/json.h"

namespace octopus::control {

namespace {

double seconds(Milliseconds duration)
{
    return double(duration.count()) / 1000.0;
}

QJsonArray byteList(const QList<QByteArray> &list)
{
    QJsonArray array;
    for (const QByteArray &bytes : list)
        array.append(bytesToJson(bytes));
    return array;
}

} // namespace

QJsonObject toJson(const MachineIdentity &identity)
{
    return {{QStringLiteral("name"), identity.name},
            {QStringLiteral("id"), identity.id.text()},
            {QStringLiteral("addresses"), QJsonArray::fromStringList(identity.addresses)},
            {QStringLiteral("version"), identity.version},
            {QStringLiteral("warning"), bytesToJson(identity.warning)}};
}

QJsonObject toJson(const KnownPeer &known)
{
    return {{QStringLiteral("id"), known.peer.id.text()},
            {QStringLiteral("name"), known.peer.name},
            {QStringLiteral("addresses"), QJsonArray::fromStringList(known.peer.addresses)},
            {QStringLiteral("grants"), byteList(known.peer.grants)},
            {QStringLiteral("paired"), known.paired},
            {QStringLiteral("online"), known.online},
            {QStringLiteral("discoveredBy"), QJsonArray::fromStringList(known.discoveredBy)},
            {QStringLiteral("version"), known.version},
            {QStringLiteral("problem"), bytesToJson(known.problem)}};
}

QJsonObject toJson(const CheckReport &report)
{
    QJsonArray stages;
    for (const CheckStage &stage : report.stages) {
        stages.append(QJsonObject{{QStringLiteral("stage"), QString::fromLatin1(stage.stage)},
                                  {QStringLiteral("ok"), stage.ok},
                                  {QStringLiteral("detail"), bytesToJson(stage.detail)},
                                  {QStringLiteral("advice"), bytesToJson(stage.advice)},
                                  {QStringLiteral("finding"), QString::fromLatin1(stage.finding)},
                                  {QStringLiteral("facts"), stage.facts}});
    }
    QJsonArray grants;
    for (const GrantedFolder &grant : report.grants) {
        grants.append(QJsonObject{{QStringLiteral("folder"), bytesToJson(grant.folder)},
                                  {QStringLiteral("freeBytes"), qint64(grant.freeBytes)},
                                  {QStringLiteral("writable"), grant.writable}});
    }
    return {{QStringLiteral("stages"), stages},
            {QStringLiteral("ok"), report.isOk()},
            {QStringLiteral("id"),
             report.id.isNull() ? QJsonValue(QJsonValue::Null) : QJsonValue(report.id.text())},
            {QStringLiteral("name"), report.name},
            {QStringLiteral("version"), report.version},
            {QStringLiteral("address"), report.address},
            {QStringLiteral("paired"), report.paired},
            {QStringLiteral("grants"), grants}};
}

QJsonObject toJson(const Ticket &ticket)
{
    return {{QStringLiteral("ticket"), ticket.ticket},
            {QStringLiteral("qr"), ticket.qr},
            {QStringLiteral("id"), ticket.id},
            {QStringLiteral("expires"), timeToJson(ticket.expires)}};
}

QJsonObject toJson(const OpenTicket &ticket)
{
    return {{QStringLiteral("id"), ticket.id},
            {QStringLiteral("expires"), timeToJson(ticket.expires)},
            {QStringLiteral("grant"), bytesToJson(ticket.grant)}};
}

QJsonObject toJson(const PairedPeer &peer)
{
    return {{QStringLiteral("id"), peer.id.text()}, {QStringLiteral("name"), peer.name}};
}

QJsonObject toJson(const ComparisonReport &report)
{
    QJsonArray problems;
    for (const Problem &problem : report.problems)
        problems.append(toJson(problem));
    return {{QStringLiteral("compared"), qint64(report.compared)},
            {QStringLiteral("identical"), qint64(report.identical)},
            {QStringLiteral("copied"), qint64(report.copied)},
            {QStringLiteral("removed"), qint64(report.removed)},
            {QStringLiteral("bytesCompared"), qint64(report.bytesCompared)},
            {QStringLiteral("bytesSent"), qint64(report.bytesSent)},
            {QStringLiteral("seconds"), seconds(report.duration)},
            {QStringLiteral("problems"), problems}};
}

QJsonObject toJson(const VerificationReport &report)
{
    QJsonArray different;
    for (const Difference &difference : report.different) {
        different.append(QJsonObject{{QStringLiteral("path"), bytesToJson(difference.path.bytes())},
                                     {QStringLiteral("what"), QString::fromUtf8(difference.what)}});
    }
    return {{QStringLiteral("compared"), qint64(report.compared)},
            {QStringLiteral("identical"), qint64(report.identical)},
            {QStringLiteral("different"), different},
            {QStringLiteral("digest"), QString::fromLatin1(report.digest)},
            {QStringLiteral("seconds"), seconds(report.duration)}};
}

QJsonObject toJson(const Vault &vault, const std::function<QString(const MachineId &)> &nameOf)
{
    QJsonArray targets;
    for (const VaultTarget &target : vault.targets) {
        targets.append(QJsonObject{{QStringLiteral("peer"), nameOf(target.peer)},
                                   {QStringLiteral("peerId"), target.peer.text()},
                                   {QStringLiteral("destination"), bytesToJson(target.destination)},
                                   {QStringLiteral("adopt"), target.adopt},
                                   {QStringLiteral("paused"), target.paused},
                                   {QStringLiteral("transport"),
                                    target.transports ? QJsonValue(target.transports->shown())
                                                      : QJsonValue(QJsonValue::Null)}});
    }
    return {{QStringLiteral("name"), vault.name},
            {QStringLiteral("id"), vault.id.text()},
            {QStringLiteral("sources"), byteList(vault.sources)},
            {QStringLiteral("targets"), targets},
            {QStringLiteral("include"), byteList(vault.rules.includes)},
            {QStringLiteral("exclude"), byteList(vault.rules.excludes)},
            {QStringLiteral("capture"), captureName(vault.capture)},
            {QStringLiteral("acknowledge"), acknowledgeName(vault.acknowledge)},
            {QStringLiteral("transport"), vault.transports.shown()},
            {QStringLiteral("limit"), qint64(vault.limitBytesPerSecond)},
            {QStringLiteral("epoch"), qint64(number(vault.epoch))}};
}

} // namespace octopus::control
