// Whom this machine trusts, and who is not who he says.
#include "engine/base/log.h"
#include "engine/engine.h"
#include "engine/link/call.h"
#include "engine/store/ticketbook.h"

#include <algorithm>

namespace octopus {

static constexpr std::chrono::minutes heardFor{10};
static constexpr std::chrono::minutes calledEvery{1};

// For good, once it is saved.
Result<void> Engine::trust(const Peer &peer)
{
    OCTOPUS_TRY(change([&](store::Configuration &x) { return store::rememberPeer(x, peer); }));
    restartMirrors(peer.id);
    return {};
}

// Those that waited for this pairing.
void Engine::restartMirrors(const MachineId &peer)
{
    for (const Vault &vault : std::as_const(m_configuration.vaults)) {
        const auto target = std::ranges::find(vault.targets, peer, &VaultTarget::peer);
        if (target != vault.targets.end())
            startMirror(vault, *target);
    }
}

// Kept, so that nobody moves the two back to an older protocol unseen.
void Engine::noteProtocol(const MachineId &peer, quint32 protocol)
{
    const auto known = std::ranges::find(m_configuration.peers, peer, &Peer::id);
    if (known == m_configuration.peers.end() || known->highestProtocol >= protocol)
        return;
    const auto saved = change([&](store::Configuration &x) -> Result<void> {
        std::ranges::find(x.peers, peer, &Peer::id)->highestProtocol = protocol;
        return {};
    });
    if (!saved)
        qCWarning(logLink) << "the peer's protocol cannot be saved:" << saved.error().detail;
}

// Two machines have this identity: neither is talked to.
void Engine::onDoubled(const MachineId &machine)
{
    const bool isOwn = machine == m_id;
    const wire::Refusal why{ErrorCode::NotPaired,
                            "two machines have the identity " + machine.bytes().toHex().first(16)
                                + "…, one is a copy of the other",
                            {}};
    qCWarning(logLink) << "two machines have the identity" << machine.text().left(16);
    for (const Peer &peer : std::as_const(m_configuration.peers)) {
        if (isOwn || peer.id == machine) {
            m_listener->disconnectPeer(peer.id, why);
            m_mirrors.disconnectPeer(peer.id, why);
        }
    }
    Q_EMIT changed();
}

void Engine::hearCopy(const QString &address)
{
    const MonotonicTime now = m_clock.monotonic();
    m_copyHeardUntil = now + heardFor;
    Q_EMIT changed();
    if (address.isEmpty() || (m_copyCalledAt && now - *m_copyCalledAt < calledEvery))
        return;
    m_copyCalledAt = now;
    callCopy(address);
}

// If it has the key, TLS proves it, and the IdentityWatch of either side sees the other's greeting.
void Engine::callCopy(const QString &address)
{
    const auto endpoint = link::Endpoint::parse(address);
    if (!endpoint)
        return;
    link::Destination destination;
    destination.purpose = link::Destination::Purpose::Probe;
    auto *call = new link::Call(*m_session, destination, {*endpoint}, {}, this);
    connect(call, &link::Call::won, call, [call](link::Session *session) {
        session->close(); // somebody else answers there
        call->deleteLater();
    });
    connect(call, &link::Call::failed, call, &QObject::deleteLater);
    call->start();
}

QByteArray Engine::warning() const
{
    if (m_session && m_session->watch->isDoubled(m_id))
        return "Another machine has the same identity as this one: one is a copy of the other. "
               "Nothing is mirrored. Stop one of them, delete identity.key and identity.crt in its "
               "state folder, start it again and pair it anew.";
    if (m_clock.monotonic() < m_copyHeardUntil)
        return "Somebody on the network announces the identity of this machine: a copy of it, or "
               "somebody who pretends. If this machine was copied, delete identity.key and "
               "identity.crt in the copy's state folder and pair it anew.";
    return {};
}

QByteArray Engine::problemOf(const MachineId &peer) const
{
    if (m_session && m_session->watch->isDoubled(peer))
        return "two machines use this identity, one is a copy of the other; delete identity.key "
               "and identity.crt in the state folder of one of them and pair it anew";
    const auto found = std::ranges::find(m_found, peer, &FoundMachine::id);
    if (found != m_found.end() && found->contested)
        return "two running programs announce this identity; one may be a copy of the other";
    return m_mirrors.offlineBecause(peer);
}

} // namespace octopus
