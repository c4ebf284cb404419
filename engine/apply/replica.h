// Replica: everything that is open of one replica, for the parts of the applier that work on it.
// Applier owns it and hands it out by reference; one thread.
#pragma once

#include "engine/apply/journal.h"
#include "engine/apply/manifest.h"
#include "engine/apply/planned.h"
#include "engine/apply/replicarecord.h"
#include "engine/apply/staging.h"
#include "engine/apply/window.h"
#include "engine/archive/versions.h"
#include "engine/base/clock.h"

namespace octopus::apply {

struct Replica {
    Replica(Root &heldRoot, const Clock &machineClock)
        : root(heldRoot),
          clock(machineClock),
          staging(heldRoot, machineClock)
    {}

    Root &root;
    const Clock &clock;
    bool adopt = false; // directories that are there may be used
    std::unique_ptr<File> lock;
    ReplicaRecord record;
    std::unique_ptr<Manifest> manifest;
    std::unique_ptr<Journal> journal;
    std::unique_ptr<archive::Versions> versions;
    Staging staging;
    Window window;
    Sequence applied{};
    Sequence durable{};
};

// The point in time in the units of OwnEntry::placedTick; never 0, which is "long ago".
[[nodiscard]] inline quint32 placedTick(MonotonicTime time)
{
    return quint32(time.sinceStart / Milliseconds(100)) + 1;
}

// What the manifest says of an operation's paths.
[[nodiscard]] PathFacts factsFor(const Manifest &manifest, const Operation &operation);

// Makes the tree durable, saves the manifest and empties the journal.
[[nodiscard]] Result<void> takeCheckpoint(Replica &replica);
// Durably marks the replica consistent now, unless it is.
[[nodiscard]] Result<void> becomeConsistent(Replica &replica);

// One operation to carry out, for the first time or again after a crash.
struct Task {
    const PlannedOperation &planned;
    bool redo = false;
    [[nodiscard]] const Operation &operation() const { return planned.operation; }
};

// When what the task puts somewhere came there. Long ago, when redone: nobody knows.
[[nodiscard]] inline quint32 placedNow(const Replica &replica, const Task &task)
{
    return task.redo ? 0 : placedTick(replica.clock.monotonic());
}

} // namespace octopus::apply
