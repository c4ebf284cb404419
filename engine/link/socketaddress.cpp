#include "engine/link/socketaddress.h"

#include <QtEndian>

#include <netinet/in.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>

namespace octopus::link {

SocketAddress::SocketAddress(const QHostAddress &address, quint16 port, int scope)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol) {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = qToBigEndian(port);
        in.sin_addr.s_addr = qToBigEndian(address.toIPv4Address());
        std::memcpy(&m_storage, &in, sizeof in);
        m_size = sizeof in;
        return;
    }
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = qToBigEndian(port);
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    std::memcpy(&in.sin6_addr, &bytes, sizeof bytes);
    if (address.isLinkLocal())
        in.sin6_scope_id = quint32(scope);
    std::memcpy(&m_storage, &in, sizeof in);
    m_size = sizeof in;
}

SocketAddress::SocketAddress(const QByteArray &path)
{
    sockaddr_un un{};
    un.sun_family = AF_UNIX;
    const auto length = std::min(size_t(path.size()), sizeof un.sun_path - 1);
    std::memcpy(un.sun_path, path.constData(), length);
    std::memcpy(&m_storage, &un, sizeof un);
    m_size = socklen_t(offsetof(sockaddr_un, sun_path) + length + 1);
}

} // namespace octopus::link
