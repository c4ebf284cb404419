#include "engine/base/nativefile.h"

#include "engine/base/nativestat.h"
#include "engine/base/nativexattrs.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <limits>

namespace octopus {

static constexpr quint64 largestOffset = quint64(std::numeric_limits<off_t>::max());
static constexpr quint64 copyStep = 1 << 20; // bytes, through memory

static std::unexpected<Error> failed(int number, const char *what)
{
    return std::unexpected(systemFailure(number, what));
}

static Result<void> asResult(int result, const char *what)
{
    if (result == 0)
        return {};
    return failed(errno, what);
}

// TooLong: the range ends past what the kernel can address.
static Result<void> checkRange(quint64 offset, quint64 length)
{
    if (offset > largestOffset || length > largestOffset - offset)
        return failure(ErrorCode::TooLong, "a file cannot be that large");
    return {};
}

Result<EntryStat> NativeFile::stat()
{
    EntryStat stat;
    if (!statDescriptor(m_descriptor.get(), stat))
        return failed(errno, "stat open file");
    return stat;
}

Result<QByteArray> NativeFile::read(quint64 offset, qsizetype length)
{
    if (length < 0)
        return failure(ErrorCode::Invalid, "negative length");
    OCTOPUS_TRY(checkRange(offset, quint64(length)));
    QByteArray out(length, Qt::Uninitialized);
    qsizetype done = 0;
    while (done < length) {
        const ssize_t got = retried([&] {
            return ::pread(m_descriptor.get(), out.data() + done, size_t(length - done),
                           off_t(offset) + done);
        });
        if (got < 0)
            return failed(errno, "read");
        if (got == 0)
            break;
        done += got;
    }
    out.truncate(done);
    // A small file read with a large length must not keep the memory of that length.
    if (done < length / 2)
        out.squeeze();
    return out;
}

Result<void> NativeFile::write(quint64 offset, QByteArrayView bytes)
{
    OCTOPUS_TRY(checkRange(offset, quint64(bytes.size())));
    qsizetype done = 0;
    while (done < bytes.size()) {
        const ssize_t put = retried([&] {
            return ::pwrite(m_descriptor.get(), bytes.data() + done, size_t(bytes.size() - done),
                            off_t(offset) + done);
        });
        if (put < 0)
            return failed(errno, "write");
        if (put == 0)
            return failure(ErrorCode::InputOutput, "write: the kernel took nothing");
        done += put;
    }
    return {};
}

Result<void> NativeFile::truncate(quint64 size)
{
    OCTOPUS_TRY(checkRange(size, 0));
    return asResult(retried([&] { return ::ftruncate(m_descriptor.get(), off_t(size)); }),
                    "truncate");
}

Result<void> NativeFile::punchHole(Extent range)
{
    OCTOPUS_TRY(checkRange(range.offset, range.length));
    if (range.length == 0)
        return {};
    const int result = retried([&] {
        return ::fallocate(m_descriptor.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                           off_t(range.offset), off_t(range.length));
    });
    return asResult(result, "punch hole");
}

Result<std::optional<Extent>> NativeFile::nextData(quint64 from)
{
    if (from > largestOffset)
        return std::optional<Extent>();
    const auto seek = [&](off_t offset, int whence) {
        return retried([&] { return ::lseek(m_descriptor.get(), offset, whence); });
    };
    const off_t start = seek(off_t(from), SEEK_DATA);
    if (start >= 0) {
        const off_t end = seek(start, SEEK_HOLE);
        if (end > start)
            return Extent{quint64(start), quint64(end - start)};
        // ENXIO or no progress: the file shrank in between; what was data is gone.
        if (end >= 0 || errno == ENXIO)
            return std::optional<Extent>();
        return failed(errno, "find the next hole");
    }
    if (errno == ENXIO)
        return std::optional<Extent>();
    if (errno != EINVAL && errno != EOPNOTSUPP)
        return failed(errno, "find the next data");
    // The file system does not know holes: all the rest is data.
    const auto now = stat();
    if (!now)
        return passOn(now);
    if (from >= now->size)
        return std::optional<Extent>();
    return Extent{from, now->size - from};
}

// The bytes copied before the kernel would not go on, which may be none; an error of the device.
Result<quint64> NativeFile::copyInKernel(int source, Extent range, quint64 offset)
{
    quint64 done = 0;
    while (done < range.length) {
        off_t in = off_t(range.offset + done);
        off_t out = off_t(offset + done);
        const size_t step = size_t(std::min<quint64>(range.length - done, 1 << 30));
        const ssize_t copied = retried(
            [&] { return ::copy_file_range(source, &in, m_descriptor.get(), &out, step, 0); });
        if (copied == 0)
            break;
        if (copied > 0) {
            done += quint64(copied);
            continue;
        }
        switch (errno) {
        case EXDEV:
        case EINVAL:
        case ENOSYS:
        case EOPNOTSUPP:
        case EPERM:
        case ETXTBSY: return done;
        default: return failed(errno, "copy range");
        }
    }
    return done;
}

Result<void> NativeFile::copyThroughMemory(File &source, Extent range, quint64 offset)
{
    for (quint64 done = 0; done < range.length;) {
        const quint64 step = std::min(range.length - done, copyStep);
        const auto bytes = source.read(range.offset + done, qsizetype(step));
        if (!bytes)
            return passOn(bytes);
        if (quint64(bytes->size()) != step)
            return failure(ErrorCode::Invalid, "copy range: the source ends before the range does");
        OCTOPUS_TRY(write(offset + done, *bytes));
        done += step;
    }
    return {};
}

Result<void> NativeFile::copyFrom(File &source, quint64 sourceOffset, quint64 offset,
                                  quint64 length)
{
    OCTOPUS_TRY(checkRange(sourceOffset, length));
    OCTOPUS_TRY(checkRange(offset, length));
    quint64 done = 0;
    if (const auto *native = dynamic_cast<NativeFile *>(&source)) {
        const auto copied =
            copyInKernel(native->m_descriptor.get(), {sourceOffset, length}, offset);
        if (!copied)
            return passOn(copied);
        done = *copied;
    }
    if (done == length)
        return {};
    return copyThroughMemory(source, {sourceOffset + done, length - done}, offset + done);
}

Result<void> NativeFile::cloneFrom(File &source)
{
    const auto *native = dynamic_cast<NativeFile *>(&source);
    if (!native)
        return failure(ErrorCode::Unsupported, "clone: another kind of file");
    const int result =
        retried([&] { return ::ioctl(m_descriptor.get(), FICLONE, native->m_descriptor.get()); });
    if (result == 0)
        return {};
    const int number = errno;
    // All of these say "not on this file system" or "not between these two".
    if (number == EINVAL || number == EXDEV || number == ENOTTY || number == EPERM)
        return failure(ErrorCode::Unsupported, "clone: not on this file system");
    return failed(number, "clone");
}

Result<void> NativeFile::syncData()
{
    return asResult(retried([&] { return ::fdatasync(m_descriptor.get()); }), "sync data");
}

Result<void> NativeFile::setMode(quint32 mode)
{
    return asResult(retried([&] { return ::fchmod(m_descriptor.get(), mode & 07777); }),
                    "set mode");
}

Result<void> NativeFile::setOwner(quint32 uid, quint32 gid)
{
    return asResult(retried([&] { return ::fchown(m_descriptor.get(), uid, gid); }), "set owner");
}

Result<void> NativeFile::setModificationTime(qint64 mtimeNs)
{
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, timespecOf(mtimeNs)};
    return asResult(retried([&] { return ::futimens(m_descriptor.get(), times); }),
                    "set modification time");
}

Result<Xattrs> NativeFile::xattrs()
{
    return NativeXattrs::ofOpenFile(m_descriptor.get()).all();
}

Result<void> NativeFile::setXattr(const QByteArray &name, const QByteArray &value)
{
    return NativeXattrs::ofOpenFile(m_descriptor.get()).set(name, value);
}

Result<void> NativeFile::removeXattr(const QByteArray &name)
{
    return NativeXattrs::ofOpenFile(m_descriptor.get()).remove(name);
}

} // namespace octopus
