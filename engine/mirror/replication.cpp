#include "engine/mirror/replication.h"

#include "engine/model/operationcodec.h"

namespace octopus::mirror {

void normalise(EntryAttributes &attributes, EntryKind kind, bool targetSetsOwner)
{
    if (kind == EntryKind::Symlink) {
        attributes.mode = 0;
        attributes.xattrs.clear();
    }
    if (!targetSetsOwner) {
        attributes.uid = 0;
        attributes.gid = 0;
    }
}

Result<EntryAttributes> sourceAttributes(Replication &replication, const RelPath &path,
                                         const EntryStat &stat)
{
    if (stat.kind == EntryKind::Symlink)
        return sourceAttributes(replication, stat, Xattrs());
    auto xattrs = replication.source.xattrs(path);
    if (!xattrs)
        return passOn(xattrs);
    return sourceAttributes(replication, stat, std::move(*xattrs));
}

Result<EntryAttributes> sourceAttributes(Replication &replication, const EntryStat &stat,
                                         Xattrs xattrs)
{
    EntryAttributes attributes{stat.mode, stat.uid, stat.gid, stat.mtimeNs, std::move(xattrs)};
    OCTOPUS_TRY(checkAttributes(attributes));
    normalise(attributes, stat.kind, replication.targetSetsOwner);
    return attributes;
}

// These change an entry of the parent directory, and with it the parent's own times at the target.
static bool changesParent(OperationKind kind)
{
    return kind != OperationKind::SetAttributes && kind != OperationKind::WriteRanges
        && kind != OperationKind::Adopt && kind != OperationKind::Consistent;
}

void sendEntry(Replication &replication, Operation operation, index::IndexEntry entry,
               MonotonicTime capturedAt)
{
    if (changesParent(operation.kind) && !operation.path.isRoot())
        replication.work.addDirectory(operation.path.parent());
    replication.outbox.add(std::move(operation), std::move(entry), capturedAt);
}

void sendLinks(Replication &replication, const RelPath &path, MonotonicTime capturedAt)
{
    const index::IndexEntry entry = *replication.index.find(path);
    for (const RelPath &name : replication.index.pathsOf(entry.source)) {
        const bool areOne =
            entry.linkGroup != 0 && replication.index.find(name)->linkGroup == entry.linkGroup;
        if (name == path || areOne)
            continue;
        Operation link;
        link.kind = OperationKind::Link;
        link.path = name;
        link.other = path;
        sendEntry(replication, std::move(link), entry, capturedAt);
    }
}

void examineOtherNames(Replication &replication, const RelPath &path, const FileIdentity &source,
                       MonotonicTime capturedAt)
{
    if (source.inode == 0)
        return;
    for (const RelPath &name : replication.index.pathsOf(source)) {
        if (name != path && !replication.work.contains(name))
            replication.work.add(name, {capturedAt, 0, false});
    }
}

} // namespace octopus::mirror
