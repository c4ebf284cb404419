// What discovery is started with. Value; any thread.
#pragma once

#include "discovery/announcement.h"

#include <QStringList>

namespace octopus::discovery {

inline constexpr quint16 standardBeaconPort = 17290; // UDP
inline constexpr auto serviceType = "_octopus-mirror._tcp";

struct DiscoveryOptions {
    QByteArray id;    // of this machine: idSize bytes
    QString name;     // as configured; what cannot be announced is left out of it
    quint16 port = 0; // TCP, where this machine listens; below leastPort: it is not announced
    QString version;  // of the program
    quint32 leastProtocol = 1; // the protocol versions that it speaks
    quint32 mostProtocol = 1;
    bool broadcast = true;
    bool dnsSd = true;
    QStringList interfaces; // names; empty: all
    quint16 beaconPort = standardBeaconPort;
};

// What those options make this machine say of itself. `instance`: drawn for this run; not 0.
[[nodiscard]] Announcement selfOf(const DiscoveryOptions &options, quint64 instance);

} // namespace octopus::discovery
