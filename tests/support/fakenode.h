// FakeNode and FakeName: inodes and directory entries of a fake disk. Plain structures that only
// FakeDisk changes. A name moves with a rename, so an open file knows where it is now.
#pragma once

#include "tests/support/fakecontent.h"

namespace octopus::testing {

struct FakeNode;

struct FakeName {
    std::weak_ptr<FakeNode> parent;
    QByteArray name;
    std::shared_ptr<FakeNode> node;
    bool linked = false;
};

struct FakeAttributes {
    quint32 mode = 0;
    quint32 uid = 0;
    quint32 gid = 0;
    qint64 mtimeNs = 0;
    qint64 ctimeNs = 0;
    Xattrs xattrs;
};

struct FakeNode {
    quint64 serial = 0; // never given again, unlike the inode number
    FileIdentity identity;
    EntryKind kind = EntryKind::File;
    FakeAttributes attributes;
    quint32 links = 0;
    FakeContent content;                                     // File
    QByteArray linkTarget;                                   // Symlink
    std::map<QByteArray, std::shared_ptr<FakeName>> entries; // Directory
    std::weak_ptr<FakeName> where;                           // Directory; none: the disk's root
    quint64 dataChange = 0; // the journal number that fdatasync of a file must reach
    quint64 nameChange = 0; // the journal number that fsync of a directory must reach
    int openFiles = 0;
    bool isLocked = false;
};

using FakeNodePointer = std::shared_ptr<FakeNode>;
using FakeNamePointer = std::shared_ptr<FakeName>;

} // namespace octopus::testing
