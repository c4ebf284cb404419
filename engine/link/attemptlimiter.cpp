#include "engine/link/attemptlimiter.h"

namespace octopus::link {

bool AttemptLimiter::attempt(MonotonicTime now)
{
    while (!m_recent.empty() && now - m_recent.front() >= std::chrono::minutes(1))
        m_recent.pop_front();
    if (qsizetype(m_recent.size()) >= m_perMinute)
        return false;
    m_recent.push_back(now);
    return true;
}

} // namespace octopus::link
