#include "engine/base/nativeroot.h"

#include "engine/base/nativefile.h"
#include "engine/base/nativexattrs.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

namespace octopus {

static std::unexpected<Error> failed(int number, const char *what, const RelPath &path)
{
    return std::unexpected(systemFailure(number, QByteArray(what) + ' ' + path.bytes()));
}

static Result<void> asResult(int result, const char *what, const RelPath &path)
{
    if (result == 0)
        return {};
    return failed(errno, what, path);
}

// The path as the kernel takes it. The bytes of a RelPath hold no NUL and end with one.
static const char *systemPath(const RelPath &path)
{
    return path.isRoot() ? "." : path.bytes().constData();
}

static int openat2At(int directory, const char *path, int flags, quint32 mode)
{
    struct open_how how = {};
    how.flags = quint64(flags | O_CLOEXEC);
    how.mode = mode;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    // EAGAIN: a rename elsewhere made the kernel's proof of "beneath" uncertain; it is rare.
    for (int attempt = 0;; ++attempt) {
        const int descriptor =
            retried([&] { return int(::syscall(SYS_openat2, directory, path, &how, sizeof how)); });
        if (descriptor >= 0 || errno != EAGAIN || attempt == 100)
            return descriptor;
    }
}

Result<std::unique_ptr<Root>> NativeRoot::open(const QByteArray &absolutePath)
{
    if (!absolutePath.startsWith('/') || absolutePath.contains('\0'))
        return failure(ErrorCode::Invalid, "not an absolute path: " + absolutePath);
    FileDescriptor descriptor(retried(
        [&] { return ::open(absolutePath.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    MountedIdentity identity;
    if (!descriptor.isOpen() || !mountedIdentity(descriptor.get(), identity))
        return std::unexpected(systemFailure(errno, "open folder " + absolutePath));
    const FileDescriptor probe(openat2At(descriptor.get(), ".", O_PATH, 0));
    if (!probe.isOpen())
        return std::unexpected(systemFailure(errno, "openat2 in " + absolutePath));
    return std::unique_ptr<Root>(new NativeRoot(std::move(descriptor), absolutePath, identity));
}

NativeRoot::NativeRoot(FileDescriptor descriptor, QByteArray absolutePath, MountedIdentity identity)
    : m_root(std::move(descriptor)),
      m_absolutePath(std::move(absolutePath)),
      m_identity(identity)
{}

FileDescriptor NativeRoot::openBeneath(const char *path, int flags, quint32 mode) const
{
    return FileDescriptor(openat2At(m_root.get(), path, flags, mode));
}

// Without changing the access time, where the owner of the file lets us.
FileDescriptor NativeRoot::openQuietly(const char *path, int flags) const
{
    FileDescriptor descriptor = openBeneath(path, flags | O_NOATIME);
    if (!descriptor.isOpen() && errno == EPERM)
        descriptor = openBeneath(path, flags);
    return descriptor;
}

Result<NativeRoot::Place> NativeRoot::placeOf(const RelPath &path, const char *what) const
{
    if (path.isRoot())
        return Place{{}, m_root.get(), "."};
    const char *bytes = path.bytes().constData();
    const qsizetype slash = path.bytes().lastIndexOf('/');
    if (slash < 0)
        return Place{{}, m_root.get(), bytes};
    if (isInHeld(path))
        return Place{{}, m_heldDirectory.get(), bytes + slash + 1};
    FileDescriptor parent =
        openBeneath(path.bytes().first(slash).constData(), O_PATH | O_DIRECTORY);
    if (!parent.isOpen())
        return failed(errno, what, path);
    const int directory = parent.get();
    return Place{std::move(parent), directory, bytes + slash + 1};
}

// For what makes, moves or removes an entry, which the root itself is not.
Result<NativeRoot::Place> NativeRoot::placeForEntry(const RelPath &path, const char *what) const
{
    if (path.isRoot())
        return failure(ErrorCode::Invalid, QByteArray(what) + ": the root itself");
    return placeOf(path, what);
}

Result<EntryStat> NativeRoot::stat(const RelPath &path)
{
    const auto place = placeOf(path, "stat");
    if (!place)
        return passOn(place);
    EntryStat stat;
    if (!statEntry(place->directory, place->name, stat))
        return failed(errno, "stat", path);
    return stat;
}

static EntryKind kindOf(const struct dirent &entry, int directory, bool &gone)
{
    if (entry.d_type != DT_UNKNOWN)
        return entryKindOf(quint32(DTTOIF(entry.d_type)));
    EntryStat stat;
    gone = !statEntry(directory, entry.d_name, stat);
    return stat.kind;
}

Result<QList<DirectoryEntry>> NativeRoot::list(const RelPath &path)
{
    FileDescriptor descriptor = openQuietly(systemPath(path), O_RDONLY | O_DIRECTORY);
    if (!descriptor.isOpen())
        return failed(errno, "list", path);
    const std::unique_ptr<DIR, int (*)(DIR *)> stream(::fdopendir(descriptor.get()), ::closedir);
    if (!stream)
        return failed(errno, "list", path);
    const int directory = descriptor.release(); // the stream closes it now
    QList<DirectoryEntry> entries;
    for (;;) {
        errno = 0;
        const struct dirent *entry = ::readdir(stream.get());
        if (!entry && errno == EINTR)
            continue;
        if (!entry && errno != 0)
            return failed(errno, "list", path);
        if (!entry)
            break;
        const QByteArrayView name(entry->d_name);
        if (name == "." || name == "..")
            continue;
        bool gone = false;
        const EntryKind kind = kindOf(*entry, directory, gone);
        if (!gone)
            entries.append({name.toByteArray(), kind});
    }
    std::ranges::sort(entries, {}, &DirectoryEntry::name);
    return entries;
}

static Result<std::unique_ptr<File>> fileOf(FileDescriptor descriptor, const char *what,
                                            const RelPath &path)
{
    EntryStat stat;
    if (!statDescriptor(descriptor.get(), stat))
        return failed(errno, what, path);
    if (stat.kind == EntryKind::Directory)
        return failed(EISDIR, what, path);
    if (stat.kind != EntryKind::File)
        return failure(ErrorCode::Unsupported, "not a regular file: " + path.bytes());
    return std::make_unique<NativeFile>(std::move(descriptor));
}

Result<std::unique_ptr<File>> NativeRoot::open(const RelPath &path, OpenMode mode)
{
    constexpr int careful = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    if (mode == OpenMode::CreateNew) {
        if (path.isRoot())
            return failed(EEXIST, "create", path);
        const bool held = isBelowHeld(path);
        const int directory = held ? m_heldDirectory.get() : m_root.get();
        const char *name = systemPath(path) + (held ? m_heldPath.size() : 0);
        FileDescriptor made(openat2At(directory, name, careful | O_RDWR | O_CREAT | O_EXCL, 0600));
        if (!made.isOpen())
            return failed(errno, "create", path);
        return std::make_unique<NativeFile>(std::move(made));
    }
    FileDescriptor descriptor = mode == OpenMode::Read
        ? openQuietly(systemPath(path), careful | O_RDONLY)
        : openBeneath(systemPath(path), careful | O_RDWR);
    // Sockets and devices without a driver cannot be opened at all.
    if (!descriptor.isOpen() && errno == ENXIO)
        return failure(ErrorCode::Unsupported, "not a regular file: " + path.bytes());
    if (!descriptor.isOpen())
        return failed(errno, "open", path);
    return fileOf(std::move(descriptor), "open", path);
}

// The umask, a default ACL and a set-group-id parent all bend the mode that a new entry is made
// with; it is made with no more than the owner's part and then set exactly.
static bool setExactMode(int directory, const char *name, quint32 mode)
{
    return retried([&] { return ::fchmodat(directory, name, mode & 07777, AT_SYMLINK_NOFOLLOW); })
        == 0;
}

Result<void> NativeRoot::makeDirectory(const RelPath &path, quint32 mode)
{
    if (path.isRoot())
        return failed(EEXIST, "make folder", path);
    const auto place = placeForEntry(path, "make folder");
    if (!place)
        return passOn(place);
    if (retried([&] { return ::mkdirat(place->directory, place->name, mode & 0700); }) != 0)
        return failed(errno, "make folder", path);
    if (setExactMode(place->directory, place->name, mode))
        return {};
    const int number = errno;
    ::unlinkat(place->directory, place->name, AT_REMOVEDIR);
    return failed(number, "set mode of new folder", path);
}

Result<void> NativeRoot::makeFifo(const RelPath &path, quint32 mode)
{
    const auto place = placeForEntry(path, "make FIFO");
    if (!place)
        return passOn(place);
    if (retried([&] { return ::mkfifoat(place->directory, place->name, mode & 0600); }) != 0)
        return failed(errno, "make FIFO", path);
    if (setExactMode(place->directory, place->name, mode))
        return {};
    const int number = errno;
    ::unlinkat(place->directory, place->name, 0);
    return failed(number, "set mode of new FIFO", path);
}

Result<void> NativeRoot::removeFile(const RelPath &path)
{
    const auto place = placeForEntry(path, "remove");
    if (!place)
        return passOn(place);
    return asResult(retried([&] { return ::unlinkat(place->directory, place->name, 0); }), "remove",
                    path);
}

Result<void> NativeRoot::removeDirectory(const RelPath &path)
{
    const auto place = placeForEntry(path, "remove folder");
    if (!place)
        return passOn(place);
    if (retried([&] { return ::unlinkat(place->directory, place->name, AT_REMOVEDIR); }) == 0)
        return {};
    // POSIX lets a file system say EEXIST for "not empty".
    return failed(errno == EEXIST ? ENOTEMPTY : errno, "remove folder", path);
}

static unsigned int renameFlags(RenameMode mode)
{
    switch (mode) {
    case RenameMode::Replace: return 0;
    case RenameMode::NoReplace: return RENAME_NOREPLACE;
    case RenameMode::Exchange: return RENAME_EXCHANGE;
    }
    return 0;
}

Result<void> NativeRoot::rename(const RelPath &from, const RelPath &to, RenameMode mode)
{
    const auto source = placeForEntry(from, "rename");
    if (!source)
        return passOn(source);
    const auto target = placeForEntry(to, "rename");
    if (!target)
        return passOn(target);
    const int result = retried([&] {
        return ::renameat2(source->directory, source->name, target->directory, target->name,
                           renameFlags(mode));
    });
    if (result == 0)
        return {};
    const int number = errno;
    if (number == EEXIST && mode == RenameMode::Replace)
        return failed(ENOTEMPTY, "rename", from);
    // EINVAL is either "into itself" or a file system that does not know the flag.
    if (number == EINVAL && mode != RenameMode::Replace && !to.isWithin(from) && !from.isWithin(to))
        return failed(EOPNOTSUPP, "rename", from);
    return failed(number, "rename", from);
}

Result<void> NativeRoot::link(const RelPath &existing, const RelPath &path)
{
    const auto source = placeForEntry(existing, "link");
    if (!source)
        return passOn(source);
    const auto target = placeForEntry(path, "link");
    if (!target)
        return passOn(target);
    const int result = retried([&] {
        return ::linkat(source->directory, source->name, target->directory, target->name, 0);
    });
    return asResult(result, "link", path);
}

Result<void> NativeRoot::makeSymlink(const QByteArray &target, const RelPath &path)
{
    if (target.isEmpty() || target.contains('\0'))
        return failure(ErrorCode::Invalid,
                       "the target of a symbolic link is empty or holds a NUL byte");
    const auto place = placeForEntry(path, "make symbolic link");
    if (!place)
        return passOn(place);
    const int result =
        retried([&] { return ::symlinkat(target.constData(), place->directory, place->name); });
    return asResult(result, "make symbolic link", path);
}

Result<QByteArray> NativeRoot::readSymlink(const RelPath &path)
{
    const auto place = placeOf(path, "read symbolic link");
    if (!place)
        return passOn(place);
    char buffer[4096]; // PATH_MAX: no link holds more than 4095 bytes
    const ssize_t length =
        retried([&] { return ::readlinkat(place->directory, place->name, buffer, sizeof buffer); });
    if (length < 0)
        return failed(errno, "read symbolic link", path);
    return QByteArray(buffer, length);
}

Result<void> NativeRoot::setMode(const RelPath &path, quint32 mode)
{
    const auto place = placeOf(path, "set mode");
    if (!place)
        return passOn(place);
    if (setExactMode(place->directory, place->name, mode))
        return {};
    return failed(errno, "set mode", path);
}

Result<void> NativeRoot::setOwner(const RelPath &path, quint32 uid, quint32 gid)
{
    const auto place = placeOf(path, "set owner");
    if (!place)
        return passOn(place);
    const int result = retried(
        [&] { return ::fchownat(place->directory, place->name, uid, gid, AT_SYMLINK_NOFOLLOW); });
    return asResult(result, "set owner", path);
}

Result<void> NativeRoot::setModificationTime(const RelPath &path, qint64 mtimeNs)
{
    const auto place = placeOf(path, "set modification time");
    if (!place)
        return passOn(place);
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, timespecOf(mtimeNs)};
    const int result = retried(
        [&] { return ::utimensat(place->directory, place->name, times, AT_SYMLINK_NOFOLLOW); });
    return asResult(result, "set modification time", path);
}

// O_PATH: holds any entry, of any kind, without opening what it is.
Result<FileDescriptor> NativeRoot::holdEntry(const RelPath &path, const char *what) const
{
    FileDescriptor descriptor = openBeneath(systemPath(path), O_PATH | O_NOFOLLOW);
    if (!descriptor.isOpen())
        return failed(errno, what, path);
    return descriptor;
}

Result<Xattrs> NativeRoot::xattrs(const RelPath &path)
{
    const auto held = holdEntry(path, "read extended attributes");
    if (!held)
        return passOn(held);
    return NativeXattrs::ofHeldEntry(held->get()).all();
}

Result<void> NativeRoot::setXattr(const RelPath &path, const QByteArray &name,
                                  const QByteArray &value)
{
    const auto held = holdEntry(path, "set extended attribute");
    if (!held)
        return passOn(held);
    return NativeXattrs::ofHeldEntry(held->get()).set(name, value);
}

Result<void> NativeRoot::removeXattr(const RelPath &path, const QByteArray &name)
{
    const auto held = holdEntry(path, "remove extended attribute");
    if (!held)
        return passOn(held);
    return NativeXattrs::ofHeldEntry(held->get()).remove(name);
}

Result<void> NativeRoot::syncDirectory(const RelPath &path)
{
    const FileDescriptor descriptor = openBeneath(systemPath(path), O_RDONLY | O_DIRECTORY);
    if (!descriptor.isOpen())
        return failed(errno, "sync folder", path);
    return asResult(retried([&] { return ::fsync(descriptor.get()); }), "sync folder", path);
}

Result<void> NativeRoot::syncAll()
{
    return asResult(retried([&] { return ::syncfs(m_root.get()); }), "sync file system", {});
}

Result<std::unique_ptr<File>> NativeRoot::openLocked(const RelPath &path)
{
    if (path.isRoot())
        return failed(EISDIR, "lock", path);
    FileDescriptor descriptor =
        openBeneath(systemPath(path), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
    if (!descriptor.isOpen() && errno == ENXIO)
        return failure(ErrorCode::Unsupported, "not a regular file: " + path.bytes());
    if (!descriptor.isOpen())
        return failed(errno, "lock", path);
    if (retried([&] { return ::flock(descriptor.get(), LOCK_EX | LOCK_NB); }) != 0)
        return failed(errno, "lock", path);
    return fileOf(std::move(descriptor), "lock", path);
}

Result<Space> NativeRoot::space()
{
    struct statvfs info = {};
    if (retried([&] { return ::fstatvfs(m_root.get(), &info); }) != 0)
        return failed(errno, "free space", {});
    const bool writable =
        !(info.f_flag & ST_RDONLY) && ::faccessat(m_root.get(), ".", W_OK | X_OK, AT_EACCESS) == 0;
    return Space{quint64(info.f_bavail) * info.f_frsize, quint64(info.f_blocks) * info.f_frsize,
                 writable};
}

void NativeRoot::hold(const RelPath &directory)
{
    m_heldDirectory = openBeneath(systemPath(directory), O_PATH | O_DIRECTORY);
    m_heldPath = m_heldDirectory.isOpen() ? directory.bytes() + '/' : QByteArray();
}

bool NativeRoot::isBelowHeld(const RelPath &path) const
{
    return !m_heldPath.isEmpty() && path.bytes().startsWith(m_heldPath);
}

bool NativeRoot::isInHeld(const RelPath &path) const
{
    return isBelowHeld(path) && path.bytes().lastIndexOf('/') == m_heldPath.size() - 1;
}

// More than four only wait for each other and for the disk.
int NativeRoot::makersAtOnce() const
{
    return std::clamp(int(std::thread::hardware_concurrency()), 1, 4);
}

bool NativeRoot::canSetOwner() const
{
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
    if (::syscall(SYS_capget, &header, data) != 0)
        return false;
    return data[CAP_TO_INDEX(CAP_CHOWN)].effective & CAP_TO_MASK(CAP_CHOWN);
}

bool NativeRoot::isInPlace()
{
    MountedIdentity now;
    return mountedIdentity(m_absolutePath.constData(), now) && now == m_identity;
}

} // namespace octopus
