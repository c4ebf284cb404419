// How a mirror's target is called, and over which transport it is reached.
#include "engine/base/log.h"
#include "engine/mirror/primaryrunner.h"

#include <algorithm>

namespace octopus::mirror {

static constexpr int movePause = 2000; // ms; what must not be interrupted is under way

void PrimaryRunner::setAddresses(const QStringList &addresses)
{
    QList<link::Endpoint> endpoints;
    for (const QString &address : addresses) {
        if (const auto endpoint = link::Endpoint::parse(address))
            endpoints.append(*endpoint);
    }
    if (m_dialer.setAddresses(endpoints))
        networkChanged(); // the peer may have moved on
}

void PrimaryRunner::networkChanged()
{
    m_dialer.hurry();
    m_failback.networkChanged(m_clock.monotonic());
    if (m_connected)
        m_channel->probe();
    else if (m_primary)
        redial();
    tryBetterWhenDue();
}

// A call that is under way goes to addresses, or by ways, that are out of date.
void PrimaryRunner::redial()
{
    if (m_channel) {
        m_channel->disconnect(this);
        m_channel.reset();
    }
    m_dialTimer.start(0);
}

void PrimaryRunner::dial()
{
    m_callTimer.stop();
    if (m_channel || !m_primary || m_isClosed)
        return;
    const auto attempt = m_dialer.next();
    if (!attempt) {
        m_dialTimer.start(5000);
        return;
    }
    if (attempt->wait == Milliseconds(0))
        return call(attempt->endpoints);
    m_waiting = attempt->endpoints;
    m_callTimer.start(attempt->wait);
}

link::Destination PrimaryRunner::destination() const
{
    link::Destination destination;
    destination.expected = m_settings.peer.id;
    destination.highestProtocol = m_highestProtocol;
    return destination;
}

void PrimaryRunner::call(const QList<link::Endpoint> &endpoints)
{
    if (m_channel || !m_primary)
        return;
    m_connected = false;
    m_channel = m_network.dial(m_settings.session, destination(), endpoints, m_transports);
    connect(m_channel.get(), &link::Channel::ready, this,
            [this](const MachineId &, const wire::Hello &hello, quint32 protocol) {
                onReady(hello, protocol);
            });
    attach();
}

void PrimaryRunner::attach()
{
    connect(m_channel.get(), &link::Channel::received, this, &PrimaryRunner::onReceived);
    connect(m_channel.get(), &link::Channel::writable, this, &PrimaryRunner::pump);
    connect(m_channel.get(), &link::Channel::closed, this, &PrimaryRunner::onClosed);
}

void PrimaryRunner::onReady(const wire::Hello &hello, quint32 protocol)
{
    if (protocol > m_highestProtocol) {
        m_highestProtocol = protocol;
        Q_EMIT protocolAgreed(protocol);
    }
    m_peerName = hello.name;
    const MonotonicTime now = m_clock.monotonic();
    m_dialer.connected(now, m_channel->endpoint());
    m_failback.connected(m_transports.list().indexOf(m_channel->transport()), now);
    tryBetterWhenDue();
    m_connected = true;
    m_refusal.clear();
    if (!m_primary)
        return hangUp();
    m_primary->connected(m_founded);
    pump();
}

void PrimaryRunner::hangUp()
{
    if (!m_channel)
        return;
    m_hungUp = true;
    m_channel->close();
}

void PrimaryRunner::countBytes()
{
    m_sentBefore += m_channel->sentBytes();
    m_receivedBefore += m_channel->receivedBytes();
}

void PrimaryRunner::onClosed(const Error &error)
{
    countBytes();
    m_channel.release()->deleteLater(); // it is emitting this very signal
    if (m_connected) {
        m_dialer.disconnected(m_clock.monotonic());
        if (m_primary)
            m_primary->disconnected();
        qCInfo(logMirror) << "connection lost:" << displayText(error.detail);
    } else {
        m_dialer.failed();
        qCDebug(logMirror) << "cannot connect:" << displayText(error.detail);
    }
    const bool hungUp = std::exchange(m_hungUp, false);
    if (!m_refusal.isEmpty())
        m_offlineBecause = std::exchange(m_refusal, {});
    else if (!hungUp)
        m_offlineBecause = error.detail;
    m_connected = false;
    m_closeSent = false;
    if (!m_closing.empty()) { // whoever asked decides anew
        if (m_primary)
            m_primary->setPaused(m_paused);
        answerClosing(failure(ErrorCode::Disconnected,
                              "the connection was lost before the target "
                              "confirmed that the replica was removed"));
    }
    // The next call begins with the first choice.
    m_better.reset();
    m_failback.disconnected();
    m_failbackTimer.stop();
    m_dialTimer.start(0);
}

void PrimaryRunner::tryBetterWhenDue()
{
    const auto due = m_failback.due();
    if (!due || m_better)
        return; // what is under way ends first
    const Nanoseconds wait = std::max(*due - m_clock.monotonic(), Nanoseconds(0));
    m_failbackTimer.start(std::chrono::ceil<Milliseconds>(wait));
}

// A verification starts over, and a farewell would get lost.
bool PrimaryRunner::mayMove() const
{
    return m_connected && m_primary && m_closing.empty() && m_verifying.empty();
}

void PrimaryRunner::tryBetter()
{
    if (m_better || !m_failback.due() || !m_connected)
        return;
    if (!mayMove()) {
        m_failbackTimer.start(movePause);
        return;
    }
    m_failback.begun();
    m_better = m_network.dial(m_settings.session, destination(), m_dialer.endpoints(),
                              m_transports.before(m_failback.transport()));
    connect(m_better.get(), &link::Channel::ready, this,
            [this](const MachineId &, const wire::Hello &hello, quint32 protocol) {
                onBetterReady(hello, protocol);
            });
    connect(m_better.get(), &link::Channel::closed, this, &PrimaryRunner::onBetterClosed);
}

// The target takes the new connection of the mirror for the only one. What it did not apply is sent
// again, as after any loss of the connection.
void PrimaryRunner::onBetterReady(const wire::Hello &hello, quint32 protocol)
{
    m_better->disconnect(this);
    if (!mayMove()) {
        m_better.release()->deleteLater(); // it is emitting this very signal
        m_failback.failed(m_clock.monotonic());
        tryBetterWhenDue();
        return;
    }
    qCInfo(logMirror) << "moving from" << m_channel->transport().shown() << "to"
                      << m_better->transport().shown();
    countBytes();
    m_primary->disconnected();
    m_channel->disconnect(this);
    m_channel = std::move(m_better);
    m_closeSent = false;
    attach();
    onReady(hello, protocol);
}

void PrimaryRunner::onBetterClosed(const Error &error)
{
    qCDebug(logMirror) << "no better transport:" << displayText(error.detail);
    m_better.release()->deleteLater(); // it is emitting this very signal
    m_failback.failed(m_clock.monotonic());
    tryBetterWhenDue();
}

} // namespace octopus::mirror
