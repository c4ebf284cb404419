#include "engine/link/dialer.h"

#include <algorithm>

namespace octopus::link {

bool Dialer::setAddresses(const QList<Endpoint> &addresses)
{
    if (addresses == m_addresses)
        return false;
    m_addresses = addresses;
    hurry();
    return true;
}

std::optional<DialAttempt> Dialer::next()
{
    if (m_addresses.isEmpty() && m_needsAddress)
        return std::nullopt;
    const Milliseconds wait = m_waitDue ? nextWait() : Milliseconds(0);
    m_waitDue = false;
    return DialAttempt{endpoints(), wait};
}

QList<Endpoint> Dialer::endpoints() const
{
    QList<Endpoint> endpoints = m_addresses;
    if (m_best) {
        endpoints.removeAll(*m_best);
        endpoints.prepend(*m_best);
    }
    return endpoints;
}

void Dialer::connected(MonotonicTime now, const Endpoint &where)
{
    m_connectedAt = now;
    if (!where.host.isEmpty())
        m_best = where;
}

void Dialer::disconnected(MonotonicTime now)
{
    if (now - m_connectedAt >= stable)
        m_failedRounds = 0;
    ++m_failedRounds;
    m_waitDue = true;
}

void Dialer::failed()
{
    ++m_failedRounds;
    m_waitDue = true;
}

void Dialer::hurry()
{
    m_failedRounds = 0;
    m_waitDue = false;
}

Milliseconds Dialer::nextWait()
{
    const int doublings = std::clamp(m_failedRounds - 1, 0, 16);
    const Milliseconds full = std::min(longestWait, shortestWait * (1 << doublings));
    const auto half = full.count() / 2;
    const auto choices = full.count() - half + 1;
    return Milliseconds(half + qint64(m_random.below(quint64(choices))));
}

} // namespace octopus::link
