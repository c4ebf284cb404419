#include "engine/apply/placement.h"

#include "engine/apply/layout.h"
#include "engine/base/log.h"

namespace octopus::apply {

using archive::KeepBy;
using archive::KeptBecause;

static constexpr quint32 ownerMayChange = 0300; // write and search

bool isStructural(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NotFound:
    case ErrorCode::Exists:
    case ErrorCode::NotDirectory:
    case ErrorCode::IsDirectory:
    case ErrorCode::NotEmpty:
    case ErrorCode::OutsideRoot: return true;
    default: return false;
    }
}

static std::unexpected<Error> foreignEntry(const RelPath &path)
{
    return failure(ErrorCode::Refused, "a foreign entry is at " + path.bytes());
}

Result<OwnEntry> Placement::own(const RelPath &path)
{
    if (const OwnEntry *entry = m.manifest->find(path))
        return *entry;
    const auto stat = m.root.stat(path);
    if (stat)
        return foreignEntry(path);
    return passOn(stat);
}

archive::Version Placement::versionFor(const Task &task, KeptBecause why) const
{
    const RelPath &path = task.operation().path;
    const OwnEntry *entry = m.manifest->find(path);
    return {{m.record.stream, task.operation().sequence},
            path,
            entry ? entry->kind : EntryKind::File,
            why,
            {}};
}

Result<void> Placement::keepOld(const Task &task, KeptBecause why, KeepBy how)
{
    if (!task.planned.keepOld)
        return {};
    const RelPath &path = task.operation().path;
    const archive::Version version = versionFor(task, why);
    const Touch *touched = m.window.touch(path);
    if (task.redo && (!touched || touched->made != Touch::Made::Anew)) {
        // What is there is from before the window or moved in once. If it was kept, it is gone from
        // the path: what is there now is of a later operation.
        const auto kept = m.versions->exists(version.id);
        if (!kept)
            return passOn(kept);
        if (*kept) {
            m.versions->remember(version);
            return {};
        }
    }
    // Nothing is there: somebody removed it by hand.
    return tolerateAbsence(inDirectoryOf(path, [&] { return m.versions->keep(version, how); }));
}

Result<void> Placement::rememberOld(const Task &task, KeptBecause why)
{
    const archive::Version version = versionFor(task, why);
    const auto kept = task.planned.keepOld ? m.versions->exists(version.id) : Result<bool>(false);
    if (!kept)
        return passOn(kept);
    if (*kept)
        m.versions->remember(version);
    return {};
}

Result<void> Placement::keepFound(const Task &task, const RelPath &like, KeepBy how)
{
    const RelPath &path = task.operation().path;
    const auto there = m.root.stat(path);
    if (!there)
        return tolerateAbsence(passOn(there));
    if (there->kind == EntryKind::Directory)
        return failure(ErrorCode::IsDirectory, "a directory is at " + path.bytes());
    const auto fresh = m.root.stat(like);
    const bool isOurs = fresh && fresh->kind == there->kind && fresh->mtimeNs == there->mtimeNs;
    if (isOurs || there->kind == EntryKind::Fifo)
        return {};
    if (there->kind != EntryKind::File && there->kind != EntryKind::Symlink)
        return foreignEntry(path);
    archive::Version version = versionFor(task, KeptBecause::Found);
    version.kind = there->kind;
    return inDirectoryOf(path, [&] { return m.versions->keep(version, how); });
}

Result<void> Placement::place(const RelPath &fresh, const Task &task, const OwnEntry &entry)
{
    const RelPath &path = task.operation().path;
    const OwnEntry *old = m.manifest->find(path);
    if (old && old->kind == EntryKind::Directory)
        return failure(ErrorCode::IsDirectory, "a directory is at " + path.bytes());
    const auto move = [&](RenameMode mode) {
        return inDirectoryOf(path, [&] { return m.root.rename(fresh, path, mode); });
    };
    if (old) {
        OCTOPUS_TRY(keepOld(task, KeptBecause::Replaced, KeepBy::Link));
        OCTOPUS_TRY(move(RenameMode::Replace));
    } else {
        auto moved = move(RenameMode::NoReplace);
        if (!moved && moved.error().code == ErrorCode::Exists) {
            if (!task.redo)
                return foreignEntry(path);
            OCTOPUS_TRY(keepFound(task, fresh, KeepBy::Link));
            moved = move(RenameMode::Replace);
        }
        OCTOPUS_TRY(moved);
    }
    placed(task, entry);
    return {};
}

void Placement::placed(const Task &task, const OwnEntry &entry)
{
    const RelPath &path = task.operation().path;
    OwnEntry own = entry;
    own.placedTick = placedNow(m, task);
    m.manifest->put(path, own);
    disturbed(path);
}

void Placement::disturbed(const RelPath &path)
{
    m_disturbed.insert(path.parent());
}

// Directories of our own that the operations made read-only are no obstacle to their owner.
bool Placement::loosen(const RelPath &directory)
{
    const OwnEntry *entry = m.manifest->find(directory);
    if (m.root.canSetOwner() || !entry || entry->kind != EntryKind::Directory)
        return false;
    const auto stat = m.root.stat(directory);
    if (!stat || (stat->mode & ownerMayChange) == ownerMayChange)
        return false;
    if (!m.root.setMode(directory, stat->mode | ownerMayChange))
        return false;
    m_loosened.insert(directory);
    m_disturbed.insert(directory);
    return true;
}

Result<void> Placement::inDirectoryOf(const RelPath &path,
                                      const std::function<Result<void>()> &action)
{
    auto done = action();
    if (!done && done.error().code == ErrorCode::PermissionDenied && loosen(path.parent()))
        done = action();
    return done;
}

void Placement::settle(bool redo)
{
    for (const RelPath &directory : m_disturbed) {
        const OwnEntry *entry = m.manifest->find(directory);
        if (!entry || entry->kind != EntryKind::Directory)
            continue;
        Result<void> set;
        if (redo || m_loosened.contains(directory))
            set = m.root.setMode(directory, entry->mode);
        if (set)
            set = m.root.setModificationTime(directory, entry->mtimeNs);
        if (!set && !isStructural(set.error().code))
            qCWarning(logApply).noquote()
                << "cannot restore the attributes of" << directory.displayText() << ':'
                << displayText(set.error().detail);
    }
    m_disturbed.clear();
    m_loosened.clear();
}

} // namespace octopus::apply
