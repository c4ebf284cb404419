// AttemptLimiter: at most so many attempts in any minute, whoever makes them. Pure; one thread.
#pragma once

#include "engine/base/clock.h"

#include <deque>

namespace octopus::link {

class AttemptLimiter
{
public:
    explicit AttemptLimiter(int perMinute) : m_perMinute(perMinute) {}
    // True and counted, or false: too many.
    [[nodiscard]] bool attempt(MonotonicTime now);

private:
    int m_perMinute;
    std::deque<MonotonicTime> m_recent;
};

} // namespace octopus::link
