#include "engine/link/channel.h"

#include "engine/link/sessionport.h"

namespace octopus::link {

// Reported to the session in portions, not for each message; far below SessionPort::backlogCap.
static constexpr qint64 reportedAt = 256 * 1024;

Channel::Channel(std::shared_ptr<Line> line, QObject *parent)
    : QObject(parent),
      m_line(std::move(line))
{
    m_line->setChannel(this);
}

Channel::Channel(const Incoming &incoming, QObject *parent) : Channel(incoming.line, parent)
{
    m_protocol = incoming.protocol;
    m_line->toSession([](SessionPort &port) { port.claim(); });
}

Channel::~Channel()
{
    m_line->setChannel(nullptr);
    close();
}

void Channel::send(const QByteArray &frame)
{
    if (m_closed)
        return;
    const int level = m_protocol >= wire::compressingProtocol ? m_line->level.load() : 0;
    const QByteArray carried = level > 0 ? m_compressor.compress(frame, level) : frame;
    m_line->posted += carried.size();
    if (pendingBytes() >= window() / 2)
        m_line->wantsWritable = true;
    if (!m_line->toSession([carried](SessionPort &port) { port.send(carried); }))
        m_line->posted -= carried.size(); // there is no session yet, or any more
}

void Channel::send(const wire::Message &message)
{
    send(wire::encode(message));
}

qint64 Channel::pendingBytes() const
{
    return m_line->posted - m_line->finished;
}

qint64 Channel::window() const
{
    return m_line->window;
}

void Channel::probe()
{
    m_line->toSession([](SessionPort &port) { port.session().probe(); });
}

void Channel::close()
{
    m_line->close();
}

void Channel::refuse(const wire::Refusal &refusal)
{
    m_line->toSession([refusal](SessionPort &port) { port.session().refuse(refusal); });
}

quint64 Channel::sentBytes() const
{
    return m_line->sentBytes;
}

quint64 Channel::receivedBytes() const
{
    return m_line->receivedBytes;
}

void Channel::onReady(const MachineId &peer, const wire::Hello &hello, quint32 protocol,
                      const Destination &reached)
{
    m_endpoint = reached.endpoint;
    m_transport = reached.transport;
    m_protocol = protocol;
    if (!m_closed)
        Q_EMIT ready(peer, hello, protocol);
}

void Channel::deliver(const wire::Message &message, qint64 weight)
{
    if (m_held || !m_waiting.empty())
        m_waiting.push_back({message, weight});
    else
        report({message, weight});
}

// Touches nothing of its own once it has told of the message: by then the Channel may be gone, or
// on another thread.
void Channel::report(const Waiting &next)
{
    m_consumed += next.weight;
    if (m_consumed >= reportedAt) {
        m_line->toSession([bytes = m_consumed](SessionPort &port) { port.consumed(bytes); });
        m_consumed = 0;
    }
    Q_EMIT received(next.message);
}

void Channel::onClosed(const Error &error)
{
    if (!m_end)
        m_end = error;
    if (!m_held && m_waiting.empty())
        reportEnd();
}

void Channel::reportEnd()
{
    if (m_closed)
        return;
    m_closed = true;
    Q_EMIT closed(Error(*m_end));
}

void Channel::hold()
{
    m_held = true;
}

void Channel::release()
{
    if (!m_held)
        return;
    m_held = false;
    QMetaObject::invokeMethod(this, &Channel::catchUp, Qt::QueuedConnection);
}

// One message an event, so that hold() within received() keeps the next.
void Channel::catchUp()
{
    if (m_held)
        return;
    if (m_waiting.empty()) {
        if (m_end)
            reportEnd();
        return;
    }
    const Waiting next = std::move(m_waiting.front());
    m_waiting.pop_front();
    QMetaObject::invokeMethod(this, &Channel::catchUp, Qt::QueuedConnection);
    report(next);
}

} // namespace octopus::link
