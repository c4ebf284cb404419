#include "app/cli/demotree.h"

#include "app/cli/posixtree.h"

#include <QList>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>

namespace octopus::cli {

namespace {

constexpr quint64 mostFiles = 8'000;
constexpr quint64 mostBytes = 256ULL * 1024 * 1024;

class TreeCopy
{
public:
    TreeCopy(const std::atomic<bool> &cancelled, quint64 leastFiles)
        : m_cancelled(cancelled),
          m_leastFiles(leastFiles)
    {}

    [[nodiscard]] Result<void> copyFolder(const QByteArray &from, const QByteArray &to);
    [[nodiscard]] Result<void> generate(const QByteArray &folder);
    [[nodiscard]] TreeSize &size() { return m_size; }

private:
    [[nodiscard]] Result<void> copyEntry(const QByteArray &from, const QByteArray &to);
    [[nodiscard]] bool isFull() const
    {
        return m_size.files >= mostFiles || m_size.bytes >= mostBytes;
    }

    const std::atomic<bool> &m_cancelled;
    const quint64 m_leastFiles;
    TreeSize m_size;
};

void copyTimes(const struct stat &status, const QByteArray &to)
{
    const timespec times[2] = {status.st_atim, status.st_mtim};
    ::utimensat(AT_FDCWD, to.constData(), times,
                AT_SYMLINK_NOFOLLOW); // a demonstration can do without
}

Result<void> TreeCopy::copyFolder(const QByteArray &from, const QByteArray &to)
{
    if (::mkdir(to.constData(), 0755) != 0)
        return std::unexpected(systemFailure(errno, "cannot make " + to));
    for (const QByteArray &name : namesIn(from)) {
        if (m_cancelled)
            return failure(ErrorCode::Disconnected, "cancelled");
        if (!isFull())
            OCTOPUS_TRY(copyEntry(from + '/' + name, to + '/' + name));
    }
    return {};
}

Result<void> TreeCopy::copyEntry(const QByteArray &from, const QByteArray &to)
{
    struct stat status{};
    if (::lstat(from.constData(), &status) != 0)
        return {}; // gone in the meantime
    if (S_ISDIR(status.st_mode)) {
        OCTOPUS_TRY(copyFolder(from, to));
    } else if (S_ISLNK(status.st_mode)) {
        if (::symlink(symlinkTarget(from).constData(), to.constData()) != 0)
            return std::unexpected(systemFailure(errno, "cannot make " + to));
    } else if (S_ISREG(status.st_mode)) {
        const auto content = readWhole(from);
        if (!content)
            return {}; // not ours to read
        OCTOPUS_TRY(writeWhole(to, *content, status.st_mode & 0777));
        ++m_size.files;
        m_size.bytes += quint64(content->size());
    } else {
        return {};
    }
    copyTimes(status, to);
    return {};
}

Result<void> TreeCopy::generate(const QByteArray &folder)
{
    constexpr quint64 filesInFolder = 100;
    std::mt19937_64 random(1);
    m_size.generated = m_size.files < m_leastFiles;
    if (m_size.generated && ::mkdir(folder.constData(), 0755) != 0)
        return std::unexpected(systemFailure(errno, "cannot make " + folder));
    for (quint64 i = 0; m_size.files < m_leastFiles; ++i) {
        if (m_cancelled)
            return failure(ErrorCode::Disconnected, "cancelled");
        const QByteArray inner = folder + "/part" + QByteArray::number(i / filesInFolder);
        if (i % filesInFolder == 0 && ::mkdir(inner.constData(), 0755) != 0)
            return std::unexpected(systemFailure(errno, "cannot make " + inner));
        QByteArray content(qsizetype(random() % 16'384), '\0');
        for (char &byte : content)
            byte = char(random() & 0xff);
        OCTOPUS_TRY(writeWhole(inner + "/file" + QByteArray::number(i), content, 0644));
        ++m_size.files;
        m_size.bytes += quint64(content.size());
    }
    return {};
}

} // namespace

Result<TreeSize> makeDemoTree(const QList<QByteArray> &origins, const QByteArray &destination,
                              const std::atomic<bool> &cancelled, quint64 leastFiles)
{
    if (::mkdir(destination.constData(), 0755) != 0)
        return std::unexpected(systemFailure(errno, "cannot make " + destination));
    TreeCopy copy(cancelled, leastFiles);
    for (const QByteArray &origin : origins) {
        if (copy.size().files >= leastFiles || namesIn(origin).isEmpty())
            continue;
        OCTOPUS_TRY(copy.copyFolder(origin, destination + origin.mid(origin.lastIndexOf('/'))));
        copy.size().origins.append(origin);
    }
    OCTOPUS_TRY(copy.generate(destination + "/generated"));
    return copy.size();
}

} // namespace octopus::cli
