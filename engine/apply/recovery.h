// Recovery: founds a replica, or brings back the one that is there: loads its records and redoes
// what a crash cut off, from the journal alone. One thread.
#pragma once

#include "engine/apply/applier.h"
#include "engine/apply/replica.h"

namespace octopus::apply {

// Opens or founds the replica; `replica` is ready for use afterwards. The errors of Applier::open.
[[nodiscard]] Result<void> openReplica(Replica &replica, const OpenOptions &options);

// The names directly below the root that are not the replica's.
[[nodiscard]] Result<QList<RelPath>> listForeign(Root &root, qsizetype limit);

} // namespace octopus::apply
