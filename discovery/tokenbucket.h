// TokenBucket: at most `burst` at once and one every `period` in the long run. Source: the virtual
// scheduling form of the generic cell rate algorithm (ITU-T I.371, annex A). Pure; value; one thread.
#pragma once

#include "engine/base/clock.h"

#include <algorithm>

namespace octopus::discovery {

class TokenBucket
{
public:
    constexpr TokenBucket(int burst, Nanoseconds period)
        : m_tolerance(period * (burst - 1)),
          m_period(period)
    {}

    // True and taken, or false: none is left.
    [[nodiscard]] bool take(MonotonicTime now)
    {
        if (next() > now)
            return false;
        m_full = std::max(m_full, now) + m_period;
        return true;
    }
    // When there is one again (in the past: there is one).
    [[nodiscard]] MonotonicTime next() const { return m_full + -m_tolerance; }
    // As if none had ever been taken.
    [[nodiscard]] bool isFull(MonotonicTime now) const { return m_full <= now; }

private:
    Nanoseconds m_tolerance;
    Nanoseconds m_period;
    MonotonicTime m_full; // when all tokens are back
};

} // namespace octopus::discovery
