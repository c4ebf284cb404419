// TrustedPeers: the peers of the configuration as every network thread may ask for them. A snapshot
// under a lock; safe on any thread.
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
    void update(const QList<Peer> &peers);
    [[nodiscard]] bool isPaired(const MachineId &machine) const override;
    [[nodiscard]] QList<QByteArray> grants(const MachineId &machine) const override;
    [[nodiscard]] quint32 highestProtocol(const MachineId &machine) const override;
    [[nodiscard]] bool knowsAddress(const QHostAddress &address) const override;

private:
    mutable QMutex m_mutex;
    QHash<MachineId, Peer> m_peers;
    QSet<QHostAddress> m_addresses;
};

} // namespace octopus
