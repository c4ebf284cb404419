// PairingDesk: the pairings by digits of this machine. One at a time, three from outside and three
// from here in ten minutes, sixty seconds each; what ended is remembered for a minute. Pure: clock
// and chance are handed in, and it says what to send.
//
// What the other side breaks off keeps its place towards others from outside until its time is over:
// it may have been somebody who saw that he had missed. So whoever is between two machines has one
// guess for each time that a user asks. One thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/link/attemptlimiter.h"
#include "engine/link/digitpairing.h"
#include "engine/model/pairing.h"
#include "engine/model/peer.h"

#include <QList>
#include <QStringList>

namespace octopus::link {

// Who pairs with this machine, as TLS and its Hello have it.
struct PairingPartner {
    MachineId id;
    QString name;
    QString host;          // it is there
    QStringList addresses; // under which it was called; empty: it called
    quint32 protocol = 0;  // agreed on
};

class PairingDesk
{
public:
    using Reply = DigitPairing::Reply;
    static constexpr std::chrono::seconds lifetime{60};
    static constexpr std::chrono::seconds remembered{60};
    static constexpr int mostAttempts = 3;
    static constexpr std::chrono::minutes window{10};

    // All outlive the desk.
    PairingDesk(const Clock &clock, Random &random, const PairCode &code);

    // Begins. An initiator is given its first message to send, a responder nothing; `port` as in
    // DigitPairing. Busy: another one goes on, or was just broken off; LimitReached.
    [[nodiscard]] Result<Reply> begin(DigitPairing::Role role, const PairContext &context,
                                      const PairingPartner &partner, quint16 port);
    // As in DigitPairing; an error has ended the pairing. Refused: none goes on.
    [[nodiscard]] Result<Reply> take(const wire::Message &message);
    // NotFound: none goes on; else as in DigitPairing. `grant` is given with the trust.
    [[nodiscard]] Result<Reply> confirm(const QString &typed, const QByteArray &grant);

    // Both users have confirmed: whom to trust from now on. Store it, then settle().
    [[nodiscard]] std::optional<Peer> trusted() const;
    void settle(const Result<void> &stored);

    // The user declines; NotFound: none goes on.
    [[nodiscard]] Result<void> decline();
    void lost(const Error &error); // the connection has ended
    // True if one has just ended because its time was over. Call it when untilExpiry() has passed.
    [[nodiscard]] bool expire();

    [[nodiscard]] bool isOpen() const { return m_open.has_value(); }
    [[nodiscard]] Nanoseconds untilExpiry() const; // of the one that goes on
    // The one that goes on once there are digits, then those that ended lately, the last one first.
    [[nodiscard]] QList<PairingStatus> status() const;

private:
    struct Open {
        DigitPairing pairing;
        PairingPartner partner;
        bool askedHere = false;
        MonotonicTime until;
        WallTime expires;
        QByteArray grant;
    };
    struct Ended {
        PairingStatus status;
        MonotonicTime at;
    };
    [[nodiscard]] QStringList addressesOf(const Open &open) const;
    [[nodiscard]] PairingStatus statusOf(const Open &open) const;
    void end(PairingState state, const Error &why = {});
    void breakOff(const Error &why);

    const Clock &m_clock;
    Random &m_random;
    const PairCode &m_code;
    AttemptLimiter m_fromOutside{mostAttempts, window};
    AttemptLimiter m_fromHere{mostAttempts, window};
    std::optional<Open> m_open;
    MonotonicTime m_heldUntil; // towards others from outside
    QList<Ended> m_ended;
};

} // namespace octopus::link
