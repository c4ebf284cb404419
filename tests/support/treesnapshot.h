// TreeSnapshot: everything a replica reproduces of a tree, as one value to compare: names, kinds,
// contents (by a hash of 128 bits, with the size), attributes and which names share a file. Times of changes,
// inode numbers and where holes are do not count. Works on any Root; use FakeFileSystem::bypass().
#pragma once

#include "engine/base/digest.h"
#include "engine/base/fileio.h"

#include <QString>

namespace octopus::testing {

struct SnapshotEntry {
    EntryKind kind = EntryKind::File;
    quint32 mode = 0; // 0 for a symbolic link
    quint32 uid = 0;
    quint32 gid = 0;
    qint64 mtimeNs = 0; // 0 for a directory, unless asked for
    Xattrs xattrs;
    quint64 size = 0;
    FastDigest content;
    QByteArray linkTarget;
    RelPath firstName; // of the names of this file in the tree; itself, if it has only one
    friend bool operator==(const SnapshotEntry &, const SnapshotEntry &) = default;
};

struct SnapshotOptions {
    QByteArray excludedName = ".octopus"; // directly below the root
    bool directoryTimes = false;
    bool rootAttributes = false; // the root's own entry is part of it
};

struct TreeSnapshot {
    std::map<RelPath, SnapshotEntry> entries;
    friend bool operator==(const TreeSnapshot &, const TreeSnapshot &) = default;
};

// SnapshotEntry::content of this content.
[[nodiscard]] FastDigest snapshotDigest(QByteArrayView content);

[[nodiscard]] Result<TreeSnapshot> takeSnapshot(Root &root, const SnapshotOptions &options = {});

// One line a difference, at most `limit`; empty if they are equal.
[[nodiscard]] QString differences(const TreeSnapshot &expected, const TreeSnapshot &actual,
                                  int limit = 20);

} // namespace octopus::testing
