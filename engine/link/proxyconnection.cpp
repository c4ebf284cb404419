#include "engine/link/proxyconnection.h"

#include <QNetworkProxy>
#include <QSignalBlocker>

#include <fcntl.h>

#include <cerrno>

namespace octopus::link {

namespace {

// Qt writes user and password as Latin-1: this way the bytes arrive that the user typed (UTF-8).
QNetworkProxy proxyOf(const Transport &transport)
{
    return {QNetworkProxy::Socks5Proxy, transport.host, transport.port,
            QString::fromLatin1(transport.user), QString::fromLatin1(transport.password)};
}

// Of a proxy that has been reached.
Error refusal(QAbstractSocket::SocketError error, const Transport &proxy, const QByteArray &target,
              const QByteArray &text)
{
    const QByteArray who = "the proxy " + proxy.proxy().toUtf8();
    const QByteArray cannot = who + " cannot reach " + target + ": ";
    switch (error) {
    case QAbstractSocket::ProxyConnectionClosedError:
        return {ErrorCode::Refused, who + " has hung up without an answer", 0};
    case QAbstractSocket::ProxyAuthenticationRequiredError:
        return {ErrorCode::Refused,
                proxy.user.isEmpty() ? who + " wants a user and a password"
                                     : who + " does not take this user and password",
                0};
    case QAbstractSocket::ProxyProtocolError:
        return {ErrorCode::Corrupt,
                "what answers at " + proxy.proxy().toUtf8() + " is no SOCKS5 proxy", 0};
    case QAbstractSocket::SocketAccessError:
        return {ErrorCode::Refused, who + " does not allow " + target, 0};
    case QAbstractSocket::UnsupportedSocketOperationError:
        return {ErrorCode::Refused, who + " does not make connections of this kind to " + target,
                0};
    case QAbstractSocket::ConnectionRefusedError:
        return {ErrorCode::Unreachable, cannot + "nothing listens there", ECONNREFUSED};
    case QAbstractSocket::HostNotFoundError:
        return {ErrorCode::Unreachable, cannot + "no such host answers", EHOSTUNREACH};
    default: return {ErrorCode::Unreachable, cannot + text, 0};
    }
}

} // namespace

ProxyConnection::ProxyConnection(Transport proxy, Endpoint target, QObject *parent)
    : QObject(parent),
      m_proxy(std::move(proxy)),
      m_target(std::move(target))
{}

void ProxyConnection::start()
{
    m_socket.setProxy(proxyOf(m_proxy));
    connect(&m_socket, &QTcpSocket::connected, this, &ProxyConnection::stands);
    connect(&m_socket, &QTcpSocket::errorOccurred, this, &ProxyConnection::onError);
    // Unbuffered: take() can see what waits.
    m_socket.connectToHost(m_target.host, m_target.port,
                           QIODevice::ReadWrite | QIODevice::Unbuffered);
    // The connection itself: Qt keeps it as a child of a child.
    if (const auto *carrier = m_socket.findChild<QTcpSocket *>()) {
        connect(carrier, &QTcpSocket::connected, this, [this] {
            m_isReached = true;
            Q_EMIT reached();
        });
    }
}

Result<FileDescriptor> ProxyConnection::take()
{
    auto *carrier = m_socket.findChild<QTcpSocket *>();
    if (carrier == nullptr)
        return failure(ErrorCode::Unsupported, "this version of Qt keeps its proxies to itself");
    // Octopus's own greeting waits for TLS: nobody has a reason to speak now.
    char early = 0;
    if (carrier->bytesAvailable() > 0 || m_socket.read(&early, 1) > 0)
        return failure(ErrorCode::Corrupt,
                       m_target.text().toUtf8() + ": something speaks before TLS");
    FileDescriptor own(::fcntl(int(carrier->socketDescriptor()), F_DUPFD_CLOEXEC, 0));
    if (!own.isOpen())
        return std::unexpected(systemFailure(errno, "taking over the proxy's connection"));
    // Qt would go on reading from its own descriptor.
    const QSignalBlocker unheard(carrier);
    carrier->abort();
    return own;
}

QByteArray ProxyConnection::awaited() const
{
    const QByteArray proxy = "the proxy " + m_proxy.proxy().toUtf8();
    return m_isReached ? proxy + ", which was asked for " + m_target.text().toUtf8() : proxy;
}

void ProxyConnection::onError(QAbstractSocket::SocketError error)
{
    const QByteArray text = m_socket.errorString().toUtf8();
    if (m_isReached)
        Q_EMIT failed(refusal(error, m_proxy, m_target.text().toUtf8(), text));
    else // Not the target: what that refuses is another thing.
        Q_EMIT failed({ErrorCode::Unreachable,
                       "the proxy " + m_proxy.proxy().toUtf8() + " cannot be reached: " + text, 0});
}

} // namespace octopus::link
