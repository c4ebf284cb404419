// What a Session does with what arrives; session.cpp has its beginning, its end and the writing.
#include "engine/link/session.h"
#include "engine/wire/negotiation.h"

#include <QScopedValueRollback>

namespace octopus::link {

namespace {

constexpr qint64 chunk = 64 * 1024;
constexpr qint64 readBuffer = 1024 * 1024;
constexpr qint64 readPerTurn = 1024 * 1024; // then other sessions of the thread have their turn

bool isComparison(const wire::Message &message)
{
    return std::holds_alternative<wire::PairCommit>(message)
        || std::holds_alternative<wire::PairNonce>(message)
        || std::holds_alternative<wire::PairReveal>(message)
        || std::holds_alternative<wire::PairConfirm>(message);
}

} // namespace

bool Session::mayRead() const
{
    return !m_paused
        && (m_state == SessionState::Greeting || m_state == SessionState::Stranger
            || m_state == SessionState::Ready);
}

void Session::readAvailable()
{
    m_readQueued = false;
    if (m_reading || !mayRead())
        return;
    {
        const QScopedValueRollback reading(m_reading, true);
        const quint64 stop = m_receivedBytes + readPerTurn;
        takeMessages(); // those that a pause left
        while (mayRead() && m_receivedBytes < stop && readChunk())
            takeMessages();
    }
    if (!mayRead())
        return;
    if (m_socket.bytesAvailable() > 0)
        readLater();
    else if (m_ended)
        finish(m_reason.value_or(Error{ErrorCode::Disconnected, "the other side has closed", 0}));
}

// False when there is nothing to read now, or nothing more may be taken in.
bool Session::readChunk()
{
    qint64 most = chunk;
    if (m_state != SessionState::Ready) {
        most = wire::unauthenticatedCap - qint64(m_receivedBytes);
        if (most <= 0 && m_socket.bytesAvailable() > 0)
            finish({ErrorCode::TooLong, "too much was sent before the sender was known", 0});
        if (most <= 0)
            return false;
    }
    const QByteArray bytes = m_socket.read(most);
    if (bytes.isEmpty())
        return false;
    m_receivedBytes += quint64(bytes.size());
    m_lastReceived.start();
    m_reader.append(bytes);
    return true;
}

void Session::readLater()
{
    if (m_readQueued)
        return;
    m_readQueued = true;
    QMetaObject::invokeMethod(this, &Session::readAvailable, Qt::QueuedConnection);
}

void Session::takeMessages()
{
    while (mayRead()) {
        const qint64 before = m_reader.pendingBytes();
        const Result<std::optional<wire::Message>> message = m_reader.next();
        if (!message) {
            finish(message.error());
            return;
        }
        if (!*message)
            return;
        take(**message, before - m_reader.pendingBytes());
    }
}

void Session::take(const wire::Message &message, qint64 frameBytes)
{
    if (m_state == SessionState::Greeting) {
        takeGreeting(message);
    } else if (m_comparing) {
        takeComparing(message, frameBytes);
    } else if (const auto *request = std::get_if<wire::PairRequest>(&message);
               request && m_incoming) {
        takePairRequest(*request);
    } else if (isComparison(message)
               || (m_state != SessionState::Stranger
                   && (request || std::holds_alternative<wire::Hello>(message)))) {
        finish({ErrorCode::Corrupt, "a message came where it does not belong", 0});
    } else if (m_state == SessionState::Stranger) {
        refuse({ErrorCode::NotPaired, "this machine is not paired with yours", {}});
    } else if (!std::holds_alternative<wire::Heartbeat>(message)) {
        // The mirror begins here: what follows may be compressed.
        if (m_protocol >= wire::compressingProtocol
            && (m_incoming ? std::holds_alternative<wire::OpenMirror>(message)
                           : std::holds_alternative<wire::MirrorState>(message)))
            m_reader.acceptCompressed();
        Q_EMIT received(message, frameBytes);
    }
}

void Session::takeGreeting(const wire::Message &message)
{
    if (const auto *hello = std::get_if<wire::Hello>(&message))
        greet(*hello);
    else if (const auto *refusal = std::get_if<wire::Refusal>(&message))
        finish({refusal->code, refusal->detail, 0});
    else
        finish({ErrorCode::Corrupt, "the connection does not begin with a greeting", 0});
}

void Session::takeComparing(const wire::Message &message, qint64 frameBytes)
{
    if (!isComparison(message) && !std::holds_alternative<wire::Refusal>(message))
        refuse({ErrorCode::NotPaired, "this connection is for pairing only", {}});
    else if (m_incoming)
        Q_EMIT compared(m_peer, m_peerHello, m_protocol, message);
    else
        Q_EMIT received(message, frameBytes);
}

void Session::extend(Milliseconds lifetime)
{
    if (m_state == SessionState::Stranger && m_comparing)
        m_deadline.start(lifetime);
}

// Whether the peer is the one machine that has this identity.
Result<void> Session::checkRun(const wire::Hello &hello, bool known) const
{
    const bool isOwn = m_peer == m_settings.identity.id();
    if (m_settings.watch && (isOwn || known))
        OCTOPUS_TRY(m_settings.watch->greeted(m_peer, hello.instance));
    if (isOwn)
        return failure(ErrorCode::Refused, "this machine itself, or a copy of it, answers there");
    return {};
}

void Session::greet(const wire::Hello &hello)
{
    const bool known =
        m_incoming ? m_directory->isPaired(m_peer) : !m_destination.expected.isNull();
    if (const auto run = checkRun(hello, known); !run) {
        refuse({run.error().code, run.error().detail, {}});
        return;
    }
    const quint32 seen =
        m_incoming ? m_directory->highestProtocol(m_peer) : m_destination.highestProtocol;
    const Result<quint32> protocol = wire::negotiate(m_settings.hello, hello, seen);
    if (!protocol) {
        refuse({protocol.error().code, protocol.error().detail, {}});
        return;
    }
    m_protocol = *protocol;
    // On a connection for comparing digits also who is paired is a stranger: he may have lost his
    // side of it.
    if (m_incoming && (m_comparing || !known)) {
        m_peerHello = hello;
        enter(SessionState::Stranger); // and the deadline still runs
        return;
    }
    becomeReady(hello, *protocol);
}

void Session::becomeReady(const wire::Hello &hello, quint32 protocol)
{
    m_deadline.stop();
    enter(SessionState::Ready);
    m_socket.setReadBufferSize(readBuffer);
    if (m_incoming || m_destination.purpose == Destination::Purpose::Mirror) {
        m_reader.setCap(wire::dataFrameCap);
        m_lastReceived.start();
        m_tick.start();
    }
    Q_EMIT ready(m_peer, hello, protocol);
}

void Session::takePairRequest(const wire::PairRequest &request)
{
    if (m_pairingAsked) {
        refuse({ErrorCode::Refused, "one ticket a connection", {}});
        return;
    }
    m_pairingAsked = true;
    // The answer waits for the disk of this machine, not for who asks; and nothing follows it.
    m_tick.stop();
    m_deadline.start(m_settings.timings.pairing);
    Q_EMIT pairRequested(m_peer, request);
}

void Session::answerPairing(const Result<QString> &answer)
{
    if (!m_pairingAsked || (m_state != SessionState::Stranger && m_state != SessionState::Ready))
        return;
    if (!answer) {
        refuse({answer.error().code, answer.error().detail, {}});
        return;
    }
    write(wire::encode(wire::PairAccepted{*answer}));
    close({ErrorCode::Disconnected, "paired", 0});
}

void Session::pause()
{
    m_paused = true;
}

void Session::resume()
{
    if (!m_paused)
        return;
    m_paused = false;
    m_lastReceived.start(); // silence while nobody listened says nothing
    readLater();
}

} // namespace octopus::link
