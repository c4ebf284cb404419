// Outbox: operations on their way to one target: numbered, batched, kept with their undo until the
// target has applied them.
//
// The index always shows the state after everything in here; when a connection ends, undo() takes
// back what the target did not apply. Content bytes respect the target's credit. Belongs to the
// thread of its mirror.
#pragma once

#include "engine/base/clock.h"
#include "engine/index/index.h"
#include "engine/mirror/move.h"
#include "engine/model/activity.h"
#include "engine/wire/codec.h"

#include <deque>
#include <functional>
#include <map>

namespace octopus::mirror {

// What an undone operation leaves to be looked at again.
struct Undone {
    RelPath path;
    MonotonicTime capturedAt;
    bool directoryAttributes = false; // only the attributes of the directory `path` are in doubt
    std::optional<Move> back;         // the move that the undoing was
};

// A change that the target has applied, as people are told of it.
struct Carried {
    ActivityKind what;
    const RelPath &path;
    const RelPath &from;
    quint64 bytes;
};

class Outbox
{
public:
    explicit Outbox(index::Index &index) : m_index(index) {}

    // Starts numbering for a connection: operations follow `last`; what was pending is forgotten.
    void begin(Sequence last, quint64 credit);
    void raiseCredit(quint64 credit);
    // The connection ended: nothing that waits to be sent counts any more. The operations stay
    // pending until undoAfter() tells them apart.
    void discardMessages();

    // Adds an operation and applies its effect to the index: the caller has set everything but the
    // sequence. `entry`: the index entry of operation.path afterwards (not for Rename, Exchange,
    // Remove, Consistent). `capturedAt`: when the change behind it was captured.
    void add(Operation operation, std::optional<index::IndexEntry> entry, MonotonicTime capturedAt);
    // Adds a chunk of content that is sent ahead. Operations overtake chunks but for one that names
    // a stage, and what follows that one: they wait for the chunks that were added before.
    void add(StageChunk chunk);
    void add(wire::Message control); // control messages go before the operations that follow
    // Bytes that one message should not exceed by more than a single operation.
    void setPace(qint64 bytes) { m_pace = bytes; }

    // True while the target's credit and the batch's size leave room for more.
    [[nodiscard]] bool hasRoom() const;
    [[nodiscard]] bool hasBulkRoom() const; // likewise, for chunks
    [[nodiscard]] bool hasBulk() const { return !m_bulk.empty(); }
    // The next message to send, in order; nullopt when there is none.
    [[nodiscard]] std::optional<wire::Message> take();
    [[nodiscard]] bool isEmpty() const
    {
        return m_messages.empty() && m_batch.operations.isEmpty() && m_bulk.empty();
    }

    // The target has applied everything up to `applied`: `tell` hears what that was. Corrupt: it
    // names what was never sent.
    [[nodiscard]] Result<void> acknowledge(Sequence applied,
                                           const std::function<void(const Carried &)> &tell = {});
    // The target could not do this one: nobody is told that it was carried.
    void markFailed(Sequence sequence);
    // Takes back every operation after `applied` from the index, latest first, and forgets all.
    [[nodiscard]] QList<Undone> undoAfter(Sequence applied);
    // The paths of a pending operation, as they are called after all operations that followed it;
    // behind the path of a SetAttributes the other names of its file.
    [[nodiscard]] QList<RelPath> pathsOf(Sequence sequence) const;

    [[nodiscard]] std::optional<MonotonicTime> oldest() const; // capture time of the oldest pending
    [[nodiscard]] qsizetype pending() const { return qsizetype(m_sent.size()); }
    [[nodiscard]] quint64 pendingBytes() const { return m_pendingBytes; }
    [[nodiscard]] Sequence last() const { return m_last; }
    [[nodiscard]] Sequence acknowledged() const { return m_acknowledged; }
    [[nodiscard]] quint64 operations() const { return m_operations; } // since the start

private:
    struct Sent {
        Sequence sequence{};
        OperationKind kind{};
        RelPath path;
        RelPath other;
        std::optional<index::IndexEntry> prior; // of path, before
        MonotonicTime capturedAt;
        quint64 bytes = 0;
        std::optional<ActivityKind> what; // nullopt: nothing that people are told of
        quint64 carried = 0;              // bytes of content, also those that were sent ahead
    };
    struct Staged {
        quint64 bytes = 0;
        quint64 first = 0; // the least offset
    };
    struct Waiting {
        wire::Message message;
        quint64 chunks = 0; // that go before it
    };
    void closeBatch();
    [[nodiscard]] std::deque<Sent>::iterator findSent(Sequence sequence);
    void describe(Sent &sent, const Operation &operation);
    [[nodiscard]] StageChunk takePiece();
    void discardBulk(StageId stage);
    void undo(const Sent &sent);
    [[nodiscard]] QList<RelPath> otherNames(const Sent &sent, const RelPath &path) const;
    void undoOtherNames(const Sent &sent, QList<Undone> &undone);

    index::Index &m_index;
    Sequence m_last{};
    Sequence m_acknowledged{};
    quint64 m_credit = 0;
    quint64 m_contentSent = 0;
    quint64 m_pendingBytes = 0;
    quint64 m_operations = 0;
    std::deque<Waiting> m_messages;
    qsizetype m_queuedBytes = 0;
    std::deque<StageChunk> m_bulk;
    qsizetype m_bulkBytes = 0;
    qsizetype m_pieceBegin = 0; // of the first chunk, what was taken
    quint64 m_chunksAdded = 0;
    quint64 m_chunksTaken = 0; // wholly
    qint64 m_pace = wire::batchTarget;
    wire::Operations m_batch;
    qsizetype m_batchBytes = 0;
    quint64 m_batchChunks = 0; // that go before the batch
    std::deque<Sent> m_sent;
    std::map<StageId, Staged> m_staged; // content whose operation has not been added yet
};

} // namespace octopus::mirror
