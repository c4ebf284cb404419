// Ticket: an invitation as text that a person carries from one machine to another.
//
// "octopus:" and base64url (RFC 4648, section 5, no padding) of, big-endian:
//   u8 version 1 · 32 bytes MachineId of the inviter · 20 bytes secret · u64 expiry, seconds since
//   1970 · u16 port · u8 number of hosts (1..8) · for each: u8 length, ASCII bytes · the first
//   4 bytes of the SHA-256 of everything before.
// For QR codes (in their alphanumeric mode): "OCTOPUS:/" and base 32 of the same bytes. There is
// exactly one text of each form for a ticket. Values and pure functions; any thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/link/endpoint.h"
#include "engine/model/ids.h"

#include <QStringList>

namespace octopus::link {

struct Ticket {
    static constexpr qsizetype secretSize = 20;
    static constexpr qsizetype maximumHosts = 8;
    static constexpr qsizetype maximumText = 3072; // characters

    MachineId inviter; // the pin
    QByteArray secret; // secretSize random bytes
    WallTime expires;  // whole seconds; judged by the inviter, on its own clock
    quint16 port = standardPort;
    QStringList hosts; // of the inviter, best first (checkHost())
    friend bool operator==(const Ticket &, const Ticket &) = default;
};

// A new secret; `hosts` beyond maximumHosts and those that are no hosts are left out. Invalid: no
// host remains.
[[nodiscard]] Result<Ticket> newTicket(const MachineId &inviter, const QStringList &hosts,
                                       quint16 port, WallTime expires, Random &random);

[[nodiscard]] QString encodeTicket(const Ticket &ticket);
[[nodiscard]] QString encodeTicketForQr(const Ticket &ticket);
// Of either form. Surrounding white space is allowed (it was pasted), and small and capital letters
// alike wherever they mean the same. Invalid, TooLong, VersionMismatch.
[[nodiscard]] Result<Ticket> parseTicket(const QString &text);

} // namespace octopus::link
