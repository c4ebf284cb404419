// SessionPort: the end of a Line at its Session; a child of it, on its thread.
//
// Holds the session's reading back while the Channel has more than `backlogCap` bytes of messages
// to take, and until there is a Channel at all; a session that nobody takes is closed.
#pragma once

#include "engine/link/line.h"
#include "engine/link/linerate.h"
#include "engine/link/session.h"

namespace octopus::link {

class SessionPort : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 backlogCap = 4 * 1024 * 1024;
    static constexpr Milliseconds longestWait{10'000}; // of an incoming session for its Channel

    enum class Origin : quint8 { Dialled, Accepted };
    SessionPort(Session &session, std::shared_ptr<Line> line, Origin origin);
    ~SessionPort() override;

    [[nodiscard]] Session &session() { return m_session; }
    // The session was Ready before this was made.
    void introduce(const wire::Hello &hello, quint32 protocol) { onReady(hello, protocol); }
    // Calls from the other end.
    void claim();
    void send(const QByteArray &frame);
    void consumed(qint64 bytes);

private:
    void onReady(const wire::Hello &hello, quint32 protocol);
    void onReceived(const wire::Message &message, qint64 frameBytes);
    void onWritten();
    void count();
    void adapt(const Delivery &delivery);
    void updatePause();

    Session &m_session;
    const std::shared_ptr<Line> m_line;
    const SystemClock m_clock{};
    SendWindow m_window;
    LineRate m_rate;
    QTimer m_unclaimed;
    QTimer m_again; // no signal tells that the kernel has sent something
    bool m_claimed;
    qint64 m_backlog = 0; // bytes of messages that the Channel has not taken yet
    qint64 m_posted = 0;  // bytes of frames that came from the Channel
};

} // namespace octopus::link
