// Target: the core of one mirror on the machine that keeps the replica. Takes messages in, hands
// everything that waits to the applier as one batch, and acknowledges.
//
// Single-threaded and stepwise: receive() only queues, work() does a bounded amount, next() hands out
// what to send. It lives as long as the replica is open here, over many connections; operations that
// arrived whole are applied even if the connection has ended. Belongs to the replica's thread.
#pragma once

#include "engine/apply/applier.h"
#include "engine/mirror/treelister.h"

#include <deque>

namespace octopus::mirror {

class Target
{
public:
    // Content bytes that may wait here unapplied.
    static constexpr quint64 window = 16 * 1024 * 1024;

    Target(Root &root, std::unique_ptr<apply::Applier> applier, const Clock &clock,
           QByteArray destination);

    // A connection of the replica's primary begins; what the last one left is applied first.
    void connected(const wire::OpenMirror &open);
    void disconnected();
    // Queues; Corrupt: a target never gets such a message.
    [[nodiscard]] Result<void> receive(wire::Message message);
    // More waits than should: nothing further is to be taken from the connection for now. Some way
    // below that, it may be.
    [[nodiscard]] bool isFull() const;
    [[nodiscard]] bool hasRoom() const;
    // One bounded step; true if there is more to do at once. Error: the replica's disk failed; the
    // Target must not be used further.
    [[nodiscard]] Result<bool> work();
    [[nodiscard]] std::optional<wire::Message> next();
    [[nodiscard]] std::optional<MonotonicTime> nextDue() const; // for a checkpoint when idle

    [[nodiscard]] const apply::Applier &applier() const { return *m_applier; }
    [[nodiscard]] std::optional<WallTime> lastApplied() const { return m_lastApplied; }
    [[nodiscard]] bool isErased() const { return m_erased; }
    [[nodiscard]] const std::optional<Error> &refusal() const { return m_refusal; }

private:
    struct Hashing {
        wire::BlocksRequest request;
        std::unique_ptr<File> file;
        quint64 size = 0;
        quint64 offset = 0;
    };
    [[nodiscard]] wire::Message popInbox();
    void forgetRequests();
    [[nodiscard]] Result<bool> takeInbox();
    [[nodiscard]] Result<void> applyWaiting();
    [[nodiscard]] Result<void> take(const wire::ListTree &request);
    void take(const wire::BlocksRequest &request);
    [[nodiscard]] Result<void> take(const wire::CloseMirror &close);
    [[nodiscard]] bool stepHashing();
    void sendState();
    void acknowledge();
    void refuse(const Error &error);

    Root &m_root;
    std::unique_ptr<apply::Applier> m_applier;
    const Clock &m_clock;
    const QByteArray m_destination;
    std::optional<wire::OpenMirror> m_open;
    bool m_stateDue = false;
    bool m_connected = false;
    quint64 m_consumed = 0; // content bytes of this connection that need no more room
    Sequence m_received{};
    std::deque<wire::Message> m_inbox;
    quint64 m_inboxBytes = 0;       // of content
    qsizetype m_inboxFootprint = 0; // of everything
    std::deque<wire::Message> m_outbox;
    std::unique_ptr<TreeLister> m_lister;
    std::deque<wire::ListTree> m_listings;
    std::optional<Hashing> m_hashing;
    std::deque<wire::BlocksRequest> m_hashings;
    MonotonicTime m_lastWork;
    std::optional<WallTime> m_lastApplied;
    bool m_erased = false;
    std::optional<Error> m_refusal;
};

} // namespace octopus::mirror
