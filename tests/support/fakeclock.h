// FakeClock: time that passes only when a test says so. One thread.
#pragma once

#include "engine/base/clock.h"

namespace octopus::testing {

class FakeClock final : public Clock
{
public:
    // 2026-01-01T00:00:00Z; the monotonic clock starts at an hour.
    FakeClock() = default;

    [[nodiscard]] MonotonicTime monotonic() const override { return m_monotonic; }
    [[nodiscard]] WallTime wall() const override { return m_wall; }

    // Both clocks go on.
    void advance(Nanoseconds by)
    {
        m_monotonic = m_monotonic + by;
        m_wall.nanoseconds += by.count();
    }
    // Somebody sets the wall clock; the monotonic one does not notice.
    void setWall(WallTime wall) { m_wall = wall; }

private:
    MonotonicTime m_monotonic{std::chrono::hours(1)};
    WallTime m_wall{1'767'225'600'000'000'000};
};

} // namespace octopus::testing
