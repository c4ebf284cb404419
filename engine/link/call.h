// Call: reaches a machine over the first of several transports that is available (FirstAvailable says
// in which order and when; Approach tries one).
//
// Used and destroyed on one thread with an event loop; destroying it, or abandon(), gives up.
#pragma once

#include "engine/link/approach.h"
#include "engine/link/firstavailable.h"

#include <QPointer>

#include <map>

namespace octopus::link {

class Call : public QObject
{
    Q_OBJECT

public:
    // `destination` says all but endpoint and transport.
    Call(SessionSettings settings, Destination destination, const QList<Endpoint> &endpoints,
         Transports transports = {}, QObject *parent = nullptr);
    ~Call() override;
    void start();
    void abandon(); // failed() follows
    // See advanced().
    [[nodiscard]] const Endpoint &furthest() const { return m_furthestAt; }
    [[nodiscard]] const Transport &furthestOver() const { return m_furthestOver; }

Q_SIGNALS:
    void resolved(const QList<octopus::link::Endpoint> &added, const octopus::Transport &over);
    void advanced(octopus::link::SessionState reached); // by the one that got furthest
    // Exactly one of the two, once, never from within start(). `session` is Ready and the
    // receiver's, to be taken (setParent()) before it returns.
    void won(octopus::link::Session *session, const octopus::wire::Hello &hello, quint32 protocol);
    void failed(const octopus::link::CallFailure &failure);

private:
    struct Winner {
        QPointer<Session> session; // paused until it is taken
        wire::Hello hello;
        quint32 protocol = 0;
    };
    void step();
    void begin(qsizetype transport);
    void onAdvanced(qsizetype transport, SessionState reached);
    void onWon(qsizetype transport, const Winner &winner);
    void onFailed(qsizetype transport, const CallFailure &failure);
    void take(qsizetype transport);
    void end();
    void dropAll();

    const SystemClock m_clock{};
    const SessionSettings m_settings;
    const Destination m_destination;
    const QList<Endpoint> m_endpoints;
    const Transports m_transports;
    FirstAvailable m_plan;
    QList<Approach *> m_approaches; // children
    std::map<qsizetype, Winner> m_winners;
    QList<CallFailure> m_failures;
    QTimer m_next;
    SessionState m_furthest = SessionState::Idle;
    Endpoint m_furthestAt;
    Transport m_furthestOver;
    bool m_ended = false;
};

} // namespace octopus::link
