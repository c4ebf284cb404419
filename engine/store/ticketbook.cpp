#include "engine/store/ticketbook.h"

#include <openssl/crypto.h>

#include <algorithm>

namespace octopus::store {

static constexpr qsizetype addressCap = 16;
static constexpr qsizetype idLength = 16;
static constexpr qsizetype shortestId = 4;

static bool isSame(const Sha256Digest &a, const Sha256Digest &b)
{
    return CRYPTO_memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0;
}

Result<void> issueTicket(Configuration &configuration, QByteArrayView secret, WallTime expires,
                         const QByteArray &grant, WallTime now)
{
    QList<OutstandingTicket> &tickets = configuration.tickets;
    tickets.removeIf([&](const OutstandingTicket &ticket) { return ticket.expires <= now; });
    if (tickets.size() >= outstandingTicketCap)
        return failure(ErrorCode::LimitReached, "too many invitations are open");
    const WallTime rounded{expires.nanoseconds / 1'000'000 * 1'000'000};
    tickets.append({sha256(secret), rounded, grant});
    return {};
}

QList<OutstandingTicket> openTickets(const Configuration &configuration, WallTime now)
{
    QList<OutstandingTicket> open = configuration.tickets;
    open.removeIf([&](const OutstandingTicket &ticket) { return ticket.expires <= now; });
    return open;
}

QString ticketId(const OutstandingTicket &ticket)
{
    return QString::fromLatin1(ticket.secretHash.toHex().first(idLength));
}

QString ticketId(QByteArrayView secret)
{
    return QString::fromLatin1(sha256(secret).toHex().first(idLength));
}

Result<void> revokeTicket(Configuration &configuration, const QString &id, WallTime now)
{
    const QString wanted = id.toLower();
    if (wanted.size() < shortestId)
        return failure(ErrorCode::Invalid,
                       "at least four characters of the invitation's id are needed");
    QList<Sha256Digest> meant;
    for (const OutstandingTicket &ticket : openTickets(configuration, now)) {
        if (ticketId(ticket).startsWith(wanted))
            meant.append(ticket.secretHash);
    }
    if (meant.isEmpty())
        return failure(ErrorCode::NotFound,
                       "there is no such invitation; it was used or revoked, or has expired (see: "
                       "octopusctl invite --list)");
    if (meant.size() > 1)
        return failure(ErrorCode::Invalid, "several invitations begin like this; give more of it");
    configuration.tickets.removeIf(
        [&](const OutstandingTicket &ticket) { return ticket.secretHash == meant.first(); });
    return {};
}

// Looks at every ticket whatever it finds, so that the time taken says nothing.
static qsizetype positionOf(const QList<OutstandingTicket> &tickets, const Sha256Digest &hash)
{
    qsizetype found = -1;
    for (qsizetype i = 0; i < tickets.size(); ++i) {
        if (isSame(tickets[i].secretHash, hash))
            found = i;
    }
    return found;
}

Result<Peer> redeemTicket(Configuration &configuration, QByteArrayView secret,
                          const MachineId &redeemer, const QString &name, WallTime now)
{
    const qsizetype position = positionOf(configuration.tickets, sha256(secret));
    if (position < 0)
        return failure(ErrorCode::Refused,
                       "this invitation is not known here, or was used already");
    const OutstandingTicket ticket = configuration.tickets[position];
    if (ticket.expires <= now)
        return failure(ErrorCode::Refused, "this invitation has expired; ask for a new one");
    Peer peer;
    peer.id = redeemer;
    peer.name = name;
    if (!ticket.grant.isEmpty())
        peer.grants.append(ticket.grant);
    OCTOPUS_TRY(rememberPeer(configuration, peer));
    configuration.tickets.removeAt(position);
    return *std::ranges::find(configuration.peers, redeemer, &Peer::id);
}

Result<void> rememberPeer(Configuration &configuration, const Peer &peer)
{
    auto known = std::ranges::find(configuration.peers, peer.id, &Peer::id);
    if (known == configuration.peers.end()) {
        if (configuration.peers.size() >= peerCap)
            return failure(ErrorCode::LimitReached, "too many machines are paired with this one");
        configuration.peers.append(peer);
        return {};
    }
    if (!peer.name.isEmpty())
        known->name = peer.name;
    QStringList addresses = peer.addresses + known->addresses;
    addresses.removeDuplicates();
    known->addresses = addresses.first(std::min(addresses.size(), addressCap));
    for (const QByteArray &grant : peer.grants) {
        if (!known->grants.contains(grant))
            known->grants.append(grant);
    }
    known->highestProtocol = std::max(known->highestProtocol, peer.highestProtocol);
    return {};
}

} // namespace octopus::store
