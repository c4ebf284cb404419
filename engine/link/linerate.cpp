#include "engine/link/linerate.h"

#include <algorithm>

namespace octopus::link {

void RecentRate::add(MonotonicTime now, double rate)
{
    const auto elapsed = now - m_began;
    if (elapsed >= memory) {
        m_before = elapsed < 2 * memory ? m_now : std::nullopt;
        m_now.reset();
        m_began = now;
    }
    m_now = std::max(m_now.value_or(0), rate);
}

std::optional<double> RecentRate::bytesPerSecond() const
{
    return m_before && m_now ? std::max(*m_before, *m_now) : m_now;
}

void LineRate::update(MonotonicTime now, const Delivery &delivery)
{
    const auto elapsed = m_looked ? now - *m_looked : period;
    if (elapsed < period)
        return;
    const auto refused = delivery.refused - m_refused;
    m_looked = now;
    m_refused = delivery.refused;
    if (!delivery.rate)
        return;
    m_delivered.add(now, *delivery.rate);
    if (refused <= elapsed / 4)
        m_line.add(now, *delivery.rate);
}

// Above this nothing waits for long, wherever.
static constexpr double slow = 10e6;

qint64 queuedBytes(const Delivery &delivery, std::optional<double> rate)
{
    if (!rate || *rate >= slow)
        return delivery.unsent;
    const auto roundTrip = std::chrono::duration<double>(delivery.shortestRoundTrip);
    const auto held = qint64(delivery.rate.value_or(*rate) * roundTrip.count());
    return delivery.unsent + std::max<qint64>(0, delivery.inFlight - held);
}

int compressionLevel(std::optional<double> bytesPerSecond)
{
    struct Step {
        double most; // bytes a second
        int level;
    };
    // On one slow core level 9 takes in some 20 MB/s, 6 some 40, 3 some 120, 1 some 300.
    static constexpr Step steps[] = {{1e6, 9}, {4e6, 6}, {12e6, 3}, {32e6, 1}};
    const auto found = std::ranges::find_if(
        steps, [&](const Step &step) { return bytesPerSecond && *bytesPerSecond <= step.most; });
    return found == std::end(steps) ? 0 : found->level;
}

} // namespace octopus::link
