// What a machine says of itself by DNS-SD: the TXT record of its service (RFC 6763, 6). Hints, like
// announcements, and under the same rules. Pure; any thread.
#pragma once

#include "discovery/announcement.h"
#include "discovery/machine.h"

#include <QMap>

namespace octopus::discovery {

using ServiceText = QMap<QString, QByteArray>;

[[nodiscard]] ServiceText serviceText(const Announcement &self);
// The name of the service instance: the machine's, of at most 63 bytes in UTF-8.
[[nodiscard]] QString serviceNameOf(const Announcement &self);
// A sighting without an address. Invalid: not a service of ours, or a record that breaks a cap.
[[nodiscard]] Result<Sighting> readService(const QString &service, const ServiceText &text,
                                           quint16 port);

} // namespace octopus::discovery
