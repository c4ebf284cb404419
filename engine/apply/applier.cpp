#include "engine/apply/applier.h"

#include "engine/apply/admission.h"
#include "engine/apply/recovery.h"
#include "engine/apply/treewriter.h"
#include "engine/base/log.h"

#include <ranges>
#include <set>

namespace octopus::apply {

static constexpr qsizetype groupBytes = 8 * 1024 * 1024; // of one write to the journal, about
static constexpr qsizetype windowCap = 200'000;          // touched paths
static constexpr Milliseconds purgeInterval = std::chrono::minutes(1);

struct Applier::Private {
    Private(Root &root, const Clock &clock)
        : replica(root, clock),
          admission(replica),
          tree(replica)
    {}

    Result<void> checkUsable() const;
    Result<void> broken(const Result<void> &result);
    void makeRoom(const Error &cause);
    Result<void> take(const Operation &operation);
    Result<void> flush();
    Result<void> journalGroup();
    Result<void> carryOutGroup();
    Result<void> checkpoint();
    Result<void> purgeSometimes();
    Result<void> abandonStream();
    Result<void> eraseOwn();
    void fail(const Operation &operation, const Error &error, bool applied);

    Replica replica;
    Admission admission;
    TreeWriter tree;
    // The operations of the group in the making, in order, and what was refused of them.
    QList<JournalRecord> group;
    qsizetype groupSize = 0;
    QList<FailedOperation> failed; // of the current apply()
    std::optional<Error> error;    // why it must not be used further
    std::optional<MonotonicTime> purgedAt;
    // A look has shown what no checkpoint knows: what comes next may build upon it.
    bool hasSeen = false;
};

Applier::Applier(std::unique_ptr<Private> p) : d(std::move(p)) {}

Applier::~Applier() = default;

Result<std::unique_ptr<Applier>> Applier::open(Root &root, const Clock &clock,
                                               const OpenOptions &options)
{
    auto d = std::make_unique<Private>(root, clock);
    OCTOPUS_TRY(openReplica(d->replica, options));
    return std::unique_ptr<Applier>(new Applier(std::move(d)));
}

Result<QList<RelPath>> Applier::foreignEntries(Root &root, qsizetype limit)
{
    return listForeign(root, limit);
}

const ReplicaRecord &Applier::record() const
{
    return d->replica.record;
}

Sequence Applier::applied() const
{
    return d->replica.applied;
}

Sequence Applier::durable() const
{
    return d->replica.durable;
}

QList<FailedOperation> Applier::failures() const
{
    return d->replica.manifest->failures().all();
}

void Applier::forgive(const RelPath &path)
{
    d->replica.manifest->failures().hear(path);
}

bool Applier::isInDoubt(const RelPath &path) const
{
    return d->replica.manifest->failures().isInDoubt(path);
}

bool Applier::isOwn(const RelPath &path) const
{
    return d->replica.manifest->find(path) != nullptr;
}

void Applier::sawNothing(const RelPath &path)
{
    Manifest &manifest = *d->replica.manifest;
    d->hasSeen |= manifest.find(path) || manifest.hasBelow(path);
    manifest.dropSubtree(path);
    for (const FailedOperation &failed : manifest.failures().all()) {
        if (failed.path.isWithin(path))
            d->hasSeen |= manifest.failures().forget(failed.path);
    }
}

void Applier::sawDirectory(const RelPath &directory, const QList<DirectoryEntry> &entries)
{
    Manifest &manifest = *d->replica.manifest;
    std::set<QByteArray> present;
    for (const DirectoryEntry &entry : entries)
        present.insert(entry.name);
    const auto isAbsent = [&](const RelPath &child) {
        return !present.contains(child.name().toByteArray());
    };
    QList<RelPath> absent;
    for (const RelPath &child : manifest.children(directory)) {
        if (isAbsent(child))
            absent.append(child);
    }
    for (const FailedOperation &failed : manifest.failures().all()) {
        if (failed.path == directory || !failed.path.isWithin(directory))
            continue;
        RelPath child = failed.path;
        while (child.parent() != directory)
            child = child.parent();
        if (isAbsent(child))
            absent.append(child);
    }
    for (const RelPath &child : std::as_const(absent))
        sawNothing(child);
}

// Only the content of an own file can be another than it looks.
void Applier::sawEntry(const RelPath &path, EntryKind kind)
{
    if (kind != EntryKind::File || !isOwn(path))
        d->hasSeen |= d->replica.manifest->failures().forget(path);
}

bool Applier::checkpointDue() const
{
    return d->replica.journal->size() > Journal::cap || d->replica.window.size() > windowCap;
}

bool Applier::checkpointUseful() const
{
    return !d->replica.journal->isEmpty();
}

Result<void> Applier::Private::checkUsable() const
{
    if (error)
        return std::unexpected(*error);
    return {};
}

// What is held is not needed; what failed for want of room is tried again.
void Applier::Private::makeRoom(const Error &cause)
{
    if (cause.code == ErrorCode::NoSpace)
        replica.staging.held().dropAll();
}

Result<void> Applier::Private::broken(const Result<void> &result)
{
    if (!result) {
        error = result.error();
        makeRoom(*error);
    }
    return result;
}

Result<void> Applier::beginStream(Epoch epoch, StreamId stream, HashKey key)
{
    Replica &replica = d->replica;
    OCTOPUS_TRY(d->checkUsable());
    if (number(epoch) < number(replica.record.epoch))
        return failure(ErrorCode::Refused, "a later writer of this vault has been seen");
    if (stream == StreamId{} || stream == replica.record.stream)
        return failure(ErrorCode::Invalid, "a stream begins once");
    return d->broken([&]() -> Result<void> {
        OCTOPUS_TRY(d->checkpoint());
        replica.manifest->failures().hearAll();
        ReplicaRecord record = replica.record;
        record.epoch = epoch;
        record.stream = stream;
        record.key = key;
        OCTOPUS_TRY(writeReplicaRecord(replica.root, record));
        replica.record = record;
        replica.applied = {};
        replica.durable = {};
        replica.staging.setStream(stream, key);
        OCTOPUS_TRY(replica.staging.clear());
        return takeCheckpoint(replica);
    }());
}

// The journal may hold an earlier Consistent, whose redo would say so again.
Result<void> Applier::markInconsistent()
{
    OCTOPUS_TRY(d->checkUsable());
    if (!d->replica.record.consistent)
        return {};
    return d->broken([&]() -> Result<void> {
        OCTOPUS_TRY(d->checkpoint());
        ReplicaRecord record = d->replica.record;
        record.consistent = false;
        OCTOPUS_TRY(writeReplicaRecord(d->replica.root, record));
        d->replica.record = record;
        return {};
    }());
}

Result<void> Applier::addChunk(const StageChunk &chunk)
{
    OCTOPUS_TRY(d->checkUsable());
    return d->replica.staging.add(chunk);
}

void Applier::dropStage(StageId stage)
{
    if (!d->error)
        d->replica.staging.drop(stage);
}

Result<void> Applier::beginStage(const StageBegin &stage)
{
    OCTOPUS_TRY(d->checkUsable());
    return d->replica.staging.begin(stage);
}

bool Applier::catchUpStage(StageId stage)
{
    return d->error || d->replica.staging.catchUp(stage);
}

void Applier::partStages()
{
    if (!d->error)
        d->replica.staging.part();
}

bool Applier::hasOpenStages() const
{
    return d->replica.staging.hasOpen();
}

QList<HeldStage> Applier::heldStages() const
{
    return d->replica.staging.held().list();
}

Result<QList<FailedOperation>> Applier::apply(const QList<Operation> &operations)
{
    OCTOPUS_TRY(d->checkUsable());
    quint64 expected = number(d->replica.applied);
    for (const Operation &operation : operations) {
        if (number(operation.sequence) != ++expected)
            return failure(ErrorCode::Invalid, "the sequences of operations do not follow");
    }
    d->failed.clear();
    const auto done = d->broken([&]() -> Result<void> {
        for (const Operation &operation : operations)
            OCTOPUS_TRY(d->take(operation));
        return d->flush();
    }());
    if (!done)
        return passOn(done);
    return std::exchange(d->failed, {});
}

// Into the group, after a checkpoint if it conflicts with what was done since the last.
Result<void> Applier::Private::take(const Operation &operation)
{
    PathFacts facts = factsFor(*replica.manifest, operation);
    const bool conflicts = hasSeen || replica.window.conflicts(operation, facts);
    if (conflicts || admission.mustWait(operation) || groupSize > groupBytes) {
        OCTOPUS_TRY(flush());
        if (conflicts || replica.journal->size() > 2 * Journal::cap)
            OCTOPUS_TRY(checkpoint());
        facts = factsFor(*replica.manifest, operation);
    }
    auto planned = admission.admit(operation, facts);
    if (!planned) {
        group.append(failureOf(operation, planned.error()));
        return {};
    }
    replica.window.note(operation, facts, replica.clock.monotonic());
    groupSize += recordBound(*planned);
    group.append(std::move(*planned));
    if (admission.endsGroup(operation, facts))
        OCTOPUS_TRY(flush());
    return {};
}

Result<void> Applier::Private::flush()
{
    if (group.isEmpty())
        return {};
    OCTOPUS_TRY(journalGroup());
    OCTOPUS_TRY(carryOutGroup());
    group.clear();
    groupSize = 0;
    admission.beginGroup();
    return {};
}

Result<void> Applier::Private::journalGroup()
{
    QByteArray payload;
    payload.reserve(groupSize + group.size() * 64);
    for (const JournalRecord &record : group)
        std::visit([&](const auto &value) { encodeRecord(payload, value); }, record);
    OCTOPUS_TRY(replica.staging.sync());
    OCTOPUS_TRY(replica.journal->append(payload));
    replica.durable = Sequence(number(replica.applied) + quint64(group.size()));
    return {};
}

void Applier::Private::fail(const Operation &operation, const Error &cause, bool applied)
{
    failed.append(failureOf(operation, cause, applied));
    failed.last().made = !applied && tree.hasMade(operation);
    replica.manifest->failures().add(failed.last());
    makeRoom(cause);
}

Result<void> Applier::Private::carryOutGroup()
{
    QByteArray marks;
    tree.prepare(group);
    for (const JournalRecord &record : group) {
        if (const auto *refused = std::get_if<FailedOperation>(&record)) {
            failed.append(*refused);
            makeRoom(refused->error);
            replica.manifest->failures().add(*refused);
        } else {
            const auto &planned = std::get<PlannedOperation>(record);
            const auto done = tree.carryOut({planned});
            if (!done && done.error().code == ErrorCode::Disconnected)
                return passOn(done); // the system is going down
            if (!done || *done)
                fail(planned.operation, done ? **done : done.error(), done.has_value());
            if (!done)
                encodeRecord(marks, failed.last());
        }
        replica.applied = next(replica.applied);
    }
    tree.settle(false);
    // Durable before anybody hears of it: a redo must not carry out what was said to have failed.
    if (!marks.isEmpty())
        OCTOPUS_TRY(replica.journal->append(marks));
    return replica.manifest->failures().size() > Failures::cap ? abandonStream() : Result<void>();
}

// More failures than can be remembered: the primary must compare everything.
Result<void> Applier::Private::abandonStream()
{
    OCTOPUS_TRY(takeCheckpoint(replica));
    ReplicaRecord record = replica.record;
    record.stream = {};
    OCTOPUS_TRY(writeReplicaRecord(replica.root, record));
    return failure(ErrorCode::LimitReached, "too many operations failed");
}

Result<void> Applier::checkpoint()
{
    OCTOPUS_TRY(d->checkUsable());
    if (d->replica.journal->isEmpty())
        return {};
    return d->broken(d->checkpoint());
}

Result<void> Applier::Private::checkpoint()
{
    OCTOPUS_TRY(takeCheckpoint(replica));
    hasSeen = false;
    return purgeSometimes();
}

// Where it fails, the versions stay until the next time.
Result<void> Applier::Private::purgeSometimes()
{
    const MonotonicTime now = replica.clock.monotonic();
    if (purgedAt && now - *purgedAt < purgeInterval)
        return {};
    purgedAt = now;
    if (const auto purged = replica.versions->purge(); !purged)
        qCWarning(logApply) << "kept versions cannot be removed:" << purged.error().detail;
    return {};
}

// What stands there by somebody else's hand in the place of an own entry stays.
Result<void> Applier::Private::eraseOwn()
{
    const Manifest::Map entries = replica.manifest->entries();
    for (const auto &[path, entry] : entries | std::views::reverse) {
        Result<void> removed;
        if (entry.kind != EntryKind::Directory)
            removed = replica.root.removeFile(path);
        else if (!entry.borrowed)
            removed = replica.root.removeDirectory(path);
        const bool stays = !removed
            && (isStructural(removed.error().code) || removed.error().code == ErrorCode::Refused);
        if (!removed && !stays)
            return removed;
        replica.manifest->drop(path);
    }
    return {};
}

Result<void> Applier::eraseReplica()
{
    OCTOPUS_TRY(d->checkUsable());
    Replica &replica = d->replica;
    auto erased = [&]() -> Result<void> {
        OCTOPUS_TRY(d->checkpoint());
        OCTOPUS_TRY(d->eraseOwn());
        OCTOPUS_TRY(takeCheckpoint(replica));
        // Without the record the rest is what a founding left that did not get far.
        OCTOPUS_TRY(replica.root.removeFile(layout::replica()));
        OCTOPUS_TRY(replica.root.syncDirectory(layout::control()));
        return removeFolder(replica.root, layout::control());
    }();
    d->error = erased ? Error{ErrorCode::Refused, "the replica was erased"} : erased.error();
    return erased;
}

} // namespace octopus::apply
