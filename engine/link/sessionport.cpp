#include "engine/link/sessionport.h"

#include "engine/link/channel.h"

#include <algorithm>

namespace octopus::link {

// The part of the window that the kernel takes ahead of the line; it must not run dry.
static constexpr qint64 unsentShare = 4;
// Half a window is 50 ms worth of the line.
static constexpr Milliseconds lookInterval{20};

SessionPort::SessionPort(Session &session, std::shared_ptr<Line> line, Origin origin)
    : QObject(&session),
      m_session(session),
      m_line(std::move(line)),
      m_unclaimed(this),
      m_again(this),
      m_claimed(origin == Origin::Dialled)
{
    m_unclaimed.setSingleShot(true);
    m_again.setSingleShot(true);
    m_again.setTimerType(Qt::PreciseTimer);
    connect(&m_again, &QTimer::timeout, this, &SessionPort::onWritten);
    connect(&m_unclaimed, &QTimer::timeout, &m_session,
            [this] { m_session.close({ErrorCode::TimedOut, "nobody took the connection", 0}); });
    connect(&m_session, &Session::ready, this,
            [this](const MachineId &, const wire::Hello &hello, quint32 protocol) {
                onReady(hello, protocol);
            });
    connect(&m_session, &Session::received, this, &SessionPort::onReceived);
    connect(&m_session, &Session::written, this, &SessionPort::onWritten);
    connect(&m_session, &Session::closed, this, [this](const Error &error) {
        count();
        m_line->end(error);
    });
    m_line->setPort(this);
}

SessionPort::~SessionPort()
{
    m_line->setPort(nullptr);
    m_line->end({ErrorCode::Disconnected, "this machine's network was shut down", 0});
}

void SessionPort::onReady(const wire::Hello &hello, quint32 protocol)
{
    m_session.limitUnsent(m_window.bytes() / unsentShare);
    updatePause();
    if (!m_claimed)
        m_unclaimed.start(longestWait);
    m_line->toChannel([peer = m_session.peer(), hello, protocol, at = m_session.destination()](
                          Channel &channel) { channel.onReady(peer, hello, protocol, at); });
}

void SessionPort::claim()
{
    m_claimed = true;
    m_unclaimed.stop();
    updatePause();
}

void SessionPort::send(const QByteArray &frame)
{
    m_posted += frame.size();
    m_session.send(frame);
    onWritten();
}

void SessionPort::consumed(qint64 bytes)
{
    m_backlog -= bytes;
    updatePause();
}

void SessionPort::updatePause()
{
    if (m_claimed && m_backlog <= backlogCap)
        m_session.resume();
    else
        m_session.pause();
}

void SessionPort::onReceived(const wire::Message &message, qint64 frameBytes)
{
    const qint64 weight = std::max<qint64>(frameBytes, wire::footprint(message));
    m_backlog += weight;
    count();
    m_line->toChannel([message, weight](Channel &channel) { channel.deliver(message, weight); });
    updatePause();
}

void SessionPort::count()
{
    m_line->sentBytes = m_session.sentBytes();
    m_line->receivedBytes = m_session.receivedBytes();
}

// What the kernel takes says nothing about the line: it takes more than it sends.
void SessionPort::onWritten()
{
    count();
    const qint64 pending = m_session.pendingBytes();
    const Delivery delivery = m_session.delivery();
    m_rate.update(m_clock.monotonic(), delivery);
    const qint64 queued = queuedBytes(delivery, m_rate.delivered());
    m_line->finished = std::max<qint64>(0, m_posted - pending - queued);
    adapt(delivery);
    const qint64 low = std::max<qint64>(1, m_window.bytes() / 2);
    if (pending == 0 && queued >= low && !m_again.isActive())
        m_again.start(lookInterval);
    if (m_line->posted - m_line->finished < low && m_line->wantsWritable.exchange(false))
        m_line->toChannel([](Channel &channel) { Q_EMIT channel.writable(); });
}

void SessionPort::adapt(const Delivery &delivery)
{
    m_line->level = compressionLevel(m_rate.bytesPerSecond());
    if (m_window.update(m_clock.monotonic(), m_rate.delivered(), delivery.acknowledged)) {
        m_line->window = m_window.bytes();
        m_session.limitUnsent(m_window.bytes() / unsentShare);
    }
}

} // namespace octopus::link
