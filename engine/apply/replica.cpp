#include "engine/apply/replica.h"

namespace octopus::apply {

PathFacts factsFor(const Manifest &manifest, const Operation &operation)
{
    PathFacts facts;
    if (const OwnEntry *entry = manifest.find(operation.path)) {
        facts.kind = entry->kind;
        facts.linked = entry->linked;
    }
    if (operation.other.isRoot())
        return facts;
    if (const OwnEntry *entry = manifest.find(operation.other))
        facts.otherKind = entry->kind;
    return facts;
}

Result<void> takeCheckpoint(Replica &replica)
{
    OCTOPUS_TRY(replica.root.syncAll());
    OCTOPUS_TRY(replica.versions->flush());
    const JournalHead &head = replica.journal->head();
    OCTOPUS_TRY(replica.manifest->save({replica.record.stream, replica.applied, head.generation}));
    OCTOPUS_TRY(
        replica.journal->reset({head.generation + 1, replica.record.stream, replica.applied}));
    replica.window.clear();
    return replica.staging.removeRetired();
}

Result<void> becomeConsistent(Replica &replica)
{
    if (replica.record.consistent)
        return {};
    ReplicaRecord record = replica.record;
    record.consistent = true;
    record.consistentSince = replica.clock.wall();
    OCTOPUS_TRY(writeReplicaRecord(replica.root, record));
    replica.record = record;
    return {};
}

} // namespace octopus::apply
