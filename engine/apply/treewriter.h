// TreeWriter: carries operations out on the tree, for the first time or again after a crash, and
// keeps the manifest and the open failures in step. Every operation either happens or leaves its
// paths as they were (Corrupt apart). One thread; the replica outlives it.
#pragma once

#include "engine/apply/filewriter.h"

namespace octopus::apply {

class TreeWriter
{
public:
    explicit TreeWriter(Replica &replica)
        : m(replica),
          m_placement(replica),
          m_files(replica, m_placement)
    {}

    // Before the first of a group is carried out, once the group is journaled.
    void prepare(const QList<JournalRecord> &group) { m_files.freshFiles().makeAhead(group); }
    // What could not be stored of its attributes, or why it failed.
    [[nodiscard]] Result<Loss> carryOut(const Task &task);
    // True if a MakeDirectory that has just failed got as far as making the directory.
    [[nodiscard]] bool hasMade(const Operation &operation) const;
    // In a redo: it got so far the first time. A power loss may have taken the directory away.
    [[nodiscard]] Result<void> makeAgain(const PlannedOperation &planned);
    // Call it behind a group of operations, before its end is durable.
    void settle(bool redo);

private:
    [[nodiscard]] Result<Loss> attempt(const Task &task);
    [[nodiscard]] Result<Loss> makeDirectory(const Task &task);
    [[nodiscard]] Result<void> placeDirectory(const Task &task);
    [[nodiscard]] Result<void> clearForDirectory(const Task &task, const OwnEntry *old);
    [[nodiscard]] Result<void> useDirectory(const Task &task, bool &borrowed);
    [[nodiscard]] Result<Loss> setOwnAttributes(const Task &task);
    [[nodiscard]] Result<void> rename(const Task &task);
    [[nodiscard]] Result<bool> isRenamed(const Task &task);
    [[nodiscard]] Result<void> renameOver(const Task &task, const OwnEntry &source,
                                          const OwnEntry &target);
    [[nodiscard]] Result<void> renameFresh(const Task &task);
    [[nodiscard]] Result<bool> isSameFile(const Operation &operation);
    [[nodiscard]] Result<void> exchange(const Task &task);
    [[nodiscard]] Result<void> exchangeBySteps(const Operation &operation);
    [[nodiscard]] Result<bool> finishExchange(const Task &task);
    [[nodiscard]] Result<void> remove(const Task &task);
    [[nodiscard]] Result<void> removeDirectory(const RelPath &path, const OwnEntry &entry);

    Replica &m;
    Placement m_placement;
    FileWriter m_files;
};

} // namespace octopus::apply
