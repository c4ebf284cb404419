// FakeFile: an open file of a FakeKernel (see File). Dead after a crash or a kill. One thread.
#pragma once

#include "tests/support/fakekernel.h"

namespace octopus::testing {

class FakeFile final : public File
{
public:
    // `exempt`: faults do not concern it.
    FakeFile(std::shared_ptr<FakeKernel> kernel, FakeNamePointer entry, bool writable, bool exempt);
    ~FakeFile() override;
    Q_DISABLE_COPY_MOVE(FakeFile)

    // False: another open file holds the lock.
    [[nodiscard]] bool lock();

    [[nodiscard]] Result<EntryStat> stat() override;
    [[nodiscard]] Result<QByteArray> read(quint64 offset, qsizetype length) override;
    [[nodiscard]] Result<void> write(quint64 offset, QByteArrayView bytes) override;
    [[nodiscard]] Result<void> truncate(quint64 size) override;
    [[nodiscard]] Result<void> punchHole(Extent range) override;
    [[nodiscard]] Result<std::optional<Extent>> nextData(quint64 from) override;
    [[nodiscard]] Result<void> copyFrom(File &source, quint64 sourceOffset, quint64 offset,
                                        quint64 length) override;
    [[nodiscard]] Result<void> cloneFrom(File &source) override;
    [[nodiscard]] Result<void> syncData() override;
    [[nodiscard]] Result<void> setMode(quint32 mode) override;
    [[nodiscard]] Result<void> setOwner(quint32 uid, quint32 gid) override;
    [[nodiscard]] Result<void> setModificationTime(qint64 mtimeNs) override;
    [[nodiscard]] Result<Xattrs> xattrs() override;
    [[nodiscard]] Result<void> setXattr(const QByteArray &name, const QByteArray &value) override;
    [[nodiscard]] Result<void> removeXattr(const QByteArray &name) override;

private:
    [[nodiscard]] Result<void> enter(FakeCall call) const;
    [[nodiscard]] Result<void> enterToWrite(FakeCall call) const;

    std::shared_ptr<FakeKernel> m_kernel;
    FakeNamePointer m_entry;
    FakeNodePointer m_node;
    quint64 m_generation;
    bool m_writable;
    bool m_exempt;
    bool m_holdsLock = false;
};

} // namespace octopus::testing
