#include "engine/link/connector.h"

#include "engine/base/relpath.h"
#include "engine/link/interface.h"
#include "engine/link/proxyconnection.h"
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
    switch (m_transport.kind) {
    case Kind::Automatic:
    case Kind::IPv4:
    case Kind::IPv6:
        connect(&m_socket, &QSslSocket::connected, this, &Connector::connected);
        m_socket.connectToHost(m_endpoint.host, m_endpoint.port, QIODevice::ReadWrite,
                               familyOf(m_transport.kind));
        return;
    case Kind::Socks5: askProxy(); return;
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
    if (m_proxy != nullptr)
        m_proxy->disconnect(this);
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
    hand(std::move(m_opening));
}

void Connector::askProxy()
{
    m_proxy = new ProxyConnection(m_transport, m_endpoint, this);
    connect(m_proxy, &ProxyConnection::reached, this, &Connector::advanced);
    connect(m_proxy, &ProxyConnection::failed, this, &Connector::failed);
    connect(m_proxy, &ProxyConnection::stands, this, [this] {
        hand(m_proxy->take());
        m_proxy->deleteLater();
        m_proxy = nullptr;
    });
    m_proxy->start();
}

void Connector::hand(Result<FileDescriptor> connection)
{
    if (!connection) {
        Q_EMIT failed(connection.error());
        return;
    }
    if (!m_socket.setSocketDescriptor(connection->get())) {
        Q_EMIT failed({ErrorCode::Disconnected, where() + ": the connection was gone at once", 0});
        return;
    }
    (void)connection->release(); // the socket's now
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
    return m_proxy != nullptr ? m_proxy->awaited() : where();
}

Error Connector::explained(const Error &error) const
{
    return {error.code, where() + ": " + error.detail, error.systemError};
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
