#include "engine/apply/treewriter.h"

#include "engine/apply/layout.h"

namespace octopus::apply {

using archive::KeepBy;
using archive::KeptBecause;

static Result<Loss> withoutLoss(const Result<void> &result)
{
    if (!result)
        return passOn(result);
    return Loss();
}

void TreeWriter::settle(bool redo)
{
    m_files.freshFiles().removeUnused();
    m_placement.settle(redo);
}

Result<Loss> TreeWriter::carryOut(const Task &task)
{
    const Operation &operation = task.operation();
    auto done = attempt(task);
    if (done)
        m.manifest->failures().settle(operation);
    else if (operation.stage != StageId{})
        m.staging.retire(operation.stage); // it will not be asked for again
    return done;
}

Result<Loss> TreeWriter::attempt(const Task &task)
{
    const Operation &operation = task.operation();
    if (const FailedOperation *obstacle = m.manifest->failures().obstacle(operation))
        return failure(ErrorCode::Corrupt,
                       "the content at " + obstacle->path.bytes()
                           + " is in doubt since an operation failed; send it whole");
    if (task.redo) { // whatever it finds done already did so, too
        m_placement.disturbed(operation.path);
        m_placement.disturbed(operation.other);
    }
    switch (operation.kind) {
    case OperationKind::MakeDirectory: return makeDirectory(task);
    case OperationKind::PutFile: return m_files.putFile(task);
    case OperationKind::WriteRanges: return m_files.writeRanges(task);
    case OperationKind::MakeSymlink: return m_files.makeSymlink(task);
    case OperationKind::MakeFifo: return m_files.makeFifo(task);
    case OperationKind::Link: return withoutLoss(m_files.link(task));
    case OperationKind::Rename: return withoutLoss(rename(task));
    case OperationKind::Exchange: return withoutLoss(exchange(task));
    case OperationKind::Remove: return withoutLoss(remove(task));
    case OperationKind::SetAttributes: return setOwnAttributes(task);
    case OperationKind::Adopt:
        if (!m.manifest->find(operation.path))
            m.manifest->put(operation.path, task.planned.adopted);
        return Loss();
    case OperationKind::Consistent: return withoutLoss(becomeConsistent(m));
    }
    return failure(ErrorCode::Invalid, "an operation of no known kind");
}

static OwnEntry directoryEntry(const EntryAttributes &attributes, bool borrowed)
{
    return {.kind = EntryKind::Directory,
            .borrowed = borrowed,
            .mode = quint16(attributes.mode),
            .mtimeNs = attributes.mtimeNs};
}

Result<void> TreeWriter::placeDirectory(const Task &task)
{
    const RelPath &path = task.operation().path;
    const EntryAttributes &attributes = task.operation().attributes;
    const OwnEntry *old = m.manifest->find(path);
    bool borrowed = path.isRoot() || (old && old->borrowed);
    if (!path.isRoot()) {
        OCTOPUS_TRY(clearForDirectory(task, old));
        const bool isPlaced = m_files.freshFiles().placeDirectory(task.operation());
        auto made = isPlaced ? Result<void>() : m_placement.inDirectoryOf(path, [&] {
            return m.root.makeDirectory(path, attributes.mode);
        });
        if (!made && made.error().code == ErrorCode::Exists)
            made = useDirectory(task, borrowed);
        OCTOPUS_TRY(made);
        m_placement.disturbed(path);
    }
    // Ours from here on, whatever becomes of its attributes.
    m.manifest->put(path, directoryEntry(attributes, borrowed));
    return {};
}

Result<Loss> TreeWriter::makeDirectory(const Task &task)
{
    const RelPath &path = task.operation().path;
    OCTOPUS_TRY(placeDirectory(task));
    const auto stat = m.root.stat(path);
    if (!stat)
        return passOn(stat);
    return setAttributes(m.root, path, *stat, task.operation().attributes);
}

bool TreeWriter::hasMade(const Operation &operation) const
{
    const OwnEntry *entry = m.manifest->find(operation.path);
    return operation.kind == OperationKind::MakeDirectory && entry
        && *entry == directoryEntry(operation.attributes, false);
}

Result<void> TreeWriter::makeAgain(const PlannedOperation &planned)
{
    m_placement.disturbed(planned.operation.path);
    return placeDirectory({planned, true});
}

// Takes away an own entry of another kind. When redone, the directory may be there already.
Result<void> TreeWriter::clearForDirectory(const Task &task, const OwnEntry *old)
{
    if (!old || old->kind == EntryKind::Directory)
        return {};
    const RelPath &path = task.operation().path;
    const auto stat = m.root.stat(path);
    if (!stat && !isStructural(stat.error().code))
        return passOn(stat);
    if (!stat || stat->kind == EntryKind::Directory)
        return m_placement.rememberOld(task, KeptBecause::Replaced);
    OCTOPUS_TRY(m_placement.keepOld(task, KeptBecause::Replaced, KeepBy::Move));
    return tolerateAbsence(
        m_placement.inDirectoryOf(path, [&] { return m.root.removeFile(path); }));
}

// Something is at the path: an own directory, one that may be borrowed, or (when redone) the one
// that this operation made before.
Result<void> TreeWriter::useDirectory(const Task &task, bool &borrowed)
{
    const RelPath &path = task.operation().path;
    const auto stat = m.root.stat(path);
    if (!stat)
        return passOn(stat);
    const OwnEntry *old = m.manifest->find(path);
    const bool mayUse = old || task.planned.borrow || task.redo;
    borrowed |= task.planned.borrow;
    if (stat->kind == EntryKind::Directory && mayUse)
        return {};
    if (stat->kind == EntryKind::Directory || !task.redo)
        return failure(ErrorCode::Refused, "a foreign entry is at " + path.bytes());
    OCTOPUS_TRY(m_placement.keepFound(task, path.parent(), KeepBy::Move));
    OCTOPUS_TRY(tolerateAbsence(m.root.removeFile(path)));
    return m.root.makeDirectory(path, task.operation().attributes.mode);
}

Result<Loss> TreeWriter::setOwnAttributes(const Task &task)
{
    const RelPath &path = task.operation().path;
    const EntryAttributes &attributes = task.operation().attributes;
    if (path.isRoot())
        return makeDirectory(task);
    auto entry = m_placement.own(path);
    if (!entry)
        return passOn(entry);
    const auto stat = m.root.stat(path);
    if (!stat)
        return passOn(stat);
    auto set = setAttributes(m.root, path, *stat, attributes);
    if (set && entry->kind == EntryKind::Directory)
        m.manifest->put(path, directoryEntry(attributes, entry->borrowed));
    return set;
}

// When redone: it happened before if there is nothing left to move.
Result<bool> TreeWriter::isRenamed(const Task &task)
{
    if (!task.redo)
        return false;
    const auto stat = m.root.stat(task.operation().other);
    if (stat)
        return false;
    if (isStructural(stat.error().code))
        return true;
    return passOn(stat);
}

Result<void> TreeWriter::rename(const Task &task)
{
    const Operation &operation = task.operation();
    const auto source = m_placement.own(operation.other);
    const auto done = isRenamed(task);
    if (!done)
        return passOn(done);
    OCTOPUS_TRY(m.manifest->checkMove(operation.other, operation.path));
    if (!*done) {
        if (!source)
            return passOn(source);
        if (source->borrowed)
            return failure(ErrorCode::Refused, "a foreign directory cannot be moved");
        const OwnEntry *target = m.manifest->find(operation.path);
        OCTOPUS_TRY(target ? renameOver(task, *source, OwnEntry(*target)) : renameFresh(task));
    } else if (!m.manifest->find(operation.other)) {
        return {};
    } else {
        OCTOPUS_TRY(m_placement.rememberOld(task, KeptBecause::Replaced));
    }
    m.manifest->move(operation.other, operation.path);
    OwnEntry moved = *m.manifest->find(operation.path);
    moved.placedTick = placedNow(m, task);
    m.manifest->put(operation.path, moved);
    m_placement.disturbed(operation.other);
    m_placement.disturbed(operation.path);
    return {};
}

// Two names of one file: rename() would do nothing and leave both.
Result<bool> TreeWriter::isSameFile(const Operation &operation)
{
    const auto source = m.root.stat(operation.other);
    if (!source)
        return passOn(source);
    const auto target = m.root.stat(operation.path);
    return target && target->identity == source->identity;
}

Result<void> TreeWriter::renameOver(const Task &task, const OwnEntry &source,
                                    const OwnEntry &target)
{
    const RelPath &from = task.operation().other;
    const RelPath &to = task.operation().path;
    if (target.kind == EntryKind::Directory)
        return failure(ErrorCode::IsDirectory, "a directory is at " + to.bytes());
    const auto inBoth = [&](const std::function<Result<void>()> &action) {
        return m_placement.inDirectoryOf(from,
                                         [&] { return m_placement.inDirectoryOf(to, action); });
    };
    if (source.kind == EntryKind::Directory) {
        OCTOPUS_TRY(m_placement.keepOld(task, KeptBecause::Replaced, KeepBy::Move));
        OCTOPUS_TRY(
            tolerateAbsence(m_placement.inDirectoryOf(to, [&] { return m.root.removeFile(to); })));
        return inBoth([&] { return m.root.rename(from, to, RenameMode::NoReplace); });
    }
    if (task.redo || (source.linked && target.linked)) {
        const auto same = isSameFile(task.operation());
        if (!same)
            return passOn(same);
        if (*same) {
            OCTOPUS_TRY(m_placement.rememberOld(task, KeptBecause::Replaced));
            return m_placement.inDirectoryOf(from, [&] { return m.root.removeFile(from); });
        }
    }
    OCTOPUS_TRY(m_placement.keepOld(task, KeptBecause::Replaced, KeepBy::Link));
    return inBoth([&] { return m.root.rename(from, to, RenameMode::Replace); });
}

Result<void> TreeWriter::renameFresh(const Task &task)
{
    const RelPath &from = task.operation().other;
    const RelPath &to = task.operation().path;
    const auto move = [&](RenameMode mode) {
        return m_placement.inDirectoryOf(from, [&] {
            return m_placement.inDirectoryOf(to, [&] { return m.root.rename(from, to, mode); });
        });
    };
    const auto moved = move(RenameMode::NoReplace);
    if (moved || moved.error().code != ErrorCode::Exists)
        return moved;
    if (!task.redo)
        return failure(ErrorCode::Refused, "a foreign entry is at " + to.bytes());
    const auto same = isSameFile(task.operation());
    if (!same)
        return passOn(same);
    if (*same)
        return m_placement.inDirectoryOf(from, [&] { return m.root.removeFile(from); });
    OCTOPUS_TRY(m_placement.keepFound(task, from, KeepBy::Link));
    return move(RenameMode::Replace);
}

Result<void> TreeWriter::exchange(const Task &task)
{
    const Operation &operation = task.operation();
    OCTOPUS_TRY(m.manifest->checkMove(operation.path, operation.other));
    OCTOPUS_TRY(m.manifest->checkMove(operation.other, operation.path));
    const auto path = m_placement.own(operation.path);
    const auto other = m_placement.own(operation.other);
    if (!path || !other)
        return path ? passOn(other) : passOn(path);
    if (path->borrowed || other->borrowed)
        return failure(ErrorCode::Refused, "a foreign directory cannot be moved");
    const auto done = task.redo ? finishExchange(task) : Result<bool>(false);
    if (!done)
        return passOn(done);
    if (!*done) {
        const auto swap = [&] {
            return m.root.rename(operation.path, operation.other, RenameMode::Exchange);
        };
        auto swapped = m_placement.inDirectoryOf(
            operation.path, [&] { return m_placement.inDirectoryOf(operation.other, swap); });
        if (!swapped && swapped.error().code == ErrorCode::Unsupported)
            swapped = exchangeBySteps(operation);
        OCTOPUS_TRY(swapped);
    }
    m.manifest->swap(operation.path, operation.other);
    m_placement.disturbed(operation.path);
    m_placement.disturbed(operation.other);
    return {};
}

static RelPath asideFor(const Operation &operation)
{
    return *layout::staging().child('x' + QByteArray::number(number(operation.sequence)));
}

// Where one of them fails, those before it are undone.
Result<void> TreeWriter::exchangeBySteps(const Operation &operation)
{
    const RelPath aside = asideFor(operation);
    const auto move = [&](const RelPath &from, const RelPath &to) {
        return m.root.rename(from, to, RenameMode::Replace);
    };
    OCTOPUS_TRY(move(operation.path, aside));
    auto moved = move(operation.other, operation.path);
    if (moved) {
        moved = move(aside, operation.other);
        if (moved)
            return {};
        OCTOPUS_TRY(move(operation.path, operation.other));
    }
    OCTOPUS_TRY(move(aside, operation.path));
    return moved;
}

// When redone: true if it happened before, or could be finished from where it stopped.
Result<bool> TreeWriter::finishExchange(const Task &task)
{
    const Operation &operation = task.operation();
    const auto at = m.root.stat(operation.path);
    const RelPath aside = asideFor(operation);
    if (const auto stat = m.root.stat(aside); stat && stat->identity == task.planned.pathIdentity) {
        if (!at)
            OCTOPUS_TRY(m.root.rename(operation.other, operation.path, RenameMode::Replace));
        OCTOPUS_TRY(m.root.rename(aside, operation.other, RenameMode::Replace));
        return true;
    }
    if (!at)
        return passOn(at);
    return at->identity == task.planned.otherIdentity;
}

Result<void> TreeWriter::remove(const Task &task)
{
    const RelPath &path = task.operation().path;
    const auto entry = m_placement.own(path);
    if (!entry && isStructural(entry.error().code))
        return {}; // nothing is there
    if (!entry)
        return passOn(entry);
    if (entry->kind == EntryKind::Directory)
        return removeDirectory(path, *entry);
    const auto stat = m.root.stat(path);
    if (!stat && !isStructural(stat.error().code))
        return passOn(stat);
    if (stat && stat->kind == EntryKind::Directory && !task.redo)
        return failure(ErrorCode::Refused, "a foreign entry is at " + path.bytes());
    OCTOPUS_TRY(m_placement.keepOld(task, KeptBecause::Removed, KeepBy::Move));
    if (stat && stat->kind != EntryKind::Directory) {
        OCTOPUS_TRY(tolerateAbsence(
            m_placement.inDirectoryOf(path, [&] { return m.root.removeFile(path); })));
    }
    m.manifest->drop(path);
    m_placement.disturbed(path);
    return {};
}

// What is not ours in it stays, and the directory with it: it is foreign from then on.
Result<void> TreeWriter::removeDirectory(const RelPath &path, const OwnEntry &entry)
{
    if (m.manifest->hasBelow(path))
        return failure(ErrorCode::NotEmpty, "the directory holds entries: " + path.bytes());
    bool left = entry.borrowed;
    if (!left) {
        const auto removed =
            m_placement.inDirectoryOf(path, [&] { return m.root.removeDirectory(path); });
        if (!removed && removed.error().code == ErrorCode::NotDirectory)
            return failure(ErrorCode::Refused, "a foreign entry is at " + path.bytes());
        left = !removed
            && (removed.error().code == ErrorCode::NotEmpty
                || removed.error().code == ErrorCode::NotFound);
        if (!removed && !left)
            return removed;
    }
    const auto stat = left ? m.root.stat(path) : Result<EntryStat>(failure(ErrorCode::NotFound));
    if (stat && stat->kind == EntryKind::Directory) { // as the operations set it, for the last time
        (void)m.root.setMode(path, entry.mode);
        (void)m.root.setModificationTime(path, entry.mtimeNs);
    }
    m.manifest->drop(path);
    m_placement.disturbed(path);
    return {};
}

} // namespace octopus::apply
