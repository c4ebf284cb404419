// What the errors of a socket mean here. Pure; any thread.
#pragma once

#include "engine/base/result.h"

#include <QAbstractSocket>
#include <QSslError>
#include <QString>

namespace octopus::link {

// Only about who vouches for a certificate, which plays no part: the key itself is compared.
[[nodiscard]] bool isMatterOfAuthorities(const QSslError &error);

// Unreachable (with ECONNREFUSED where the port is closed), TimedOut, Disconnected, or Refused for a failure of TLS.
[[nodiscard]] Error errorOf(QAbstractSocket::SocketError error, bool connecting,
                            const QString &text);

} // namespace octopus::link
