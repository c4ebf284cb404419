#include "engine/base/nativexattrs.h"

#include "engine/base/filedescriptor.h"

#include <sys/statvfs.h>
#include <sys/xattr.h>

namespace octopus {

static constexpr qsizetype kernelLimit = 65536; // XATTR_SIZE_MAX and XATTR_LIST_MAX

static bool isCarried(QByteArrayView name)
{
    return (name.startsWith("user.") && name.size() > 5) || name == "system.posix_acl_access"
        || name == "system.posix_acl_default";
}

static Result<void> checkName(const QByteArray &name)
{
    if (!isCarried(name))
        return failure(ErrorCode::Refused,
                       "extended attribute outside user.* and the ACLs: " + name);
    if (name.contains('\0'))
        return failure(ErrorCode::Invalid, "the name of an extended attribute holds a NUL byte");
    return {};
}

// Calls read(buffer, size) with a small buffer first, then with the largest. -1: see errno.
template <typename Read> static ssize_t readWhole(QByteArray &out, Read read)
{
    for (const qsizetype size : {qsizetype(512), kernelLimit}) {
        out.resizeForOverwrite(size);
        const ssize_t length = retried([&] { return read(out.data(), size_t(size)); });
        if (length >= 0)
            out.resize(length);
        if (length >= 0 || errno != ERANGE)
            return length;
    }
    return -1;
}

NativeXattrs::NativeXattrs(int descriptor, QByteArray magicLink)
    : m_descriptor(descriptor),
      m_magicLink(std::move(magicLink))
{}

NativeXattrs NativeXattrs::ofOpenFile(int descriptor)
{
    return {descriptor, {}};
}

NativeXattrs NativeXattrs::ofHeldEntry(int descriptor)
{
    return {descriptor, "/proc/self/fd/" + QByteArray::number(descriptor)};
}

std::unexpected<Error> NativeXattrs::failed(int number, const char *what) const
{
    // The object is held, so what is missing is the way to it.
    if (number == ENOENT && !m_magicLink.isEmpty())
        return failure(ErrorCode::Unsupported, QByteArray(what) + ": /proc is not mounted");
    return std::unexpected(systemFailure(number, what));
}

Result<QByteArray> NativeXattrs::names() const
{
    QByteArray list;
    const ssize_t length = readWhole(list, [&](char *buffer, size_t size) {
        return m_magicLink.isEmpty() ? ::flistxattr(m_descriptor, buffer, size)
                                     : ::listxattr(m_magicLink.constData(), buffer, size);
    });
    if (length < 0 && errno == EOPNOTSUPP)
        return QByteArray();
    if (length < 0)
        return failed(errno, "list extended attributes");
    return list;
}

Result<QByteArray> NativeXattrs::value(const QByteArray &name) const
{
    QByteArray value;
    const ssize_t length = readWhole(value, [&](char *buffer, size_t size) {
        return m_magicLink.isEmpty()
            ? ::fgetxattr(m_descriptor, name.constData(), buffer, size)
            : ::getxattr(m_magicLink.constData(), name.constData(), buffer, size);
    });
    if (length < 0 && errno == ENODATA)
        return failure(ErrorCode::NotFound, name);
    if (length < 0)
        return failed(errno, "read extended attribute");
    return value;
}

Result<Xattrs> NativeXattrs::all() const
{
    const auto list = names();
    if (!list)
        return passOn(list);
    Xattrs out;
    for (qsizetype start = 0; start < list->size();) {
        const qsizetype end = list->indexOf('\0', start);
        const QByteArray name = list->sliced(start, (end < 0 ? list->size() : end) - start);
        start += name.size() + 1;
        if (!isCarried(name))
            continue;
        auto read = value(name);
        // Removed since it was listed, or an ACL that this mount does not offer: not there.
        if (!read
            && (read.error().code == ErrorCode::NotFound || read.error().systemError == EOPNOTSUPP))
            continue;
        if (!read)
            return passOn(read);
        out.emplace(name, std::move(*read));
    }
    return out;
}

Result<void> NativeXattrs::set(const QByteArray &name, const QByteArray &value) const
{
    OCTOPUS_TRY(checkName(name));
    const int result = retried([&] {
        const auto size = size_t(value.size());
        return m_magicLink.isEmpty()
            ? ::fsetxattr(m_descriptor, name.constData(), value.constData(), size, 0)
            : ::setxattr(m_magicLink.constData(), name.constData(), value.constData(), size, 0);
    });
    if (result == 0)
        return {};
    const int number = errno;
    // ext4 says ENOSPC, too, when the attributes of one file exceed a block.
    struct statvfs info = {};
    if (number == ENOSPC && ::fstatvfs(m_descriptor, &info) == 0 && info.f_bavail > 0)
        return failure(ErrorCode::TooLong,
                       "the extended attributes exceed what the file system takes");
    return failed(number, "set extended attribute");
}

Result<void> NativeXattrs::remove(const QByteArray &name) const
{
    OCTOPUS_TRY(checkName(name));
    const int result = retried([&] {
        return m_magicLink.isEmpty() ? ::fremovexattr(m_descriptor, name.constData())
                                     : ::removexattr(m_magicLink.constData(), name.constData());
    });
    if (result == 0)
        return {};
    if (errno == ENODATA)
        return failure(ErrorCode::NotFound, "no such extended attribute: " + name);
    return failed(errno, "remove extended attribute");
}

} // namespace octopus
