#include "discovery/intake.h"

using namespace std::chrono_literals;

namespace octopus::discovery {

static constexpr TokenBucket freshSource(40, 50ms);

bool Intake::admit(const QHostAddress &source, bool known, MonotonicTime now)
{
    auto it = m_sources.find(source);
    if (it == m_sources.end()) {
        if (m_sources.size() >= mostSources && !makeRoom(now) && !known)
            return false;
        if (m_sources.size() < mostSources)
            it = m_sources.insert(source, freshSource);
    }
    if (it != m_sources.end() && !it->take(now))
        return false;
    return known || m_strangers.take(now);
}

// Forgets who has been quiet. Not more often than needed: it looks at every source.
bool Intake::makeRoom(MonotonicTime now)
{
    if (now < m_nextSweep)
        return false;
    m_nextSweep = now + 100ms;
    m_sources.removeIf([now](const auto &entry) { return entry.value().isFull(now); });
    return m_sources.size() < mostSources;
}

} // namespace octopus::discovery
