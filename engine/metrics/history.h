// History: what a mirror did, for charts: each second of the last ten minutes, each minute of the
// last 24 hours. Fixed size (about 100 KiB), in memory only; a time in which nothing was recorded
// is a gap. Seconds and minutes are of the monotonic clock. Value; one thread.
#pragma once

#include "engine/base/clock.h"

#include <QList>

#include <optional>
#include <vector>

namespace octopus::metrics {

struct Sample {
    quint64 bytes = 0;        // sent in this time
    quint64 operations = 0;   // acknowledged in this time
    quint64 backlogBytes = 0; // the most
    std::optional<Milliseconds> lag =
        Milliseconds(0); // the worst; nullopt, unknown, is worse than any
    friend bool operator==(const Sample &, const Sample &) = default;
};

class History
{
public:
    static constexpr qsizetype secondCount = 600;
    static constexpr qsizetype minuteCount = 1440;

    History();

    // What happened since the last call. Several in a second or minute are merged. A time before
    // the latest is taken as the latest.
    void add(const Sample &sample, MonotonicTime now);

    // Oldest first; exactly secondCount and minuteCount, the last is the begun one. nullopt: a gap.
    [[nodiscard]] QList<std::optional<Sample>> seconds(MonotonicTime now) const;
    [[nodiscard]] QList<std::optional<Sample>> minutes(MonotonicTime now) const;

private:
    struct Slot {
        qint64 period = -1;
        Sample sample;
    };
    static void put(std::vector<Slot> &ring, qint64 period, const Sample &sample);
    [[nodiscard]] static QList<std::optional<Sample>> listed(const std::vector<Slot> &ring,
                                                             qint64 last);

    std::vector<Slot> m_seconds;
    std::vector<Slot> m_minutes;
    MonotonicTime m_latest;
};

} // namespace octopus::metrics
