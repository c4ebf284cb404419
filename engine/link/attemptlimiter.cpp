#include "engine/link/attemptlimiter.h"

#include <algorithm>

namespace octopus::link {

bool AttemptLimiter::attempt(MonotonicTime now)
{
    while (!m_recent.empty() && now - m_recent.front() >= m_within)
        m_recent.pop_front();
    if (qsizetype(m_recent.size()) >= m_most)
        return false;
    m_recent.push_back(now);
    return true;
}

Nanoseconds AttemptLimiter::wait(MonotonicTime now) const
{
    if (qsizetype(m_recent.size()) < m_most)
        return Nanoseconds(0);
    return std::max(Nanoseconds(0), m_within - (now - m_recent.front()));
}

} // namespace octopus::link
