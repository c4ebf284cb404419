// Failback: when a connection over another transport than the first choice is to be replaced by a
// better one. Pure: told what happened, says when to try; the owner has the timer and the Channels.
//
// After a change of the network at once, then after 2 s, 4 s… up to a minute; without one, every
// minute; with jitter of a quarter. One thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/random.h"

#include <optional>

namespace octopus::link {

class Failback
{
public:
    static constexpr Milliseconds shortestWait{2'000};
    static constexpr Milliseconds longestWait{60'000};

    explicit Failback(Random &random) : m_random(random) {} // which outlives the Failback

    void connected(qsizetype transport, MonotonicTime now); // 0: the first choice
    void disconnected();
    void networkChanged(MonotonicTime now);
    void begun();                   // to try the better ones
    void failed(MonotonicTime now); // none of them is available

    // When to try those before transport(); nullopt: there are none, or no connection.
    [[nodiscard]] std::optional<MonotonicTime> due() const { return m_due; }
    [[nodiscard]] qsizetype transport() const { return m_transport; }

private:
    [[nodiscard]] Nanoseconds jittered(Milliseconds wait);

    Random &m_random;
    qsizetype m_transport = 0;
    std::optional<MonotonicTime> m_due;
    Milliseconds m_wait = longestWait; // before the next
    bool m_isChanged = false;          // since the last attempt was begun
};

} // namespace octopus::link
