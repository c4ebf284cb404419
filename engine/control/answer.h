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
    QStringList addresses;   // "192.0.2.1:17290"
    QString version;         // of the program
    QByteArray warning = {}; // as MachineStatus::warning
};

struct KnownPeer {
    Peer peer;
    bool paired = true;
    bool online = false;
    QStringList discoveredBy; // "dns-sd", "broadcast", "manual"
    QString version;          // of its program; empty while unknown
    QByteArray problem;       // why it is not connected or not to be trusted; empty: nothing known
};

// One stage of Check. The words of `stage` are stable, in this order: resolve, reach, tls, identity,
// version, pairing, grant, space, clock.
struct CheckStage {
    QByteArray stage;
    bool ok = false;
    QByteArray detail; // what was found: one sentence
    QByteArray advice; // what to do; empty where there is nothing to do
    // The same for front ends that have words of their own: a stable word, unique within the stage,
    // and what the sentence tells of, by name (checkstages.h).
    QByteArray finding = {};
    QJsonObject facts = {};
    friend bool operator==(const CheckStage &, const CheckStage &) = default;
};

// A folder in which this machine may keep replicas at a peer.
struct GrantedFolder {
    QByteArray folder; // absolute, there
    quint64 freeBytes = 0;
    bool writable = true;
    friend bool operator==(const GrantedFolder &, const GrantedFolder &) = default;
};

// Of Check: the stages up to the first that fails, and what is known of the machine by then.
struct CheckReport {
    QList<CheckStage> stages;
    MachineId id;    // null: not reached as far as its identity
    QString name;    // as it calls itself inside TLS
    QString version; // of its program
    QString address; // where it answered, "192.0.2.1:17290"
    bool paired = false;
    QList<GrantedFolder> grants;
    [[nodiscard]] bool isOk() const { return !stages.isEmpty() && stages.last().ok; }
};

struct Ticket {
    QString ticket; // "octopus:…"
    WallTime expires;
    QString qr = {}; // the same in capitals, digits and few signs, for a QR code
    QString id = {}; // as OpenTicket::id
};

// An invitation that nobody has used yet. The ticket itself is not kept.
struct OpenTicket {
    QString id; // a beginning of the hash of its secret
    WallTime expires;
    QByteArray grant; // empty: none
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
[[nodiscard]] QJsonObject toJson(const CheckReport &report);
[[nodiscard]] QJsonObject toJson(const Ticket &ticket);
[[nodiscard]] QJsonObject toJson(const OpenTicket &ticket);
[[nodiscard]] QJsonObject toJson(const PairedPeer &peer);
[[nodiscard]] QJsonObject toJson(const ComparisonReport &report);
[[nodiscard]] QJsonObject toJson(const VerificationReport &report);
// `nameOf` gives a peer's name for its id (the id's text where it is unknown).
[[nodiscard]] QJsonObject toJson(const Vault &vault,
                                 const std::function<QString(const MachineId &)> &nameOf);

} // namespace octopus::control
