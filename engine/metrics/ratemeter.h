// RateMeter: how fast things go: over the last ten seconds for display, and smoothed for the time
// that is left. Counts into seconds of the monotonic clock. Times handed in never go back (an
// earlier one counts as the latest). Value; one thread.
#pragma once

#include "engine/base/clock.h"

#include <array>
#include <optional>

namespace octopus::metrics {

class RateMeter
{
public:
    static constexpr qint64 windowSeconds = 10;

    // Measuring begins at `start`.
    explicit RateMeter(MonotonicTime start);

    void add(quint64 bytes, quint64 operations, MonotonicTime now);

    // Over the last ten full seconds and the begun one; over the time since the start, but at least
    // one second, if that is shorter.
    [[nodiscard]] double bytesPerSecond(MonotonicTime now);
    [[nodiscard]] double operationsPerSecond(MonotonicTime now);

    // For so many bytes, at the exponentially weighted mean of the full seconds (time constant 30 s,
    // weights normalised, so that the first seconds count in full). nullopt: nothing to judge by,
    // or over 100 days.
    [[nodiscard]] std::optional<Milliseconds> remaining(quint64 bytes, MonotonicTime now);

private:
    struct Second {
        quint64 bytes = 0;
        quint64 operations = 0;
    };
    void advance(MonotonicTime now);
    [[nodiscard]] Second sum() const;
    [[nodiscard]] double seconds() const;

    MonotonicTime m_start;
    MonotonicTime m_now;
    qint64 m_second = 0; // since the start; the begun one
    std::array<Second, windowSeconds + 1> m_ring{};
    double m_weightedBytes = 0;
    double m_weights = 0;
};

} // namespace octopus::metrics
