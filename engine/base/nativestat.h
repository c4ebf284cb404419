// What the operating system knows of an entry, as an EntryStat. Pure but for the one system call;
// any thread. Source: statx(2).
#pragma once

#include "engine/base/fileio.h"

#include <ctime>

namespace octopus {

// Stats `name` in the open directory, not following a symbolic link. False: see errno.
[[nodiscard]] bool statEntry(int directory, const char *name, EntryStat &out);
// Stats what the descriptor (O_PATH will do) refers to. False: see errno.
[[nodiscard]] bool statDescriptor(int descriptor, EntryStat &out);

// The kind that the S_IFMT bits of `mode` say.
[[nodiscard]] EntryKind entryKindOf(quint32 mode);

// Nanoseconds since 1970 as the kernel takes them; right for times before 1970, too.
[[nodiscard]] timespec timespecOf(qint64 nanoseconds);

// A directory in its mount; equal only while the same mount of the same file system shows the same
// object at a path.
struct MountedIdentity {
    quint64 device = 0;
    quint64 inode = 0;
    quint64 mount =
        0; // never given again where the kernel (6.8) can tell; else reused after umount
    friend bool operator==(const MountedIdentity &, const MountedIdentity &) = default;
};

// Of the held descriptor, or of an absolute path (followed). False: see errno.
[[nodiscard]] bool mountedIdentity(int descriptor, MountedIdentity &out);
[[nodiscard]] bool mountedIdentity(const char *absolutePath, MountedIdentity &out);

} // namespace octopus
