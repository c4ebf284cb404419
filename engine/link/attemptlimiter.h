// AttemptLimiter: at most so many attempts in any minute (or another time), whoever makes them.
// Pure; one thread.
#pragma once

#include "engine/base/clock.h"

#include <deque>

namespace octopus::link {

class AttemptLimiter
{
public:
    explicit AttemptLimiter(int most, Nanoseconds within = std::chrono::minutes(1))
        : m_most(most),
          m_within(within)
    {}
    // True and counted, or false: too many.
    [[nodiscard]] bool attempt(MonotonicTime now);
    // Until an attempt would be allowed; 0: now.
    [[nodiscard]] Nanoseconds wait(MonotonicTime now) const;

private:
    int m_most;
    Nanoseconds m_within;
    std::deque<MonotonicTime> m_recent;
};

} // namespace octopus::link
