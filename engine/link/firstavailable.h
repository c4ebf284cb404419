// FirstAvailable: which of several transports a call tries when, and over which of them it was won.
// Pure: told what happened, says what to do; the owner has the timers and the sockets. One thread.
//
// They are tried in the order of preference: the next one when those before it have failed, or when
// the last one begun is without a connection for 2 s. Whichever is Ready first wins, but a better
// one that is connected already (TLS is under way) is given another second.
#pragma once

#include "engine/base/clock.h"

#include <QList>

#include <optional>

namespace octopus::link {

class FirstAvailable
{
public:
    static constexpr Milliseconds patience{2'000};      // until it is connected
    static constexpr Milliseconds handshakeTime{5'000}; // from then on, until it is Ready
    static constexpr Milliseconds grace{1'000};         // for a better one

    struct Step {
        enum class Kind : quint8 { Begin, Take, Wait, Fail };
        Kind kind = Kind::Wait;
        qsizetype transport = 0;            // to Begin, or to Take
        std::optional<MonotonicTime> until; // to Wait: when to ask again; nullopt: when told
        friend bool operator==(const Step &, const Step &) = default;
    };

    explicit FirstAvailable(qsizetype transports) : m_ways(transports) {} // at least 1

    // What to do now. After Begin the owner begins, and asks again; after Take or Fail it is over.
    [[nodiscard]] Step next(MonotonicTime now);

    void connected(qsizetype transport, MonotonicTime now); // as far as TCP; only the first counts
    void ready(qsizetype transport, MonotonicTime now);
    void failed(qsizetype transport); // also after ready()

private:
    enum class State : quint8 { Waiting, Begun, Connected, Ready, Failed };
    struct Way {
        State state = State::Waiting;
        MonotonicTime since;
    };
    [[nodiscard]] std::optional<Step> takeReady(MonotonicTime now) const;

    QList<Way> m_ways;
};

} // namespace octopus::link
