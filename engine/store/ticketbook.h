// What happens to tickets and peers in a Configuration. Pure: the caller saves the value before it
// tells anybody. Any thread.
#pragma once

#include "engine/store/configuration.h"

namespace octopus::store {

// Remembers a ticket. LimitReached: too many wait already (expired ones are dropped first).
[[nodiscard]] Result<void> issueTicket(Configuration &configuration, QByteArrayView secret,
                                       WallTime expires, const QByteArray &grant, WallTime now);

// The tickets that can still be used, in the order of issuing.
[[nodiscard]] QList<OutstandingTicket> openTickets(const Configuration &configuration,
                                                   WallTime now);
// Names a ticket without giving anything away: 16 hexadecimal digits of the hash of its secret.
[[nodiscard]] QString ticketId(const OutstandingTicket &ticket);
[[nodiscard]] QString ticketId(QByteArrayView secret);
// Makes the ticket with this id, or this beginning of one (4 characters or more), worthless. NotFound:
// none is open; Invalid: too short, or several begin like this.
[[nodiscard]] Result<void> revokeTicket(Configuration &configuration, const QString &id,
                                        WallTime now);

// Uses a ticket up: the redeemer becomes a peer (or, if it is one, gets the grant as well), and the
// ticket is gone. All secrets are compared in constant time. Refused, with a plain reason: no such
// ticket (wrong or used already), or it has expired; LimitReached: too many peers.
[[nodiscard]] Result<Peer> redeemTicket(Configuration &configuration, QByteArrayView secret,
                                        const MachineId &redeemer, const QString &name,
                                        WallTime now);

// Adds the peer, or brings the one with the same id up to date: name and addresses are taken over
// (if given), grants are added, the highest protocol never goes down. LimitReached.
[[nodiscard]] Result<void> rememberPeer(Configuration &configuration, const Peer &peer);

} // namespace octopus::store
