// Applier: the target's hands. Journals operations, then carries them out below one held root.
//
// Everything it keeps lies in `.octopus/` at the replica's root (FORMAT.md). apply() makes the
// whole batch durable with one fdatasync before it touches the tree; open() redoes what a crash
// cut off, without the primary. Content is verified before it is visible under its final name.
// Nothing that is not in the manifest (what Octopus itself put there) is ever replaced or removed;
// foreign entries in a directory that the primary moves move with it.
// Single-threaded, deterministic given its Root, Clock and calls; owns the lock on the replica.
#pragma once

#include "engine/apply/failures.h"
#include "engine/apply/layout.h"
#include "engine/apply/replicarecord.h"
#include "engine/base/clock.h"
#include "engine/base/fileio.h"
#include "engine/model/operation.h"

#include <memory>

namespace octopus::apply {

struct OpenOptions {
    VaultId vault;
    MachineId primary;
    bool adopt = false; // foreign entries may be there; they are left alone
    Milliseconds retention =
        std::chrono::hours(24 * 30); // of replaced and deleted files; 0: none kept
};

class Applier
{
public:
    // Opens or founds the replica at `root` and finishes what a crash left. `root`, `clock` outlive
    // the Applier. Errors: Refused: the root holds foreign entries and `adopt` is not set
    // (foreignEntries() lists them), or it is the replica of another vault or primary; Busy: in use
    // by another engine; Corrupt: its records are damaged; NoSpace, ReadOnly, InputOutput.
    [[nodiscard]] static Result<std::unique_ptr<Applier>> open(Root &root, const Clock &clock,
                                                               const OpenOptions &options);
    // The names directly below the root that Octopus did not put there; at most `limit`.
    [[nodiscard]] static Result<QList<RelPath>> foreignEntries(Root &root, qsizetype limit);
    ~Applier();

    [[nodiscard]] const ReplicaRecord &record() const;
    [[nodiscard]] Sequence applied()
        const; // the last operation carried out (or failed) of record().stream
    [[nodiscard]] Sequence durable() const; // the last that survives a crash now

    // The operations that failed and whose paths were not put right since, across restarts: to be
    // told to the primary whenever it connects, beside what apply() returns.
    [[nodiscard]] QList<FailedOperation> failures() const;
    // The primary is told what is at `path` now: what it sends from here on builds upon that, and is
    // not refused because of an earlier failure. A content in doubt stays so until it is put right.
    void forgive(const RelPath &path);
    // True if the content at `path` may be a mixture, whatever its size and time say.
    [[nodiscard]] bool isInDoubt(const RelPath &path) const;

    // Durably records a new stream; sequences start again from 1, open stages are dropped, failures
    // forgiven. Refused: `epoch` is lower than the highest seen (I7).
    [[nodiscard]] Result<void> beginStream(Epoch epoch, StreamId stream, HashKey key);
    // Durably marks the replica inconsistent (I2); undone by the operation Consistent.
    [[nodiscard]] Result<void> markInconsistent();

    // Content sent ahead. Corrupt: out of order; NoSpace and kin: the stage is dropped, and the
    // operation that names it will fail. The replica goes on.
    [[nodiscard]] Result<void> addChunk(const StageChunk &chunk);
    void dropStage(StageId stage);
    // Content that may be sent over several connections. Corrupt: it does not go on where it ended;
    // NotFound: it is not held any more. Then the operation that names the stage will fail.
    [[nodiscard]] Result<void> beginStage(const StageBegin &stage);
    // Reads a bounded part of what was held of it; true when addChunk() need not do so any more.
    [[nodiscard]] bool catchUpStage(StageId stage);
    // The connection has ended: what was begun is held for the next, everything else is dropped.
    void partStages();
    [[nodiscard]] bool hasOpenStages() const;
    [[nodiscard]] QList<HeldStage> heldStages() const; // oldest first

    // Journals and carries out `operations`, ascending from applied() + 1. Returns those that
    // failed one by one (their paths are as before, save Corrupt: to be sent whole) or lost an
    // attribute (FailedOperation::applied). After a failure WriteRanges, SetAttributes and Link
    // upon that path are refused, as the primary may have sent them before it heard: until the path
    // is put whole, removed, moved over or adopted (Adopt of an own entry does nothing else), or
    // forgive(). Invalid: the sequences do not follow; nothing happened. Any other Error: the journal
    // or a checkpoint could not be made durable, or too many failures are open; operations up to
    // applied() were carried out, and the Applier must not be used further.
    [[nodiscard]] Result<QList<FailedOperation>> apply(const QList<Operation> &operations);

    // Makes the tree itself durable and empties the journal. Call it when idle and when due(). After
    // an Error the Applier must not be used further.
    [[nodiscard]] Result<void> checkpoint();
    [[nodiscard]] bool checkpointDue() const;    // the journal has grown past its cap
    [[nodiscard]] bool checkpointUseful() const; // the journal holds anything at all

    // True if Octopus put the entry at `path` there.
    [[nodiscard]] bool isOwn(const RelPath &path) const;
    // What a look at the tree has shown, right after a checkpoint. Own entries that somebody else
    // removed are not ours any more, and failures there are settled.
    void sawNothing(const RelPath &path);
    void sawDirectory(const RelPath &directory, const QList<DirectoryEntry> &entries); // no others
    void sawEntry(const RelPath &path, EntryKind kind);
    // Removes every own entry and the control folder; foreign entries stay. The Applier must not be
    // used afterwards.
    [[nodiscard]] Result<void> eraseReplica();

private:
    struct Private;
    explicit Applier(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace octopus::apply
