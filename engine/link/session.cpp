#include "engine/link/session.h"

#include "engine/base/log.h"
#include "engine/link/connector.h"
#include "engine/link/sessionerrors.h"
#include "engine/link/socketoptions.h"

#include <QNetworkProxy>

#include <unistd.h>

#include <algorithm>

namespace octopus::link {

namespace {

constexpr qint64 pendingCap = 64 * 1024 * 1024;

void offerProtocols(QSslSocket &socket, const QByteArrayList &names)
{
    QSslConfiguration configuration = socket.sslConfiguration();
    configuration.setAllowedNextProtocols(names);
    socket.setSslConfiguration(configuration);
}

} // namespace

Session::Session(SessionSettings settings, QObject *parent)
    : QObject(parent),
      m_settings(std::move(settings)),
      m_socket(this),
      m_deadline(this),
      m_tick(this),
      m_probe(this)
{
    m_socket.setProxy(QNetworkProxy::NoProxy);
    m_socket.setSslConfiguration(m_settings.identity.configuration());
    // Sent in the clear by a client (SNI); says nothing about whom it calls.
    m_socket.setPeerVerifyName(QStringLiteral("octopus"));
    m_socket.setReadBufferSize(wire::unauthenticatedCap);
    m_deadline.setSingleShot(true);
    m_deadline.setTimerType(Qt::PreciseTimer);
    const SessionTimings &timings = m_settings.timings;
    const auto tick = std::min(timings.heartbeat, timings.silence) / 4;
    m_tick.setInterval(std::max(tick, Milliseconds(5)));
    wireUp();
}

Session::~Session()
{
    // A socket that is destroyed open says that it is disconnected; by then the timers are gone.
    m_socket.disconnect(this);
}

void Session::wireUp()
{
    connect(&m_socket, &QSslSocket::sslErrors, this, &Session::onSslErrors);
    connect(&m_socket, &QSslSocket::encrypted, this, &Session::onEncrypted);
    connect(&m_socket, &QSslSocket::encryptedBytesWritten, this, &Session::onBytesWritten);
    connect(&m_socket, &QSslSocket::readyRead, this, &Session::readAvailable);
    connect(&m_socket, &QSslSocket::errorOccurred, this, &Session::onSocketError);
    connect(&m_socket, &QSslSocket::disconnected, this, &Session::onDisconnected);
    connect(&m_deadline, &QTimer::timeout, this, &Session::onDeadline);
    connect(&m_tick, &QTimer::timeout, this, &Session::onTick);
    connect(&m_probe, &QTimer::timeout, this, &Session::onProbe);
}

void Session::enter(SessionState state)
{
    m_state = state;
    if (state != SessionState::Closing && state != SessionState::Closed)
        m_reached = state;
    if (state == m_reached)
        Q_EMIT advanced();
}

void Session::connectTo(const Destination &destination)
{
    Q_ASSERT(m_state == SessionState::Idle);
    m_destination = destination;
    enter(SessionState::Connecting);
    const auto purpose = destination.purpose;
    m_comparing = purpose == Destination::Purpose::Comparing;
    if (destination.expected.isNull() && !m_comparing && purpose != Destination::Purpose::Probe) {
        finishLater({ErrorCode::Invalid, "it is not said whose key is expected", 0});
        return;
    }
    if (m_comparing)
        offerProtocols(m_socket, {pairingProtocol});
    m_deadline.start(m_settings.timings.connect);
    m_connector = new Connector(m_socket, destination.transport, destination.endpoint, this);
    connect(m_connector, &Connector::advanced, this, [this] {
        if (m_state == SessionState::Connecting)
            m_deadline.start(m_settings.timings.connect);
    });
    connect(m_connector, &Connector::connected, this, &Session::onConnected);
    connect(m_connector, &Connector::failed, this, &Session::finish);
    m_connector->start();
}

void Session::accept(qintptr descriptor, std::shared_ptr<const PeerDirectory> directory)
{
    Q_ASSERT(m_state == SessionState::Idle);
    m_incoming = true;
    m_directory = std::move(directory);
    enter(SessionState::Securing);
    m_deadline.start(m_settings.timings.authenticate);
    if (!m_socket.setSocketDescriptor(descriptor)) {
        ::close(int(descriptor));
        finishLater({ErrorCode::Disconnected, "the connection was gone at once", 0});
        return;
    }
    tuneSocket(descriptor, m_settings.timings.silence);
    offerProtocols(m_socket, {applicationProtocol, pairingProtocol});
    m_socket.startServerEncryption();
}

void Session::onConnected()
{
    if (m_state != SessionState::Connecting)
        return;
    enter(SessionState::Securing);
    m_deadline.start(m_settings.timings.authenticate);
    tuneSocket(m_socket.socketDescriptor(), m_settings.timings.silence);
    m_socket.startClientEncryption();
}

// The one place where it is decided whose connection this is (I8).
Result<MachineId> Session::checkPeer()
{
    const Result<MachineId> presented = machineIdOf(m_socket.peerCertificate());
    if (!presented)
        return presented;
    m_presented = *presented;
    // This machine itself, or a copy of it: the greeting tells.
    if (*presented == m_settings.identity.id())
        return presented;
    if (!m_destination.expected.isNull() && *presented != m_destination.expected) {
        return failure(ErrorCode::NotPaired,
                       "identity changed: the machine with id "
                           + presented->bytes().toHex().first(16) + "… answers where "
                           + m_destination.expected.bytes().toHex().first(16) + "… was expected");
    }
    return presented;
}

void Session::onSslErrors(const QList<QSslError> &errors)
{
    // What is not ignored here fails the handshake; onSocketError() then ends the session.
    if (const Result<MachineId> peer = checkPeer(); !peer) {
        m_reason = peer.error();
        return;
    }
    if (const auto fatal = std::ranges::find_if_not(errors, isMatterOfAuthorities);
        fatal != errors.end()) {
        m_reason = Error{ErrorCode::Refused, "TLS: " + fatal->errorString().toUtf8(), 0};
        return;
    }
    m_socket.ignoreSslErrors(errors);
}

void Session::onEncrypted()
{
    if (m_state != SessionState::Securing)
        return;
    const Result<MachineId> peer = checkPeer();
    if (!peer) {
        finish(peer.error());
        return;
    }
    const QByteArray agreed = m_socket.sslConfiguration().nextNegotiatedProtocol();
    m_comparing = m_comparing || (m_incoming && agreed == pairingProtocol);
    if (m_socket.sessionProtocol() != QSsl::TlsV1_3
        || agreed != (m_comparing ? pairingProtocol : applicationProtocol)) {
        finish(
            {ErrorCode::VersionMismatch, "the other side does not speak the Octopus protocol", 0});
        return;
    }
    m_peer = *peer;
    enter(SessionState::Greeting);
    write(wire::encode(m_settings.hello));
    readLater();
}

QString Session::peerAddress() const
{
    return Endpoint{m_socket.peerAddress().toString(), m_socket.peerPort()}.text();
}

void Session::write(const QByteArray &frame)
{
    m_socket.write(frame);
    m_sentBytes += quint64(frame.size());
    m_lastSent.start();
    m_aboveLowWater = m_aboveLowWater || pendingBytes() >= lowWater;
}

bool Session::send(const QByteArray &frame)
{
    if (m_state != SessionState::Ready && (m_state != SessionState::Stranger || !m_comparing))
        return false;
    if (pendingBytes() > pendingCap) {
        finish({ErrorCode::LimitReached, "more was sent than the connection takes", 0});
        return false;
    }
    write(frame);
    return true;
}

qint64 Session::pendingBytes() const
{
    return m_socket.bytesToWrite() + m_socket.encryptedBytesToWrite();
}

void Session::onBytesWritten()
{
    if (m_state == SessionState::Closing)
        m_deadline.start(m_settings.timings.drain); // it is getting on
    Q_EMIT written();
    if (!m_aboveLowWater || pendingBytes() >= lowWater)
        return;
    m_aboveLowWater = false;
    if (m_state == SessionState::Ready)
        Q_EMIT writable();
}

void Session::refuse(const wire::Refusal &refusal)
{
    if (m_state == SessionState::Greeting || m_state == SessionState::Stranger
        || m_state == SessionState::Ready)
        write(wire::encode(refusal));
    close({refusal.code, refusal.detail, 0});
}

void Session::close(const Error &reason)
{
    if (m_state == SessionState::Closing || m_state == SessionState::Closed)
        return;
    if (m_state == SessionState::Idle || m_state == SessionState::Connecting
        || m_state == SessionState::Securing || m_ended) {
        finishLater(reason);
        return;
    }
    m_reason = reason;
    enter(SessionState::Closing);
    m_tick.stop();
    m_deadline.start(m_settings.timings.drain);
    m_socket.disconnectFromHost();
}

void Session::onSocketError(QAbstractSocket::SocketError error)
{
    if (error == QAbstractSocket::RemoteHostClosedError && m_state >= SessionState::Greeting)
        return; // disconnected() follows, and what has arrived is still read
    const bool connecting = m_state == SessionState::Connecting;
    const Error cause = errorOf(error, connecting, m_socket.errorString());
    if (!m_reason && connecting)
        m_reason = m_connector->explained(cause);
    finish(m_reason.value_or(cause));
}

void Session::onDisconnected()
{
    m_ended = true;
    if (mayRead())
        readLater(); // ends the session when all is read
    else if (!m_paused || m_state == SessionState::Closing)
        finish(m_reason.value_or(Error{ErrorCode::Disconnected, "the other side has closed", 0}));
}

void Session::onDeadline()
{
    if (m_state == SessionState::Closing) {
        finish(m_reason.value_or(Error{ErrorCode::Disconnected, "closed", 0}));
        return;
    }
    QByteArray what = "the other side did not introduce itself in time";
    if (m_state == SessionState::Connecting)
        what = "no answer from " + m_connector->awaited();
    else if (m_state == SessionState::Securing)
        what = "no TLS handshake in time";
    else if (m_pairingAsked)
        what = "the pairing was not answered in time";
    finish({ErrorCode::TimedOut, what, 0});
}

void Session::onTick()
{
    if (m_state != SessionState::Ready)
        return;
    const SessionTimings &timings = m_settings.timings;
    if (!m_paused && m_lastReceived.durationElapsed() >= timings.silence) {
        finish({ErrorCode::TimedOut, "the other side has fallen silent", 0});
        return;
    }
    // Bytes that are still waiting are a sign of life themselves.
    if (m_lastSent.durationElapsed() >= timings.heartbeat && pendingBytes() == 0)
        write(wire::encode(wire::Heartbeat{}));
}

void Session::limitUnsent(qint64 bytes)
{
    if (m_state == SessionState::Ready)
        octopus::link::limitUnsent(m_socket.socketDescriptor(), bytes);
}

Delivery Session::delivery() const
{
    return m_state == SessionState::Ready ? deliveryOf(m_socket.socketDescriptor()) : Delivery();
}

void Session::probe()
{
    constexpr int looks = 6;
    if (m_state != SessionState::Ready || m_probe.isActive())
        return;
    write(wire::encode(wire::Heartbeat{}));
    m_probeSent.start();
    m_probe.start(m_settings.timings.probe / looks);
}

void Session::onProbe()
{
    const auto elapsed = Milliseconds(m_probeSent.elapsed());
    const auto heard = sinceLastAcknowledgement(m_socket.socketDescriptor());
    if (m_state != SessionState::Ready || !heard || *heard < elapsed) {
        m_probe.stop(); // it is alive, or over
        return;
    }
    if (elapsed >= m_settings.timings.probe)
        finish({ErrorCode::TimedOut, "the way to the other side is gone", 0});
}

void Session::finish(const Error &error)
{
    if (m_state == SessionState::Closed)
        return;
    enter(SessionState::Closed);
    m_deadline.stop();
    m_tick.stop();
    m_probe.stop();
    if (m_connector)
        m_connector->stop();
    // Not at once: this may be inside one of the socket's own signals.
    QMetaObject::invokeMethod(&m_socket, [this] { m_socket.abort(); }, Qt::QueuedConnection);
    qCDebug(logLink, "session with %s ended: %s",
            m_peer.isNull() ? "nobody" : m_peer.bytes().toHex().first(16).constData(),
            error.detail.constData());
    Q_EMIT closed(error);
}

void Session::finishLater(const Error &error)
{
    m_reason = error;
    QMetaObject::invokeMethod(this, [this, error] { finish(error); }, Qt::QueuedConnection);
}

} // namespace octopus::link
