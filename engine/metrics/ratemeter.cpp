#include "engine/metrics/ratemeter.h"

#include <algorithm>
#include <cmath>

namespace octopus::metrics {

static constexpr double timeConstantSeconds = 30;
static constexpr double longestSeconds = 100.0 * 24 * 3600;

RateMeter::RateMeter(MonotonicTime start) : m_start(start), m_now(start) {}

// Closes the seconds that are over.
void RateMeter::advance(MonotonicTime now)
{
    m_now = std::max(m_now, now);
    const qint64 current = std::chrono::floor<std::chrono::seconds>(m_now - m_start).count();
    const double decay = std::exp(-1 / timeConstantSeconds);
    for (int closed = 0; m_second < current; ++closed) {
        const Second &full = m_ring[size_t(m_second) % m_ring.size()];
        m_weightedBytes = m_weightedBytes * decay + double(full.bytes);
        m_weights = m_weights * decay + 1;
        ++m_second;
        m_ring[size_t(m_second) % m_ring.size()] = {};
        // After a ring of empty seconds the rest is the same again: after a suspend, in one step.
        if (closed > qint64(m_ring.size()) && m_second < current) {
            const double factor = std::exp(-double(current - m_second) / timeConstantSeconds);
            m_weightedBytes *= factor;
            m_weights = m_weights * factor + (1 - factor) / (1 - decay);
            m_second = current;
        }
    }
}

void RateMeter::add(quint64 bytes, quint64 operations, MonotonicTime now)
{
    advance(now);
    Second &second = m_ring[size_t(m_second) % m_ring.size()];
    second.bytes += bytes;
    second.operations += operations;
}

RateMeter::Second RateMeter::sum() const
{
    Second total;
    for (const Second &second : m_ring) {
        total.bytes += second.bytes;
        total.operations += second.operations;
    }
    return total;
}

// What the ring covers.
double RateMeter::seconds() const
{
    const std::chrono::duration<double> sinceStart = m_now - m_start;
    const double begun = sinceStart.count() - double(m_second);
    return std::max(1.0, double(std::min(m_second, windowSeconds)) + begun);
}

double RateMeter::bytesPerSecond(MonotonicTime now)
{
    advance(now);
    return double(sum().bytes) / seconds();
}

double RateMeter::operationsPerSecond(MonotonicTime now)
{
    advance(now);
    return double(sum().operations) / seconds();
}

std::optional<Milliseconds> RateMeter::remaining(quint64 bytes, MonotonicTime now)
{
    advance(now);
    if (bytes == 0)
        return Milliseconds(0);
    if (m_weightedBytes <= 0)
        return std::nullopt;
    const double left = double(bytes) * m_weights / m_weightedBytes;
    if (left > longestSeconds)
        return std::nullopt;
    return Milliseconds(qint64(std::ceil(left * 1000)));
}

} // namespace octopus::metrics
