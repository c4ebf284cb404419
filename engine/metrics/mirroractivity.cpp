#include "engine/metrics/mirroractivity.h"

#include <algorithm>
#include <iterator>

namespace octopus::metrics {

void MirrorActivity::record(ActivityKind what, const RelPath &path, const RelPath &from,
                            quint64 bytes, MonotonicTime now, WallTime at)
{
    ++m_count;
    if (now >= m_windowEnd) {
        m_windowEnd = now + window;
        m_inWindow = 0;
    }
    if (m_inWindow++ >= mostEachWindow) {
        ++m_entries.back().more;
        return;
    }
    m_entries.push_back({m_count, at, what, path, from, bytes, 0});
    if (qsizetype(m_entries.size()) > mostEntries)
        m_entries.pop_front();
}

QList<ActivityEntry> MirrorActivity::latest() const
{
    QList<ActivityEntry> entries;
    std::ranges::copy(m_entries.rbegin(), m_entries.rend(), std::back_inserter(entries));
    return entries;
}

} // namespace octopus::metrics
