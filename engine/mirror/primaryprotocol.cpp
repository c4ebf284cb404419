// What the target says, and what follows from it: the receiving half of Primary.
#include "engine/base/log.h"
#include "engine/mirror/primary.h"
#include "engine/mirror/verification.h"
#include "engine/wire/codec.h"

#include <algorithm>

namespace octopus::mirror {

using index::IndexEntry;

Result<void> Primary::receive(const wire::Message &message)
{
    const auto unexpected = [] {
        return failure(ErrorCode::Corrupt, "the target sent a message that only a primary sends");
    };
    if (const auto *state = std::get_if<wire::MirrorState>(&message))
        return onState(*state);
    if (const auto *refusal = std::get_if<wire::Refusal>(&message)) {
        onRefusal(*refusal);
        return {};
    }
    if (std::holds_alternative<wire::Heartbeat>(message))
        return {};
    if (m_link != Link::Up)
        return failure(ErrorCode::Corrupt, "the target did not begin with its state");
    if (const auto *acknowledgement = std::get_if<wire::Acknowledgement>(&message)) {
        m.outbox.raiseCredit(acknowledgement->credit);
        return onApplied(acknowledgement->applied);
    }
    if (const auto *failed = std::get_if<wire::OperationFailed>(&message)) {
        onFailed(*failed);
        return {};
    }
    if (const auto *listing = std::get_if<wire::TreeListing>(&message))
        return m_verification->owns(listing->request) ? m_verification->receive(*listing)
                                                      : onListing(*listing);
    if (const auto *end = std::get_if<wire::TreeEnd>(&message))
        return m_verification->owns(end->request) ? m_verification->receive(*end) : onTreeEnd(*end);
    if (const auto *blocks = std::get_if<wire::BlockHashes>(&message))
        return onBlocks(*blocks);
    return unexpected();
}

Result<void> Primary::onApplied(Sequence applied)
{
    const MonotonicTime now = m_clock.monotonic();
    const WallTime at = m_clock.wall();
    return m.outbox.acknowledge(applied, [&](const Carried &x) {
        m_activity.record(x.what, x.path, x.what == ActivityKind::Moved ? x.from : RelPath(),
                          x.bytes, now, at);
    });
}

Result<void> Primary::onState(const wire::MirrorState &state)
{
    if (m_link != Link::Opening)
        return failure(ErrorCode::Corrupt, "the target sent its state twice");
    m_link = Link::Up;
    if (m_halt && m_halt->reason == HaltReason::ReplicaGone)
        m_halt.reset(); // it is back
    m.targetSetsOwner = state.canSetOwner;
    m.keepsStages = state.held.has_value();
    m.held.clear();
    for (const HeldStage &stage : state.held.value_or(QList<HeldStage>()))
        m.held.insert_or_assign(stage.token, stage.end);
    setPace(m_pace);
    if (state.epoch > m_options.epoch) {
        halt(HaltReason::EpochOutdated,
             "the target has seen epoch " + QByteArray::number(number(state.epoch)));
        return {};
    }
    const bool sameStream = state.stream == m_stream;
    const bool followsUs = m_indexLoaded && sameStream && state.applied >= m.outbox.acknowledged()
        && state.applied <= m.outbox.last();
    if (followsUs) {
        OCTOPUS_TRY(onApplied(state.applied));
        resumeAfter(state.applied, state.credit);
        return {};
    }
    // No stream: operations of this one failed there; the numbering goes on.
    const bool inDoubt = state.stream == StreamId{};
    m.outbox.begin(sameStream || inDoubt ? state.applied : Sequence{}, state.credit);
    compareAll();
    return {};
}

// The same run of both sides goes on: what the target did not apply is taken back from the index
// and looked at again. Nothing else is compared or sent.
void Primary::resumeAfter(Sequence applied, quint64 credit)
{
    const QList<Undone> undone = m.outbox.undoAfter(applied);
    m.outbox.begin(applied, credit);
    if (!m_toCompare.empty()) { // under names that may just have been taken back
        compareAll();
        return;
    }
    if (!undone.isEmpty())
        m_consistentSent = false;
    for (const Undone &change : undone) {
        if (change.back)
            m.problems.follow(*change.back);
        if (!change.directoryAttributes)
            m.work.add(change.path, {change.capturedAt, 0, true});
        else
            m.work.addDirectory(change.path);
        if (!change.path.isRoot())
            m.work.addDirectory(change.path.parent());
    }
    // Where a move was taken back, nobody else may come to look at what followed it.
    for (const RelPath &path : undone.isEmpty() ? QList<RelPath>() : m.problems.failures())
        m.work.add(path, {m_clock.monotonic(), 0, false});
    const auto again = [this](const RelPath &path, const WorkItem &item) {
        m.work.add(path, item);
    };
    if (m_transfer)
        again(m_transfer->path(), m_transfer->item());
    for (const auto &[request, wanted] : m_blocksWanted)
        again(wanted.path, wanted.item);
    m_transfer.reset();
    m_blocksWanted.clear();
    if (m_listing) {
        const RelPath path = m_listing->path;
        m_listing.reset();
        doubt(path, Milliseconds(0));
    }
}

static IndexEntry entryFromListing(const wire::TreeEntry &listed, bool targetSetsOwner)
{
    IndexEntry entry;
    entry.kind = listed.kind;
    entry.attributes = listed.attributes;
    entry.size = listed.size;
    entry.linkTarget = listed.linkTarget;
    entry.linkGroup = listed.linkGroup;
    entry.foreign = listed.foreign;
    normalise(entry.attributes, entry.kind, targetSetsOwner);
    if (listed.inDoubt)
        entry.attributes.mtimeNs = ~entry.attributes.mtimeNs; // its content is to be compared
    return entry;
}

Result<void> Primary::onListing(const wire::TreeListing &listing)
{
    if (!m_listing || listing.request != m_listing->request)
        return {}; // of a comparison that was given up for a larger one
    for (const wire::TreeEntry &listed : listing.entries) {
        if (!listed.path.isWithin(m_listing->path))
            return failure(ErrorCode::Corrupt, "the target lists what was not asked for");
        m.index.set(listed.path, entryFromListing(listed, m.targetSetsOwner));
    }
    return {};
}

// What the target could not list is not absent there: it is asked again, later and later. False if
// that is everything.
Result<bool> Primary::takeUnreadable(const RelPath &listed, const QList<QByteArray> &unreadable)
{
    static const QByteArray detail = "the target cannot read what it has here";
    if (unreadable.size() >= wire::maximumListedPaths) { // there may be more
        lostTrack(listed, ProblemCode::CannotApply, detail);
        return false;
    }
    bool readable = true;
    for (const QByteArray &bytes : unreadable) {
        const Result<RelPath> path = bytes.isEmpty() ? RelPath() : RelPath::parse(bytes);
        if (!path || !path->isWithin(listed))
            return failure(ErrorCode::Corrupt, "the target lists what it was not asked for");
        lostTrack(*path, ProblemCode::CannotApply, detail);
        readable = readable && *path != listed;
    }
    return readable;
}

Result<void> Primary::onTreeEnd(const wire::TreeEnd &end)
{
    if (!m_listing || end.request != m_listing->request)
        return {};
    const RelPath path = m_listing->path;
    m_listing.reset();
    const MonotonicTime now = m_clock.monotonic();
    m.problems.clearSubtree(path); // those that remain are met again
    const Result<bool> readable = takeUnreadable(path, end.unreadable);
    if (!readable)
        return passOn(readable);
    if (!*readable)
        return {}; // it is asked again
    // A group of one is no group: the other names lie outside of the replica's entries.
    std::map<quint64, QList<RelPath>> groups;
    for (const RelPath &name : m.index.subtree(path)) {
        if (const quint64 group = m.index.find(name)->linkGroup)
            groups[group].append(name);
        if (m_distrusted.contains(name)) {
            IndexEntry entry = *m.index.find(name);
            entry.attributes.mtimeNs = ~entry.attributes.mtimeNs; // its content is to be compared
            m.index.set(name, entry);
        }
    }
    if (path.isRoot()) {
        for (const auto &[group, names] : groups) {
            if (names.size() > 1)
                continue;
            IndexEntry entry = *m.index.find(names.first());
            entry.linkGroup = 0;
            m.index.set(names.first(), entry);
        }
        m_indexLoaded = true;
        m_bytesDone = bytesDone(); // what was there is no progress
    }
    m_distrusted.erase(path);
    m.work.add(path, {now, 0, true});
    return {};
}

Result<void> Primary::onBlocks(const wire::BlockHashes &blocks)
{
    const auto it = m_blocksWanted.find(blocks.request);
    if (it == m_blocksWanted.end())
        return {}; // the path was compared anew meanwhile
    BlocksWanted &wanted = it->second;
    wanted.map.fileSize = blocks.size;
    wanted.map.hashes.append(blocks.hashes);
    const quint64 count = index::blockCount(blocks.size, wanted.map.blockSize);
    if (quint64(wanted.map.hashes.size()) > count)
        return failure(ErrorCode::Corrupt, "the target sent more block hashes than blocks");
    if (!blocks.last)
        return {};
    const IndexEntry *entry = m.index.find(wanted.path);
    // Only if the target hashed what the index says is there.
    if (entry && entry->kind == EntryKind::File && entry->revision == wanted.revision) {
        IndexEntry known = *entry;
        if (quint64(wanted.map.hashes.size()) == count && blocks.size > 0)
            known.blocks = std::make_shared<const index::BlockMap>(wanted.map);
        known.replaceWhole = !known.blocks; // it cannot be read there, or is empty
        m.index.set(wanted.path, known);
    }
    m.work.add(wanted.path, wanted.item);
    m_blocksWanted.erase(it);
    return {};
}

static ProblemCode problemFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NoSpace: return ProblemCode::NoSpace;
    case ErrorCode::Refused:
    case ErrorCode::Exists: return ProblemCode::ForeignEntry;
    case ErrorCode::Unsupported: return ProblemCode::LostAttributes;
    default: return ProblemCode::CannotApply;
    }
}

void Primary::onFailed(const wire::OperationFailed &failed)
{
    const ProblemCode code = problemFor(failed.code);
    m.outbox.markFailed(failed.sequence);
    const QList<RelPath> paths = m.outbox.pathsOf(failed.sequence);
    if (isNotice(code) && !paths.isEmpty()) {
        m.setProblem(paths.first(), code, failed.detail);
        return;
    }
    for (const RelPath &path : paths)
        lostTrack(path, code, failed.detail);
}

// What is at the path over there is not known any more: the target is asked, later and later.
void Primary::lostTrack(const RelPath &path, ProblemCode code, const QByteArray &detail)
{
    m.setProblem(path, code, detail);
    const int failures = ++m_failures[path];
    doubt(path, std::min(Milliseconds(250) * (1 << std::min(failures, 8)), Milliseconds(60'000)));
    m_consistentSent = false;
    // Nothing is built upon it meanwhile, not even a hard link.
    if (const IndexEntry *entry = m.index.find(path); entry && entry->kind != EntryKind::Directory)
        m.index.erase(path);
}

void Primary::onVerified(const VerificationReport &report, bool repair)
{
    if (!report.complete)
        return;
    m.problems.clear(ProblemCode::Different);
    for (const Difference &difference : report.different) {
        m.setProblem(difference.path, ProblemCode::Different, difference.what);
        m_consistentSent = false;
        if (!repair)
            continue;
        m_distrusted.insert(difference.path);
        doubt(difference.path, Milliseconds(0));
    }
}

void Primary::onRefusal(const wire::Refusal &refusal)
{
    HaltReason reason = HaltReason::StateUnreadable;
    switch (refusal.code) {
    case ErrorCode::Refused: reason = HaltReason::ForeignData; break;
    case ErrorCode::NotPaired: reason = HaltReason::NotPaired; break;
    case ErrorCode::NotGranted: reason = HaltReason::NotGranted; break;
    case ErrorCode::VersionMismatch: reason = HaltReason::EpochOutdated; break;
    case ErrorCode::ReadOnly: reason = HaltReason::TargetReadOnly; break;
    case ErrorCode::Corrupt: reason = HaltReason::StateUnreadable; break;
    case ErrorCode::NotFound:
        if (m_founded) {
            reason = HaltReason::ReplicaGone;
            break;
        }
        [[fallthrough]];
    default:
        qCWarning(logMirror) << "the target refuses for now:" << refusal.detail;
        return; // busy, no space: the connection ends and is tried again
    }
    halt(reason, refusal.detail, refusal.paths);
}

} // namespace octopus::mirror
