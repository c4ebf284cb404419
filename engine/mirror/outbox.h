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
#include "engine/wire/message.h"

#include <deque>

namespace octopus::mirror {

// What an undone operation leaves to be looked at again.
struct Undone {
    RelPath path;
    MonotonicTime capturedAt;
    bool directoryAttributes = false; // only the attributes of the directory `path` are in doubt
    std::optional<Move> back;         // the move that the undoing was
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
    // Adds a chunk of content that is sent ahead.
    void add(StageChunk chunk);
    void add(wire::Message control); // control messages go before the operations that follow

    // True while the target's credit and the batch's size leave room for more.
    [[nodiscard]] bool hasRoom() const;
    // The next message to send, in order; nullopt when there is none.
    [[nodiscard]] std::optional<wire::Message> take();
    [[nodiscard]] bool isEmpty() const
    {
        return m_messages.empty() && m_batch.operations.isEmpty();
    }

    // The target has applied everything up to `applied`. Corrupt: it names what was never sent.
    [[nodiscard]] Result<void> acknowledge(Sequence applied);
    // Takes back every operation after `applied` from the index, latest first, and forgets all.
    [[nodiscard]] QList<Undone> undoAfter(Sequence applied);
    // The paths of a pending operation, as they are called after all operations that followed it.
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
    };
    void closeBatch();
    void undo(const Sent &sent);
    void undoOtherNames(const Sent &sent, QList<Undone> &undone);

    index::Index &m_index;
    Sequence m_last{};
    Sequence m_acknowledged{};
    quint64 m_credit = 0;
    quint64 m_contentSent = 0;
    quint64 m_pendingBytes = 0;
    quint64 m_operations = 0;
    std::deque<wire::Message> m_messages;
    qsizetype m_queuedBytes = 0;
    wire::Operations m_batch;
    qsizetype m_batchBytes = 0;
    std::deque<Sent> m_sent;
};

} // namespace octopus::mirror
