// NativeFile: an open regular file of the operating system (see File). One thread.
#pragma once

#include "engine/base/filedescriptor.h"
#include "engine/base/fileio.h"

namespace octopus {

class NativeFile final : public File
{
public:
    // Takes a descriptor that was checked to be a regular file.
    explicit NativeFile(FileDescriptor descriptor) : m_descriptor(std::move(descriptor)) {}

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
    [[nodiscard]] Result<quint64> copyInKernel(int source, Extent range, quint64 offset);
    [[nodiscard]] Result<void> copyThroughMemory(File &source, Extent range, quint64 offset);

    FileDescriptor m_descriptor;
};

} // namespace octopus
