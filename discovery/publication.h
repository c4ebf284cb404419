// Publication: when a list that changes is to be published: the first change at once, then at most
// ten times a second; what only refreshes it, every ten seconds. Pure; one thread.
#pragma once

#include "engine/base/clock.h"

#include <algorithm>
#include <optional>

namespace octopus::discovery {

class Publication
{
public:
    static constexpr Milliseconds gap{100};
    static constexpr Milliseconds refreshGap{10'000};

    // The list was refreshed: no more than its times changed.
    void refreshed() { m_refreshed = true; }
    // When to publish the list of this revision; nullopt: it is published as it is.
    [[nodiscard]] std::optional<MonotonicTime> due(quint64 revision) const
    {
        if (revision != m_revision)
            return m_last ? *m_last + gap : MonotonicTime();
        if (m_refreshed)
            return m_last ? *m_last + refreshGap : MonotonicTime();
        return std::nullopt;
    }
    void done(quint64 revision, MonotonicTime now)
    {
        m_revision = revision;
        m_last = now;
        m_refreshed = false;
    }

private:
    quint64 m_revision = 0; // of the empty list
    std::optional<MonotonicTime> m_last;
    bool m_refreshed = false;
};

} // namespace octopus::discovery
