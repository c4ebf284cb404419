// Planner: looks at one path of the source, compares it with the index, and sends the operations
// that make the replica equal. Renames, hard links and swaps are recognised by the identity of the
// source's objects, whatever order the hints come in. Every decision is taken from the state of the
// two sides, never from the history of events. Belongs to the thread of its mirror.
#pragma once

#include "engine/mirror/replication.h"

namespace octopus::mirror {

enum class Finding : quint8 {
    Settled,        // equal, or the operations for it are sent
    EnterDirectory, // likewise, and what is below it has not been looked at yet
    Absent,         // nothing of the vault is there; the worklist keeps it as an absence
    LargeContent,   // its content must go by a transfer
    NeedsBlocks,    // the target must say first which blocks it has
    Later,          // put back into the worklist
};

class Planner
{
public:
    explicit Planner(Replication &replication) : m(replication) {}

    // Looks at `path`. Adds to the outbox; the caller checked that it has room.
    [[nodiscard]] Finding examine(const RelPath &path, const WorkItem &item);
    // Removes at the target what is below `path` and itself, if it is still gone from the source.
    // The guards have been asked.
    void remove(const RelPath &path, MonotonicTime capturedAt);
    // Sends the attributes of a directory whose entries were changed; `disturbed` as in Worklist.
    void settleDirectory(const RelPath &path, bool disturbed);

private:
    [[nodiscard]] Finding examineEntry(const RelPath &path, const EntryStat &stat,
                                       const WorkItem &item);
    [[nodiscard]] Finding examineDirectory(const RelPath &path, const EntryStat &stat,
                                           const WorkItem &item);
    [[nodiscard]] Finding examineFile(const RelPath &path, const EntryStat &stat,
                                      const WorkItem &item);
    [[nodiscard]] Finding examineOther(const RelPath &path, const EntryStat &stat,
                                       const WorkItem &item);
    [[nodiscard]] Finding examineForeign(const RelPath &path, const EntryStat &stat,
                                         const WorkItem &item);
    [[nodiscard]] Finding sendSmallFile(const RelPath &path, const EntryStat &stat,
                                        const WorkItem &item);
    [[nodiscard]] Finding fail(const RelPath &path, const Error &error, const WorkItem &item);
    [[nodiscard]] bool ensureParent(const RelPath &path, const WorkItem &item);
    void follow(const RelPath &path, const EntryStat &stat, const WorkItem &item);
    void separate(const RelPath &path, const EntryStat &stat);
    void followLink(const RelPath &path, const EntryStat &stat, const WorkItem &item);
    void removeEntries(const RelPath &path, MonotonicTime capturedAt);
    void sendAttributes(const RelPath &path, const EntryStat &stat, EntryAttributes attributes,
                        const WorkItem &item);

    Replication &m;
};

} // namespace octopus::mirror
