// Intake: which datagrams are looked at. 20 a second from one address, and in total 1000 a second
// (2000 at once) from addresses that no listed machine has, so that a flood from unknown addresses
// does not drown what known machines say. Bounded: 1024 addresses. Pure; one thread.
#pragma once

#include "discovery/tokenbucket.h"

#include <QHash>
#include <QHostAddress>

namespace octopus::discovery {

class Intake
{
public:
    static constexpr int mostSources = 1024;

    // `known`: a listed machine was heard from this address.
    [[nodiscard]] bool admit(const QHostAddress &source, bool known, MonotonicTime now);

private:
    [[nodiscard]] bool makeRoom(MonotonicTime now);

    QHash<QHostAddress, TokenBucket> m_sources;
    TokenBucket m_strangers{2000, std::chrono::milliseconds(1)};
    MonotonicTime m_nextSweep;
};

} // namespace octopus::discovery
