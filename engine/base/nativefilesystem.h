// NativeFileSystem: the operating system's file system. Has no state; may be shared by threads.
#pragma once

#include "engine/base/fileio.h"

namespace octopus {

class NativeFileSystem final : public FileSystem
{
public:
    // Unsupported: the kernel has no openat2 (Linux 5.6).
    [[nodiscard]] Result<std::unique_ptr<Root>> openRoot(const QByteArray &absolutePath) override;
    // What it made is synced, so that a crash takes none of it back.
    [[nodiscard]] Result<void> makePath(const QByteArray &absolutePath) override;
};

} // namespace octopus
