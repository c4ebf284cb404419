// Approach: reaches a machine over one transport, at whichever of its addresses answers first (after
// RFC 8305, "happy eyeballs").
//
// Names are looked up without blocking, but not for a proxy, which does that itself. An address is
// tried 250 ms after the one before it, or at once when that one failed; while an attempt has got as
// far as TCP no further one is begun, for a second. The first Session that is Ready wins: TLS and
// the pin decide, not mere TCP. Used and destroyed on one thread with an event loop; destroying it,
// or abandon(), gives up.
#pragma once

#include "engine/link/session.h"

#include <QSet>

class QHostInfo;

namespace octopus::link {

// Why nobody was reached: of the attempt that got furthest.
struct CallFailure {
    Error error;
    SessionState reached = SessionState::Idle; // Idle: no address was known
    Endpoint endpoint;
    MachineId presented; // whose key was shown there; null: none
    Transport transport;
};

// How much it tells: another's key first, then how far it got.
[[nodiscard]] int weight(const CallFailure &failure);

class Approach : public QObject
{
    Q_OBJECT

public:
    static constexpr Milliseconds stagger{250};
    static constexpr Milliseconds patience{1'000}; // with an attempt that has got as far as TCP
    static constexpr Milliseconds longestLookup{4'000};
    static constexpr qsizetype mostAddresses = 16;

    // `destination` says all but the endpoint. A Unix socket takes no endpoints.
    Approach(SessionSettings settings, Destination destination, const QList<Endpoint> &endpoints,
             QObject *parent = nullptr);
    ~Approach() override;
    void start();
    void abandon();                                                         // failed() follows
    [[nodiscard]] const Endpoint &furthest() const { return m_furthestAt; } // see advanced()

Q_SIGNALS:
    void resolved(const QList<octopus::link::Endpoint> &added);
    void advanced(octopus::link::SessionState reached); // by the one that got furthest
    // Exactly one of the two, once, never from within start(). `session` is Ready and the
    // receiver's, to be taken (setParent()) before it returns.
    void won(octopus::link::Session *session, const octopus::wire::Hello &hello, quint32 protocol);
    void failed(const octopus::link::CallFailure &failure);

private:
    [[nodiscard]] Result<QList<Endpoint>> usable(const QList<Endpoint> &addresses) const;
    [[nodiscard]] Result<void> ready() const; // what is needed here is there
    void lookUp(const Endpoint &named);
    void onLookedUp(const Endpoint &named, const QHostInfo &found);
    void enqueue(const QList<Endpoint> &addresses);
    void proceed();
    void tryNext();
    void onAdvanced(const Session &session);
    void onReady(Session *session, const wire::Hello &hello, quint32 protocol);
    void onClosed(Session *session, const Error &error);
    void concludeIfOver();
    void end(const CallFailure &failure);
    void note(const CallFailure &failure);
    void dropAll();

    const SessionSettings m_settings;
    const Destination m_destination;
    QList<Endpoint> m_names;
    QList<Endpoint> m_waiting;
    QSet<QString> m_known;      // what was or will be tried
    QList<Session *> m_running; // children
    QSet<int> m_lookups;
    QTimer m_next;
    QTimer m_lookupLimit;
    SessionState m_furthest = SessionState::Idle;
    Endpoint m_furthestAt;
    QElapsedTimer m_sinceTcp;
    CallFailure m_failure;
    bool m_ended = false;
};

} // namespace octopus::link
