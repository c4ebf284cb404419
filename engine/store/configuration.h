// Configuration: what a machine was told. One value, kept in one file (FORMAT.md).
//
// decode() is strict: an unknown, missing, ill-typed or too large field is an Error that names it,
// so that no older program silently drops what a newer one wrote. decode(encode(c)) == c for every
// c that check() accepts (times to the millisecond). Values and pure functions; any thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/digest.h"
#include "engine/model/peer.h"
#include "engine/model/vault.h"

namespace octopus::store {

inline constexpr int configurationVersion = 1;
inline constexpr quint16 defaultPort = 17290;
inline constexpr qsizetype peerCap = 64;
inline constexpr qsizetype outstandingTicketCap = 64;

// An invitation that nobody has redeemed yet. The secret itself is kept nowhere.
struct OutstandingTicket {
    Sha256Digest secretHash;
    WallTime expires; // whole milliseconds
    QByteArray grant; // absolute folder that the redeemer may write below; empty: none
    friend bool operator==(const OutstandingTicket &, const OutstandingTicket &) = default;
};

struct Configuration {
    QString machineName; // 1..64 characters; empty: never set
    quint16 listenPort = defaultPort;
    QList<Vault> vaults;
    QList<Peer> peers;
    QList<OutstandingTicket> tickets;
    friend bool operator==(const Configuration &, const Configuration &) = default;
};

// The content of config.json.
[[nodiscard]] QByteArray encode(const Configuration &configuration);

// Corrupt: not JSON, or not the right shape; VersionMismatch: written by a newer program; Invalid,
// TooLong: a value breaks its rule. The detail names the field ("vaults[2].targets[0].peer: …").
[[nodiscard]] Result<Configuration> decode(const QByteArray &bytes);

// The error that decode() would give for this value, if it were written.
[[nodiscard]] Result<void> check(const Configuration &configuration);

} // namespace octopus::store
