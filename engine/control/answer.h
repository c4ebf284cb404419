// The answers of the control socket that are more than a status, and their JSON as the
// command-line contract words it. Values; pure; any thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/model/peer.h"
#include "engine/model/problem.h"
#include "engine/model/vault.h"

#include <QJsonArray>
#include <QJsonObject>

#include <functional>

namespace octopus::control {

struct MachineIdentity {
    QString name;
    MachineId id;
    QStringList addresses; // "192.0.2.1:17290"
    QString version;       // of the program
};

struct KnownPeer {
    Peer peer;
    bool paired = true;
    bool online = false;
    QStringList discoveredBy; // "dns-sd", "broadcast", "manual"
    QString version;          // of its program; empty while unknown
};

struct Ticket {
    QString ticket; // "octopus:…"
    WallTime expires;
};

struct PairedPeer {
    MachineId id;
    QString name;
};

// Of Synchronize. Counts are entries.
struct ComparisonReport {
    quint64 compared = 0;
    quint64 identical = 0;
    quint64 copied = 0;
    quint64 removed = 0;
    quint64 bytesCompared = 0;
    quint64 bytesSent = 0;
    Milliseconds duration{0};
    QList<Problem> problems;
};

struct Difference {
    RelPath path;
    QByteArray what; // "content", "mode", "missing", "extra", …: stable words
};

// Of Verify.
struct VerificationReport {
    quint64 compared = 0;
    quint64 identical = 0;
    QList<Difference> different;
    QByteArray digest; // hexadecimal SHA-256 over everything compared
    Milliseconds duration{0};
};

[[nodiscard]] QJsonObject toJson(const MachineIdentity &identity);
[[nodiscard]] QJsonObject toJson(const KnownPeer &peer);
[[nodiscard]] QJsonObject toJson(const Ticket &ticket);
[[nodiscard]] QJsonObject toJson(const PairedPeer &peer);
[[nodiscard]] QJsonObject toJson(const ComparisonReport &report);
[[nodiscard]] QJsonObject toJson(const VerificationReport &report);
// `nameOf` gives a peer's name for its id (the id's text where it is unknown).
[[nodiscard]] QJsonObject toJson(const Vault &vault,
                                 const std::function<QString(const MachineId &)> &nameOf);

} // namespace octopus::control
