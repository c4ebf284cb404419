// What front ends ask about this machine and its peers.
#include "engine/addresscheck.h"
#include "engine/engine.h"
#include "engine/link/ticket.h"
#include "engine/store/ticketbook.h"

#include <QMetaMethod>
#include <QTimer>

#include <algorithm>

namespace octopus {

static constexpr int spreadInterval = 2000; // ms

static void answer(const std::shared_ptr<control::Responder> &responder, const Result<void> &result)
{
    if (result)
        responder->finish();
    else
        responder->fail({result.error(), {}});
}

static Result<void> withoutValue(const Result<store::Configuration> &result)
{
    if (!result)
        return passOn(result);
    return {};
}

// A folder below which a peer may keep replicas: made if it is not there.
Result<void> Engine::prepareGrant(const QByteArray &folder)
{
    if (!folder.startsWith('/') || folder == "/"
        || !RelPath::parse(QByteArrayView(folder).sliced(1)))
        return failure(ErrorCode::Invalid,
                       "a grant names a folder by its absolute path, and not the root");
    return m_files.makePath(folder);
}

void Engine::on(const control::GetIdentity &, const Responder &responder)
{
    responder->finish(toJson(control::MachineIdentity{m_configuration.machineName, m_id,
                                                      addresses(), m_options.version, warning()}));
}

quint16 Engine::port() const
{
    return m_listener ? m_listener->serverPort() : 0;
}

// The addresses that the configuration has come first; those that were heard may be anybody's.
Peer Engine::withFoundAddresses(const Peer &peer) const
{
    constexpr qsizetype mostHeard = 8;
    Peer known = peer;
    const auto found = std::ranges::find(m_found, peer.id, &FoundMachine::id);
    if (found == m_found.end())
        return known;
    for (const QString &address :
         found->addresses.first(std::min(found->addresses.size(), mostHeard))) {
        if (!known.addresses.contains(address))
            known.addresses.append(address);
    }
    return known;
}

void Engine::setFound(const QList<FoundMachine> &machines)
{
    m_found = machines;
    // Each change of the addresses makes mirrors call at once: not at the pace of whoever announces.
    m_spreadDue = true;
    if (!m_spreadTimer.isActive())
        spreadAddresses();
}

void Engine::spreadAddresses()
{
    if (!std::exchange(m_spreadDue, false))
        return;
    m_spreadTimer.start(spreadInterval);
    for (const Peer &peer : std::as_const(m_configuration.peers))
        m_mirrors.setAddresses(peer.id, withFoundAddresses(peer).addresses);
}

void Engine::on(const control::ListPeers &command, const Responder &responder)
{
    constexpr quint64 longest = 60;
    if (command.discover > longest)
        return responder->fail(
            {{ErrorCode::Invalid, "the network is asked for 1 to 60 seconds", 0}, {}});
    if (command.discover == 0)
        return responder->finish(peersJson());
    if (!isSignalConnected(QMetaMethod::fromSignal(&Engine::lookAround))) {
        responder->progress(
            {{QStringLiteral("note"),
              QStringLiteral("this engine does not look for machines: it was started "
                             "with --no-discovery, or listens on this machine "
                             "alone")}});
        return responder->finish(peersJson());
    }
    Q_EMIT lookAround();
    QTimer::singleShot(std::chrono::seconds(command.discover), this,
                       [this, responder] { responder->finish(peersJson()); });
}

QJsonArray Engine::peersJson() const
{
    QJsonArray peers;
    for (const Peer &peer : m_configuration.peers) {
        const bool serves = std::ranges::any_of(m_replicas.status(), [&](const ReplicaStatus &x) {
            return x.primary == peer.id && x.phase != Phase::Offline;
        });
        control::KnownPeer known;
        known.peer = withFoundAddresses(peer);
        known.online = serves || m_mirrors.isOnline(peer.id);
        known.problem = problemOf(peer.id);
        known.discoveredBy = {QStringLiteral("manual")};
        if (const auto found = std::ranges::find(m_found, peer.id, &FoundMachine::id);
            found != m_found.end()) {
            known.discoveredBy += found->foundBy;
            known.version = found->version;
        }
        peers.append(toJson(known));
    }
    for (const FoundMachine &found : m_found) {
        const auto isIt = [&](const Peer &peer) { return peer.id == found.id; };
        if (std::ranges::any_of(m_configuration.peers, isIt))
            continue;
        control::KnownPeer known;
        known.peer.id = found.id;
        known.peer.name = found.name;
        known.peer.addresses = found.addresses;
        known.paired = false;
        known.discoveredBy = found.foundBy;
        known.version = found.version;
        peers.append(toJson(known));
    }
    return peers;
}

void Engine::on(const control::Check &command, const Responder &responder)
{
    const AddressCheck::Known known{m_configuration.peers, m_found};
    if (!AddressCheck::endpointsOf(command.address, known)) {
        return responder->fail({{ErrorCode::Invalid,
                                 "that is neither an address nor a name; type a machine's name, "
                                 "192.0.2.7 or [2001:db8::7]:17290",
                                 0},
                                {}});
    }
    QList<Transports> stored;
    for (const Vault &vault : m_configuration.vaults)
        stored += transportsOf(vault);
    const auto transports = Transports::parse(command.transport).and_then([&](const auto &typed) {
        return typed.withPasswordsOf(stored);
    });
    if (!transports)
        return responder->fail({transports.error(), {}});
    const control::Check asked{command.address, command.destination, transports->text()};
    auto *check = new AddressCheck(asked, known, *m_session, m_clock, this);
    connect(check, &AddressCheck::progressed, check,
            [responder](const control::CheckReport &x) { responder->progress(toJson(x)); });
    connect(check, &AddressCheck::finished, check, [responder, check](const auto &report) {
        responder->finish(toJson(report));
        check->deleteLater();
    });
    responder->whenCancelled([check = QPointer(check)] {
        if (check)
            check->deleteLater();
    });
    check->start();
}

void Engine::on(const control::Invite &command, const Responder &responder)
{
    if (!command.grant.isEmpty()) {
        if (const auto made = prepareGrant(command.grant); !made)
            return responder->fail({made.error(), {command.grant}});
    }
    QStringList hosts;
    for (const QString &address : addresses()) {
        if (const auto endpoint = link::Endpoint::parse(address))
            hosts.append(endpoint->host);
    }
    const WallTime now = m_clock.wall();
    const qint64 lifetime = std::chrono::duration_cast<Nanoseconds>(command.lifetime).count();
    constexpr qint64 second = 1'000'000'000;
    const WallTime expires{(now.nanoseconds + lifetime) / second * second};
    const auto ticket = link::newTicket(m_id, hosts, m_listener->serverPort(), expires, m_random);
    if (!ticket)
        return responder->fail({ticket.error(), {}});
    const auto saved = change([&](store::Configuration &x) {
        return store::issueTicket(x, ticket->secret, expires, command.grant, now);
    });
    if (!saved)
        return responder->fail({saved.error(), {}});
    responder->finish(
        toJson(control::Ticket{link::encodeTicket(*ticket), expires,
                               link::encodeTicketForQr(*ticket), store::ticketId(ticket->secret)}));
}

void Engine::on(const control::Pair &command, const Responder &responder)
{
    const auto ticket = link::parseTicket(command.ticket);
    if (!ticket)
        return responder->fail({ticket.error(), {}});
    if (ticket->inviter == m_id)
        return responder->fail({{ErrorCode::Invalid,
                                 "this ticket is from this very machine; "
                                 "redeem it on the other one",
                                 0},
                                {}});
    auto *redemption = new link::TicketRedemption(*m_session, *ticket, this);
    connect(redemption, &link::TicketRedemption::paired, this,
            [this, redemption, responder](const Peer &peer) {
                redemption->deleteLater();
                if (const auto trusted = trust(peer); !trusted)
                    return responder->fail({trusted.error(), {}});
                responder->finish(toJson(control::PairedPeer{peer.id, peer.name}));
            });
    connect(redemption, &link::TicketRedemption::failed, this,
            [redemption, responder](const Error &error) {
                redemption->deleteLater();
                responder->fail({error, {}});
            });
    redemption->start();
}

void Engine::onPairing(const link::PairAttempt &attempt)
{
    Result<QString> result = m_configuration.machineName;
    const auto saved = change([&](store::Configuration &x) -> Result<void> {
        auto peer =
            store::redeemTicket(x, attempt.secret, attempt.machine, attempt.name, m_clock.wall());
        if (!peer)
            return passOn(peer);
        return {};
    });
    if (saved) {
        m_peers->cameFrom(attempt.machine, attempt.address);
        restartMirrors(attempt.machine);
    } else {
        result = passOn(saved);
    }
    m_listener->answerPairing(attempt.number, result);
}

void Engine::on(const control::Unpair &command, const Responder &responder)
{
    const auto peer = findPeer(command.peer);
    if (!peer)
        return responder->fail({peer.error(), {}});
    const auto saved = change([&](store::Configuration &x) -> Result<void> {
        x.peers.removeIf([&](const Peer &y) { return y.id == peer->id; });
        return {};
    });
    if (saved) {
        const wire::Refusal why{ErrorCode::NotPaired, "this machine is not paired with yours", {}};
        m_listener->disconnectPeer(peer->id, why);
        m_mirrors.stopPeer(peer->id, why);
        m_replicas.review(peer->id);
    }
    answer(responder, withoutValue(saved));
}

void Engine::on(const control::Grant &command, const Responder &responder)
{
    const auto peer = findPeer(command.peer);
    if (!peer)
        return responder->fail({peer.error(), {}});
    if (const auto made = prepareGrant(command.folder); !made)
        return responder->fail({made.error(), {command.folder}});
    answer(responder, withoutValue(change([&](store::Configuration &x) -> Result<void> {
               auto it = std::ranges::find(x.peers, peer->id, &Peer::id);
               if (!it->grants.contains(command.folder))
                   it->grants.append(command.folder);
               return {};
           })));
}

void Engine::on(const control::Revoke &command, const Responder &responder)
{
    const auto peer = findPeer(command.peer);
    if (!peer)
        return responder->fail({peer.error(), {}});
    if (!peer->grants.contains(command.folder))
        return responder->fail({{ErrorCode::NotFound,
                                 "this folder is not granted to that machine; "
                                 "see: octopusctl peers",
                                 0},
                                peer->grants});
    const auto saved = change([&](store::Configuration &x) -> Result<void> {
        std::ranges::find(x.peers, peer->id, &Peer::id)->grants.removeAll(command.folder);
        return {};
    });
    if (saved)
        m_replicas.review(peer->id);
    answer(responder, withoutValue(saved));
}

} // namespace octopus
