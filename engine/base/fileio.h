// The only door to the file system.
//
// A Root is a held directory descriptor; every operation on it starts there and crosses no symbolic
// link (openat2 with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS), so nothing outside can be touched,
// whatever is planted inside. Entries are never followed: a symbolic link is an entry of its own.
// Errors are Result; nothing is retried or hidden. Real implementation: nativefilesystem.h; tests
// have one that forgets what was not synced (tests/support). A Root and its Files belong to one
// thread; FileSystem may be shared.
#pragma once

#include "engine/base/fileidentity.h"
#include "engine/base/relpath.h"
#include "engine/base/result.h"

#include <QByteArray>
#include <QList>

#include <map>
#include <memory>
#include <optional>

namespace octopus {

enum class EntryKind : quint8 { File = 1, Directory, Symlink, Fifo, Socket, Device };

struct EntryStat {
    EntryKind kind = EntryKind::File;
    quint32 mode = 0; // permission bits, 07777
    quint32 uid = 0;
    quint32 gid = 0;
    quint64 size = 0;   // bytes; for a directory 0
    qint64 mtimeNs = 0; // since 1970, may be negative
    qint64 ctimeNs = 0;
    quint32 links = 1;
    quint64 allocatedBytes = 0;
    FileIdentity identity;
    friend bool operator==(const EntryStat &, const EntryStat &) = default;
};

struct DirectoryEntry {
    QByteArray name;
    EntryKind kind = EntryKind::File;
};

// A run of bytes that holds data.
struct Extent {
    quint64 offset = 0;
    quint64 length = 0;
    friend bool operator==(const Extent &, const Extent &) = default;
};

// Extended attributes by full name ("user.x", "system.posix_acl_access"), values raw.
using Xattrs = std::map<QByteArray, QByteArray>;

struct Space {
    quint64 freeBytes = 0;
    quint64 totalBytes = 0;
    bool writable = true; // by this process: the Root's own folder
};

// An open regular file; closed when destroyed.
class File
{
public:
    virtual ~File() = default;
    [[nodiscard]] virtual Result<EntryStat> stat() = 0;
    // Reads up to `length` bytes at `offset`; fewer only at the end of the file.
    [[nodiscard]] virtual Result<QByteArray> read(quint64 offset, qsizetype length) = 0;
    // Writes all bytes at `offset`, or fails.
    [[nodiscard]] virtual Result<void> write(quint64 offset, QByteArrayView bytes) = 0;
    [[nodiscard]] virtual Result<void> truncate(quint64 size) = 0;
    // Frees the blocks; the range reads as zeros. Unsupported: the caller writes zeros instead.
    [[nodiscard]] virtual Result<void> punchHole(Extent range) = 0;
    // The first data extent at or after `from`; nullopt when only a hole follows. One data extent
    // to the end of the file where the file system does not know holes.
    [[nodiscard]] virtual Result<std::optional<Extent>> nextData(quint64 from) = 0;
    // Copies `length` bytes inside the kernel, sharing blocks where it can.
    [[nodiscard]] virtual Result<void> copyFrom(File &source, quint64 sourceOffset, quint64 offset,
                                                quint64 length) = 0;
    // Makes this empty file an instant copy-on-write clone of `source`. Unsupported elsewhere.
    [[nodiscard]] virtual Result<void> cloneFrom(File &source) = 0;
    [[nodiscard]] virtual Result<void> syncData() = 0; // fdatasync
    // In this order: owner (clears set-user-id), mode (rewrites the mask of an access ACL), ACLs and
    // other extended attributes, time (writing changes it).
    [[nodiscard]] virtual Result<void> setMode(quint32 mode) = 0;
    [[nodiscard]] virtual Result<void> setOwner(quint32 uid, quint32 gid) = 0;
    [[nodiscard]] virtual Result<void> setModificationTime(qint64 mtimeNs) = 0;
    [[nodiscard]] virtual Result<Xattrs> xattrs() = 0;
    [[nodiscard]] virtual Result<void> setXattr(const QByteArray &name,
                                                const QByteArray &value) = 0;
    [[nodiscard]] virtual Result<void> removeXattr(const QByteArray &name) = 0;
};

enum class OpenMode : quint8 {
    Read,      // must exist and be a regular file; never blocks on a FIFO
    ReadWrite, // likewise
    CreateNew, // must not exist; created 0600, read-write
};

enum class RenameMode : quint8 {
    Replace,   // an existing non-directory (or empty directory) at the new name is replaced; with
               // two names of one file nothing happens and both stay (POSIX)
    NoReplace, // Exists if anything is at the new name
    Exchange,  // both must exist; they swap
};

class Root
{
public:
    virtual ~Root() = default;

    // Every path operation: NotFound, NotDirectory, OutsideRoot (a symbolic link or mount escape
    // in the way), PermissionDenied, InputOutput, and what is named below.
    [[nodiscard]] virtual Result<EntryStat> stat(const RelPath &path) = 0; // does not follow
    // All entries but "." and "..", sorted by name bytes.
    [[nodiscard]] virtual Result<QList<DirectoryEntry>> list(const RelPath &path) = 0;
    // IsDirectory, Unsupported (a FIFO, socket or device), OutsideRoot (a symbolic link).
    [[nodiscard]] virtual Result<std::unique_ptr<File>> open(const RelPath &path,
                                                             OpenMode mode) = 0;
    // Exactly this mode, whatever the umask or a default ACL says. Exists.
    [[nodiscard]] virtual Result<void> makeDirectory(const RelPath &path, quint32 mode) = 0;
    [[nodiscard]] virtual Result<void> removeFile(const RelPath &path) = 0; // any non-directory
    [[nodiscard]] virtual Result<void> removeDirectory(const RelPath &path) = 0; // NotEmpty
    [[nodiscard]] virtual Result<void> rename(const RelPath &from, const RelPath &to,
                                              RenameMode mode) = 0;
    // A further name for the non-directory at `existing`. Exists.
    [[nodiscard]] virtual Result<void> link(const RelPath &existing, const RelPath &path) = 0;
    [[nodiscard]] virtual Result<void> makeSymlink(const QByteArray &target,
                                                   const RelPath &path) = 0;
    [[nodiscard]] virtual Result<QByteArray> readSymlink(const RelPath &path) = 0;
    [[nodiscard]] virtual Result<void> makeFifo(const RelPath &path, quint32 mode) = 0;
    // On the entry itself (a symbolic link is not followed). setMode on a symbolic link: Unsupported.
    [[nodiscard]] virtual Result<void> setMode(const RelPath &path, quint32 mode) = 0;
    [[nodiscard]] virtual Result<void> setOwner(const RelPath &path, quint32 uid, quint32 gid) = 0;
    [[nodiscard]] virtual Result<void> setModificationTime(const RelPath &path, qint64 mtimeNs) = 0;
    // user.* and the POSIX ACLs (system.posix_acl_access, system.posix_acl_default); an empty map
    // where the file system has none.
    [[nodiscard]] virtual Result<Xattrs> xattrs(const RelPath &path) = 0;
    [[nodiscard]] virtual Result<void> setXattr(const RelPath &path, const QByteArray &name,
                                                const QByteArray &value) = 0;
    [[nodiscard]] virtual Result<void> removeXattr(const RelPath &path, const QByteArray &name) = 0;
    [[nodiscard]] virtual Result<void> syncDirectory(
        const RelPath &path) = 0;                     // fsync of a directory
    [[nodiscard]] virtual Result<void> syncAll() = 0; // syncfs
    // Opens the regular file at `path`, made if missing, and holds an exclusive lock on it until the
    // File is destroyed. Busy: another process (or another Root) holds it.
    [[nodiscard]] virtual Result<std::unique_ptr<File>> openLocked(const RelPath &path) = 0;
    [[nodiscard]] virtual Result<Space> space() = 0;
    // `directory` belongs to the caller alone, who neither moves nor removes it: the way to it need
    // not be walked each time from now on. Without effect where it is not there.
    virtual void hold(const RelPath & /*directory*/) {}
    // True when this process may give files to other users.
    [[nodiscard]] virtual bool canSetOwner() const = 0;
    // How many threads gain from making files at once: each may call open() with CreateNew,
    // canSetOwner() and the functions of the file it made, while nobody calls anything else. From 1.
    [[nodiscard]] virtual int makersAtOnce() const { return 1; }
    // True while the absolute path that this Root was opened by still leads to the same directory
    // (it was not renamed, unmounted, mounted over or replaced).
    [[nodiscard]] virtual bool isInPlace() = 0;
};

class FileSystem
{
public:
    virtual ~FileSystem() = default;
    // Holds the directory at an absolute path (its own path may lead through symbolic links).
    [[nodiscard]] virtual Result<std::unique_ptr<Root>> openRoot(
        const QByteArray &absolutePath) = 0;
    // Makes the directory and its missing parents, 0700 each, durably. No error if it is there.
    [[nodiscard]] virtual Result<void> makePath(const QByteArray &absolutePath) = 0;
};

} // namespace octopus
