// FakeRoot: a held directory of a FakeKernel (see Root), with the rules of Linux's calls. Dead after
// a crash or a kill, unless it is exempt. One thread.
#pragma once

#include "tests/support/fakekernel.h"

namespace octopus::testing {

class FakeRoot final : public Root
{
public:
    // `exempt`: neither faults nor the death of the engine's process concern it.
    FakeRoot(std::shared_ptr<FakeKernel> kernel, FakeNodePointer directory, QByteArray absolutePath,
             bool exempt);

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
    [[nodiscard]] bool canSetOwner() const override { return m_kernel->canSetOwner; }
    [[nodiscard]] bool isInPlace() override;

    // For tests: an entry of a kind that the engine never makes (a socket, a device).
    [[nodiscard]] Result<void> makeSpecial(const RelPath &path, EntryKind kind);

private:
    // Where a path leads: a directory, a name in it, and what is there.
    struct Place {
        FakeNodePointer parent;
        QByteArray name;
        FakeNamePointer entry; // null: nothing is there
    };

    [[nodiscard]] Result<void> enter(FakeCall call, const RelPath &path) const;
    [[nodiscard]] Result<Place> placeOf(const RelPath &path) const;
    [[nodiscard]] Result<Place> existing(const RelPath &path) const;
    [[nodiscard]] Result<Place> vacant(const RelPath &path) const;
    [[nodiscard]] Result<FakeNodePointer> nodeAt(const RelPath &path) const;
    [[nodiscard]] Result<FakeNodePointer> directoryAt(const RelPath &path) const;
    [[nodiscard]] Result<FakeNamePointer> add(const Place &place, const FakeNodePointer &node);
    [[nodiscard]] Result<FakeNamePointer> makeNode(FakeCall call, const RelPath &path,
                                                   EntryKind kind, quint32 mode);
    [[nodiscard]] Result<FakeNamePointer> makeLocked(const RelPath &path);
    [[nodiscard]] Result<void> exchange(const Place &from, const Place &to);
    [[nodiscard]] Result<void> replace(const Place &from, const Place &to);
    void remove(const FakeNamePointer &entry);
    void tellChanged(const RelPath &path, const FakeNodePointer &node) const;

    std::shared_ptr<FakeKernel> m_kernel;
    FakeNodePointer m_directory;
    QByteArray m_absolutePath;
    quint64 m_generation;
    bool m_exempt;
};

} // namespace octopus::testing
