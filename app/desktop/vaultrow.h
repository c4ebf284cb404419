// VaultRow: one line of the vault table: one mirror of a vault to a target, or one replica kept
// here. A value made from the status; texts are still raw. Pure.
#pragma once

#include "engine/control/api.h"

namespace octopus::desktop {

enum class Direction : quint8 { Outgoing, Incoming };

struct VaultRow {
    VaultId vault;
    MachineId peer; // the target, or the primary
    QString name;
    QString peerName;
    Direction direction = Direction::Outgoing;
    QList<QByteArray> sources; // outgoing only
    QByteArray destination;
    Phase phase = Phase::Offline;
    QString via;         // outgoing only: over what it is reached; empty: not at all
    QString address;     // and where; may be empty
    bool inSync = false; // incoming: the replica is whole
    std::optional<Milliseconds> lag;
    quint64 backlogOperations = 0;
    quint64 sentBytes = 0; // outgoing only
    quint64 files = 0;
    quint64 bytes = 0;
    Progress progress;
    std::optional<WallTime> lastInSync;           // incoming: as of when it is
    std::optional<LastVerification> lastVerified; // outgoing only
    QList<Problem> problems;
    std::optional<Halt> halt;

    [[nodiscard]] bool isSameMirror(const VaultRow &other) const
    {
        return vault == other.vault && peer == other.peer && direction == other.direction;
    }
    // It waits for a person.
    [[nodiscard]] bool isHalted() const;
    // It is connected and neither paused nor halted.
    [[nodiscard]] bool runs() const;
    // The lag is over what is called in time: a minute.
    [[nodiscard]] bool isBehind() const;
    // Nothing is on its way, and it is not in sync because of problems alone.
    [[nodiscard]] bool hasOnlyProblems() const;
    // Problems that are failures, not mere notices.
    [[nodiscard]] qsizetype faults() const;
    friend bool operator==(const VaultRow &, const VaultRow &) = default;
};

// Vaults first, in the engine's order, then replicas.
[[nodiscard]] QList<VaultRow> rowsOf(const control::EngineStatus &status);

} // namespace octopus::desktop
