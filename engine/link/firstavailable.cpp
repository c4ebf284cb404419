#include "engine/link/firstavailable.h"

#include <algorithm>

namespace octopus::link {

using Step = FirstAvailable::Step;

void FirstAvailable::connected(qsizetype transport, MonotonicTime now)
{
    if (m_ways[transport].state == State::Begun)
        m_ways[transport] = {State::Connected, now};
}

void FirstAvailable::ready(qsizetype transport, MonotonicTime now)
{
    m_ways[transport] = {State::Ready, now};
}

void FirstAvailable::failed(qsizetype transport)
{
    m_ways[transport].state = State::Failed;
}

// The best one that is Ready, unless a better one is about to be.
std::optional<Step> FirstAvailable::takeReady(MonotonicTime now) const
{
    const auto best = std::ranges::find(m_ways, State::Ready, &Way::state);
    if (best == m_ways.end())
        return std::nullopt;
    // Since any of them was Ready: a better one that comes meanwhile prolongs nothing.
    MonotonicTime first = best->since;
    for (const Way &way : m_ways) {
        if (way.state == State::Ready)
            first = std::min(first, way.since);
    }
    const bool isBetterNear = std::ranges::any_of(
        m_ways.begin(), best, [](const Way &x) { return x.state == State::Connected; });
    if (isBetterNear && now < first + grace)
        return Step{Step::Kind::Wait, 0, first + grace};
    return Step{Step::Kind::Take, best - m_ways.begin(), std::nullopt};
}

Step FirstAvailable::next(MonotonicTime now)
{
    if (const auto taken = takeReady(now))
        return *taken;
    const auto isOpen = [](const Way &x) {
        return x.state == State::Begun || x.state == State::Connected;
    };
    std::optional<MonotonicTime> until; // the last of those that are under way has its time
    for (const Way &way : m_ways) {
        if (!isOpen(way))
            continue;
        const auto end =
            way.since + (way.state == State::Connected ? handshakeTime : Milliseconds(patience));
        until = until ? std::max(*until, end) : end;
    }
    const auto waiting = std::ranges::find(m_ways, State::Waiting, &Way::state);
    if (waiting == m_ways.end())
        return until ? Step{} : Step{Step::Kind::Fail, 0, std::nullopt};
    if (until && now < *until)
        return {Step::Kind::Wait, 0, until};
    *waiting = {State::Begun, now};
    return {Step::Kind::Begin, waiting - m_ways.begin(), std::nullopt};
}

} // namespace octopus::link
