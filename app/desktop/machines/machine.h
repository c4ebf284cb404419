// Machine: another machine as the engine lists it: paired, or only heard of on the network. Names
// and addresses of one that is not paired are hints that anybody may have sent. Value; pure.
#pragma once

#include "engine/model/ids.h"

#include <QByteArray>
#include <QJsonArray>
#include <QList>
#include <QStringList>

namespace octopus::desktop {

struct Machine {
    MachineId id;
    QString name;
    QStringList addresses;
    QList<QByteArray> grants; // folders here below which it may keep replicas
    bool paired = false;
    bool online = false; // a session with it runs
    QStringList foundBy; // "manual", "dns-sd", "broadcast"
    QString version;     // of its program; may be empty
    friend bool operator==(const Machine &, const Machine &) = default;
};

// The answer of ListPeers; entries without an id are left out. Paired ones first, then by name.
[[nodiscard]] QList<Machine> machinesFromJson(const QJsonArray &peers);

} // namespace octopus::desktop
