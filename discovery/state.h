// How a source of discovery fares. Value; any thread.
#pragma once

#include <QMetaType>
#include <QString>

namespace octopus::discovery {

enum class Availability : quint8 {
    Off,          // switched off, or not started
    Working,      // it finds machines, and others can find this one
    NotAvailable, // the system lacks what it needs; it is tried again
};

struct SourceState {
    Availability availability = Availability::Off;
    QString detail; // English; empty if there is nothing to say
    friend bool operator==(const SourceState &, const SourceState &) = default;
};

} // namespace octopus::discovery

Q_DECLARE_METATYPE(octopus::discovery::SourceState)
