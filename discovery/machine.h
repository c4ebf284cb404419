// Machine: what discovery knows of another machine: hints only. Values; any thread.
#pragma once

#include "engine/base/clock.h"

#include <QByteArray>
#include <QFlags>
#include <QHostAddress>
#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>

namespace octopus::discovery {

enum class Source : quint8 {
    Broadcast = 1, // our own datagrams, IPv4 or IPv6
    DnsSd = 2,     // the system's DNS-SD
};
Q_DECLARE_FLAGS(Sources, Source)
Q_DECLARE_OPERATORS_FOR_FLAGS(Sources)

// "broadcast" and "dns-sd", as front ends name them.
[[nodiscard]] QStringList sourceNames(Sources sources);

struct MachineAddress {
    QHostAddress address; // with its scope where it needs one
    quint16 port = 0;     // TCP
    Sources sources;
    // "192.0.2.1:17290", "[fe80::1%eth0]:17290"
    [[nodiscard]] QString text() const;
    friend bool operator==(const MachineAddress &, const MachineAddress &) = default;
};

struct Machine {
    QByteArray id;                   // 32 bytes
    QString name;                    // the confirmed one, else the first that it was heard under
    QStringList otherNames;          // under which it is announced as well
    QList<MachineAddress> addresses; // IPv4 first, then in the order in which they were heard
    QString version;                 // of its program; empty if unknown
    quint32 leastProtocol = 0;       // 0: unknown
    quint32 mostProtocol = 0;
    Sources sources;
    MonotonicTime lastSeen; // on this machine's clock, when the list was made
    bool contested = false; // two running programs announce this identity, in turns
    friend bool operator==(const Machine &, const Machine &) = default;
};

using Machines = QList<Machine>; // sorted by name, then by id

// A machine whose name the engine knows from inside TLS.
struct ConfirmedMachine {
    QByteArray id;
    QString name;
};

// Somebody said that this machine is there.
struct Sighting {
    QByteArray id;
    QString name;
    QString version;
    quint32 leastProtocol = 1;
    quint32 mostProtocol = 1;
    quint64 instance = 0; // 0: unknown
    QHostAddress address;
    quint16 port = 0;
    Source source = Source::Broadcast;
    QString service; // DNS-SD: the instance that said so
};

} // namespace octopus::discovery

Q_DECLARE_METATYPE(octopus::discovery::Machines)
