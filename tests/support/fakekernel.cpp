#include "tests/support/fakekernel.h"

namespace octopus::testing {

std::optional<QByteArray> FakeKernel::pathOf(const FakeNodePointer &directory) const
{
    if (directory == disk.root())
        return QByteArray("/");
    const FakeNamePointer entry = directory->where.lock();
    return entry ? pathOf(entry) : std::nullopt;
}

std::optional<QByteArray> FakeKernel::pathOf(const FakeNamePointer &entry) const
{
    const FakeNodePointer parent = entry->parent.lock();
    if (!entry->linked || !parent)
        return std::nullopt;
    auto path = pathOf(parent);
    if (path)
        *path += path->size() == 1 ? entry->name : '/' + entry->name;
    return path;
}

Result<FakeNodePointer> FakeKernel::resolve(const QByteArray &absolutePath) const
{
    if (!absolutePath.startsWith('/') || absolutePath.contains('\0'))
        return failure(ErrorCode::Invalid, "not an absolute path: " + absolutePath);
    FakeNodePointer node = disk.root();
    std::deque<QByteArray> names;
    const auto put = [&](const QByteArray &path) {
        const QList<QByteArray> parts = path.split('/');
        names.insert(names.begin(), parts.begin(), parts.end());
    };
    put(absolutePath);
    for (int links = 0; !names.empty();) {
        const QByteArray name = names.front();
        names.pop_front();
        if (name.isEmpty() || name == ".")
            continue;
        if (node->kind != EntryKind::Directory)
            return failure(ErrorCode::NotDirectory, absolutePath);
        if (name == "..") {
            const FakeNamePointer here = node->where.lock();
            const FakeNodePointer parent = here ? here->parent.lock() : nullptr;
            node = parent ? parent : disk.root();
            continue;
        }
        const auto at = node->entries.find(name);
        if (at == node->entries.end())
            return failure(ErrorCode::NotFound, absolutePath);
        const FakeNodePointer found = at->second->node;
        if (found->kind != EntryKind::Symlink) {
            node = found;
            continue;
        }
        if (++links > 40)
            return failure(ErrorCode::OutsideRoot, "too many symbolic links: " + absolutePath);
        if (found->linkTarget.startsWith('/'))
            node = disk.root();
        put(found->linkTarget);
    }
    return node;
}

void FakeKernel::tellChanged(const FakeNamePointer &entry)
{
    if (observers.empty() || !entry)
        return;
    if (const auto path = pathOf(entry))
        tell(FakeEventKind::Changed, *path, entry->node->kind == EntryKind::Directory);
}

void FakeKernel::tellChanged(const FakeNodePointer &directory)
{
    if (observers.empty())
        return;
    if (const auto path = pathOf(directory))
        tell(FakeEventKind::Changed, *path, true);
}

static RelPath below(const QByteArray &path, const QByteArray &folder)
{
    const qsizetype skip = folder.size() == 1 ? 1 : folder.size() + 1;
    return path.size() <= skip ? RelPath() : RelPath::parse(path.sliced(skip)).value_or(RelPath());
}

void FakeKernel::tell(FakeEventKind kind, const QByteArray &absolutePath, bool isDirectory,
                      const QByteArray &from)
{
    const auto watching = observers; // an observer may add or remove observers
    for (const Observed &observed : watching) {
        const QByteArray &folder = observed.folder;
        const bool pathInside = isPathWithin(absolutePath, folder);
        const bool fromInside = kind == FakeEventKind::Moved && isPathWithin(from, folder);
        FakeEvent event{kind, {}, {}, isDirectory};
        if (pathInside)
            event.path = below(absolutePath, folder);
        if (fromInside)
            event.from = below(from, folder);
        if (!pathInside && fromInside) { // moved out
            event.kind = FakeEventKind::Removed;
            event.path = std::exchange(event.from, {});
        } else if (kind == FakeEventKind::Moved && !fromInside) {
            event.kind = FakeEventKind::Created;
        }
        if (pathInside || fromInside)
            observed.observer(event);
    }
}

} // namespace octopus::testing
