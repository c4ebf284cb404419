// Primary: the core of one mirror on the machine that owns the source. Turns hints into operations,
// keeps account of what the target has applied, and knows whether the two sides are equal.
//
// Single-threaded and stepwise: work() plans a bounded amount, next() hands out the next message;
// it never waits. Comparison, reconnecting, lost events and Synchronize are all the same: load the
// target's listing where it is not known, then scan the source. Given its inputs it is
// deterministic. Belongs to the thread of its mirror; source and changes outlive it.
#pragma once

#include "engine/base/random.h"
#include "engine/metrics/mirroractivity.h"
#include "engine/metrics/ratemeter.h"
#include "engine/mirror/planner.h"
#include "engine/mirror/scan.h"
#include "engine/mirror/sourcecount.h"
#include "engine/mirror/transfer.h"
#include "engine/model/status.h"
#include "engine/plan/guards.h"

namespace octopus::mirror {

class Verification;
struct VerificationReport;

struct PrimaryOptions {
    VaultId vault;
    QString vaultName;
    Epoch epoch{1};
    QByteArray destination;
    bool adopt = false;
};

// What a Synchronize found and did, counted until it was complete.
struct ComparisonReport {
    quint64 compared = 0; // entries of the source looked at
    quint64 operations = 0;
    quint64 copied = 0; // files and other entries sent
    quint64 removed = 0;
    quint64 bytesCompared = 0;
    quint64 bytesSent = 0; // of content
    Nanoseconds duration{0};
};

class Primary
{
public:
    Primary(Root &source, ChangeSource &changes, const RuleMatcher &rules, const Clock &clock,
            Random &random, PrimaryOptions options);
    ~Primary();

    // A connection to the target is ready, or gone. `founded`: there was a replica over there; that
    // there is none now halts.
    void connected(bool founded = false);
    void disconnected();
    // Corrupt, Refused: the target breaks the protocol; the caller closes the connection.
    [[nodiscard]] Result<void> receive(const wire::Message &message);

    // Takes in changes and plans a bounded amount of work; true if there is more to do at once.
    bool work();
    // Takes in all that the source knows by now: what changed before the call is pending after it.
    void takeAllChanges();
    // The next message for the target, or nullopt.
    [[nodiscard]] std::optional<wire::Message> next();
    // When work() should be called again although nothing happened; nullopt: no need.
    [[nodiscard]] std::optional<MonotonicTime> nextDue() const;

    [[nodiscard]] bool isInSync() const;
    [[nodiscard]] Phase phase() const;
    // Everything but peer, name and byte counters, which the connection's owner knows.
    [[nodiscard]] MirrorStatus status() const;
    // The capture time of the oldest change that the target has not applied; nullopt: none. Only
    // meaningful while isCertain().
    [[nodiscard]] std::optional<MonotonicTime> oldestPending() const;
    // False before the first comparison is complete and after lost events.
    [[nodiscard]] bool isCertain() const { return m_certain; }

    // What the line takes in about 100 ms, in bytes: content is cut into pieces of this size, so that
    // a small change does not wait behind a large one for longer than that.
    void setPace(qint64 bytes);
    void setPaused(bool paused) { m_paused = paused; }
    // Ends a halt. `confirm`: what the guards stopped was on purpose.
    void resume(bool confirm);
    // Compares everything anew. `replaceForeign`: entries that Octopus did not put there may be
    // replaced (and are kept as versions).
    void synchronize(bool replaceForeign);
    // The report of the last complete comparison, and how many there were.
    [[nodiscard]] const ComparisonReport &lastComparison() const { return m_lastReport; }
    [[nodiscard]] quint64 comparisons() const { return m_comparisons; }
    [[nodiscard]] Verification &verification() { return *m_verification; }
    // What the target has applied lately.
    [[nodiscard]] const metrics::MirrorActivity &activity() const { return m_activity; }

private:
    friend class Verification;
    enum class Link : quint8 { Down, Opening, Up };
    struct Listing {
        quint32 request = 0;
        RelPath path;
        MonotonicTime since; // it stands for changes captured then
    };
    struct Doubt {         // the target's state at a path is not known
        MonotonicTime due; // when it is to be asked
        MonotonicTime since;
    };
    struct BlocksWanted {
        RelPath path;
        WorkItem item;
        quint64 revision = 0; // of the index entry; 0: the answer is of no use any more
        index::BlockMap map;
    };

    bool takeChanges();
    void take(const Change &change);
    [[nodiscard]] bool planOne();
    void examine(const RelPath &path, const WorkItem &item);
    void followMoves();
    [[nodiscard]] bool planReady();
    [[nodiscard]] bool planScan();
    [[nodiscard]] bool planAbsences();
    [[nodiscard]] bool awaitSecondHalf(quint64 removals, MonotonicTime oldest);
    [[nodiscard]] bool planDirectories();
    [[nodiscard]] bool planComparisons();
    [[nodiscard]] bool planTransfer();
    [[nodiscard]] bool planCompletion();
    void forgetHeld();
    void doubt(const RelPath &path, Milliseconds wait);
    void wantBlocks(const RelPath &path, const WorkItem &item);
    void putOff(const RelPath &path, const WorkItem &item, const Error &error);
    void halt(HaltReason reason, const QByteArray &detail, const QList<QByteArray> &paths = {});
    void compareAll();
    void abortTransfers();
    [[nodiscard]] bool isIdle() const;
    void startOver();
    void measure();
    [[nodiscard]] quint64 bytesDone() const;
    [[nodiscard]] Progress progress() const;

    [[nodiscard]] Result<void> onState(const wire::MirrorState &state);
    void resumeAfter(Sequence applied, quint64 credit);
    [[nodiscard]] Result<void> onListing(const wire::TreeListing &listing);
    [[nodiscard]] Result<void> onTreeEnd(const wire::TreeEnd &end);
    [[nodiscard]] Result<bool> takeUnreadable(const RelPath &listed,
                                              const QList<QByteArray> &unreadable);
    [[nodiscard]] Result<void> onBlocks(const wire::BlockHashes &blocks);
    void lostTrack(const RelPath &path, ProblemCode code, const QByteArray &detail);
    [[nodiscard]] Result<void> onApplied(Sequence applied);
    void onFailed(const wire::OperationFailed &failed);
    void onRefusal(const wire::Refusal &refusal);
    void onVerified(const VerificationReport &report, bool repair);

    const Clock &m_clock;
    ChangeSource &m_changes;
    const PrimaryOptions m_options;
    const StreamId m_stream;
    Replication m;
    Planner m_planner;
    Scan m_scan;
    SourceCount m_count;
    metrics::RateMeter m_rate;
    quint64 m_bytesDone = 0; // when it was measured last
    plan::DeletionBrake m_brake;
    std::unique_ptr<Verification> m_verification;
    metrics::MirrorActivity m_activity;

    Link m_link = Link::Down;
    bool m_paused = false;
    bool m_founded = false; // see connected()
    bool m_indexLoaded = false;
    bool m_certain = false;
    bool m_everCertain = false;
    bool m_consistentSent = false;
    bool m_emptyConfirmed = false; // a person said that the source was emptied on purpose
    std::optional<Halt> m_halt;
    std::optional<Listing> m_listing;
    std::map<RelPath, Doubt> m_toCompare;
    std::optional<MonotonicTime> m_absencesDue; // when those are judged that may be half a move
    std::map<RelPath, int> m_failures;
    std::set<RelPath> m_distrusted; // verification found another content there
    std::map<quint32, BlocksWanted> m_blocksWanted;
    std::map<RelPath, WorkItem> m_large;
    std::unique_ptr<Transfer> m_transfer;
    qint64 m_pace = wire::batchTarget;
    quint64 m_nextStage = 1;
    quint32 m_nextRequest = 1;
    MonotonicTime m_nextPolling;
    std::optional<WallTime> m_lastInSync;
    ComparisonReport m_report;
    ComparisonReport m_lastReport;
    MonotonicTime m_reportStarted;
    quint64 m_comparisons = 0;
};

} // namespace octopus::mirror
