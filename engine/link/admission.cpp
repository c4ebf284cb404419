#include "engine/link/admission.h"

namespace octopus::link {

// Whoever has one IPv6 address has the whole /64 it is in.
static QHostAddress keyOf(const QHostAddress &address)
{
    if (address.protocol() != QAbstractSocket::IPv6Protocol)
        return address;
    Q_IPV6ADDR bytes = address.toIPv6Address();
    std::fill(bytes.c + 8, bytes.c + 16, quint8(0));
    return QHostAddress(bytes);
}

bool Admission::enter(const QHostAddress &address, bool known)
{
    Room &room = known ? m_known : m_unknown;
    const int total = known ? m_limits.reserved : m_limits.total;
    const int each = known ? m_limits.perKnownAddress : m_limits.perAddress;
    const QHostAddress key = keyOf(address);
    if (room.total >= total || room.each.value(key) >= each)
        return false;
    ++room.total;
    ++room.each[key];
    return true;
}

void Admission::leave(const QHostAddress &address, bool known)
{
    Room &room = known ? m_known : m_unknown;
    const auto here = room.each.find(keyOf(address));
    Q_ASSERT(here != room.each.end());
    if (here == room.each.end())
        return;
    --room.total;
    if (--*here == 0)
        room.each.erase(here);
}

} // namespace octopus::link
