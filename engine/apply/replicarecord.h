// What a replica durably says of itself: `.octopus/replica`, always replaced whole (FORMAT.md).
// Values; the functions belong to the thread of their Root.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/digest.h"
#include "engine/base/fileio.h"
#include "engine/model/ids.h"

#include <optional>

namespace octopus::apply {

struct ReplicaRecord {
    VaultId vault;
    MachineId primary;
    Epoch epoch{};     // the highest seen
    StreamId stream{}; // whose operations were applied last; 0: none can be continued
    HashKey key;       // of that stream
    bool consistent = false;
    WallTime consistentSince; // when it last became consistent
    friend bool operator==(const ReplicaRecord &, const ReplicaRecord &) = default;
};

// Of the replica at `folder`. nullopt: there is none. Corrupt: it is damaged; VersionMismatch: a later
// release wrote it.
[[nodiscard]] Result<std::optional<ReplicaRecord>> readReplicaRecord(Root &root,
                                                                     const RelPath &folder = {});
// Durable when it returns; before, the old record holds.
[[nodiscard]] Result<void> writeReplicaRecord(Root &root, const ReplicaRecord &record);

} // namespace octopus::apply
