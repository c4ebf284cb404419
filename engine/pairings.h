// Pairings: where the connections of pairings by digits meet the desk that judges them. Belongs to
// the engine's main thread.
#pragma once

#include "engine/link/listener.h"
#include "engine/link/pairingdesk.h"

#include <QPointer>
#include <QTimer>

#include <functional>

namespace octopus {

class Pairings : public QObject
{
    Q_OBJECT

public:
    using Answer = std::function<void(const Result<PairingStatus> &)>;
    // Makes a machine a peer for good; both users have confirmed.
    using Store = std::function<Result<void>(const Peer &)>;

    // All outlive it.
    Pairings(const Clock &clock, Random &random, Store store);
    ~Pairings() override;

    // Before anything else. `listener` outlives what is asked of this object.
    void start(const link::SessionSettings &session, link::Listener &listener);
    // Answers once both machines show the digits, or with what went wrong.
    void pairWith(const link::Endpoint &endpoint, Answer answer);
    // As control::ConfirmPairing and control::DeclinePairing.
    [[nodiscard]] Result<PairingStatus> confirm(const QString &digits, const QByteArray &grant);
    [[nodiscard]] Result<void> decline();
    [[nodiscard]] QList<PairingStatus> status() const { return m_desk.status(); }

Q_SIGNALS:
    void changed();

private:
    void onReady(const MachineId &peer, const wire::Hello &hello, quint32 protocol);
    void onSaidByCallee(const wire::Message &message);
    void onSaidByCaller(const link::Comparison &comparison);
    void onCallEnded(const Error &error);
    void onExpiry();
    void say(const wire::Message &message);
    void refuse(const Error &error);
    void hangUp();
    void proceed(const link::PairingDesk::Reply &next);
    void giveAnswer(const Result<PairingStatus> &answer);
    void watch();

    const Store m_store;
    const link::PairCode m_code;
    link::PairingDesk m_desk;
    std::optional<link::SessionSettings> m_session;
    QPointer<link::Listener> m_listener;
    link::Endpoint m_endpoint;
    QPointer<link::Session> m_call; // child: the one that we began
    quint64 m_visit = 0;            // the one that came from outside; 0: none
    Answer m_answer;
    QTimer m_reply; // the machine that we called has this long for each step
    QTimer m_expiry;
};

} // namespace octopus
