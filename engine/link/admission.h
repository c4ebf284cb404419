// Admission: how many connections may be there before they have proved who they are. Pure; one
// thread.
#pragma once

#include <QHash>
#include <QHostAddress>

namespace octopus::link {

struct AdmissionLimits {
    int total = 32;           // unauthenticated, from unknown addresses
    int perAddress = 4;       // of these, from one address
    int reserved = 16;        // in addition, for addresses of paired peers
    int perKnownAddress = 16; // of these, from one address
    int sessionsPerPeer = 64; // authenticated, of one paired machine
    int pairAttemptsPerMinute = 10;
};

class Admission
{
public:
    explicit Admission(AdmissionLimits limits) : m_limits(limits) {}

    // True and counted, or false. `known`: a paired peer has this address.
    [[nodiscard]] bool enter(const QHostAddress &address, bool known);
    void leave(const QHostAddress &address, bool known); // once for each enter() that was true

    [[nodiscard]] int count() const { return m_unknown.total + m_known.total; }
    [[nodiscard]] const AdmissionLimits &limits() const { return m_limits; }

private:
    struct Room {
        int total = 0;
        QHash<QHostAddress, int> each;
    };
    AdmissionLimits m_limits;
    Room m_unknown;
    Room m_known;
};

} // namespace octopus::link
