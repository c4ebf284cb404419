// FileIdentity: which object of a file system an entry is. Value; any thread.
#pragma once

#include <QtTypes>

#include <compare>

namespace octopus {

// Names one object as long as it exists; survives renames. birthNs tells a reused inode number
// from the one before; it is 0 where the file system does not know it.
struct FileIdentity {
    quint64 device = 0;
    quint64 inode = 0;
    qint64 birthNs = 0;
    friend auto operator<=>(const FileIdentity &, const FileIdentity &) = default;
};

} // namespace octopus
