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

// The greatest of the rates of the last second or two: while a processor or a disk is busy, single
// measurements are far below what the line carries.
class RecentRate
{
public:
    static constexpr Milliseconds memory{1000};
    void add(MonotonicTime now, double rate);
    [[nodiscard]] std::optional<double> bytesPerSecond() const;

private:
    std::optional<double> m_now;    // since m_began
    std::optional<double> m_before; // in the period before that
    MonotonicTime m_began;
};

class LineRate
{
public:
    static constexpr Milliseconds period{10}; // between two looks

    void update(MonotonicTime now, const Delivery &delivery);
    // At which what is sent is delivered.
    [[nodiscard]] std::optional<double> delivered() const { return m_delivered.bytesPerSecond(); }
    // That of the line: likewise, without the times at which the other side took no more.
    [[nodiscard]] std::optional<double> bytesPerSecond() const { return m_line.bytesPerSecond(); }

private:
    RecentRate m_delivered;
    RecentRate m_line;
    std::optional<MonotonicTime> m_looked;
    Nanoseconds m_refused{0};
};

// How much of it waits somewhere: for the kernel to send it, and on a slow line (at `rate`) for
// whatever stands in front of it, too, if more is in flight than such a line holds.
[[nodiscard]] qint64 queuedBytes(const Delivery &delivery, std::optional<double> rate);

// The zstd level at which compressing is many times faster than the line, content that does not
// compress included; 0: do not compress.
[[nodiscard]] int compressionLevel(std::optional<double> bytesPerSecond);

} // namespace octopus::link
