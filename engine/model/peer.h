// Peer: another machine that this one knows, and what it may do here. Value; any thread.
#pragma once

#include "engine/model/ids.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

namespace octopus {

struct Peer {
    MachineId id;                // the pin: hash of its public key
    QString name;                // as it called itself inside TLS
    QStringList addresses;       // "192.0.2.1:17290", best first; hints, never identity
    QList<QByteArray> grants;    // absolute folders here below which it may keep replicas
    quint32 highestProtocol = 0; // the highest protocol version seen from it; never goes down
    friend bool operator==(const Peer &, const Peer &) = default;
};

// A machine that announces itself on the network around. Hints, never identity: anybody may say this.
struct FoundMachine {
    MachineId id;
    QString name;
    QStringList addresses;  // as in Peer
    QStringList foundBy;    // "dns-sd", "broadcast"
    QString version;        // of its program; may be empty
    bool contested = false; // two running programs announce this identity, in turns
    friend bool operator==(const FoundMachine &, const FoundMachine &) = default;
};

} // namespace octopus
