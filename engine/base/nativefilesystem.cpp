#include "engine/base/nativefilesystem.h"

#include "engine/base/filedescriptor.h"
#include "engine/base/nativeroot.h"

#include <fcntl.h>
#include <sys/stat.h>

namespace octopus {

Result<std::unique_ptr<Root>> NativeFileSystem::openRoot(const QByteArray &absolutePath)
{
    return NativeRoot::open(absolutePath);
}

static FileDescriptor openStep(int directory, const char *name)
{
    return FileDescriptor(
        retried([&] { return ::openat(directory, name, O_PATH | O_DIRECTORY | O_CLOEXEC); }));
}

// O_PATH descriptors cannot be synced. A parent that may be written but not read is made durable
// through the whole file system of its new entry.
static bool syncNewEntry(int parent, int made)
{
    const FileDescriptor readable(
        retried([&] { return ::openat(parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    if (readable.isOpen())
        return retried([&] { return ::fsync(readable.get()); }) == 0;
    const FileDescriptor inside(
        retried([&] { return ::openat(made, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    return inside.isOpen() && retried([&] { return ::syncfs(inside.get()); }) == 0;
}

Result<void> NativeFileSystem::makePath(const QByteArray &absolutePath)
{
    if (!absolutePath.startsWith('/') || absolutePath.contains('\0'))
        return failure(ErrorCode::Invalid, "not an absolute path: " + absolutePath);
    const auto failed = [&](int number) {
        return std::unexpected(systemFailure(number, "make folder " + absolutePath));
    };
    FileDescriptor directory = openStep(AT_FDCWD, "/");
    if (!directory.isOpen())
        return failed(errno);
    for (const QByteArray &name : absolutePath.split('/')) {
        if (name.isEmpty())
            continue;
        FileDescriptor next = openStep(directory.get(), name.constData());
        if (!next.isOpen() && errno == ENOENT) {
            // EEXIST: another process was faster, or a dangling symbolic link stands there, which
            // opening it again tells apart.
            if (retried([&] { return ::mkdirat(directory.get(), name.constData(), 0700); }) != 0
                && errno != EEXIST)
                return failed(errno);
            next = openStep(directory.get(), name.constData());
            if (next.isOpen() && !syncNewEntry(directory.get(), next.get()))
                return failed(errno);
        }
        if (!next.isOpen())
            return failed(errno);
        directory = std::move(next);
    }
    return {};
}

} // namespace octopus
