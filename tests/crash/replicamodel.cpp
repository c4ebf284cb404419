#include "tests/crash/replicamodel.h"

#include <vector>

namespace octopus::crash {

static constexpr std::chrono::seconds shortLife(10);

static bool isNested(const RelPath &a, const RelPath &b)
{
    return a.isWithin(b) || b.isWithin(a);
}

void ReplicaModel::addForeign(const RelPath &path, ModelNode node)
{
    m_entries[path] = {std::make_shared<const ModelNode>(std::move(node)), true, false, {}};
}

ModelEntry *ReplicaModel::find(const RelPath &path)
{
    const auto found = m_entries.find(path);
    return found == m_entries.end() ? nullptr : &found->second;
}

ModelEntry *ReplicaModel::own(const RelPath &path)
{
    ModelEntry *entry = find(path);
    return entry && !entry->foreign ? entry : nullptr;
}

// New things come only into own directories.
bool ReplicaModel::hasPlace(const RelPath &path)
{
    if (path.isRoot() || path.parent().isRoot())
        return !path.isRoot();
    const ModelEntry *parent = own(path.parent());
    return parent && parent->node->kind == EntryKind::Directory;
}

bool ReplicaModel::hasBelow(const RelPath &path, bool foreign) const
{
    for (auto it = m_entries.upper_bound(path); it != m_entries.end() && it->first.isWithin(path);
         ++it) {
        if (it->second.foreign == foreign)
            return true;
    }
    return false;
}

void ReplicaModel::keepOld(const Operation &operation, MonotonicTime now)
{
    const ModelEntry *old = own(operation.path);
    if (!old || (old->node->kind != EntryKind::File && old->node->kind != EntryKind::Symlink))
        return;
    const bool isOld = !old->placedAt || now - *old->placedAt >= shortLife;
    const bool mustBeKept = isOld || operation.kind == OperationKind::Remove;
    m_versions.append({operation.sequence, operation.path, old->node, mustBeKept});
}

// All names of the file see it.
void ReplicaModel::change(const RelPath &path, ModelNode node)
{
    const auto old = m_entries.at(path).node;
    const auto fresh = std::make_shared<const ModelNode>(std::move(node));
    for (auto &[name, entry] : m_entries) {
        if (entry.node == old)
            entry.node = fresh;
    }
}

bool ReplicaModel::put(const Operation &operation, ModelNode node, MonotonicTime now)
{
    ModelEntry *there = find(operation.path);
    if (!hasPlace(operation.path) || (there && there->foreign)
        || (there && there->node->kind == EntryKind::Directory))
        return false;
    keepOld(operation, now);
    m_entries[operation.path] = {std::make_shared<const ModelNode>(std::move(node)), false, false,
                                 now};
    return true;
}

bool ReplicaModel::makeDirectory(const Operation &operation, MonotonicTime now)
{
    ModelEntry *there = find(operation.path);
    const bool isDirectory = there && there->node->kind == EntryKind::Directory;
    if (!hasPlace(operation.path) || (there && there->foreign && !isDirectory))
        return false;
    const bool borrowed = there && (there->foreign || there->borrowed);
    if (!isDirectory)
        keepOld(operation, now);
    m_entries[operation.path] = {std::make_shared<const ModelNode>(
                                     ModelNode{EntryKind::Directory, operation.attributes, {}, {}}),
                                 false,
                                 borrowed,
                                 {}};
    return true;
}

static QByteArray filled(QByteArray content, const Operation &operation)
{
    content.resize(qsizetype(operation.size), '\0');
    for (const Extent &hole : operation.holes)
        content.replace(qsizetype(hole.offset), qsizetype(hole.length),
                        QByteArray(qsizetype(hole.length), '\0'));
    for (const DataRange &range : operation.ranges)
        content.replace(qsizetype(range.offset), range.bytes.size(), range.bytes);
    content.resize(qsizetype(operation.size), '\0');
    return content;
}

bool ReplicaModel::writeRanges(const Operation &operation)
{
    ModelEntry *entry = own(operation.path);
    if (!entry || entry->node->kind != EntryKind::File)
        return false;
    ModelNode node = *entry->node;
    node.content = filled(node.content, operation);
    node.attributes = operation.attributes;
    entry->node =
        std::make_shared<const ModelNode>(std::move(node)); // other names keep the old one
    return true;
}

bool ReplicaModel::setAttributes(const Operation &operation)
{
    ModelEntry *entry = own(operation.path);
    if (!entry)
        return false;
    ModelNode node = *entry->node;
    node.attributes = operation.attributes;
    change(operation.path, std::move(node));
    return true;
}

bool ReplicaModel::link(const Operation &operation, MonotonicTime now)
{
    const ModelEntry *source = own(operation.other);
    const ModelEntry *there = find(operation.path);
    if (!source || source->node->kind == EntryKind::Directory || !hasPlace(operation.path)
        || (there && (there->foreign || there->node->kind == EntryKind::Directory))
        || isNested(operation.path, operation.other))
        return false;
    const auto node = source->node;
    if (there && there->node == node) {
        m_entries[operation.path].placedAt = now;
        return true;
    }
    keepOld(operation, now);
    m_entries[operation.path] = {node, false, false, now};
    return true;
}

// Re-keys an entry and everything below it, foreign or not.
void ReplicaModel::moveKeys(const RelPath &from, const RelPath &to)
{
    std::vector<std::pair<RelPath, ModelEntry>> moved;
    for (auto it = m_entries.lower_bound(from); it != m_entries.end() && it->first.isWithin(from);
         it = m_entries.erase(it))
        moved.emplace_back(*it->first.rebased(from, to), it->second);
    for (auto &[path, entry] : moved)
        m_entries[path] = std::move(entry);
    std::map<RelPath, bool> failed;
    for (auto it = m_failed.lower_bound(from); it != m_failed.end() && it->first.isWithin(from);
         it = m_failed.erase(it))
        failed[*it->first.rebased(from, to)] = it->second;
    m_failed.insert(failed.begin(), failed.end());
}

bool ReplicaModel::rename(const Operation &operation, MonotonicTime now)
{
    const ModelEntry *source = own(operation.other);
    const ModelEntry *there = find(operation.path);
    if (!source || source->borrowed || !hasPlace(operation.path)
        || isNested(operation.path, operation.other)
        || (there && (there->foreign || there->node->kind == EntryKind::Directory)))
        return false;
    if (!there || there->node != source->node)
        keepOld(operation, now);
    m_entries.erase(operation.path);
    m_failed.erase(operation.path);
    moveKeys(operation.other, operation.path);
    m_entries[operation.path].placedAt = now;
    return true;
}

bool ReplicaModel::exchange(const Operation &operation)
{
    const ModelEntry *path = own(operation.path);
    const ModelEntry *other = own(operation.other);
    if (!path || !other || path->borrowed || other->borrowed || path->node == other->node
        || isNested(operation.path, operation.other))
        return false;
    const RelPath aside = RelPath::of("..aside");
    moveKeys(operation.path, aside);
    moveKeys(operation.other, operation.path);
    moveKeys(aside, operation.other);
    return true;
}

bool ReplicaModel::remove(const Operation &operation, MonotonicTime now)
{
    ModelEntry *there = find(operation.path);
    if (!there)
        return true;
    if (there->foreign)
        return false;
    if (there->node->kind != EntryKind::Directory) {
        keepOld(operation, now);
        m_entries.erase(operation.path);
        return true;
    }
    if (hasBelow(operation.path, false))
        return false;
    if (there->borrowed || hasBelow(operation.path, true))
        there->foreign = true; // it stays, for what is in it
    else
        m_entries.erase(operation.path);
    if (ModelEntry *left = find(operation.path))
        left->borrowed = false;
    return true;
}

bool ReplicaModel::adopt(const Operation &operation)
{
    ModelEntry *entry = find(operation.path);
    if (!entry || !hasPlace(operation.path))
        return false;
    entry->foreign = false;
    return true;
}

bool ReplicaModel::dispatch(const Operation &operation, MonotonicTime now)
{
    const EntryAttributes &attributes = operation.attributes;
    switch (operation.kind) {
    case OperationKind::MakeDirectory: return makeDirectory(operation, now);
    case OperationKind::PutFile:
        return put(operation, {EntryKind::File, attributes, filled({}, operation), {}}, now);
    case OperationKind::WriteRanges: return writeRanges(operation);
    case OperationKind::MakeSymlink:
        return put(operation, {EntryKind::Symlink, attributes, {}, operation.linkTarget}, now);
    case OperationKind::MakeFifo: return put(operation, {EntryKind::Fifo, attributes, {}, {}}, now);
    case OperationKind::Link: return link(operation, now);
    case OperationKind::Rename: return rename(operation, now);
    case OperationKind::Exchange: return exchange(operation);
    case OperationKind::Remove: return remove(operation, now);
    case OperationKind::SetAttributes: return setAttributes(operation);
    case OperationKind::Adopt: return adopt(operation);
    case OperationKind::Consistent: return true;
    }
    return false;
}

bool ReplicaModel::isInDoubt(const Operation &operation) const
{
    const bool builds = operation.kind == OperationKind::WriteRanges
        || operation.kind == OperationKind::SetAttributes || operation.kind == OperationKind::Link;
    const auto found =
        m_failed.find(operation.kind == OperationKind::Link ? operation.other : operation.path);
    return builds && found != m_failed.end() && found->second;
}

void ReplicaModel::settle(const Operation &operation)
{
    if (!isMove(operation.kind) && operation.kind != OperationKind::Consistent)
        m_failed.erase(operation.path);
}

static bool decidesContent(OperationKind kind)
{
    return kind != OperationKind::SetAttributes && kind != OperationKind::Remove
        && kind != OperationKind::Adopt && kind != OperationKind::Consistent;
}

bool ReplicaModel::apply(const Operation &operation, MonotonicTime now)
{
    const ReplicaModel before = *this;
    const bool isReserved = operation.path.isWithin(RelPath::of(".octopus"))
        && operation.kind != OperationKind::Consistent;
    if (!isReserved && !isInDoubt(operation) && dispatch(operation, now)) {
        settle(operation);
        return true;
    }
    *this = before;
    refuse(operation);
    return false;
}

void ReplicaModel::refuse(const Operation &operation)
{
    m_failed[operation.path] |= decidesContent(operation.kind);
    if (isMove(operation.kind))
        m_failed[operation.other] = true;
}

testing::TreeSnapshot ReplicaModel::snapshot() const
{
    testing::TreeSnapshot snapshot;
    std::map<const ModelNode *, RelPath> firstNames;
    for (const auto &[path, entry] : m_entries) {
        const ModelNode &node = *entry.node;
        const bool isSymlink = node.kind == EntryKind::Symlink;
        testing::SnapshotEntry out;
        out.kind = node.kind;
        out.mode = isSymlink ? 0 : node.attributes.mode;
        out.uid = node.attributes.uid;
        out.gid = node.attributes.gid;
        out.mtimeNs = node.attributes.mtimeNs;
        out.firstName = firstNames.try_emplace(&node, path).first->second;
        if (!isSymlink)
            out.xattrs = node.attributes.xattrs;
        if (node.kind == EntryKind::File) {
            out.size = quint64(node.content.size());
            out.content = testing::snapshotDigest(node.content);
        }
        out.linkTarget = node.linkTarget;
        snapshot.entries.emplace(path, std::move(out));
    }
    return snapshot;
}

} // namespace octopus::crash
