// FileWriter: gives regular files, symbolic links and FIFOs their content. What is new is finished
// under a passing name before it is placed; ranges are written in place, where the file has this one
// name only. One thread; replica and placement outlive it.
#pragma once

#include "engine/apply/freshfiles.h"
#include "engine/apply/placement.h"

namespace octopus::apply {

class FileWriter
{
public:
    FileWriter(Replica &replica, Placement &placement)
        : m(replica),
          m_placement(placement),
          m_fresh(replica)
    {}

    // What is put anew may be made ahead of its turn here.
    [[nodiscard]] FreshFiles &freshFiles() { return m_fresh; }

    // After a failure the path is as before, save Corrupt: it holds a mixture, send it whole.
    [[nodiscard]] Result<Loss> putFile(const Task &task);
    [[nodiscard]] Result<Loss> writeRanges(const Task &task);
    [[nodiscard]] Result<Loss> makeSymlink(const Task &task);
    [[nodiscard]] Result<Loss> makeFifo(const Task &task);
    [[nodiscard]] Result<void> link(const Task &task);

private:
    [[nodiscard]] Result<Loss> putInline(const Task &task);
    [[nodiscard]] Result<Loss> putStaged(const Task &task);
    [[nodiscard]] Result<Loss> placeMade(const RelPath &fresh, const Task &task, EntryKind kind);
    [[nodiscard]] Result<std::unique_ptr<File>> openForWriting(const RelPath &path);
    [[nodiscard]] Result<Loss> writeCopy(const Task &task, File &source, const EntryStat &stat);
    [[nodiscard]] Result<void> fillCopy(File &copy, File &source, const EntryStat &stat,
                                        const PlannedOperation &planned);
    [[nodiscard]] Result<void> writeContent(File &file, quint64 size,
                                            const PlannedOperation &planned, bool &begun);
    [[nodiscard]] Result<void> writeStaged(File &file, const PlannedOperation &planned);
    [[nodiscard]] Result<void> checkSpace(const PlannedOperation &planned);

    Replica &m;
    Placement &m_placement;
    FreshFiles m_fresh;
};

} // namespace octopus::apply
