// Endpoint: where a machine may be reached, "192.0.2.1:17290", "[2001:db8::1]:17290" or
// "host.example:17290". A hint, never identity. Value; any thread.
#pragma once

#include "engine/base/result.h"

#include <QString>

namespace octopus::link {

inline constexpr quint16 standardPort = 17290;

struct Endpoint {
    QString host; // address literal (without brackets) or name
    quint16 port = standardPort;
    friend bool operator==(const Endpoint &, const Endpoint &) = default;

    // Invalid: not of one of the forms above. Without a port: the standard port.
    [[nodiscard]] static Result<Endpoint> parse(const QString &text);
    [[nodiscard]] QString text() const;
};

// Invalid: neither an address literal nor a host name of at most 253 ASCII characters.
[[nodiscard]] Result<void> checkHost(const QString &host);

} // namespace octopus::link
