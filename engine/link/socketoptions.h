// Options of a TCP socket that Qt has no names for. Any thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/link/linerate.h"

#include <QHostAddress>

#include <optional>

namespace octopus::link {

// No delay for small writes (TCP_NODELAY); keep-alive probes that find an idle dead path within about
// `silence`; a limit for data that is not acknowledged (TCP_USER_TIMEOUT, RFC 5482). That limit is
// many times longer: Linux also applies it while the peer's window is closed, and a target whose
// disk stalls must not lose its connection. A dead path shows as silence much earlier.
void tuneSocket(qintptr descriptor, Milliseconds silence);

// At most so many bytes that the kernel has taken and not sent (TCP_NOTSENT_LOWAT): what waits there
// cannot be overtaken any more.
void limitUnsent(qintptr descriptor, qint64 bytes);

// How long ago the other machine's kernel last acknowledged anything; nullopt: nobody knows.
[[nodiscard]] std::optional<Milliseconds> sinceLastAcknowledgement(qintptr descriptor);

// What the kernel knows (TCP_INFO). While little is sent, a
// smaller rate does not take the place of a greater one.
[[nodiscard]] Delivery deliveryOf(qintptr descriptor);

// Who is at the other end; an IPv4 address also where it came in over IPv6. Null: nobody.
[[nodiscard]] QHostAddress peerAddress(qintptr descriptor);

} // namespace octopus::link
