// Dialer: when to call a peer again, and at which of its addresses. Pure: told what happened, says
// what to do; the owner has the timer and the Channel.
//
// Waits grow from 0.25 s to 30 s with jitter ("equal jitter": half fixed, half random) and start
// over after a connection that held for 10 s. Each call goes to all addresses, the best first. One
// thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/link/endpoint.h"

#include <QList>

#include <optional>

namespace octopus::link {

struct DialAttempt {
    QList<Endpoint> endpoints; // best first
    Milliseconds wait{0};      // before the call
    friend bool operator==(const DialAttempt &, const DialAttempt &) = default;
};

class Dialer
{
public:
    static constexpr Milliseconds shortestWait{250};
    static constexpr Milliseconds longestWait{30'000};
    static constexpr Milliseconds stable{10'000};

    explicit Dialer(Random &random) : m_random(random) {} // which outlives the Dialer

    // The peer's addresses, best first; after a change the next call comes at once. False: none.
    bool setAddresses(const QList<Endpoint> &addresses);
    // There is a way to the peer without one.
    void needNoAddress() { m_needsAddress = false; }

    // What to do next; nullopt: no address is known, and one is needed. The address that worked last comes first.
    [[nodiscard]] std::optional<DialAttempt> next();

    // Where to call, best first, whatever else is under way.
    [[nodiscard]] QList<Endpoint> endpoints() const;

    // How the attempt of the last next() went.
    void connected(MonotonicTime now, const Endpoint &where);
    void disconnected(MonotonicTime now); // after connected()
    void failed();                        // instead of connected()

    // The network changed, or somebody asked: the next attempt comes without a wait.
    void hurry();

private:
    [[nodiscard]] Milliseconds nextWait();

    Random &m_random;
    QList<Endpoint> m_addresses;
    std::optional<Endpoint> m_best; // where it worked last
    int m_failedRounds = 0;
    bool m_needsAddress = true;
    bool m_waitDue = false; // a round is over
    MonotonicTime m_connectedAt;
};

} // namespace octopus::link
