// Replication: what the parts of one primary share: the source, the index of the replica, the
// outbox, the worklist and the problems. Belongs to the thread of its mirror; Primary owns it.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/fileio.h"
#include "engine/index/index.h"
#include "engine/mirror/move.h"
#include "engine/mirror/outbox.h"
#include "engine/mirror/problemlist.h"
#include "engine/mirror/worklist.h"
#include "engine/model/rules.h"

namespace octopus::mirror {

// Content up to this size travels inside its operation.
inline constexpr quint64 inlineLimit = 128 * 1024;

struct Replication {
    Replication(Root &sourceRoot, const Clock &machineClock, const RuleMatcher &vaultRules)
        : source(sourceRoot),
          clock(machineClock),
          rules(vaultRules),
          outbox(index)
    {}

    Root &source;
    const Clock &clock;
    const RuleMatcher &rules;
    index::Index index;
    Outbox outbox;
    Worklist work;
    ProblemList problems;
    HashKey key;
    QList<Move> moves; // that were sent; Primary follows them with what it remembers by path
    std::map<StageToken, quint64> held; // how far the target has contents that were sent in part
    bool keepsStages = false;           // the target knows StageBegin
    bool targetSetsOwner = false;       // otherwise owners are not carried, and not compared
    bool replaceForeign = false; // the user allowed foreign entries to be replaced (and kept)

    void setProblem(const RelPath &path, ProblemCode code, const QByteArray &detail)
    {
        problems.set(path, code, detail, clock.wall());
    }
};

// What the source entry's attributes are at the target: owners only where it can set them.
[[nodiscard]] Result<EntryAttributes> sourceAttributes(Replication &replication,
                                                       const RelPath &path, const EntryStat &stat);
[[nodiscard]] Result<EntryAttributes> sourceAttributes(Replication &replication,
                                                       const EntryStat &stat, Xattrs xattrs);
// The same rule applied to what the target lists.
void normalise(EntryAttributes &attributes, EntryKind kind, bool targetSetsOwner);

// Adds an operation that gives `path` the new entry, and the parent's attributes to the worklist.
void sendEntry(Replication &replication, Operation operation, index::IndexEntry entry,
               MonotonicTime capturedAt);
// Lets every other name of the file at `path` be one with it at the target, unless it is known to be.
void sendLinks(Replication &replication, const RelPath &path, MonotonicTime capturedAt);
// A change is told by the name through which it was made; `path` is gone since, or stands for another
// file than the `source` that it was, while other names of the changed file remain.
void examineOtherNames(Replication &replication, const RelPath &path, const FileIdentity &source,
                       MonotonicTime capturedAt);

} // namespace octopus::mirror
