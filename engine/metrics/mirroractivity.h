// MirrorActivity: the last changes that a mirror carried. At most 100, and at most ten of every
// quarter of a second, however many there are: the others are counted, so that it costs next to
// nothing under load. Times handed in never go back. Value; one thread.
#pragma once

#include "engine/model/activity.h"

#include <QList>

#include <deque>

namespace octopus::metrics {

class MirrorActivity
{
public:
    static constexpr qsizetype mostEntries = 100;
    static constexpr qsizetype mostEachWindow = 10;
    static constexpr Milliseconds window{250};

    // `from`: of Moved. `at`: what the clock on the wall says `now`.
    void record(ActivityKind what, const RelPath &path, const RelPath &from, quint64 bytes,
                MonotonicTime now, WallTime at);
    [[nodiscard]] QList<ActivityEntry> latest() const; // the newest first

private:
    std::deque<ActivityEntry> m_entries; // the newest last
    quint64 m_count = 0;
    MonotonicTime m_windowEnd;
    qsizetype m_inWindow = 0;
};

} // namespace octopus::metrics
