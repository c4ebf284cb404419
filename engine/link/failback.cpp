#include "engine/link/failback.h"

#include <algorithm>

namespace octopus::link {

void Failback::connected(qsizetype transport, MonotonicTime now)
{
    m_transport = transport;
    m_wait = longestWait;
    m_isChanged = false;
    m_due.reset();
    if (transport > 0)
        m_due = now + jittered(m_wait);
}

void Failback::disconnected()
{
    m_due.reset();
}

void Failback::networkChanged(MonotonicTime now)
{
    if (!m_due)
        return;
    m_isChanged = true;
    m_wait = shortestWait;
    m_due = now;
}

void Failback::begun()
{
    m_isChanged = false;
}

void Failback::failed(MonotonicTime now)
{
    if (!m_due || m_isChanged)
        return; // it is due as it is
    m_due = now + jittered(m_wait);
    m_wait = std::min(longestWait, m_wait * 2);
}

Nanoseconds Failback::jittered(Milliseconds wait)
{
    const auto quarter = wait.count() / 4;
    const auto choices = 2 * quarter + 1;
    return Milliseconds(wait.count() - quarter + qint64(m_random.below(quint64(choices))));
}

} // namespace octopus::link
