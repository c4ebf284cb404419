// Redo: carries out again, in order, what the journal holds since the last checkpoint. The tree may
// show any part of it already; what may be in one journal is such that the result is the same
// (window.h). One thread.
#pragma once

#include "engine/apply/replica.h"

namespace octopus::apply {

// NoSpace, ReadOnly, InputOutput and kin: the journal holds, and it can be tried again. What only
// concerns one operation becomes one of the manifest's failures.
[[nodiscard]] Result<void> redo(Replica &replica, const QList<JournalRecord> &records);

} // namespace octopus::apply
