#include "engine/apply/filewriter.h"

#include <algorithm>

namespace octopus::apply {

static constexpr quint64 zeroStep = 1024 * 1024;
static constexpr quint64 spaceMargin = 1024 * 1024;

Result<Loss> FileWriter::putFile(const Task &task)
{
    return task.operation().stage == StageId{} ? putInline(task) : putStaged(task);
}

Result<Loss> FileWriter::putInline(const Task &task)
{
    const auto made = m_fresh.take(task.operation());
    if (!made)
        return passOn(made);
    if (made->isPlaced) {
        m_placement.placed(task, {EntryKind::File});
        return made->loss;
    }
    if (const auto placed = m_placement.place(made->path, task, {EntryKind::File}); !placed) {
        (void)m.root.removeFile(made->path); // else it goes when the replica is opened again
        return passOn(placed);
    }
    return made->loss;
}

// The stage moves away, so that it is done once: when redone without its stage it was done before.
Result<Loss> FileWriter::putStaged(const Task &task)
{
    const Operation &operation = task.operation();
    const RelPath stage = m.staging.pathOf(operation.stage);
    const auto stat = m.root.stat(stage);
    if (!stat && task.redo && stat.error().code == ErrorCode::NotFound) {
        OCTOPUS_TRY(m_placement.rememberOld(task, archive::KeptBecause::Replaced));
        m.manifest->put(operation.path, {EntryKind::File});
        m_placement.disturbed(operation.path);
        return Loss();
    }
    if (!stat)
        return passOn(stat);
    auto set = setAttributes(m.root, stage, *stat, operation.attributes);
    if (set) {
        if (auto placed = m_placement.place(stage, task, {EntryKind::File}); !placed)
            set = passOn(placed);
    }
    // Not removed before the failure is durable: a redo would take its absence for success.
    if (!set)
        m.staging.retire(operation.stage);
    return set;
}

Result<Loss> FileWriter::placeMade(const RelPath &fresh, const Task &task, EntryKind kind)
{
    const auto stat = m.root.stat(fresh);
    if (!stat)
        return passOn(stat);
    auto set = setAttributes(m.root, fresh, *stat, task.operation().attributes);
    if (set) {
        if (auto placed = m_placement.place(fresh, task, {kind}); !placed)
            set = passOn(placed);
    }
    if (!set)
        (void)m.root.removeFile(fresh);
    return set;
}

Result<Loss> FileWriter::makeSymlink(const Task &task)
{
    const RelPath fresh = m.staging.freshPath();
    OCTOPUS_TRY(m.root.makeSymlink(task.operation().linkTarget, fresh));
    return placeMade(fresh, task, EntryKind::Symlink);
}

Result<Loss> FileWriter::makeFifo(const Task &task)
{
    const RelPath fresh = m.staging.freshPath();
    OCTOPUS_TRY(m.root.makeFifo(fresh, 0600));
    return placeMade(fresh, task, EntryKind::Fifo);
}

Result<void> FileWriter::link(const Task &task)
{
    const Operation &operation = task.operation();
    auto source = m_placement.own(operation.other);
    if (!source)
        return passOn(source);
    if (source->kind == EntryKind::Directory)
        return failure(ErrorCode::IsDirectory, "a directory cannot have two names");
    const auto sourceStat = m.root.stat(operation.other);
    if (!sourceStat)
        return passOn(sourceStat);
    const bool mayBeThere = task.redo || m.manifest->find(operation.path);
    const auto there =
        mayBeThere ? m.root.stat(operation.path) : Result<EntryStat>(failure(ErrorCode::NotFound));
    source->linked = true;
    m.manifest->put(operation.other, *source);
    if (there && there->identity == sourceStat->identity) {
        OCTOPUS_TRY(m_placement.rememberOld(task, archive::KeptBecause::Replaced));
        m.manifest->put(operation.path, *source); // rename() would do nothing
        m_placement.disturbed(operation.path);
        return {};
    }
    const RelPath fresh = m.staging.freshPath();
    OCTOPUS_TRY(m.root.link(operation.other, fresh));
    const auto placed = m_placement.place(fresh, task, *source);
    if (!placed)
        (void)m.root.removeFile(fresh);
    return placed;
}

Result<std::unique_ptr<File>> FileWriter::openForWriting(const RelPath &path)
{
    auto file = m.root.open(path, OpenMode::ReadWrite);
    if (file || file.error().code != ErrorCode::PermissionDenied || m.root.canSetOwner())
        return file;
    // Read-only for its owner, which we are; the operation sets the mode anyway. But not that of
    // somebody else's name.
    const auto stat = m.root.stat(path);
    const OwnEntry *entry = m.manifest->find(path);
    if (!stat || stat->kind != EntryKind::File || !entry
        || (stat->links > 1 && (!entry->linked || entry->shared))
        || !m.root.setMode(path, stat->mode | 0600))
        return file;
    return m.root.open(path, OpenMode::ReadWrite);
}

// In place a write must not stop half-way, so there must be room for it beforehand.
Result<void> FileWriter::checkSpace(const PlannedOperation &planned)
{
    quint64 needed = spaceMargin + inlineBytes(planned.operation);
    for (const Extent &extent : planned.staged)
        needed += extent.length;
    const auto space = m.root.space();
    if (!space)
        return passOn(space);
    if (space->freeBytes < needed)
        return failure(ErrorCode::NoSpace, "not enough room to change the file in place");
    return {};
}

Result<Loss> FileWriter::writeRanges(const Task &task)
{
    const Operation &operation = task.operation();
    auto entry = m_placement.own(operation.path);
    if (!entry)
        return passOn(entry);
    if (entry->kind != EntryKind::File)
        return failure(ErrorCode::IsDirectory, "not a regular file: " + operation.path.bytes());
    OCTOPUS_TRY(checkSpace(task.planned));
    const auto file = openForWriting(operation.path);
    if (!file)
        return passOn(file);
    const auto stat = (*file)->stat();
    if (!stat)
        return passOn(stat);
    if (stat->links > 1)
        return writeCopy(task, **file, *stat);
    bool begun = false;
    auto written = writeContent(**file, stat->size, task.planned, begun);
    Result<Loss> set = written
        ? setAttributes(**file, *stat, operation.attributes, m.root.canSetOwner())
        : Result<Loss>(passOn(written));
    if (!set && begun)
        return failure(ErrorCode::Corrupt, "changed in part: " + set.error().detail);
    if (set && std::exchange(entry->linked, false)) {
        entry->shared = false;
        m.manifest->put(operation.path, *entry);
    }
    if (set && operation.stage != StageId{})
        m.staging.retire(operation.stage);
    return set;
}

static Result<void> writeZeros(File &file, Extent range)
{
    static const QByteArray zeros(qsizetype(zeroStep), '\0');
    while (range.length > 0) {
        const quint64 step = std::min(range.length, zeroStep);
        OCTOPUS_TRY(file.write(range.offset, QByteArrayView(zeros).first(qsizetype(step))));
        range.offset += step;
        range.length -= step;
    }
    return {};
}

// Size, holes, ranges, in this order. `begun`: something was changed.
Result<void> FileWriter::writeContent(File &file, quint64 size, const PlannedOperation &planned,
                                      bool &begun)
{
    const Operation &operation = planned.operation;
    if (size != operation.size) {
        OCTOPUS_TRY(file.truncate(operation.size));
        begun = true;
    }
    for (const Extent &hole : operation.holes) {
        auto punched = file.punchHole(hole);
        begun |= punched.has_value();
        if (!punched && punched.error().code == ErrorCode::Unsupported) {
            begun = true;
            punched = writeZeros(file, hole);
        }
        OCTOPUS_TRY(punched);
    }
    begun |= !operation.ranges.isEmpty() || !planned.staged.isEmpty();
    for (const DataRange &range : operation.ranges)
        OCTOPUS_TRY(file.write(range.offset, range.bytes));
    return operation.stage == StageId{} ? Result<void>() : writeStaged(file, planned);
}

Result<void> FileWriter::writeStaged(File &file, const PlannedOperation &planned)
{
    const auto stage = m.root.open(m.staging.pathOf(planned.operation.stage), OpenMode::Read);
    if (!stage)
        return passOn(stage);
    for (const Extent &extent : planned.staged)
        OCTOPUS_TRY(file.copyFrom(**stage, extent.offset, extent.offset, extent.length));
    return {};
}

Result<void> FileWriter::fillCopy(File &copy, File &source, const EntryStat &stat,
                                  const PlannedOperation &planned)
{
    const quint64 size = stat.size;
    if (auto cloned = copy.cloneFrom(source);
        !cloned && cloned.error().code != ErrorCode::Unsupported) {
        return cloned;
    } else if (!cloned) {
        OCTOPUS_TRY(copy.truncate(size));
        for (quint64 at = 0; at < size;) {
            const auto extent = source.nextData(at);
            if (!extent)
                return passOn(extent);
            if (!*extent || (*extent)->offset >= size)
                break;
            const quint64 length = std::min((*extent)->length, size - (*extent)->offset);
            OCTOPUS_TRY(copy.copyFrom(source, (*extent)->offset, (*extent)->offset, length));
            at = (*extent)->offset + length;
        }
    }
    bool begun = false;
    return writeContent(copy, size, planned, begun);
}

// The file has other names: they keep the old content, as after a PutFile. The copy is durable
// before it is placed: a redo could not make it again from what the original holds by then.
Result<Loss> FileWriter::writeCopy(const Task &task, File &source, const EntryStat &stat)
{
    const Operation &operation = task.operation();
    const RelPath fresh = m.staging.freshPath();
    auto set = [&]() -> Result<Loss> {
        auto copy = m.root.open(fresh, OpenMode::CreateNew);
        if (!copy)
            return passOn(copy);
        if (auto filled = fillCopy(**copy, source, stat, task.planned); !filled)
            return passOn(filled);
        const auto owner = m_fresh.ownerOfNew(**copy);
        if (!owner)
            return passOn(owner);
        auto done = setNewAttributes(**copy, operation.attributes, **owner, m.root.canSetOwner());
        if (auto synced = (*copy)->syncData(); done && !synced)
            return passOn(synced);
        return done;
    }();
    if (set) {
        const auto moved = m_placement.inDirectoryOf(operation.path, [&] {
            return m.root.rename(fresh, operation.path, RenameMode::Replace);
        });
        if (!moved)
            set = passOn(moved);
    }
    if (!set) {
        (void)m.root.removeFile(fresh);
        return set;
    }
    OwnEntry entry = *m.manifest->find(operation.path);
    entry.linked = false;
    entry.shared = false;
    m.manifest->put(operation.path, entry);
    m_placement.disturbed(operation.path);
    if (operation.stage != StageId{})
        m.staging.retire(operation.stage);
    return set;
}

} // namespace octopus::apply
