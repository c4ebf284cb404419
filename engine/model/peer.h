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

} // namespace octopus
