#include "engine/mirror/planner.h"

#include "engine/mirror/smallfile.h"

#include <algorithm>
#include <ranges>

namespace octopus::mirror {

using index::IndexEntry;

static constexpr const char *reservedName = ".octopus";

static Operation operationFor(OperationKind kind, const RelPath &path)
{
    Operation operation;
    operation.kind = kind;
    operation.path = path;
    return operation;
}

static IndexEntry entryFor(const EntryStat &stat, EntryAttributes attributes)
{
    IndexEntry entry;
    entry.kind = stat.kind;
    entry.attributes = std::move(attributes);
    entry.size = stat.kind == EntryKind::File ? stat.size : 0;
    entry.source = stat.identity;
    entry.sourceCtimeNs = stat.ctimeNs;
    return entry;
}

// Without a birth time a reused inode number looks like the old object; size and time must agree.
static bool isSameObject(const IndexEntry &entry, const EntryStat &stat)
{
    return entry.source == stat.identity && entry.kind == stat.kind
        && (stat.identity.birthNs != 0 || stat.kind == EntryKind::Directory
            || (entry.size == stat.size && entry.attributes.mtimeNs == stat.mtimeNs));
}

// Nothing is at the path itself: a symbolic link or a file in the way means the same.
static bool isAbsence(const Error &error)
{
    return error.code == ErrorCode::NotFound || error.code == ErrorCode::NotDirectory
        || error.code == ErrorCode::OutsideRoot;
}

Finding Planner::examine(const RelPath &path, const WorkItem &item)
{
    if (path == RelPath::of(reservedName)) {
        if (m.source.stat(path))
            m.setProblem(path, ProblemCode::ReservedName, "this name belongs to Octopus");
        return Finding::Settled;
    }
    const Result<EntryStat> stat = m.source.stat(path);
    if (!stat && !isAbsence(stat.error()))
        return fail(path, stat.error(), item);
    if (const IndexEntry *entry = m.index.find(path);
        entry && !m.work.absent().contains(path) && (!stat || stat->identity != entry->source))
        examineOtherNames(m, path, entry->source, item.capturedAt);
    const bool carried = stat && stat->kind != EntryKind::Socket && stat->kind != EntryKind::Device;
    if (!carried || !m.rules.includes(path, stat->kind)) {
        if (stat && !carried && m.rules.includes(path, stat->kind))
            m.setProblem(path, ProblemCode::NotMirrored, "sockets and devices are not mirrored");
        else
            m.problems.clear(path);
        if (m.index.contains(path))
            m.work.addAbsent(path, item.capturedAt);
        return Finding::Absent;
    }
    if (!path.isRoot() && !ensureParent(path, item)) {
        m.work.addLater(path, {item.capturedAt, item.attempts + 1, item.rescan},
                        m.clock.monotonic() + Milliseconds(20));
        return Finding::Later;
    }
    return examineEntry(path, *stat, item);
}

// The parent must be there before its entries; hints may come in any order.
bool Planner::ensureParent(const RelPath &path, const WorkItem &item)
{
    const RelPath parent = path.parent();
    const IndexEntry *entry = m.index.find(parent);
    if (entry && entry->kind == EntryKind::Directory && !entry->foreign)
        return true;
    const Finding finding = examine(parent, {item.capturedAt, 0, true});
    if (finding == Finding::EnterDirectory)
        m.work.add(parent, {item.capturedAt, 0, true});
    entry = m.index.find(parent);
    return entry && entry->kind == EntryKind::Directory && !entry->foreign;
}

Finding Planner::examineEntry(const RelPath &path, const EntryStat &stat, const WorkItem &item)
{
    const IndexEntry *entry = m.index.find(path);
    if (entry && entry->foreign)
        return examineForeign(path, stat, item);
    if (!entry || !isSameObject(*entry, stat)) {
        follow(path, stat, item);
        entry = m.index.find(path);
    }
    if (entry && entry->kind != stat.kind)
        removeEntries(path, item.capturedAt);
    else if (entry && stat.kind != EntryKind::Directory)
        separate(path, stat);
    m.problems.clear(path, ProblemCode::NotMirrored);
    switch (stat.kind) {
    case EntryKind::Directory: return examineDirectory(path, stat, item);
    case EntryKind::File: return examineFile(path, stat, item);
    default: return examineOther(path, stat, item);
    }
}

// At the target `path` is a name of a file with others, at the source it is a file of its own: however
// equal the two are, a new one must take its place.
void Planner::separate(const RelPath &path, const EntryStat &stat)
{
    const IndexEntry &entry = *m.index.find(path);
    const bool isOther = entry.source.inode != 0 && entry.source != stat.identity
        && m.index.pathsOf(entry.source).size() > 1;
    const bool isSingle = entry.linkGroup != 0 && stat.links < 2;
    if (!isOther && !isSingle)
        return;
    IndexEntry useless;
    useless.kind = entry.kind;
    useless.attributes.mtimeNs = ~stat.mtimeNs;
    useless.size = entry.size;
    useless.replaceWhole = true;
    m.index.set(path, std::move(useless));
}

// The object at `path` may be one that the target has under another name: moved, swapped, linked.
void Planner::follow(const RelPath &path, const EntryStat &stat, const WorkItem &item)
{
    const auto isElsewhere = [&](const RelPath &name) {
        return name != path && !path.isWithin(name) && !name.isWithin(path)
            && isSameObject(*m.index.find(name), stat);
    };
    const std::optional<RelPath> known = m.index.pathOf(stat.identity, isElsewhere);
    if (!known)
        return;
    const Result<EntryStat> there = m.source.stat(*known);
    if (!there && !isAbsence(there.error()))
        return; // not readable is not gone
    if (there && there->identity == stat.identity) {
        followLink(path, stat, item);
        return;
    }
    const IndexEntry *here = m.index.find(path);
    const bool swapped = here && there && isSameObject(*here, *there);
    if (swapped) {
        Operation exchange = operationFor(OperationKind::Exchange, path);
        exchange.other = *known;
        m.work.addDirectory(path.parent());
        m.work.addDirectory(known->parent());
        m.outbox.add(std::move(exchange), std::nullopt, item.capturedAt);
        m.moves.append({*known, path, true});
        m.work.follow(*known, path);
        m.work.follow(path, *known);
        m.work.add(*known, {item.capturedAt, 0, true});
        m.work.add(path, {item.capturedAt, 0, true});
        return;
    }
    if (here && (here->kind == EntryKind::Directory || stat.kind == EntryKind::Directory))
        removeEntries(path, item.capturedAt);
    Operation rename = operationFor(OperationKind::Rename, path);
    rename.other = *known;
    m.work.addDirectory(path.parent());
    m.work.addDirectory(known->parent());
    m.outbox.add(std::move(rename), std::nullopt, item.capturedAt);
    m.moves.append({*known, path, false});
    m.work.follow(*known, path);
    m.work.add(*known, {item.capturedAt, 0, false});
}

void Planner::followLink(const RelPath &path, const EntryStat &stat, const WorkItem &item)
{
    if (stat.kind != EntryKind::File && stat.kind != EntryKind::Symlink
        && stat.kind != EntryKind::Fifo)
        return;
    const auto isOther = [&](const RelPath &name) {
        const IndexEntry &entry = *m.index.find(name);
        return name != path && entry.kind == stat.kind && !entry.foreign;
    };
    const std::optional<RelPath> leader = m.index.pathOf(stat.identity, isOther);
    if (!leader)
        return;
    const IndexEntry entry = *m.index.find(*leader);
    if (const IndexEntry *here = m.index.find(path)) {
        if (here->linkGroup != 0 && here->linkGroup == entry.linkGroup)
            return;
        if (here->kind == EntryKind::Directory)
            removeEntries(path, item.capturedAt);
    }
    Operation link = operationFor(OperationKind::Link, path);
    link.other = *leader;
    sendEntry(m, std::move(link), entry, item.capturedAt);
}

Finding Planner::examineDirectory(const RelPath &path, const EntryStat &stat, const WorkItem &item)
{
    const Result<EntryAttributes> attributes = sourceAttributes(m, path, stat);
    if (!attributes)
        return fail(path, attributes.error(), item);
    m.problems.clearFailure(path);
    const IndexEntry *entry = m.index.find(path);
    const bool isNew = !entry;
    if (isNew) {
        Operation make = operationFor(OperationKind::MakeDirectory, path);
        make.attributes = *attributes;
        sendEntry(m, std::move(make), entryFor(stat, *attributes), item.capturedAt);
    } else {
        const bool isOther = entry->source != stat.identity;
        if (entry->attributes != *attributes)
            sendAttributes(path, stat, *attributes, item);
        else if (isOther)
            m.index.set(path, entryFor(stat, *attributes));
        if (!isOther && !item.rescan)
            return Finding::Settled;
    }
    return Finding::EnterDirectory;
}

void Planner::sendAttributes(const RelPath &path, const EntryStat &stat, EntryAttributes attributes,
                             const WorkItem &item)
{
    IndexEntry entry = *m.index.find(path);
    entry.attributes = attributes;
    entry.source = stat.identity;
    entry.sourceCtimeNs = stat.ctimeNs;
    Operation set = operationFor(OperationKind::SetAttributes, path);
    set.attributes = std::move(attributes);
    sendEntry(m, std::move(set), entry, item.capturedAt);
    if (stat.links < 2 || stat.kind == EntryKind::Directory)
        return;
    for (const RelPath &name : m.index.pathsOf(stat.identity)) // the same inode under other names
        m.index.set(name, entry);
}

Finding Planner::examineOther(const RelPath &path, const EntryStat &stat, const WorkItem &item)
{
    const Result<EntryAttributes> attributes = sourceAttributes(m, path, stat);
    if (!attributes)
        return fail(path, attributes.error(), item);
    IndexEntry fresh = entryFor(stat, *attributes);
    if (stat.kind == EntryKind::Symlink) {
        const Result<QByteArray> target = m.source.readSymlink(path);
        if (!target)
            return fail(path, target.error(), item);
        fresh.linkTarget = *target;
    }
    const IndexEntry *entry = m.index.find(path);
    m.problems.clear(path);
    if (entry && !entry->replaceWhole && entry->linkTarget == fresh.linkTarget) {
        fresh.linkGroup = entry->linkGroup;
        if (entry->attributes != *attributes)
            sendAttributes(path, stat, *attributes, item);
        else
            m.index.set(path, fresh);
        return Finding::Settled;
    }
    Operation make = operationFor(stat.kind == EntryKind::Symlink ? OperationKind::MakeSymlink
                                                                  : OperationKind::MakeFifo,
                                  path);
    make.attributes = *attributes;
    make.linkTarget = fresh.linkTarget;
    sendEntry(m, std::move(make), fresh, item.capturedAt);
    if (stat.links > 1)
        sendLinks(m, path, item.capturedAt);
    return Finding::Settled;
}

Finding Planner::examineFile(const RelPath &path, const EntryStat &stat, const WorkItem &item)
{
    const IndexEntry *entry = m.index.find(path);
    if (entry && entry->source.inode == 0 && entry->size == stat.size
        && entry->attributes.mtimeNs == stat.mtimeNs) {
        // As the target listed it; size and time agree, so the content counts as equal.
        IndexEntry known = *entry;
        known.source = stat.identity;
        known.sourceCtimeNs = stat.ctimeNs;
        m.index.set(path, known);
        if (stat.links > 1)
            followLink(path, stat, item);
        entry = m.index.find(path);
    }
    const bool unchanged = entry && entry->source == stat.identity && entry->size == stat.size
        && entry->attributes.mtimeNs == stat.mtimeNs && entry->sourceCtimeNs == stat.ctimeNs;
    if (unchanged) {
        const Result<EntryAttributes> attributes = sourceAttributes(m, path, stat);
        if (!attributes)
            return fail(path, attributes.error(), item);
        if (entry->attributes != *attributes)
            sendAttributes(path, stat, *attributes, item);
        m.problems.clear(path);
        return Finding::Settled;
    }
    if (stat.size <= inlineLimit)
        return sendSmallFile(path, stat, item);
    const bool isUseful = entry && entry->size > inlineLimit && !entry->replaceWhole;
    // A map in the blocks of a file that was far smaller would take too much memory.
    const bool isFine =
        entry && entry->blocks && entry->blocks->blockSize * 8 < index::blockSizeFor(entry->size);
    if (isUseful && (!entry->blocks || isFine))
        return Finding::NeedsBlocks;
    return Finding::LargeContent;
}

Finding Planner::sendSmallFile(const RelPath &path, const EntryStat &stat, const WorkItem &item)
{
    Result<SmallFile> file = readSmallFile(m.source, path, stat);
    if (!file)
        return fail(path, file.error(), item);
    const auto attributes = sourceAttributes(m, stat, std::move(file->xattrs));
    if (!attributes)
        return fail(path, attributes.error(), item);
    IndexEntry fresh = entryFor(stat, *attributes);
    fresh.content = contentDigest(file->ranges, stat.size, m.key);
    const IndexEntry *entry = m.index.find(path);
    m.problems.clear(path);
    if (entry && entry->content == fresh.content && entry->size == stat.size) {
        if (entry->attributes != *attributes)
            sendAttributes(path, stat, *attributes, item);
        else
            m.index.set(path, fresh);
        return Finding::Settled;
    }
    Operation put = operationFor(OperationKind::PutFile, path);
    put.attributes = *attributes;
    put.size = stat.size;
    put.digest = *fresh.content;
    put.ranges = std::move(file->ranges);
    sendEntry(m, std::move(put), fresh, item.capturedAt);
    if (stat.links > 1)
        sendLinks(m, path, item.capturedAt);
    return Finding::Settled;
}

// Something stands at the target that Octopus did not put there. Equal things are adopted; others
// are left alone until the user allows their replacement.
Finding Planner::examineForeign(const RelPath &path, const EntryStat &stat, const WorkItem &item)
{
    IndexEntry entry = *m.index.find(path);
    bool adopt = m.replaceForeign && entry.kind == stat.kind;
    if (entry.kind == stat.kind && stat.kind == EntryKind::Directory)
        adopt = true;
    if (entry.kind == stat.kind && stat.kind == EntryKind::Symlink && !adopt) {
        const Result<QByteArray> target = m.source.readSymlink(path);
        adopt = target && *target == entry.linkTarget;
    }
    const bool alike = entry.size == stat.size && entry.attributes.mtimeNs == stat.mtimeNs;
    if (entry.kind == stat.kind && stat.kind == EntryKind::File && alike)
        adopt = true;
    if (!adopt) {
        m.setProblem(path, ProblemCode::ForeignEntry,
                     "something that Octopus did not put there stands at this path");
        return Finding::Settled;
    }
    entry.foreign = false;
    m.problems.clear(path);
    m.outbox.add(operationFor(OperationKind::Adopt, path), entry, item.capturedAt);
    return examineEntry(path, stat, item);
}

void Planner::removeEntries(const RelPath &path, MonotonicTime capturedAt)
{
    const QList<RelPath> paths = m.index.subtree(path);
    for (const RelPath &each : paths | std::views::reverse) {
        if (m.index.find(each)->foreign) {
            m.index.erase(each);
            continue;
        }
        examineOtherNames(m, each, m.index.find(each)->source, capturedAt);
        m.work.addDirectory(each.parent());
        m.outbox.add(operationFor(OperationKind::Remove, each), std::nullopt, capturedAt);
    }
    m.problems.clearSubtree(path);
}

void Planner::remove(const RelPath &path, MonotonicTime capturedAt)
{
    const Result<EntryStat> stat = m.source.stat(path);
    const bool gone = !stat && isAbsence(stat.error());
    const bool carried = stat && stat->kind != EntryKind::Socket && stat->kind != EntryKind::Device
        && m.rules.includes(path, stat->kind);
    if (!stat && !gone) {
        m.setProblem(path, ProblemCode::CannotRead, stat.error().detail);
        return; // not readable is not absent
    }
    if (carried) {
        m.work.add(path, {capturedAt, 0, true}); // it came back
        return;
    }
    removeEntries(path, capturedAt);
}

void Planner::settleDirectory(const RelPath &path, bool disturbed)
{
    const IndexEntry *entry = m.index.find(path);
    if (!entry || entry->kind != EntryKind::Directory || entry->foreign)
        return;
    const MonotonicTime now = m.clock.monotonic();
    const Result<EntryStat> stat = m.source.stat(path);
    if (!stat || stat->kind != EntryKind::Directory) {
        m.work.add(path, {now, 0, false});
        return;
    }
    const Result<EntryAttributes> attributes = sourceAttributes(m, path, *stat);
    if (!attributes) {
        m.setProblem(path, ProblemCode::CannotRead, attributes.error().detail);
        return;
    }
    if (disturbed || entry->attributes != *attributes)
        sendAttributes(path, *stat, *attributes, {now, 0, false});
}

Finding Planner::fail(const RelPath &path, const Error &error, const WorkItem &item)
{
    const MonotonicTime now = m.clock.monotonic();
    WorkItem retry = item;
    retry.attempts = std::max(0, item.attempts) + 1;
    Milliseconds wait(2 << std::min(retry.attempts, 11)); // up to 4 s
    if (error.code == ErrorCode::NotFound || error.code == ErrorCode::NotDirectory) {
        m.work.add(path, retry); // it vanished in between
        return Finding::Later;
    }
    if (error.code == ErrorCode::Unstable) {
        if (retry.attempts <= 3)
            wait = Milliseconds(1);
        else
            m.setProblem(path, ProblemCode::Unstable, error.detail);
    } else {
        m.setProblem(path, ProblemCode::CannotRead, error.detail);
        wait = std::max(wait, Milliseconds(1000));
    }
    m.work.addLater(path, retry, now + wait);
    return Finding::Later;
}

} // namespace octopus::mirror
