// LagMeter: how far a target is behind (guarantee I4): the age of the oldest captured change that it
// did not acknowledge, on the primary's monotonic clock.
//
// Unknown until setKnown(true), and whenever the owner knows that changes may be unseen (lost
// events, comparison); never zero while anything is on its way. A pure set of times; one thread.
#pragma once

#include "engine/base/clock.h"

#include <QHash>

#include <optional>
#include <set>
#include <utility>

namespace octopus::metrics {

// One captured thing on its way; never used again by its meter. 0 is none.
enum class LagToken : quint64 {};

class LagMeter
{
public:
    // A change was captured. What it becomes (a dirty path, then operations) carries the token on;
    // a thing that takes in another keeps the older of both and releases the other.
    [[nodiscard]] LagToken captured(MonotonicTime at);
    // It was acknowledged, or there was nothing to do. An unknown token is ignored.
    void release(LagToken token);
    // When it was captured; nullopt for an unknown token.
    [[nodiscard]] std::optional<MonotonicTime> capturedAt(LagToken token) const;
    // All are forgotten, as after a full comparison; whether the lag is known stays.
    void clear();

    void setKnown(bool known) { m_known = known; }
    [[nodiscard]] bool isKnown() const { return m_known; }

    // nullopt: unknown. 0: known that nothing is on its way; else at least 1 ms, rounded up.
    [[nodiscard]] std::optional<Milliseconds> lag(MonotonicTime now) const;
    [[nodiscard]] qsizetype outstanding() const { return m_times.size(); }

private:
    bool m_known = false;
    quint64 m_last = 0;
    QHash<quint64, MonotonicTime> m_times;
    std::set<std::pair<MonotonicTime, quint64>> m_oldest;
};

} // namespace octopus::metrics
