// SocketAddress: an address as the kernel takes it. Value; any thread.
#pragma once

#include <QHostAddress>

#include <sys/socket.h>

namespace octopus::link {

class SocketAddress
{
public:
    // `scope`: the index of an interface, for an address that is valid on its link only.
    SocketAddress(const QHostAddress &address, quint16 port, int scope);
    // Of a Unix socket; at most 107 bytes.
    explicit SocketAddress(const QByteArray &path);

    [[nodiscard]] int family() const { return m_storage.ss_family; }
    [[nodiscard]] const sockaddr *generic() const
    {
        return reinterpret_cast<const sockaddr *>(&m_storage);
    }
    [[nodiscard]] socklen_t size() const { return m_size; }

private:
    sockaddr_storage m_storage{};
    socklen_t m_size = 0;
};

} // namespace octopus::link
