// NativeRoot: a held directory of the operating system (see Root). Every path is walked by
// openat2(2) with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS from the held
// descriptor; the last component is then acted on by the *at() call of its held parent, never
// following it. No parent is kept between calls, save the one of hold(): what was moved out
// meanwhile must not be written.
// One thread, but see makersAtOnce().
#pragma once

#include "engine/base/filedescriptor.h"
#include "engine/base/fileio.h"
#include "engine/base/nativestat.h"

namespace octopus {

class NativeRoot final : public Root
{
public:
    // Unsupported: the kernel has no openat2 (Linux 5.6).
    [[nodiscard]] static Result<std::unique_ptr<Root>> open(const QByteArray &absolutePath);

    [[nodiscard]] Result<EntryStat> stat(const RelPath &path) override;
    [[nodiscard]] Result<QList<DirectoryEntry>> list(const RelPath &path) override;
    [[nodiscard]] Result<std::unique_ptr<File>> open(const RelPath &path, OpenMode mode) override;
    [[nodiscard]] Result<void> makeDirectory(const RelPath &path, quint32 mode) override;
    [[nodiscard]] Result<void> removeFile(const RelPath &path) override;
    [[nodiscard]] Result<void> removeDirectory(const RelPath &path) override;
    [[nodiscard]] Result<void> rename(const RelPath &from, const RelPath &to,
                                      RenameMode mode) override;
    [[nodiscard]] Result<void> link(const RelPath &existing, const RelPath &path) override;
    [[nodiscard]] Result<void> makeSymlink(const QByteArray &target, const RelPath &path) override;
    [[nodiscard]] Result<QByteArray> readSymlink(const RelPath &path) override;
    [[nodiscard]] Result<void> makeFifo(const RelPath &path, quint32 mode) override;
    [[nodiscard]] Result<void> setMode(const RelPath &path, quint32 mode) override;
    [[nodiscard]] Result<void> setOwner(const RelPath &path, quint32 uid, quint32 gid) override;
    [[nodiscard]] Result<void> setModificationTime(const RelPath &path, qint64 mtimeNs) override;
    [[nodiscard]] Result<Xattrs> xattrs(const RelPath &path) override;
    [[nodiscard]] Result<void> setXattr(const RelPath &path, const QByteArray &name,
                                        const QByteArray &value) override;
    [[nodiscard]] Result<void> removeXattr(const RelPath &path, const QByteArray &name) override;
    [[nodiscard]] Result<void> syncDirectory(const RelPath &path) override;
    [[nodiscard]] Result<void> syncAll() override;
    [[nodiscard]] Result<std::unique_ptr<File>> openLocked(const RelPath &path) override;
    [[nodiscard]] Result<Space> space() override;
    void hold(const RelPath &directory) override;
    [[nodiscard]] bool canSetOwner() const override;
    [[nodiscard]] int makersAtOnce() const override;
    [[nodiscard]] bool isInPlace() override;

private:
    // Where an entry is: a directory and a name in it. `held` is what keeps `directory` open, unless
    // that is the root or m_heldDirectory; `name` points into the path it was made of.
    struct Place {
        FileDescriptor held;
        int directory = -1;
        const char *name = nullptr;
    };

    NativeRoot(FileDescriptor descriptor, QByteArray absolutePath, MountedIdentity identity);
    [[nodiscard]] bool isBelowHeld(const RelPath &path) const;
    [[nodiscard]] bool isInHeld(const RelPath &path) const;
    [[nodiscard]] FileDescriptor openBeneath(const char *path, int flags, quint32 mode = 0) const;
    [[nodiscard]] FileDescriptor openQuietly(const char *path, int flags) const;
    [[nodiscard]] Result<Place> placeOf(const RelPath &path, const char *what) const;
    [[nodiscard]] Result<Place> placeForEntry(const RelPath &path, const char *what) const;
    [[nodiscard]] Result<FileDescriptor> holdEntry(const RelPath &path, const char *what) const;

    FileDescriptor m_root;
    QByteArray m_absolutePath;
    MountedIdentity m_identity;
    QByteArray m_heldPath; // with a slash behind it; empty: none
    FileDescriptor m_heldDirectory;
};

} // namespace octopus
