#include "engine/link/socketoptions.h"

#include "engine/base/log.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>

namespace octopus::link {

static void set(qintptr descriptor, int level, int name, int value)
{
    if (::setsockopt(int(descriptor), level, name, &value, sizeof value) != 0)
        qCDebug(logLink, "socket option %d/%d is not available", level, name);
}

void tuneSocket(qintptr descriptor, Milliseconds silence)
{
    constexpr int probes = 3;
    constexpr int patience = 12; // times the silence
    const int seconds = int(std::max<qint64>(1, silence.count() / 1000));
    set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
    set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, std::max(1, seconds / 2));
    set(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, std::max(1, seconds / 2 / probes));
    set(descriptor, IPPROTO_TCP, TCP_KEEPCNT, probes);
    set(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, seconds * patience * 1000);
}

void limitUnsent(qintptr descriptor, qint64 bytes)
{
    set(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, int(bytes));
}

Delivery deliveryOf(qintptr descriptor)
{
    tcp_info info{};
    socklen_t length = sizeof info;
    Delivery delivery;
    if (::getsockopt(int(descriptor), IPPROTO_TCP, TCP_INFO, &info, &length) != 0)
        return delivery;
    if (info.tcpi_delivery_rate > 0)
        delivery.rate = double(info.tcpi_delivery_rate);
    delivery.acknowledged = info.tcpi_bytes_acked;
    delivery.unsent = info.tcpi_notsent_bytes;
    delivery.inFlight = qint64(info.tcpi_unacked) * info.tcpi_snd_mss;
    delivery.shortestRoundTrip = std::chrono::microseconds(info.tcpi_min_rtt);
    delivery.refused = std::chrono::microseconds(info.tcpi_rwnd_limited);
    return delivery;
}

std::optional<Milliseconds> sinceLastAcknowledgement(qintptr descriptor)
{
    tcp_info info{};
    socklen_t length = sizeof info;
    if (::getsockopt(int(descriptor), IPPROTO_TCP, TCP_INFO, &info, &length) != 0
        || length < offsetof(tcp_info, tcpi_last_ack_recv) + sizeof info.tcpi_last_ack_recv)
        return std::nullopt;
    return Milliseconds(info.tcpi_last_ack_recv);
}

QHostAddress peerAddress(qintptr descriptor)
{
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    auto *generic = reinterpret_cast<sockaddr *>(&storage);
    if (::getpeername(int(descriptor), generic, &length) != 0)
        return {};
    QHostAddress address(generic);
    bool mapped = false;
    const quint32 ipv4 = address.toIPv4Address(&mapped);
    return mapped ? QHostAddress(ipv4) : address;
}

} // namespace octopus::link
