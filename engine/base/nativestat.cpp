#include "engine/base/nativestat.h"

#include "engine/base/filedescriptor.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <limits>

namespace octopus {

static constexpr qint64 perSecond = 1'000'000'000;

// Times that 64-bit nanoseconds cannot hold (after 2262) are clamped, not wrapped.
static qint64 nanosecondsOf(const struct statx_timestamp &time)
{
    constexpr qint64 last = std::numeric_limits<qint64>::max() / perSecond - 1;
    if (time.tv_sec > last)
        return last * perSecond;
    if (time.tv_sec < -last)
        return -last * perSecond;
    return qint64(time.tv_sec) * perSecond + time.tv_nsec;
}

// Not makedev(): both halves in full, and nothing but equality is asked of it.
static quint64 deviceOf(const struct statx &info)
{
    return quint64(info.stx_dev_major) << 32 | info.stx_dev_minor;
}

EntryKind entryKindOf(quint32 mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG: return EntryKind::File;
    case S_IFDIR: return EntryKind::Directory;
    case S_IFLNK: return EntryKind::Symlink;
    case S_IFIFO: return EntryKind::Fifo;
    case S_IFSOCK: return EntryKind::Socket;
    default: return EntryKind::Device;
    }
}

static EntryStat entryStatOf(const struct statx &info)
{
    EntryStat stat;
    stat.kind = entryKindOf(info.stx_mode);
    stat.mode = info.stx_mode & 07777;
    stat.uid = info.stx_uid;
    stat.gid = info.stx_gid;
    stat.size = stat.kind == EntryKind::Directory ? 0 : quint64(info.stx_size);
    stat.mtimeNs = nanosecondsOf(info.stx_mtime);
    stat.ctimeNs = nanosecondsOf(info.stx_ctime);
    stat.links = info.stx_nlink;
    stat.allocatedBytes = quint64(info.stx_blocks) * 512;
    stat.identity.device = deviceOf(info);
    stat.identity.inode = info.stx_ino;
    if (info.stx_mask & STATX_BTIME)
        stat.identity.birthNs = nanosecondsOf(info.stx_btime);
    return stat;
}

static bool statInto(int directory, const char *name, int flags, EntryStat &out)
{
    struct statx info = {};
    const int result = retried([&] {
        return ::statx(directory, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | flags,
                       STATX_BASIC_STATS | STATX_BTIME, &info);
    });
    if (result != 0)
        return false;
    out = entryStatOf(info);
    return true;
}

bool statEntry(int directory, const char *name, EntryStat &out)
{
    return statInto(directory, name, 0, out);
}

bool statDescriptor(int descriptor, EntryStat &out)
{
    return statInto(descriptor, "", AT_EMPTY_PATH, out);
}

timespec timespecOf(qint64 nanoseconds)
{
    qint64 seconds = nanoseconds / perSecond;
    qint64 rest = nanoseconds % perSecond;
    if (rest < 0) {
        rest += perSecond;
        --seconds;
    }
    return {.tv_sec = seconds, .tv_nsec = rest};
}

static bool mountedIdentity(int directory, const char *name, int flags, MountedIdentity &out)
{
#ifdef STATX_MNT_ID_UNIQUE
    constexpr unsigned int mountMask = STATX_MNT_ID_UNIQUE;
#else
    constexpr unsigned int mountMask = STATX_MNT_ID;
#endif
    struct statx info = {};
    const int result = retried([&] {
        return ::statx(directory, name, AT_NO_AUTOMOUNT | flags,
                       STATX_TYPE | STATX_INO | STATX_MNT_ID | mountMask, &info);
    });
    if (result != 0)
        return false;
    out = {deviceOf(info), info.stx_ino, info.stx_mnt_id};
    return true;
}

bool mountedIdentity(int descriptor, MountedIdentity &out)
{
    return mountedIdentity(descriptor, "", AT_EMPTY_PATH, out);
}

bool mountedIdentity(const char *absolutePath, MountedIdentity &out)
{
    return mountedIdentity(AT_FDCWD, absolutePath, 0, out);
}

} // namespace octopus
