// What a mirror says of itself: phase, lag, progress, problems. Immutable values, published four
// times a second at most; any thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/model/ids.h"
#include "engine/model/problem.h"
#include "engine/model/vault.h"
#include "engine/model/verificationrecord.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace octopus {

enum class Phase : quint8 { Offline = 1, Checking, Copying, Mirroring, Paused, Halted, Diverged };

enum class HaltReason : quint8 {
    RootGone = 1,    // the source folder is missing, unmounted or replaced
    RootEmptied,     // the source folder suddenly holds nothing
    MassDeletion,    // more than max(100, 20 %) of the entries disappeared at once
    ForeignData,     // the destination holds data that Octopus did not put there
    NotPaired,       // the target does not know this machine, or its key changed
    NotGranted,      // the target grants no folder for the destination
    EpochOutdated,   // the target has seen a later writer of this vault
    TargetReadOnly,  // the target's disk cannot be written
    StateUnreadable, // the replica's own records are damaged
    ReplicaGone,     // there was a replica at the destination, and there is none now
};

[[nodiscard]] const char *phaseName(Phase phase);       // "mirroring"
[[nodiscard]] const char *haltName(HaltReason reason);  // "mass-deletion"
[[nodiscard]] QByteArray haltAdvice(HaltReason reason); // what happened and what to do, English

struct Halt {
    HaltReason reason = HaltReason::RootGone;
    QByteArray detail;
    QList<QByteArray> paths; // those concerned; at most 100
    quint64 gone = 0;        // of MassDeletion: so many entries disappeared
    quint64 known = 0;       // of so many
    friend bool operator==(const Halt &, const Halt &) = default;
};

struct Progress {
    quint64 done = 0;  // bytes
    quint64 total = 0; // bytes; 0 while unknown
    std::optional<Milliseconds> remaining;
    friend bool operator==(const Progress &, const Progress &) = default;
};

// One (vault, target) pair as its primary sees it.
struct MirrorStatus {
    MachineId peer;
    QString peerName;
    QByteArray destination;
    Phase phase = Phase::Offline;
    QByteArray offlineBecause; // what the last call, or connection, came to, English; may be empty
    QString via;               // the transport it is reached over (Transport::shown()); empty: none
    QString address;           // where it answers; empty: it is not reached, or without an address
    bool inSync = false;
    std::optional<Milliseconds> lag; // nullopt: unknown
    quint64 backlogOperations = 0;
    quint64 backlogBytes = 0;
    quint64 sentBytes = 0;
    quint64 receivedBytes = 0;
    quint64 operations = 0;
    quint64 files = 0;
    quint64 bytes = 0;
    Progress progress;
    std::optional<WallTime> lastInSync;
    std::optional<LastVerification> lastVerified; // nullopt: never
    QList<Problem> problems;
    std::optional<Halt> halt;
    friend bool operator==(const MirrorStatus &, const MirrorStatus &) = default;
};

struct VaultStatus {
    Vault vault;
    QList<MirrorStatus> targets;
};

// A replica kept here for somebody else.
struct ReplicaStatus {
    VaultId vault;
    QString name;
    MachineId primary;
    QString primaryName;
    QByteArray destination;
    Phase phase = Phase::Offline;
    bool consistent = false;
    std::optional<WallTime> asOf;
    std::optional<Milliseconds> lag;
    QList<Problem> problems;
    std::optional<Halt> halt;
    friend bool operator==(const ReplicaStatus &, const ReplicaStatus &) = default;
};

} // namespace octopus
