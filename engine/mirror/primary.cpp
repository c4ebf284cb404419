#include "engine/mirror/primary.h"

#include "engine/base/log.h"
#include "engine/mirror/verification.h"

#include <algorithm>

namespace octopus::mirror {

// Directories that the kernel cannot watch are looked at this often.
static constexpr Milliseconds pollingInterval(5000);
// How often the source is polled for everything that it has.
static constexpr int mostPolls = 100;
// A copy that takes longer than this is worth to know how long it will take.
static constexpr Milliseconds countAfter(1000);
// Paths planned in one call of work().
static constexpr int workBudget = 512;
// What one step of a transfer counts against it.
static constexpr int transferCost = 64;

Primary::Primary(Root &source, ChangeSource &changes, const RuleMatcher &rules, const Clock &clock,
                 Random &random, PrimaryOptions options)
    : m_clock(clock),
      m_changes(changes),
      m_options(std::move(options)),
      m_stream(StreamId(random.next64() | 1)),
      m(source, clock, rules),
      m_planner(m),
      m_scan(m, changes),
      m_count(source, rules),
      m_rate(clock.monotonic()),
      m_verification(std::make_unique<Verification>(*this))
{
    m.key = HashKey{random.next64()};
}

Primary::~Primary() = default;

void Primary::connected(bool founded)
{
    m_link = Link::Opening;
    m_founded = founded;
    m.outbox.discardMessages();
    m.outbox.add(wire::Message(wire::OpenMirror{m_options.vault, m_options.vaultName,
                                                m_options.epoch, m_stream, m_options.destination,
                                                m_options.adopt, m.key, founded}));
}

void Primary::disconnected()
{
    m_link = Link::Down;
    m_verification->interrupt();
}

std::optional<wire::Message> Primary::next()
{
    if (m_link == Link::Down)
        return std::nullopt;
    return m.outbox.take();
}

bool Primary::work()
{
    takeChanges();
    if (m_link != Link::Up || m_paused || m_halt)
        return false;
    if (m_scan.hasUnwatched() && m_clock.monotonic() >= m_nextPolling) {
        m_nextPolling = m_clock.monotonic() + pollingInterval;
        m_scan.enterUnwatched(m_clock.monotonic());
    }
    measure();
    int budget = workBudget;
    while (budget > 0 && m.outbox.hasRoom() && !m_halt) {
        const bool transferring = m_transfer != nullptr;
        if (!planOne())
            return m_verification->work();
        budget -= transferring ? transferCost : 1;
    }
    if (isInSync())
        m_lastInSync = m_clock.wall();
    return m.outbox.hasRoom() && !m_halt;
}

void Primary::setPace(qint64 bytes)
{
    m_pace = bytes;
    // To a target that does not know StageBegin, each chunk goes as it was hashed.
    m.outbox.setPace(m.keepsStages ? bytes : wire::batchTarget);
}

// False: there was none.
bool Primary::takeChanges()
{
    const QList<Change> changes = m_changes.poll();
    for (const Change &change : changes)
        take(change);
    return !changes.isEmpty();
}

void Primary::takeAllChanges()
{
    // Bounded, for a writer may be faster; a poll takes megabytes, and the kernel keeps fewer.
    for (int polls = 0; polls < mostPolls && takeChanges(); ++polls) {}
}

void Primary::take(const Change &change)
{
    switch (change.kind) {
    case ChangeKind::Entry:
        m.work.add(change.path, {change.at, 0, false});
        m.work.addDirectory(change.path.parent(), false);
        return;
    case ChangeKind::Subtree:
        m.work.add(change.path, {change.at, 0, true});
        m.work.addDirectory(change.path.parent(), false);
        return;
    case ChangeKind::Lost:
        startOver();
        m.work.add(RelPath(), {change.at, 0, true});
        qCInfo(logMirror) << "events were lost; the source is scanned again";
        return;
    case ChangeKind::RootGone:
        halt(HaltReason::RootGone, "the source folder was moved, removed or unmounted");
        return;
    }
}

bool Primary::isIdle() const
{
    const auto listed = [this](const RelPath &path) { return m.problems.has(path); };
    return !m_listing && m_indexLoaded && !m_scan.isRunning() && m_large.empty() && !m_transfer
        && m_blocksWanted.empty() && !m.work.hasDirectories() && m.work.absent().empty()
        && m.work.hasOnly(listed)
        && std::ranges::all_of(m_toCompare, [&](const auto &x) { return listed(x.first); });
}

bool Primary::isInSync() const
{
    return m_link == Link::Up && !m_halt && m_certain && isIdle() && m.work.size() == 0
        && m.outbox.pending() == 0 && m.outbox.isEmpty() && !m.problems.hasFailures();
}

static bool isGuard(HaltReason reason)
{
    return reason == HaltReason::RootGone || reason == HaltReason::RootEmptied
        || reason == HaltReason::MassDeletion;
}

// What a guard has stopped is to be decided, whatever the target says meanwhile.
void Primary::halt(HaltReason reason, const QByteArray &detail, const QList<QByteArray> &paths)
{
    if (m_halt && isGuard(m_halt->reason) && !isGuard(reason))
        return;
    m_halt = Halt{reason, detail, paths};
    qCWarning(logMirror) << "halted:" << haltName(reason) << detail;
}

void Primary::resume(bool confirm)
{
    const bool wasEmptied = m_halt && m_halt->reason == HaltReason::RootEmptied;
    m_halt.reset();
    if (confirm)
        m_brake.confirm();
    if (!wasEmptied)
        return;
    // The scan ended where it found nothing; it goes again, and may find the same if that was meant.
    m_emptyConfirmed = confirm;
    m_scan.setEmptyAllowed(confirm);
    startOver();
    m.work.add(RelPath(), {m_clock.monotonic(), 0, true});
}

void Primary::synchronize(bool replaceForeign)
{
    m.replaceForeign = replaceForeign;
    doubt(RelPath(), Milliseconds(0));
    startOver();
}

// Both sides are to be compared; how much that will be is counted from now on.
void Primary::startOver()
{
    const MonotonicTime now = m_clock.monotonic();
    m_certain = false;
    m_count.start(now + countAfter);
    m_rate = metrics::RateMeter(now);
    m_bytesDone = bytesDone();
}

void Primary::doubt(const RelPath &path, Milliseconds wait)
{
    const MonotonicTime now = m_clock.monotonic();
    const auto [it, inserted] = m_toCompare.try_emplace(path, Doubt{now + wait, now});
    it->second.due = std::min(it->second.due, now + wait);
}

void Primary::abortTransfers()
{
    m_transfer.reset();
    m_large.clear();
    m_blocksWanted.clear();
}

// The target lists everything it has; then the source is scanned against that.
void Primary::compareAll()
{
    m_consistentSent = false;
    m_indexLoaded = false;
    if (m_transfer)
        m_transfer->abandon();
    abortTransfers();
    m_scan.clear();
    m.work.clear();
    m_toCompare.clear();
    m_failures.clear();
    m.index.clear();
    m.problems.clearSubtree(RelPath());
    m_report = {};
    m_reportStarted = m_clock.monotonic();
    startOver();
    m_listing = Listing{m_nextRequest++, RelPath(), m_reportStarted};
    m.outbox.add(wire::Message(wire::ListTree{m_listing->request, RelPath(), false, false}));
}

std::optional<MonotonicTime> Primary::nextDue() const
{
    if (m_link != Link::Up || m_paused || m_halt)
        return std::nullopt; // work() would do nothing of it
    std::optional<MonotonicTime> due = m.work.nextDue();
    const auto consider = [&](MonotonicTime time) { due = due ? std::min(*due, time) : time; };
    for (const auto &[path, doubt] : m_toCompare)
        consider(doubt.due);
    if (m_absencesDue)
        consider(*m_absencesDue);
    if (m_scan.hasUnwatched())
        consider(m_nextPolling);
    return due;
}

std::optional<MonotonicTime> Primary::oldestPending() const
{
    std::optional<MonotonicTime> oldest = m.work.oldest();
    const auto consider = [&](const std::optional<MonotonicTime> &time) {
        if (time)
            oldest = oldest ? std::min(*oldest, *time) : *time;
    };
    consider(m.outbox.oldest());
    for (const auto &[path, doubt] : m_toCompare)
        consider(doubt.since);
    if (m_listing)
        consider(m_listing->since);
    for (const auto &[path, item] : m_large)
        consider(item.capturedAt);
    for (const auto &[request, wanted] : m_blocksWanted)
        consider(wanted.item.capturedAt);
    if (m_transfer)
        consider(m_transfer->item().capturedAt);
    return oldest;
}

Phase Primary::phase() const
{
    if (m_halt)
        return Phase::Halted;
    if (m_paused)
        return Phase::Paused;
    if (m_link != Link::Up)
        return Phase::Offline;
    if (m_listing && m_listing->path.isRoot())
        return Phase::Checking;
    return m_certain ? Phase::Mirroring : Phase::Copying;
}

// Of the files that the target has, or will have when what is on its way has arrived.
quint64 Primary::bytesDone() const
{
    const quint64 planned = m.index.bytes();
    return planned - std::min(planned, m.outbox.pendingBytes())
        + (m_transfer ? m_transfer->done() : 0);
}

void Primary::measure()
{
    const MonotonicTime now = m_clock.monotonic();
    if (!m_certain)
        m_count.work(now);
    const quint64 done = bytesDone();
    if (m_indexLoaded && done > m_bytesDone)
        m_rate.add(done - m_bytesDone, 0, now);
    m_bytesDone = done;
}

// While something is copied: against all that the source has, once that was counted.
Progress Primary::progress() const
{
    Progress progress;
    progress.done = bytesDone();
    if (m_certain) {
        progress.total = m.index.bytes() + (m_transfer ? m_transfer->size() : 0);
        return progress;
    }
    if (const auto counted = m_count.bytes()) {
        progress.total = std::max(*counted, progress.done);
        metrics::RateMeter rate = m_rate;
        progress.remaining = rate.remaining(progress.total - progress.done, m_clock.monotonic());
    }
    return progress;
}

MirrorStatus Primary::status() const
{
    MirrorStatus status;
    status.destination = m_options.destination;
    status.phase = phase();
    status.inSync = isInSync();
    const bool isGone = m_halt && m_halt->reason == HaltReason::ReplicaGone;
    if (m_certain && !isGone) {
        const auto oldest = oldestPending();
        const Nanoseconds age = oldest ? m_clock.monotonic() - *oldest : Nanoseconds(0);
        // Rounded up: 0 is shown only when nothing is on its way.
        status.lag = std::chrono::ceil<Milliseconds>(age);
        if (oldest)
            status.lag = std::max(*status.lag, Milliseconds(1));
    }
    status.backlogOperations = quint64(m.work.size() + m.outbox.pending()) + m_large.size()
        + m_blocksWanted.size() + (m_transfer ? 1 : 0);
    status.backlogBytes = m.outbox.pendingBytes();
    status.operations = m.outbox.operations();
    status.files = m.index.files();
    status.bytes = m.index.bytes();
    status.progress = progress();
    if (m_transfer)
        status.backlogBytes += m_transfer->size() - m_transfer->done();
    status.lastInSync = status.inSync ? std::optional(m_clock.wall()) : m_lastInSync;
    status.problems = m.problems.list();
    status.halt = m_halt;
    return status;
}

} // namespace octopus::mirror
