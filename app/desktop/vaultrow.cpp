#include "app/desktop/vaultrow.h"

#include <algorithm>

namespace octopus::desktop {

namespace {

VaultRow rowOf(const Vault &vault, const MirrorStatus &mirror)
{
    VaultRow row;
    row.vault = vault.id;
    row.peer = mirror.peer;
    row.name = vault.name;
    row.peerName = mirror.peerName;
    row.direction = Direction::Outgoing;
    row.sources = vault.sources;
    row.destination = mirror.destination;
    row.phase = mirror.phase;
    row.via = mirror.via;
    row.address = mirror.address;
    row.inSync = mirror.inSync;
    row.lag = mirror.lag;
    row.backlogOperations = mirror.backlogOperations;
    row.sentBytes = mirror.sentBytes;
    row.files = mirror.files;
    row.bytes = mirror.bytes;
    row.progress = mirror.progress;
    row.lastInSync = mirror.lastInSync;
    row.lastVerified = mirror.lastVerified;
    row.problems = mirror.problems;
    row.halt = mirror.halt;
    return row;
}

VaultRow rowOf(const ReplicaStatus &replica)
{
    VaultRow row;
    row.vault = replica.vault;
    row.peer = replica.primary;
    row.name = replica.name;
    row.peerName = replica.primaryName;
    row.direction = Direction::Incoming;
    row.destination = replica.destination;
    row.phase = replica.phase;
    row.inSync = replica.consistent;
    row.lag = replica.lag;
    row.lastInSync = replica.asOf;
    row.problems = replica.problems;
    row.halt = replica.halt;
    return row;
}

} // namespace

bool VaultRow::isHalted() const
{
    return halt || phase == Phase::Halted || phase == Phase::Diverged;
}

bool VaultRow::runs() const
{
    return phase == Phase::Mirroring || phase == Phase::Checking || phase == Phase::Copying;
}

bool VaultRow::isBehind() const
{
    constexpr Milliseconds limit{60'000};
    return lag && *lag > limit;
}

bool VaultRow::hasOnlyProblems() const
{
    return phase == Phase::Mirroring && !inSync && faults() > 0 && backlogOperations == 0
        && lag == Milliseconds(0);
}

qsizetype VaultRow::faults() const
{
    return std::ranges::count_if(problems, [](const Problem &one) { return !isNotice(one.code); });
}

QList<VaultRow> rowsOf(const control::EngineStatus &status)
{
    QList<VaultRow> rows;
    for (const VaultStatus &vault : status.vaults) {
        for (const MirrorStatus &mirror : vault.targets)
            rows.append(rowOf(vault.vault, mirror));
    }
    for (const ReplicaStatus &replica : status.replicas)
        rows.append(rowOf(replica));
    return rows;
}

} // namespace octopus::desktop
