#include "engine/trustedpeers.h"

#include "engine/link/endpoint.h"

namespace octopus {

void TrustedPeers::update(const QList<Peer> &peers)
{
    QHash<MachineId, Peer> byId;
    QSet<QHostAddress> addresses;
    for (const Peer &peer : peers) {
        byId.insert(peer.id, peer);
        for (const QString &address : peer.addresses) {
            if (const auto endpoint = link::Endpoint::parse(address))
                addresses.insert(QHostAddress(endpoint->host));
        }
    }
    addresses.remove(QHostAddress());
    const QMutexLocker lock(&m_mutex);
    m_peers = std::move(byId);
    m_addresses = std::move(addresses);
}

bool TrustedPeers::isPaired(const MachineId &machine) const
{
    const QMutexLocker lock(&m_mutex);
    return m_peers.contains(machine);
}

QList<QByteArray> TrustedPeers::grants(const MachineId &machine) const
{
    const QMutexLocker lock(&m_mutex);
    return m_peers.value(machine).grants;
}

quint32 TrustedPeers::highestProtocol(const MachineId &machine) const
{
    const QMutexLocker lock(&m_mutex);
    return m_peers.value(machine).highestProtocol;
}

bool TrustedPeers::knowsAddress(const QHostAddress &address) const
{
    const QMutexLocker lock(&m_mutex);
    return m_addresses.contains(address);
}

} // namespace octopus
