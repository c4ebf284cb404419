// Clock: where time comes from. Handed in, never asked of the system directly, so that a
// simulation can replay it. monotonic() never goes back and is not comparable between machines;
// wall() is payload and display only. SystemClock is safe on any thread.
#pragma once

#include <QtGlobal>

#include <chrono>
#include <compare>

namespace octopus {

using Nanoseconds = std::chrono::nanoseconds;
using Milliseconds = std::chrono::milliseconds;

// A point on this machine's monotonic clock.
struct MonotonicTime {
    Nanoseconds sinceStart{0};
    friend auto operator<=>(const MonotonicTime &, const MonotonicTime &) = default;
    friend Nanoseconds operator-(MonotonicTime a, MonotonicTime b)
    {
        return a.sinceStart - b.sinceStart;
    }
    friend MonotonicTime operator+(MonotonicTime t, Nanoseconds d) { return {t.sinceStart + d}; }
};

// Nanoseconds since 1970-01-01T00:00:00Z.
struct WallTime {
    qint64 nanoseconds = 0;
    friend auto operator<=>(const WallTime &, const WallTime &) = default;
};

class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual MonotonicTime monotonic() const = 0;
    [[nodiscard]] virtual WallTime wall() const = 0;
};

class SystemClock final : public Clock
{
public:
    [[nodiscard]] MonotonicTime monotonic() const override;
    [[nodiscard]] WallTime wall() const override;
};

} // namespace octopus
