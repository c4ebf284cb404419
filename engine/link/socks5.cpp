#include "engine/link/socks5.h"

#include <QHostAddress>
#include <QtEndian>

#include <cerrno>

namespace octopus::link {

namespace {

constexpr char version = 5;
constexpr char loginVersion = 1;
constexpr char noLogin = 0;
constexpr char byPassword = 2;
constexpr char connectTo = 1;
constexpr char ipv4 = 1;
constexpr char name = 3;
constexpr char ipv6 = 4;
constexpr qsizetype portBytes = 2;

Error replyError(quint8 reply, const QByteArray &proxy, const QByteArray &target)
{
    const QByteArray cannot = "the proxy " + proxy + " cannot reach " + target + ": ";
    switch (reply) {
    case 2: return {ErrorCode::Refused, "the proxy " + proxy + " does not allow " + target, 0};
    case 3: return {ErrorCode::Unreachable, cannot + "no network leads there", ENETUNREACH};
    case 4: return {ErrorCode::Unreachable, cannot + "no such host answers", EHOSTUNREACH};
    case 5: return {ErrorCode::Unreachable, cannot + "nothing listens there", ECONNREFUSED};
    case 6: return {ErrorCode::Unreachable, cannot + "it is too far away", 0};
    case 7:
    case 8:
        return {ErrorCode::Refused,
                "the proxy " + proxy + " does not make connections of this kind to " + target, 0};
    default: return {ErrorCode::Unreachable, cannot + "it does not say why", 0};
    }
}

void appendPort(QByteArray &bytes, quint16 port)
{
    const quint16 big = qToBigEndian(port);
    bytes.append(reinterpret_cast<const char *>(&big), portBytes);
}

} // namespace

Socks5::Socks5(Transport proxy, Endpoint target)
    : m_proxy(std::move(proxy)),
      m_target(std::move(target))
{}

void Socks5::expect(Step step, qsizetype bytes)
{
    m_step = step;
    m_wanted = bytes;
    m_received.clear();
}

QByteArray Socks5::begin() const
{
    if (m_proxy.user.isEmpty())
        return {"\x05\x01\x00", 3};
    return {"\x05\x02\x00\x02", 4};
}

Result<QByteArray> Socks5::receive(QByteArrayView bytes)
{
    m_received += bytes.first(std::min(bytes.size(), wanted()));
    if (wanted() > 0)
        return QByteArray();
    switch (m_step) {
    case Step::Method: return onMethod();
    case Step::Login: return onLogin();
    case Step::Reply: return onReply();
    case Step::Kind: return onKind();
    case Step::Address:
    case Step::Done: break;
    }
    expect(Step::Done, 0);
    return QByteArray();
}

Result<QByteArray> Socks5::onMethod()
{
    const QByteArray proxy = m_proxy.proxy().toUtf8();
    if (m_received[0] != version)
        return failure(ErrorCode::Corrupt, "what answers at " + proxy + " is no SOCKS5 proxy");
    if (m_received[1] == noLogin)
        return request();
    if (m_received[1] != byPassword || m_proxy.user.isEmpty()) {
        return failure(ErrorCode::Refused,
                       m_proxy.user.isEmpty()
                           ? "the proxy " + proxy + " wants a user and a password"
                           : "the proxy " + proxy + " takes no login by user and password");
    }
    QByteArray login(1, loginVersion);
    login += char(m_proxy.user.size()) + m_proxy.user;
    login += char(m_proxy.password.size()) + m_proxy.password;
    expect(Step::Login, 2);
    return login;
}

Result<QByteArray> Socks5::onLogin()
{
    if (m_received[1] == 0)
        return request();
    return failure(ErrorCode::Refused,
                   "the proxy " + m_proxy.proxy().toUtf8()
                       + " does not take this user and password");
}

Result<QByteArray> Socks5::request()
{
    QByteArray bytes;
    bytes += version;
    bytes += connectTo;
    bytes += '\0';
    const QHostAddress literal(m_target.host);
    if (literal.protocol() == QAbstractSocket::IPv4Protocol) {
        const quint32 big = qToBigEndian(literal.toIPv4Address());
        bytes += ipv4;
        bytes.append(reinterpret_cast<const char *>(&big), sizeof big);
    } else if (literal.protocol() == QAbstractSocket::IPv6Protocol) {
        const Q_IPV6ADDR address = literal.toIPv6Address();
        bytes += ipv6;
        bytes.append(reinterpret_cast<const char *>(&address), sizeof address);
    } else {
        const QByteArray host = m_target.host.toLatin1(); // checkHost(): at most 253 of ASCII
        bytes += name;
        bytes += char(host.size()) + host;
    }
    appendPort(bytes, m_target.port);
    expect(Step::Reply, 2);
    return bytes;
}

Result<QByteArray> Socks5::onReply()
{
    if (m_received[0] != version)
        return failure(ErrorCode::Corrupt,
                       "the proxy " + m_proxy.proxy().toUtf8() + " answered nonsense");
    if (m_received[1] != 0)
        return std::unexpected(
            replyError(quint8(m_received[1]), m_proxy.proxy().toUtf8(), m_target.text().toUtf8()));
    expect(Step::Kind, 3); // reserved, kind, and the first byte of the address it connects from
    return QByteArray();
}

Result<QByteArray> Socks5::onKind()
{
    const char kind = m_received[1];
    const qsizetype length = kind == ipv4 ? 4 - 1
        : kind == ipv6                    ? 16 - 1
        : kind == name                    ? qsizetype(quint8(m_received[2]))
                                          : -1;
    if (length < 0)
        return failure(ErrorCode::Corrupt,
                       "the proxy " + m_proxy.proxy().toUtf8() + " answered nonsense");
    expect(Step::Address, length + portBytes);
    return QByteArray();
}

} // namespace octopus::link
