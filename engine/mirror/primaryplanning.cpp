// The steps of Primary's work, most urgent first.
#include "engine/mirror/primary.h"
#include "engine/mirror/verification.h"

#include <algorithm>

namespace octopus::mirror {

using index::IndexEntry;

static constexpr qsizetype mostBlocksWanted = 8;
// The halves of a move are this far apart at most, on a busy machine.
static constexpr Milliseconds moveGrace(500);

bool Primary::planOne()
{
    // The target is telling what it has: until then nothing is sent that could change it.
    if (m_listing)
        return false;
    return planReady() || planScan() || planAbsences() || planDirectories() || planComparisons()
        || planTransfer() || planCompletion();
}

bool Primary::planReady()
{
    const auto ready = m.work.takeReady(m_clock.monotonic());
    if (!ready)
        return false;
    examine(ready->first, ready->second);
    return true;
}

bool Primary::planScan()
{
    const auto found = m_scan.next();
    if (m_scan.foundRootEmptied()) {
        m_scan.clear();
        m_certain = false;
        halt(HaltReason::RootEmptied, "the source folder holds nothing");
        return false;
    }
    if (!found)
        return false;
    examine(found->first, {found->second, 0, true});
    return true;
}

void Primary::examine(const RelPath &path, const WorkItem &item)
{
    if (m_transfer && m_transfer->path() == path) { // its content changes while it is carried
        m_large.insert_or_assign(path, item);
        return;
    }
    ++m_report.compared;
    const Sequence before = m.outbox.last();
    switch (m_planner.examine(path, item)) {
    case Finding::EnterDirectory: m_scan.enter(path, item.capturedAt); break;
    case Finding::LargeContent: m_large.insert_or_assign(path, item); break;
    case Finding::NeedsBlocks: wantBlocks(path, item); break;
    case Finding::Settled:
    case Finding::Absent:
    case Finding::Later: break;
    }
    m_report.copied += number(m.outbox.last()) - number(before);
    followMoves();
}

// What is remembered by its path goes along with the entries that were moved.
void Primary::followMoves()
{
    for (const Move &move : std::exchange(m.moves, {})) {
        const auto isMoved = [&](const RelPath &path) { return move.applied(path) != path; };
        for (const auto &[path, item] : m_large) {
            if (isMoved(path))
                m.work.add(move.applied(path), item);
        }
        if (m_transfer && isMoved(m_transfer->path())) {
            m_transfer->abandon();
            m.work.add(move.applied(m_transfer->path()), m_transfer->item());
            m_transfer.reset();
        }
        for (auto &[request, wanted] : m_blocksWanted) {
            if (isMoved(wanted.path))
                wanted.revision = 0;
            wanted.path = move.applied(wanted.path);
        }
        m.problems.follow(move);
        std::map<RelPath, Doubt> doubts;
        for (const auto &[path, doubt] : m_toCompare)
            doubts.insert_or_assign(move.applied(path), doubt);
        m_toCompare = std::move(doubts);
        std::set<RelPath> distrusted;
        for (const RelPath &path : m_distrusted)
            distrusted.insert(move.applied(path));
        m_distrusted = std::move(distrusted);
    }
}

void Primary::wantBlocks(const RelPath &path, const WorkItem &item)
{
    const IndexEntry *entry = m.index.find(path);
    if (qsizetype(m_blocksWanted.size()) >= mostBlocksWanted || !entry) {
        m.work.addLater(path, item, m_clock.monotonic() + Milliseconds(5));
        return;
    }
    const auto waiting = [&](const auto &x) { return x.second.path == path; };
    if (std::ranges::any_of(m_blocksWanted, waiting)) {
        m.work.addLater(path, item, m_clock.monotonic() + Milliseconds(5));
        return;
    }
    const quint32 request = m_nextRequest++;
    BlocksWanted wanted{path, item, entry->revision, {}};
    wanted.map.blockSize = index::blockSizeFor(entry->size);
    m.outbox.add(wire::Message(wire::BlocksRequest{request, path, wanted.map.blockSize}));
    m_blocksWanted.emplace(request, std::move(wanted));
}

// A folder that is moved vanishes first: the kernel tells so before it tells where it went, and the
// program that moves it may have to wait for a core in between. The brake does not judge before.
bool Primary::awaitSecondHalf(quint64 removals, MonotonicTime oldest)
{
    m_absencesDue.reset();
    plan::DeletionBrake trial = m_brake;
    const MonotonicTime due = oldest + moveGrace;
    if (m_brake.reason() || m_emptyConfirmed || due <= m_clock.monotonic()
        || !trial.add(removals, m_clock.monotonic(), quint64(m.index.size())))
        return false;
    m_absencesDue = due;
    return true;
}

bool Primary::planAbsences()
{
    if (m.work.absent().empty())
        return false;
    takeChanges(); // a name that vanished may just have appeared elsewhere
    if (m.work.hasReady(m_clock.monotonic()) || m_halt)
        return !m_halt;
    if (!m.source.isInPlace()) {
        halt(HaltReason::RootGone, "another folder stands in the place of the source");
        return false;
    }
    quint64 count = 0;
    RelPath last;
    MonotonicTime oldest = m_clock.monotonic();
    for (const auto &[path, capturedAt] : m.work.absent()) {
        oldest = std::min(oldest, capturedAt);
        if (!last.isRoot() && path.isWithin(last))
            continue;
        last = path;
        count += quint64(m.index.subtree(path).size());
    }
    if (awaitSecondHalf(count, oldest))
        return false;
    const auto reason = std::exchange(m_emptyConfirmed, false)
        ? std::nullopt
        : m_brake.add(count, m_clock.monotonic(), quint64(m.index.size()));
    if (reason) {
        halt(*reason,
             QByteArray::number(count) + " of " + QByteArray::number(m.index.size())
                 + " entries disappeared");
        m_halt->gone = count;
        m_halt->known = quint64(m.index.size());
        return false;
    }
    m_report.removed += count;
    for (const auto &[path, capturedAt] : m.work.takeAbsent()) {
        m_planner.remove(path, capturedAt);
        m_changes.unwatch(path);
        m_scan.forgetUnwatched(path);
    }
    return true;
}

bool Primary::planDirectories()
{
    const auto directory = m.work.takeDirectory();
    if (!directory)
        return false;
    m_planner.settleDirectory(directory->first, directory->second);
    return true;
}

// Paths at which the target's state is not known, because an operation failed there.
bool Primary::planComparisons()
{
    if (m_listing)
        return false;
    const MonotonicTime now = m_clock.monotonic();
    const auto due =
        std::ranges::find_if(m_toCompare, [&](const auto &x) { return x.second.due <= now; });
    if (due == m_toCompare.end())
        return false;
    const RelPath path = due->first;
    const MonotonicTime since = due->second.since;
    m_toCompare.erase(due);
    if (path.isRoot()) {
        compareAll();
        return true;
    }
    m_listing = Listing{m_nextRequest++, path, since};
    m.index.eraseSubtree(path);
    m.outbox.add(wire::Message(wire::ListTree{m_listing->request, path, false, false}));
    return true;
}

bool Primary::planTransfer()
{
    if (!m.outbox.hasBulkRoom())
        return false;
    // What completes a file waits for its content: whatever follows would wait behind it.
    if (m_transfer && m_transfer->isRead() && m.outbox.hasBulk())
        return false;
    if (!m_transfer) {
        if (m_large.empty())
            return false;
        const auto node = m_large.extract(m_large.begin());
        auto transfer = Transfer::begin(m, node.key(), node.mapped(), StageId(m_nextStage++));
        if (!transfer) {
            putOff(node.key(), node.mapped(), transfer.error());
            return true;
        }
        m_transfer = std::move(*transfer);
    }
    const Sequence before = m.outbox.last();
    const Result<bool> step = m_transfer->step(quint64(m_pace));
    if (!step) {
        const std::unique_ptr<Transfer> failed = std::move(m_transfer);
        failed->abandon();
        putOff(failed->path(), failed->item(), step.error());
        return true;
    }
    m_report.copied += number(m.outbox.last()) - number(before);
    if (*step)
        m_transfer.reset();
    return true;
}

void Primary::putOff(const RelPath &path, const WorkItem &item, const Error &error)
{
    WorkItem retry = item;
    ++retry.attempts;
    Milliseconds wait(2 << std::min(retry.attempts, 11));
    if (error.code == ErrorCode::Unstable && retry.attempts > 3)
        m.setProblem(path, ProblemCode::Unstable, error.detail);
    else if (error.code != ErrorCode::Unstable && error.code != ErrorCode::NotFound)
        m.setProblem(path, ProblemCode::CannotRead, error.detail);
    m.work.addLater(path, retry, m_clock.monotonic() + wait);
}

// Nothing is on its way any more: what the target still holds is of no use.
void Primary::forgetHeld()
{
    for (const auto &[token, end] : std::exchange(m.held, {})) {
        const auto stage = StageId(m_nextStage++);
        m.outbox.add(wire::Message(StageBegin{stage, token, 0}));
        m.outbox.add(wire::Message(wire::StageDrop{stage}));
    }
}

bool Primary::planCompletion()
{
    if (m_halt || !isIdle())
        return false;
    forgetHeld();
    if (!m_certain) {
        m_certain = true;
        m_everCertain = true;
        ++m_comparisons;
        m_report.duration = m_clock.monotonic() - m_reportStarted;
        m_report.bytesCompared = m.index.bytes();
        m_lastReport = std::exchange(m_report, {});
        m.replaceForeign = false;
        return true;
    }
    if (!m_consistentSent && !m.problems.hasFailures()) {
        m_consistentSent = true;
        Operation consistent;
        consistent.kind = OperationKind::Consistent;
        m.outbox.add(std::move(consistent), std::nullopt, m_clock.monotonic());
        return true;
    }
    return false;
}

} // namespace octopus::mirror
