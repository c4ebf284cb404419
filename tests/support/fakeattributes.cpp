#include "tests/support/fakeattributes.h"

namespace octopus::testing {

EntryStat entryStatOf(const FakeNode &node)
{
    EntryStat stat;
    stat.kind = node.kind;
    stat.mode = node.attributes.mode;
    stat.uid = node.attributes.uid;
    stat.gid = node.attributes.gid;
    stat.size =
        node.kind == EntryKind::Symlink ? quint64(node.linkTarget.size()) : node.content.size();
    stat.mtimeNs = node.attributes.mtimeNs;
    stat.ctimeNs = node.attributes.ctimeNs;
    stat.links = node.links;
    stat.allocatedBytes = node.content.blockCount() * FakeContent::blockSize;
    stat.identity = node.identity;
    return stat;
}

Result<void> changeMode(FakeKernel &kernel, const FakeNodePointer &node, quint32 mode)
{
    if (node->kind == EntryKind::Symlink)
        return failure(ErrorCode::Unsupported, "a symbolic link has no mode");
    FakeAttributes attributes = node->attributes;
    attributes.mode = mode & 07777;
    kernel.disk.setAttributes(node, std::move(attributes));
    return {};
}

Result<void> changeOwner(FakeKernel &kernel, const FakeNodePointer &node, quint32 uid, quint32 gid)
{
    FakeAttributes attributes = node->attributes;
    if (!kernel.canSetOwner && (uid != attributes.uid || gid != attributes.gid))
        return failure(ErrorCode::PermissionDenied, "not privileged");
    attributes.uid = uid;
    attributes.gid = gid;
    // Even for root, even if nothing changes: a program must not run as somebody unexpected.
    if (node->kind == EntryKind::File)
        attributes.mode &= attributes.mode & 00010 ? ~quint32(06000) : ~quint32(04000);
    kernel.disk.setAttributes(node, std::move(attributes));
    return {};
}

void changeModificationTime(FakeKernel &kernel, const FakeNodePointer &node, qint64 mtimeNs)
{
    FakeAttributes attributes = node->attributes;
    attributes.mtimeNs = mtimeNs;
    kernel.disk.setAttributes(node, std::move(attributes));
}

static Result<void> checkXattr(const FakeNode &node, const QByteArray &name)
{
    const bool isUser = name.startsWith("user.") && name.size() > 5;
    const bool isDefaultAcl = name == "system.posix_acl_default";
    if (!isUser && !isDefaultAcl && name != "system.posix_acl_access")
        return failure(ErrorCode::Refused, "extended attribute outside user.* and the ACLs");
    if (name.contains('\0'))
        return failure(ErrorCode::Invalid, "the name of an extended attribute holds a NUL byte");
    if (isUser && node.kind != EntryKind::File && node.kind != EntryKind::Directory)
        return failure(ErrorCode::PermissionDenied, "only files and directories take user.*");
    if (!isUser && node.kind == EntryKind::Symlink)
        return failure(ErrorCode::Unsupported, "a symbolic link has no ACL");
    if (isDefaultAcl && node.kind != EntryKind::Directory)
        return failure(ErrorCode::PermissionDenied, "only a directory has a default ACL");
    return {};
}

Result<void> changeXattr(FakeKernel &kernel, const FakeNodePointer &node, const QByteArray &name,
                         const QByteArray &value)
{
    OCTOPUS_TRY(checkXattr(*node, name));
    if (name.size() > 255 || value.size() > 65536)
        return failure(ErrorCode::TooLong, "extended attribute");
    FakeAttributes attributes = node->attributes;
    attributes.xattrs[name] = value;
    kernel.disk.setAttributes(node, std::move(attributes));
    return {};
}

Result<void> dropXattr(FakeKernel &kernel, const FakeNodePointer &node, const QByteArray &name)
{
    OCTOPUS_TRY(checkXattr(*node, name));
    FakeAttributes attributes = node->attributes;
    if (attributes.xattrs.erase(name) == 0)
        return failure(ErrorCode::NotFound, "no such extended attribute");
    kernel.disk.setAttributes(node, std::move(attributes));
    return {};
}

} // namespace octopus::testing
