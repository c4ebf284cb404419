#include "engine/metrics/history.h"

#include <algorithm>

namespace octopus::metrics {

static qint64 secondOf(MonotonicTime time)
{
    return std::chrono::floor<std::chrono::seconds>(time.sinceStart).count();
}

static qint64 minuteOf(MonotonicTime time)
{
    return std::chrono::floor<std::chrono::minutes>(time.sinceStart).count();
}

static void merge(Sample &sample, const Sample &other)
{
    sample.bytes += other.bytes;
    sample.operations += other.operations;
    sample.backlogBytes = std::max(sample.backlogBytes, other.backlogBytes);
    if (sample.lag && other.lag)
        sample.lag = std::max(*sample.lag, *other.lag);
    else
        sample.lag.reset();
}

History::History() : m_seconds(secondCount), m_minutes(minuteCount) {}

void History::put(std::vector<Slot> &ring, qint64 period, const Sample &sample)
{
    Slot &slot = ring[size_t(period) % ring.size()];
    if (slot.period == period)
        merge(slot.sample, sample);
    else
        slot = Slot{period, sample};
}

void History::add(const Sample &sample, MonotonicTime now)
{
    m_latest = std::max(m_latest, now);
    put(m_seconds, secondOf(m_latest), sample);
    put(m_minutes, minuteOf(m_latest), sample);
}

QList<std::optional<Sample>> History::listed(const std::vector<Slot> &ring, qint64 last)
{
    QList<std::optional<Sample>> samples;
    samples.reserve(qsizetype(ring.size()));
    for (qint64 period = last - qint64(ring.size()) + 1; period <= last; ++period) {
        const Slot *slot = period < 0 ? nullptr : &ring[size_t(period) % ring.size()];
        samples.append(slot && slot->period == period ? std::optional(slot->sample) : std::nullopt);
    }
    return samples;
}

QList<std::optional<Sample>> History::seconds(MonotonicTime now) const
{
    return listed(m_seconds, secondOf(std::max(m_latest, now)));
}

QList<std::optional<Sample>> History::minutes(MonotonicTime now) const
{
    return listed(m_minutes, minuteOf(std::max(m_latest, now)));
}

} // namespace octopus::metrics
