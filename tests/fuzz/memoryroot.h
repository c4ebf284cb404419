// MemoryRoot: a root that holds nothing but a few plain files, for the readers of stored records.
// What they have no need of is Unsupported. One thread.
#pragma once

#include "engine/base/fileio.h"

#include <algorithm>
#include <memory>

namespace octopus::fuzz {

class MemoryFile final : public File
{
public:
    explicit MemoryFile(std::shared_ptr<QByteArray> bytes) : m_bytes(std::move(bytes)) {}
    explicit MemoryFile(QByteArray bytes) : m_bytes(std::make_shared<QByteArray>(std::move(bytes)))
    {}

    Result<EntryStat> stat() override
    {
        EntryStat stat;
        stat.size = quint64(m_bytes->size());
        return stat;
    }
    Result<QByteArray> read(quint64 offset, qsizetype length) override
    {
        const auto from = qsizetype(std::min(offset, quint64(m_bytes->size())));
        return m_bytes->sliced(from, std::min(length, m_bytes->size() - from));
    }
    Result<void> write(quint64 offset, QByteArrayView bytes) override
    {
        const auto at = qsizetype(offset);
        if (m_bytes->size() < at + bytes.size())
            m_bytes->resize(at + bytes.size(), '\0');
        std::ranges::copy(bytes, m_bytes->begin() + at);
        return {};
    }
    Result<void> truncate(quint64 size) override
    {
        m_bytes->resize(qsizetype(size), '\0');
        return {};
    }
    Result<void> syncData() override { return {}; }
    Result<void> punchHole(Extent) override { return unsupported(); }
    Result<std::optional<Extent>> nextData(quint64) override { return unsupported(); }
    Result<void> copyFrom(File &, quint64, quint64, quint64) override { return unsupported(); }
    Result<void> cloneFrom(File &) override { return unsupported(); }
    Result<void> setMode(quint32) override { return unsupported(); }
    Result<void> setOwner(quint32, quint32) override { return unsupported(); }
    Result<void> setModificationTime(qint64) override { return unsupported(); }
    Result<Xattrs> xattrs() override { return unsupported(); }
    Result<void> setXattr(const QByteArray &, const QByteArray &) override { return unsupported(); }
    Result<void> removeXattr(const QByteArray &) override { return unsupported(); }

    static std::unexpected<Error> unsupported() { return failure(ErrorCode::Unsupported); }

private:
    std::shared_ptr<QByteArray> m_bytes;
};

class MemoryRoot final : public Root
{
public:
    // The content at `path`, which is made if it is missing.
    QByteArray &at(const RelPath &path)
    {
        auto &bytes = m_files[path];
        if (!bytes)
            bytes = std::make_shared<QByteArray>();
        return *bytes;
    }

    Result<std::unique_ptr<File>> open(const RelPath &path, OpenMode mode) override
    {
        const bool isNew = mode == OpenMode::CreateNew;
        if (m_files.contains(path) == isNew)
            return failure(isNew ? ErrorCode::Exists : ErrorCode::NotFound);
        (void)at(path);
        return std::make_unique<MemoryFile>(m_files[path]);
    }
    Result<std::unique_ptr<File>> openLocked(const RelPath &path) override
    {
        (void)at(path);
        return open(path, OpenMode::ReadWrite);
    }
    Result<void> removeFile(const RelPath &path) override
    {
        return m_files.erase(path) > 0 ? Result<void>() : failure(ErrorCode::NotFound);
    }
    Result<void> rename(const RelPath &from, const RelPath &to, RenameMode) override
    {
        const auto found = m_files.find(from);
        if (found == m_files.end())
            return failure(ErrorCode::NotFound);
        m_files[to] = found->second;
        m_files.erase(from);
        return {};
    }
    Result<void> makeDirectory(const RelPath &, quint32) override { return {}; }
    Result<void> syncDirectory(const RelPath &) override { return {}; }
    Result<void> syncAll() override { return {}; }
    bool canSetOwner() const override { return false; }
    bool isInPlace() override { return true; }

    Result<EntryStat> stat(const RelPath &) override { return MemoryFile::unsupported(); }
    Result<QList<DirectoryEntry>> list(const RelPath &) override
    {
        return MemoryFile::unsupported();
    }
    Result<void> removeDirectory(const RelPath &) override { return MemoryFile::unsupported(); }
    Result<void> link(const RelPath &, const RelPath &) override
    {
        return MemoryFile::unsupported();
    }
    Result<void> makeSymlink(const QByteArray &, const RelPath &) override
    {
        return MemoryFile::unsupported();
    }
    Result<QByteArray> readSymlink(const RelPath &) override { return MemoryFile::unsupported(); }
    Result<void> makeFifo(const RelPath &, quint32) override { return MemoryFile::unsupported(); }
    Result<void> setMode(const RelPath &, quint32) override { return MemoryFile::unsupported(); }
    Result<void> setOwner(const RelPath &, quint32, quint32) override
    {
        return MemoryFile::unsupported();
    }
    Result<void> setModificationTime(const RelPath &, qint64) override
    {
        return MemoryFile::unsupported();
    }
    Result<Xattrs> xattrs(const RelPath &) override { return MemoryFile::unsupported(); }
    Result<void> setXattr(const RelPath &, const QByteArray &, const QByteArray &) override
    {
        return MemoryFile::unsupported();
    }
    Result<void> removeXattr(const RelPath &, const QByteArray &) override
    {
        return MemoryFile::unsupported();
    }
    Result<Space> space() override { return MemoryFile::unsupported(); }

private:
    std::map<RelPath, std::shared_ptr<QByteArray>> m_files;
};

} // namespace octopus::fuzz
