// LineRate: how many bytes a second the line carries, and how hard it is worth to compress for it.
// Pure: told what the kernel measures. A rate at which the other side took no more, because it is busy
// itself, is not the line's. One thread.
#pragma once

#include "engine/base/clock.h"

#include <optional>

namespace octopus::link {

// What the kernel says of a connection.
struct Delivery {
    std::optional<double> rate; // bytes a second that were acknowledged lately; nullopt: none yet
    quint64 acknowledged = 0;   // bytes, in all
    qint64 unsent = 0;   // bytes that it has taken and not sent; more than any limit, at times
    qint64 inFlight = 0; // bytes, about, that were sent and not acknowledged
    Nanoseconds shortestRoundTrip{0};
    Nanoseconds refused{0}; // in all, for which the other side had no room for what was to be sent
};

// How much of it waits somewhere: for the kernel to send it, and on a slow line for whatever stands
// in front of it, too, if more is in flight than such a line holds.
[[nodiscard]] qint64 queuedBytes(const Delivery &delivery);

class LineRate
{
public:
    static constexpr Milliseconds period{100}; // between two looks

    void update(MonotonicTime now, const Delivery &delivery);
    [[nodiscard]] std::optional<double> bytesPerSecond() const { return m_rate; }

private:
    std::optional<double> m_rate;
    MonotonicTime m_looked;
    Nanoseconds m_refused{0};
};

// The zstd level at which compressing is many times faster than the line, content that does not
// compress included; 0: do not compress.
[[nodiscard]] int compressionLevel(std::optional<double> bytesPerSecond);

} // namespace octopus::link
