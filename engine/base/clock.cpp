#include "engine/base/clock.h"

namespace octopus {

MonotonicTime SystemClock::monotonic() const
{
    return {std::chrono::duration_cast<Nanoseconds>(
        std::chrono::steady_clock::now().time_since_epoch())};
}

WallTime SystemClock::wall() const
{
    return {
        std::chrono::duration_cast<Nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count()};
}

} // namespace octopus
