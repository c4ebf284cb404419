#include "tests/support/fakeroot.h"

#include "tests/support/fakeattributes.h"
#include "tests/support/fakefile.h"

namespace octopus::testing {

FakeRoot::FakeRoot(std::shared_ptr<FakeKernel> kernel, FakeNodePointer directory,
                   QByteArray absolutePath, bool exempt)
    : m_kernel(std::move(kernel)),
      m_directory(std::move(directory)),
      m_absolutePath(std::move(absolutePath)),
      m_generation(m_kernel->generation),
      m_exempt(exempt)
{}

Result<void> FakeRoot::enter(FakeCall call, const RelPath &path) const
{
    if (m_exempt)
        return {};
    if (m_generation != m_kernel->generation)
        return failure(ErrorCode::Disconnected, "opened before a crash");
    return m_kernel->faults.meet(call, [&]() -> std::optional<QByteArray> {
        auto folder = m_kernel->pathOf(m_directory);
        if (folder && !path.isRoot())
            *folder += folder->size() == 1 ? path.bytes() : '/' + path.bytes();
        return folder;
    });
}

// Walks like openat2 with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS.
Result<FakeRoot::Place> FakeRoot::placeOf(const RelPath &path) const
{
    const QByteArray &bytes = path.bytes();
    FakeNodePointer parent = m_directory;
    for (qsizetype start = 0;;) {
        const qsizetype slash = bytes.indexOf('/', start);
        const QByteArray name = bytes.sliced(start, (slash < 0 ? bytes.size() : slash) - start);
        const auto at = parent->entries.find(name);
        const FakeNamePointer entry = at == parent->entries.end() ? nullptr : at->second;
        if (slash < 0)
            return Place{parent, name, entry};
        if (!entry)
            return failure(ErrorCode::NotFound, bytes);
        if (entry->node->kind == EntryKind::Symlink)
            return failure(ErrorCode::OutsideRoot, bytes);
        if (entry->node->kind != EntryKind::Directory)
            return failure(ErrorCode::NotDirectory, bytes);
        parent = entry->node;
        start = slash + 1;
    }
}

Result<FakeRoot::Place> FakeRoot::existing(const RelPath &path) const
{
    if (path.isRoot())
        return failure(ErrorCode::Invalid, "the root itself");
    auto place = placeOf(path);
    if (place && !place->entry)
        return failure(ErrorCode::NotFound, path.bytes());
    return place;
}

Result<FakeRoot::Place> FakeRoot::vacant(const RelPath &path) const
{
    if (path.isRoot())
        return failure(ErrorCode::Exists, "the root itself");
    auto place = placeOf(path);
    if (place && place->entry)
        return failure(ErrorCode::Exists, path.bytes());
    return place;
}

Result<FakeNodePointer> FakeRoot::nodeAt(const RelPath &path) const
{
    if (path.isRoot())
        return m_directory;
    const auto place = existing(path);
    if (!place)
        return passOn(place);
    return place->entry->node;
}

Result<FakeNodePointer> FakeRoot::directoryAt(const RelPath &path) const
{
    const auto node = nodeAt(path);
    if (node && (*node)->kind == EntryKind::Symlink)
        return failure(ErrorCode::OutsideRoot, path.bytes());
    if (node && (*node)->kind != EntryKind::Directory)
        return failure(ErrorCode::NotDirectory, path.bytes());
    return node;
}

Result<FakeNamePointer> FakeRoot::add(const Place &place, const FakeNodePointer &node)
{
    if (place.parent->links == 0)
        return failure(ErrorCode::NotFound, "the directory has been removed");
    if (m_kernel->disk.space().freeBytes < FakeContent::blockSize)
        return failure(ErrorCode::NoSpace, "the fake disk is full");
    m_kernel->disk.addName(place.parent, place.name, node);
    FakeNamePointer entry = place.parent->entries.at(place.name);
    if (const auto path = m_kernel->pathOf(entry); path && !m_kernel->observers.empty())
        m_kernel->tell(FakeEventKind::Created, *path, node->kind == EntryKind::Directory);
    return entry;
}

Result<FakeNamePointer> FakeRoot::makeNode(FakeCall call, const RelPath &path, EntryKind kind,
                                           quint32 mode)
{
    OCTOPUS_TRY(enter(call, path));
    const auto place = vacant(path);
    if (!place)
        return passOn(place);
    return add(*place, m_kernel->disk.makeNode(kind, mode & 07777, place->parent->identity.device));
}

void FakeRoot::tellChanged(const RelPath &path, const FakeNodePointer &node) const
{
    if (m_kernel->observers.empty())
        return;
    if (path.isRoot())
        return m_kernel->tellChanged(node);
    if (const auto place = placeOf(path))
        m_kernel->tellChanged(place->entry);
}

Result<EntryStat> FakeRoot::stat(const RelPath &path)
{
    OCTOPUS_TRY(enter(FakeCall::Stat, path));
    const auto node = nodeAt(path);
    if (!node)
        return passOn(node);
    return entryStatOf(**node);
}

Result<QList<DirectoryEntry>> FakeRoot::list(const RelPath &path)
{
    OCTOPUS_TRY(enter(FakeCall::List, path));
    const auto directory = directoryAt(path);
    if (!directory)
        return passOn(directory);
    QList<DirectoryEntry> entries;
    for (const auto &[name, entry] : (*directory)->entries)
        entries.append({name, entry->node->kind});
    return entries;
}

Result<std::unique_ptr<File>> FakeRoot::open(const RelPath &path, OpenMode mode)
{
    if (mode == OpenMode::CreateNew) {
        const auto made = makeNode(FakeCall::Create, path, EntryKind::File, 0600);
        if (!made)
            return passOn(made);
        return std::make_unique<FakeFile>(m_kernel, *made, true, m_exempt);
    }
    OCTOPUS_TRY(enter(FakeCall::Open, path));
    if (path.isRoot())
        return failure(ErrorCode::IsDirectory, "the root itself");
    const auto place = existing(path);
    if (!place)
        return passOn(place);
    switch (place->entry->node->kind) {
    case EntryKind::File: break;
    case EntryKind::Directory: return failure(ErrorCode::IsDirectory, path.bytes());
    case EntryKind::Symlink: return failure(ErrorCode::OutsideRoot, path.bytes());
    default: return failure(ErrorCode::Unsupported, path.bytes());
    }
    return std::make_unique<FakeFile>(m_kernel, place->entry, mode != OpenMode::Read, m_exempt);
}

Result<void> FakeRoot::makeDirectory(const RelPath &path, quint32 mode)
{
    const auto made = makeNode(FakeCall::MakeDirectory, path, EntryKind::Directory, mode);
    return made ? Result<void>() : passOn(made);
}

Result<void> FakeRoot::makeFifo(const RelPath &path, quint32 mode)
{
    if (path.isRoot())
        return failure(ErrorCode::Invalid, "the root itself");
    const auto made = makeNode(FakeCall::MakeFifo, path, EntryKind::Fifo, mode);
    return made ? Result<void>() : passOn(made);
}

Result<void> FakeRoot::makeSpecial(const RelPath &path, EntryKind kind)
{
    const auto made = makeNode(FakeCall::MakeFifo, path, kind, 0644);
    return made ? Result<void>() : passOn(made);
}

Result<void> FakeRoot::makeSymlink(const QByteArray &target, const RelPath &path)
{
    if (target.isEmpty() || target.contains('\0'))
        return failure(ErrorCode::Invalid, "target of a symbolic link");
    if (target.size() > 4095)
        return failure(ErrorCode::TooLong, "target of a symbolic link");
    OCTOPUS_TRY(enter(FakeCall::MakeSymlink, path));
    const auto place = vacant(path);
    if (!place)
        return passOn(place);
    const auto node =
        m_kernel->disk.makeNode(EntryKind::Symlink, 0777, place->parent->identity.device);
    node->linkTarget = target;
    const auto made = add(*place, node);
    return made ? Result<void>() : passOn(made);
}

Result<QByteArray> FakeRoot::readSymlink(const RelPath &path)
{
    OCTOPUS_TRY(enter(FakeCall::ReadSymlink, path));
    const auto node = nodeAt(path);
    if (!node)
        return passOn(node);
    if ((*node)->kind != EntryKind::Symlink)
        return failure(ErrorCode::Invalid, "not a symbolic link: " + path.bytes());
    return (*node)->linkTarget;
}

void FakeRoot::remove(const FakeNamePointer &entry)
{
    const auto path = m_kernel->pathOf(entry);
    m_kernel->disk.removeName(entry);
    if (path && !m_kernel->observers.empty())
        m_kernel->tell(FakeEventKind::Removed, *path, entry->node->kind == EntryKind::Directory);
}

Result<void> FakeRoot::removeFile(const RelPath &path)
{
    OCTOPUS_TRY(enter(FakeCall::RemoveFile, path));
    const auto place = existing(path);
    if (!place)
        return passOn(place);
    if (place->entry->node->kind == EntryKind::Directory)
        return failure(ErrorCode::IsDirectory, path.bytes());
    remove(place->entry);
    return {};
}

Result<void> FakeRoot::removeDirectory(const RelPath &path)
{
    OCTOPUS_TRY(enter(FakeCall::RemoveDirectory, path));
    const auto place = existing(path);
    if (!place)
        return passOn(place);
    if (place->entry->node->kind != EntryKind::Directory)
        return failure(ErrorCode::NotDirectory, path.bytes());
    if (!place->entry->node->entries.empty())
        return failure(ErrorCode::NotEmpty, path.bytes());
    remove(place->entry);
    return {};
}

Result<void> FakeRoot::exchange(const Place &from, const Place &to)
{
    if (!to.entry)
        return failure(ErrorCode::NotFound, to.name);
    if (from.entry == to.entry || from.entry->node == to.entry->node)
        return {};
    const auto one = m_kernel->pathOf(from.entry);
    const auto two = m_kernel->pathOf(to.entry);
    const auto isDirectory = [](const Place &place) {
        return place.entry->node->kind == EntryKind::Directory;
    };
    m_kernel->disk.exchangeNames(from.entry, to.entry);
    if (one && two && !m_kernel->observers.empty()) {
        m_kernel->tell(FakeEventKind::Moved, *two, isDirectory(from), *one);
        m_kernel->tell(FakeEventKind::Moved, *one, isDirectory(to), *two);
    }
    return {};
}

Result<void> FakeRoot::replace(const Place &from, const Place &to)
{
    const FakeNodePointer node = from.entry->node;
    const bool isDirectory = node->kind == EntryKind::Directory;
    if (to.entry) {
        const FakeNodePointer there = to.entry->node;
        if (there == node) // two names of one file: POSIX wants both to stay
            return {};
        if (isDirectory && there->kind != EntryKind::Directory)
            return failure(ErrorCode::NotDirectory, to.name);
        if (!isDirectory && there->kind == EntryKind::Directory)
            return failure(ErrorCode::IsDirectory, to.name);
        if (!there->entries.empty())
            return failure(ErrorCode::NotEmpty, to.name);
    }
    if (to.parent->links == 0)
        return failure(ErrorCode::NotFound, "the directory has been removed");
    const auto before = m_kernel->pathOf(from.entry);
    m_kernel->disk.moveName(from.entry, to.parent, to.name);
    const auto after = m_kernel->pathOf(from.entry);
    if (before && after && !m_kernel->observers.empty())
        m_kernel->tell(FakeEventKind::Moved, *after, isDirectory, *before);
    return {};
}

Result<void> FakeRoot::rename(const RelPath &from, const RelPath &to, RenameMode mode)
{
    OCTOPUS_TRY(enter(FakeCall::Rename, from));
    if (from.isRoot() || to.isRoot())
        return failure(ErrorCode::Invalid, "the root itself");
    const auto source = placeOf(from);
    if (!source)
        return passOn(source);
    const auto target = placeOf(to);
    if (!target)
        return passOn(target);
    if (!source->entry)
        return failure(ErrorCode::NotFound, from.bytes());
    if (mode == RenameMode::NoReplace && target->entry)
        return failure(ErrorCode::Exists, to.bytes());
    if (from != to && to.isWithin(from))
        return failure(ErrorCode::Invalid, "into itself");
    if (from != to && from.isWithin(to))
        return failure(mode == RenameMode::Exchange ? ErrorCode::Invalid : ErrorCode::NotEmpty,
                       "onto its own parent");
    if (source->parent->identity.device != target->parent->identity.device)
        return failure(ErrorCode::OutsideRoot, "another file system");
    return mode == RenameMode::Exchange ? exchange(*source, *target) : replace(*source, *target);
}

Result<void> FakeRoot::link(const RelPath &from, const RelPath &path)
{
    OCTOPUS_TRY(enter(FakeCall::Link, path));
    const auto source = existing(from);
    if (!source)
        return passOn(source);
    if (path.isRoot())
        return failure(ErrorCode::Invalid, "the root itself");
    const auto target = vacant(path);
    if (!target)
        return passOn(target);
    const FakeNodePointer node = source->entry->node;
    if (node->kind == EntryKind::Directory)
        return failure(ErrorCode::PermissionDenied, "a directory has one name");
    if (node->identity.device != target->parent->identity.device)
        return failure(ErrorCode::OutsideRoot, "another file system");
    const auto made = add(*target, node);
    return made ? Result<void>() : passOn(made);
}

Result<void> FakeRoot::setMode(const RelPath &path, quint32 mode)
{
    OCTOPUS_TRY(enter(FakeCall::SetMode, path));
    const auto node = nodeAt(path);
    if (!node)
        return passOn(node);
    OCTOPUS_TRY(changeMode(*m_kernel, *node, mode));
    tellChanged(path, *node);
    return {};
}

Result<void> FakeRoot::setOwner(const RelPath &path, quint32 uid, quint32 gid)
{
    OCTOPUS_TRY(enter(FakeCall::SetOwner, path));
    const auto node = nodeAt(path);
    if (!node)
        return passOn(node);
    OCTOPUS_TRY(changeOwner(*m_kernel, *node, uid, gid));
    tellChanged(path, *node);
    return {};
}

Result<void> FakeRoot::setModificationTime(const RelPath &path, qint64 mtimeNs)
{
    OCTOPUS_TRY(enter(FakeCall::SetTime, path));
    const auto node = nodeAt(path);
    if (!node)
        return passOn(node);
    changeModificationTime(*m_kernel, *node, mtimeNs);
    tellChanged(path, *node);
    return {};
}

Result<Xattrs> FakeRoot::xattrs(const RelPath &path)
{
    OCTOPUS_TRY(enter(FakeCall::Xattrs, path));
    const auto node = nodeAt(path);
    if (!node)
        return passOn(node);
    return (*node)->attributes.xattrs;
}

Result<void> FakeRoot::setXattr(const RelPath &path, const QByteArray &name,
                                const QByteArray &value)
{
    OCTOPUS_TRY(enter(FakeCall::SetXattr, path));
    const auto node = nodeAt(path);
    if (!node)
        return passOn(node);
    OCTOPUS_TRY(changeXattr(*m_kernel, *node, name, value));
    tellChanged(path, *node);
    return {};
}

Result<void> FakeRoot::removeXattr(const RelPath &path, const QByteArray &name)
{
    OCTOPUS_TRY(enter(FakeCall::SetXattr, path));
    const auto node = nodeAt(path);
    if (!node)
        return passOn(node);
    OCTOPUS_TRY(dropXattr(*m_kernel, *node, name));
    tellChanged(path, *node);
    return {};
}

Result<void> FakeRoot::syncDirectory(const RelPath &path)
{
    OCTOPUS_TRY(enter(FakeCall::SyncDirectory, path));
    const auto directory = directoryAt(path);
    if (!directory)
        return passOn(directory);
    m_kernel->disk.syncNames(*directory);
    return {};
}

Result<void> FakeRoot::syncAll()
{
    OCTOPUS_TRY(enter(FakeCall::SyncAll, {}));
    m_kernel->disk.syncAll();
    return {};
}

Result<std::unique_ptr<File>> FakeRoot::openLocked(const RelPath &path)
{
    OCTOPUS_TRY(enter(FakeCall::OpenLocked, path));
    if (path.isRoot())
        return failure(ErrorCode::IsDirectory, "the root itself");
    const auto place = placeOf(path);
    if (!place)
        return passOn(place);
    FakeNamePointer entry = place->entry;
    if (!entry) {
        const auto made = add(
            *place, m_kernel->disk.makeNode(EntryKind::File, 0600, place->parent->identity.device));
        if (!made)
            return passOn(made);
        entry = *made;
    }
    switch (entry->node->kind) {
    case EntryKind::File: break;
    case EntryKind::Directory: return failure(ErrorCode::IsDirectory, path.bytes());
    case EntryKind::Symlink: return failure(ErrorCode::OutsideRoot, path.bytes());
    default: return failure(ErrorCode::Unsupported, path.bytes());
    }
    auto file = std::make_unique<FakeFile>(m_kernel, entry, true, m_exempt);
    if (!file->lock())
        return failure(ErrorCode::Busy, "locked: " + path.bytes());
    return file;
}

Result<Space> FakeRoot::space()
{
    OCTOPUS_TRY(enter(FakeCall::Space, {}));
    return m_kernel->disk.space();
}

bool FakeRoot::isInPlace()
{
    const auto now = m_kernel->resolve(m_absolutePath);
    return now && *now == m_directory;
}

} // namespace octopus::testing
