// Channel: a Session as another thread sees it.
//
// Calls and signals cross to the session's thread and back as queued values. Both directions are
// bounded: the caller watches pendingBytes() and writable(); messages that the owner's event loop
// has not taken yet stop the session from reading. Lives on its owner's thread (see hold() for a
// move); destroying it closes the session, also from within received(). closed() comes once, last.
#pragma once

#include "engine/link/session.h"
#include "engine/wire/compression.h"

#include <deque>
#include <optional>

namespace octopus::link {

class Line;

// A paired peer's new connection, on its way to its Channel. Dropped, the session ends by itself.
struct Incoming {
    MachineId peer;
    wire::Hello hello;
    quint32 protocol = 0;
    QHostAddress address;
    std::shared_ptr<Line> line;
};

class Channel : public QObject
{
    Q_OBJECT

public:
    explicit Channel(std::shared_ptr<Line> line, QObject *parent = nullptr);
    // Nothing is lost: the session does not read before this. ready() is not emitted for it.
    explicit Channel(const Incoming &incoming, QObject *parent = nullptr);
    ~Channel() override;

    // Sends one encoded frame, or a message; compressed where the line is so slow that this pays.
    // Nothing happens before ready() and after closed().
    void send(const QByteArray &frame);
    void send(const wire::Message &message);
    // Sent here, and by the kernel not yet. Stay below window(), which follows the line's rate, so
    // that nothing waits long behind it; writable() says when to go on.
    [[nodiscard]] qint64 pendingBytes() const;
    [[nodiscard]] qint64 window() const;
    // The way there may have changed: finds out soon whether it still leads there; closed() if not.
    void probe();
    // Where the peer answered, and over what, after ready(). Dialled channels only.
    [[nodiscard]] const Endpoint &endpoint() const { return m_endpoint; }
    [[nodiscard]] const Transport &transport() const { return m_transport; }

    // Between the two nothing is reported; it waits, within the same bounds. For the way to another
    // thread: hold() in the handler of received(), moveToThread(), connect there, release().
    void hold();
    void release();

    void close();                              // what was sent is still written
    void refuse(const wire::Refusal &refusal); // says why, then closes

    // Application bytes over TLS since the session's start.
    [[nodiscard]] quint64 sentBytes() const;
    [[nodiscard]] quint64 receivedBytes() const;

Q_SIGNALS:
    // As the signals of Session.
    void ready(const octopus::MachineId &peer, const octopus::wire::Hello &hello, quint32 protocol);
    void received(const octopus::wire::Message &message);
    void writable();
    void closed(const octopus::Error &error);

private:
    friend class Line;
    friend class SessionPort;
    void onReady(const MachineId &peer, const wire::Hello &hello, quint32 protocol,
                 const Destination &reached);
    void deliver(const wire::Message &message, qint64 weight);
    void onClosed(const Error &error);
    struct Waiting {
        wire::Message message;
        qint64 weight = 0; // in memory
    };
    void report(const Waiting &next);
    void reportEnd();
    void catchUp();

    const std::shared_ptr<Line> m_line;
    Endpoint m_endpoint;
    Transport m_transport;
    wire::Compressor m_compressor;
    quint32 m_protocol = 0;
    qint64 m_consumed = 0;         // bytes taken and not yet reported to the session
    std::deque<Waiting> m_waiting; // while held, and until that is made up for
    std::optional<Error> m_end;
    bool m_held = false;
    bool m_closed = false;
};

} // namespace octopus::link
