// Admission: looks at an operation before it is journaled and decides what must not be decided
// again when it is redone: whether it may be tried at all, whether the old content is kept, what
// it found. What can be known beforehand is refused here, so that only the system's own errors are
// left for later. One thread; the replica outlives it.
#pragma once

#include "engine/apply/replica.h"

#include <set>

namespace octopus::apply {

class Admission
{
public:
    // Contents that are replaced sooner than this after they came are not kept.
    static constexpr Milliseconds shortLife = std::chrono::seconds(10);

    explicit Admission(Replica &replica) : m(replica) {}

    // A group of operations begins that is journaled and carried out together.
    void beginGroup();
    // True if it cannot be decided about the operation before the group is carried out.
    [[nodiscard]] bool mustWait(const Operation &operation) const;
    // True if nothing that follows can be decided before the group is carried out.
    [[nodiscard]] bool endsGroup(const Operation &operation, const PathFacts &facts) const;

    // The operation with its decisions; the group counts as carried out. Any error refuses it.
    // Seals its stage.
    [[nodiscard]] Result<PlannedOperation> admit(const Operation &operation,
                                                 const PathFacts &facts);

private:
    // The kind of the own entry at a path after the group; nullopt: none.
    [[nodiscard]] std::optional<EntryKind> kindAt(const RelPath &path) const;
    [[nodiscard]] bool hasEntries(const RelPath &directory) const;
    [[nodiscard]] Result<EntryKind> requireOwn(const RelPath &path);
    [[nodiscard]] Result<void> requireOwnNames(const RelPath &path) const;
    [[nodiscard]] Result<void> admitContent(PlannedOperation &planned);
    [[nodiscard]] Result<void> admitSource(const Operation &operation);
    [[nodiscard]] Result<void> admitPlace(PlannedOperation &planned);
    [[nodiscard]] Result<void> admitOver(const Operation &operation, EntryKind there);
    [[nodiscard]] Result<void> admitAdoption(PlannedOperation &planned);
    [[nodiscard]] Result<void> admitExchange(PlannedOperation &planned);
    [[nodiscard]] bool keepsOld(const Operation &operation, const PathFacts &facts) const;

    Replica &m;
    // In the group:
    std::map<RelPath, EntryKind> m_adopted;
    std::set<RelPath> m_vacated; // nothing is there afterwards
    std::set<RelPath> m_made;    // directories where nothing was: so nothing is in them
};

} // namespace octopus::apply
