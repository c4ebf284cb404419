#include "engine/trustedpeers.h"

#include "engine/link/endpoint.h"

#include <algorithm>

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
    m_callers.removeIf([&](const auto &entry) { return !m_peers.contains(entry.key()); });
}

void TrustedPeers::cameFrom(const MachineId &machine, const QHostAddress &address)
{
    const QMutexLocker lock(&m_mutex);
    if (!m_peers.contains(machine))
        return;
    QList<QHostAddress> &callers = m_callers[machine];
    callers.removeOne(address);
    callers.append(address);
    if (callers.size() > mostCallers)
        callers.removeFirst();
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
    return m_addresses.contains(address)
        || std::ranges::any_of(m_callers, [&](const auto &x) { return x.contains(address); });
}

} // namespace octopus
