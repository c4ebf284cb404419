#include "app/desktop/machines/machine.h"

#include "engine/control/json.h"

#include <QJsonObject>

#include <algorithm>
#include <tuple>

namespace octopus::desktop {

namespace {

QStringList texts(const QJsonValue &value)
{
    QStringList list;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &one : array)
        list.append(one.toString());
    return list;
}

QList<QByteArray> paths(const QJsonValue &value)
{
    QList<QByteArray> list;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &one : array) {
        if (const Result<QByteArray> path = control::bytesFromJson(one))
            list.append(*path);
    }
    return list;
}

} // namespace

QList<Machine> machinesFromJson(const QJsonArray &peers)
{
    QList<Machine> machines;
    for (const QJsonValue &peer : peers) {
        const Result<MachineId> id = MachineId::fromText(peer[u"id"].toString());
        if (!id)
            continue;
        machines.append({*id, peer[u"name"].toString(), texts(peer[u"addresses"]),
                         paths(peer[u"grants"]), peer[u"paired"].toBool(), peer[u"online"].toBool(),
                         texts(peer[u"discoveredBy"]), peer[u"version"].toString()});
    }
    std::ranges::sort(machines, [](const Machine &a, const Machine &b) {
        return std::tuple(!a.paired, a.name.toLower(), a.id)
            < std::tuple(!b.paired, b.name.toLower(), b.id);
    });
    return machines;
}

} // namespace octopus::desktop
