#include "engine/store/statedirectory.h"

#include <algorithm>

namespace octopus::store {

static constexpr const char *lockName = "lock";

static Error aboutDirectory(Error error, const QByteArray &path)
{
    error.detail = "state directory " + path + ": " + error.detail;
    return error;
}

// Ours, or nobody's yet: empty, or locked by one of our engines before.
static Result<bool> isOurs(Root &root)
{
    const Result<QList<DirectoryEntry>> entries = root.list(RelPath());
    if (!entries)
        return passOn(entries);
    return entries->isEmpty() || std::ranges::any_of(*entries, [](const DirectoryEntry &entry) {
               return entry.name == lockName && entry.kind == EntryKind::File;
           });
}

static Result<void> protect(Root &root, quint32 user)
{
    const Result<EntryStat> stat = root.stat(RelPath());
    if (!stat)
        return passOn(stat);
    if (stat->uid != user)
        return failure(ErrorCode::Refused, "it belongs to another user");
    if ((stat->mode & 077) == 0)
        return {};
    const Result<bool> ours = isOurs(root);
    if (!ours)
        return passOn(ours);
    if (*ours)
        return root.setMode(RelPath(), 0700);
    if ((stat->mode & 022) == 0)
        return {}; // others can see names in it; our files in it are 0600
    return failure(ErrorCode::Refused,
                   "other users may write to it and it holds other things; "
                   "choose a folder of its own");
}

StateDirectory::StateDirectory(QByteArray path, std::unique_ptr<Root> root,
                               std::unique_ptr<File> lock)
    : m_path(std::move(path)),
      m_root(std::move(root)),
      m_lock(std::move(lock))
{}

Result<std::unique_ptr<StateDirectory>> StateDirectory::open(FileSystem &files,
                                                             const QByteArray &path, quint32 user)
{
    if (const Result<void> made = files.makePath(path); !made)
        return std::unexpected(aboutDirectory(made.error(), path));
    Result<std::unique_ptr<Root>> root = files.openRoot(path);
    if (!root)
        return std::unexpected(aboutDirectory(root.error(), path));
    if (const Result<void> safe = protect(**root, user); !safe)
        return std::unexpected(aboutDirectory(safe.error(), path));
    Result<std::unique_ptr<File>> lock = (*root)->openLocked(RelPath::of(lockName));
    if (!lock && lock.error().code == ErrorCode::Busy) {
        return failure(ErrorCode::Busy,
                       "another engine is running with the state directory " + path);
    }
    if (!lock)
        return std::unexpected(aboutDirectory(lock.error(), path));
    return std::unique_ptr<StateDirectory>(
        new StateDirectory(path, std::move(*root), std::move(*lock)));
}

} // namespace octopus::store
