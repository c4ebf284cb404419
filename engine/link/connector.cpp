#include "engine/link/connector.h"

#include "engine/base/relpath.h"
#include "engine/link/interface.h"
#include "engine/link/socketaddress.h"

#include <sys/socket.h>

#include <cerrno>

namespace octopus::link {

namespace {

using Kind = Transport::Kind;

QAbstractSocket::NetworkLayerProtocol familyOf(Kind kind)
{
    return kind == Kind::IPv4 ? QAbstractSocket::IPv4Protocol
        : kind == Kind::IPv6  ? QAbstractSocket::IPv6Protocol
                              : QAbstractSocket::AnyIPProtocol;
}

Result<FileDescriptor> opened(int family)
{
    FileDescriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.isOpen())
        return std::unexpected(systemFailure(errno, "opening a socket"));
    return socket;
}

// The connection may still be under way. EINPROGRESS is none of the errors.
int connectTo(const FileDescriptor &socket, const SocketAddress &address)
{
    if (::connect(socket.get(), address.generic(), address.size()) == 0 || errno == EINPROGRESS)
        return 0;
    return errno;
}

} // namespace

Connector::Connector(QSslSocket &socket, Transport transport, Endpoint endpoint, QObject *parent)
    : QObject(parent),
      m_socket(socket),
      m_transport(std::move(transport)),
      m_endpoint(std::move(endpoint))
{}

void Connector::start()
{
    connect(&m_socket, &QSslSocket::connected, this, &Connector::onConnected);
    switch (m_transport.kind) {
    case Kind::Automatic:
    case Kind::IPv4:
    case Kind::IPv6:
        m_socket.connectToHost(m_endpoint.host, m_endpoint.port, QIODevice::ReadWrite,
                               familyOf(m_transport.kind));
        return;
    case Kind::Socks5: m_socket.connectToHost(m_transport.host, m_transport.port); return;
    case Kind::Interface:
    case Kind::UnixSocket: break;
    }
    QMetaObject::invokeMethod(
        this,
        [this] {
            const QHostAddress address(m_endpoint.host);
            const bool isIpv6 = address.protocol() == QAbstractSocket::IPv6Protocol;
            const bool isPath = m_transport.kind == Kind::UnixSocket;
            begin(opened(isPath ? AF_UNIX : isIpv6 ? AF_INET6 : AF_INET));
        },
        Qt::QueuedConnection);
}

void Connector::stop()
{
    m_socket.disconnect(this);
    m_notifier.reset();
    m_opening = FileDescriptor();
    m_isOver = true;
}

void Connector::begin(Result<FileDescriptor> opened)
{
    if (m_isOver)
        return;
    if (!opened) {
        Q_EMIT failed(opened.error());
        return;
    }
    m_opening = std::move(*opened);
    int number = 0;
    if (m_transport.kind == Kind::UnixSocket) {
        number = connectTo(m_opening, SocketAddress(m_transport.path));
    } else {
        const QHostAddress address(m_endpoint.host);
        const auto bound = bindTo(m_opening.get(), m_transport.interface, address);
        const auto addresses = addressesOf(m_transport.interface);
        if (!bound || !addresses) {
            Q_EMIT failed(bound ? addresses.error() : bound.error());
            return;
        }
        number = connectTo(m_opening, SocketAddress(address, m_endpoint.port, addresses->index));
    }
    if (number != 0) {
        Q_EMIT failed(openingFailure(number));
        return;
    }
    m_notifier = std::make_unique<QSocketNotifier>(m_opening.get(), QSocketNotifier::Write);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &Connector::conclude);
}

void Connector::conclude()
{
    m_notifier->setEnabled(false);
    m_notifier.release()->deleteLater(); // it is emitting this very signal
    int number = 0;
    socklen_t length = sizeof number;
    if (::getsockopt(m_opening.get(), SOL_SOCKET, SO_ERROR, &number, &length) != 0)
        number = errno;
    if (number != 0) {
        Q_EMIT failed(openingFailure(number));
        return;
    }
    if (!m_socket.setSocketDescriptor(m_opening.get())) {
        Q_EMIT failed({ErrorCode::Disconnected, where() + ": the connection was gone at once", 0});
        return;
    }
    (void)m_opening.release(); // the socket's now
    Q_EMIT connected();
}

void Connector::onConnected()
{
    if (m_transport.kind != Kind::Socks5) {
        Q_EMIT connected();
        return;
    }
    m_proxy.emplace(m_transport, m_endpoint);
    connect(&m_socket, &QSslSocket::readyRead, this, &Connector::converse);
    m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_socket.write(m_proxy->begin());
    Q_EMIT advanced();
}

// Reads no byte more than is of the exchange with the proxy.
void Connector::converse()
{
    while (!m_proxy->isDone() && m_socket.bytesAvailable() > 0) {
        const auto answer = m_proxy->receive(m_socket.read(m_proxy->wanted()));
        if (!answer) {
            m_socket.disconnect(this);
            Q_EMIT failed(answer.error());
            return;
        }
        if (!answer->isEmpty())
            m_socket.write(*answer);
    }
    if (!m_proxy->isDone())
        return;
    m_socket.disconnect(this);
    // Octopus's own greeting waits for TLS: nobody has a reason to speak now.
    if (m_socket.bytesAvailable() > 0)
        Q_EMIT failed({ErrorCode::Corrupt, where() + ": something speaks before TLS", 0});
    else
        Q_EMIT connected();
}

QByteArray Connector::where() const
{
    if (m_transport.kind == Kind::UnixSocket)
        return displayText(m_transport.path).toUtf8();
    return m_endpoint.text().toUtf8();
}

QByteArray Connector::awaited() const
{
    if (m_transport.kind != Kind::Socks5)
        return where();
    const QByteArray proxy = "the proxy " + m_transport.proxy().toUtf8();
    return m_proxy ? proxy + ", which was asked for " + where() : proxy;
}

Error Connector::explained(const Error &error) const
{
    if (m_transport.kind != Kind::Socks5)
        return {error.code, where() + ": " + error.detail, error.systemError};
    const QByteArray proxy = "the proxy " + m_transport.proxy().toUtf8();
    if (m_proxy)
        return {ErrorCode::Refused, proxy + " has hung up without an answer", 0};
    // Not the target: what that refuses is another thing.
    return {ErrorCode::Unreachable, proxy + " cannot be reached: " + error.detail, 0};
}

Error Connector::openingFailure(int number) const
{
    if (m_transport.kind != Kind::UnixSocket) {
        Error error = systemFailure(number, "over " + m_transport.interface.toUtf8());
        return {ErrorCode::Unreachable, where() + ": " + error.detail, number};
    }
    switch (number) {
    case ENOENT: return {ErrorCode::Unreachable, "there is no socket " + where() + " now", number};
    case ECONNREFUSED:
        return {ErrorCode::Unreachable, "nobody listens at the socket " + where(), 0};
    case EAGAIN: return {ErrorCode::Unreachable, "too many wait at the socket " + where(), number};
    case EACCES:
    case EPERM:
        return {ErrorCode::PermissionDenied,
                "the socket " + where() + " may not be used by this user", number};
    default: return systemFailure(number, "the socket " + where());
    }
}

} // namespace octopus::link
