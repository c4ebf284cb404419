// TrustedPeers: the peers of the configuration as every network thread may ask for them. A snapshot
// under a lock; safe on any thread. Where a peer called from is remembered as long as the engine runs.
#pragma once

#include "engine/link/peerdirectory.h"
#include "engine/model/peer.h"

#include <QHash>
#include <QMutex>
#include <QSet>

namespace octopus {

class TrustedPeers final : public link::PeerDirectory
{
public:
    // The most recent addresses that a peer called from; further ones push out the oldest.
    static constexpr qsizetype mostCallers = 8;

    void update(const QList<Peer> &peers);
    // A peer has proved who it is on a connection from this address.
    void cameFrom(const MachineId &machine, const QHostAddress &address);
    [[nodiscard]] bool isPaired(const MachineId &machine) const override;
    [[nodiscard]] QList<QByteArray> grants(const MachineId &machine) const override;
    [[nodiscard]] quint32 highestProtocol(const MachineId &machine) const override;
    [[nodiscard]] bool knowsAddress(const QHostAddress &address) const override;

private:
    mutable QMutex m_mutex;
    QHash<MachineId, Peer> m_peers;
    QSet<QHostAddress> m_addresses;
    QHash<MachineId, QList<QHostAddress>> m_callers;
};

} // namespace octopus
