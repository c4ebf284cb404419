#include "engine/metrics/lagmeter.h"

#include <algorithm>

namespace octopus::metrics {

LagToken LagMeter::captured(MonotonicTime at)
{
    const quint64 token = ++m_last;
    m_times.insert(token, at);
    m_oldest.emplace(at, token);
    return LagToken(token);
}

void LagMeter::release(LagToken token)
{
    const auto known = m_times.constFind(quint64(token));
    if (known == m_times.cend())
        return;
    m_oldest.erase({known.value(), quint64(token)});
    m_times.erase(known);
}

std::optional<MonotonicTime> LagMeter::capturedAt(LagToken token) const
{
    const auto known = m_times.constFind(quint64(token));
    return known == m_times.cend() ? std::nullopt : std::optional(known.value());
}

void LagMeter::clear()
{
    m_times.clear();
    m_oldest.clear();
}

std::optional<Milliseconds> LagMeter::lag(MonotonicTime now) const
{
    if (!m_known)
        return std::nullopt;
    if (m_oldest.empty())
        return Milliseconds(0);
    return std::max(Milliseconds(1),
                    std::chrono::ceil<Milliseconds>(now - m_oldest.begin()->first));
}

} // namespace octopus::metrics
