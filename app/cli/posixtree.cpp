#include "app/cli/posixtree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <filesystem>

namespace octopus::cli {

namespace {

class Descriptor
{
public:
    explicit Descriptor(int number) : m_number(number) {}
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    [[nodiscard]] int number() const { return m_number; }
    [[nodiscard]] bool isOpen() const { return m_number >= 0; }

private:
    int m_number;
};

Result<void> writeAll(int descriptor, QByteArrayView content, const QByteArray &path)
{
    while (!content.isEmpty()) {
        const ssize_t written = ::write(descriptor, content.data(), size_t(content.size()));
        if (written < 0 && errno != EINTR)
            return std::unexpected(systemFailure(errno, "cannot write " + path));
        content = content.sliced(std::max<qsizetype>(written, 0));
    }
    return {};
}

} // namespace

QList<QByteArray> namesIn(const QByteArray &folder)
{
    QList<QByteArray> names;
    DIR *stream = ::opendir(folder.constData());
    if (!stream)
        return names;
    while (const dirent *entry = ::readdir(stream)) {
        const QByteArray name(entry->d_name);
        if (name != "." && name != "..")
            names.append(name);
    }
    ::closedir(stream);
    std::ranges::sort(names);
    return names;
}

QByteArray symlinkTarget(const QByteArray &path)
{
    std::array<char, PATH_MAX> buffer{};
    const ssize_t length = ::readlink(path.constData(), buffer.data(), buffer.size());
    return {buffer.data(), std::max<qsizetype>(length, 0)};
}

std::optional<QByteArray> readWhole(const QByteArray &path)
{
    const Descriptor file(::open(path.constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.isOpen())
        return std::nullopt;
    QByteArray content;
    std::array<char, 65536> buffer{};
    for (;;) {
        const ssize_t count = ::read(file.number(), buffer.data(), buffer.size());
        if (count == 0)
            return content;
        if (count < 0 && errno != EINTR)
            return std::nullopt;
        content.append(buffer.data(), std::max<qsizetype>(count, 0));
    }
}

Result<void> writeWhole(const QByteArray &path, QByteArrayView content, mode_t mode)
{
    const Descriptor file(
        ::open(path.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
    if (!file.isOpen())
        return std::unexpected(systemFailure(errno, "cannot make " + path));
    return writeAll(file.number(), content, path);
}

Result<void> writeInto(const QByteArray &path, qint64 offset, QByteArrayView content)
{
    const Descriptor file(::open(path.constData(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    const int whence = offset < 0 ? SEEK_END : SEEK_SET;
    if (!file.isOpen() || ::lseek(file.number(), std::max<qint64>(offset, 0), whence) < 0)
        return std::unexpected(systemFailure(errno, "cannot write " + path));
    return writeAll(file.number(), content, path);
}

bool removeTree(const QByteArray &path)
{
    std::error_code error;
    std::filesystem::remove_all(path.constData(), error);
    return !error;
}

} // namespace octopus::cli
