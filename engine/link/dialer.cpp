#include "engine/link/dialer.h"

#include <algorithm>

namespace octopus::link {

bool Dialer::setAddresses(const QList<Endpoint> &addresses)
{
    if (addresses == m_given)
        return false;
    m_given = addresses;
    m_addresses = addresses;
    m_impostors.removeIf([&](const Endpoint &one) { return !addresses.contains(one); });
    m_position = 0;
    m_current.reset();
    hurry();
    return true;
}

std::optional<DialAttempt> Dialer::next()
{
    if (m_addresses.isEmpty())
        return std::nullopt;
    m_current = m_addresses[m_position];
    const Milliseconds wait = m_waitDue ? nextWait() : Milliseconds(0);
    m_waitDue = false;
    return DialAttempt{*m_current, wait};
}

void Dialer::connected(MonotonicTime now)
{
    m_connectedAt = now;
    m_impostors.clear();
    m_position = 0;
    const qsizetype worked = m_current ? m_addresses.indexOf(*m_current) : -1;
    if (worked > 0)
        m_addresses.move(worked, 0);
}

void Dialer::disconnected(MonotonicTime now)
{
    if (now - m_connectedAt >= stable)
        m_failedRounds = 0;
    ++m_failedRounds;
    m_position = 0;
    m_waitDue = true;
}

void Dialer::failed(const Error &error)
{
    m_lastError = error;
    if (!m_current)
        return; // the addresses have changed since
    if (error.code == ErrorCode::NotPaired && !m_impostors.contains(*m_current))
        m_impostors.append(*m_current);
    m_current.reset();
    if (++m_position < m_addresses.size())
        return;
    m_position = 0;
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
    return Milliseconds(half + qint64(m_random.below(quint64(full.count() - half + 1))));
}

} // namespace octopus::link
