// PeerDirectory: what link may know of the machines that this one trusts. Implemented by whoever
// owns the configuration; safe on any thread, never blocks (answers from a snapshot).
#pragma once

#include "engine/model/ids.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>

namespace octopus::link {

class PeerDirectory
{
public:
    virtual ~PeerDirectory() = default;
    [[nodiscard]] virtual bool isPaired(const MachineId &machine) const = 0;
    // The absolute folders below which the peer may keep replicas here; empty for a stranger.
    [[nodiscard]] virtual QList<QByteArray> grants(const MachineId &machine) const = 0;
    // Peer::highestProtocol; 0 for a stranger.
    [[nodiscard]] virtual quint32 highestProtocol(const MachineId &machine) const = 0;
    // True for the addresses of paired peers: their connections have reserved room before they have
    // proved who they are, so that strangers cannot crowd them out. A hint, never trust.
    [[nodiscard]] virtual bool knowsAddress(const QHostAddress &address) const = 0;
};

} // namespace octopus::link
