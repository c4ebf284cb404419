// Listener: takes connections in, lets strangers do next to nothing, hands paired peers on.
//
// Before a connection has proved to be a paired peer it counts against the caps below and may only
// say Hello and redeem a ticket or compare digits. It lives for at most SessionTimings::authenticate,
// from a complete PairRequest for ::pairing, or until welcome()'s time is over. Sessions of paired
// peers do not count; addresses of paired peers have room of their own. Sessions live on the threads
// of the Network, the Listener on its owner's. Ends: sessions already handed on stay.
#pragma once

#include "engine/link/admission.h"
#include "engine/link/attemptlimiter.h"
#include "engine/link/network.h"

#include <QTcpServer>

#include <map>

namespace octopus::link {

// A stranger wants to redeem a ticket.
struct PairAttempt {
    quint64 number = 0;
    MachineId machine; // proved by TLS
    QString name;      // as it calls itself; to be shown as plain text only
    QByteArray secret;
    QHostAddress address;
};

// A stranger who wants to pair by comparing digits says something.
struct Comparison {
    quint64 visit = 0;
    MachineId machine; // proved by TLS
    wire::Hello hello;
    quint32 protocol = 0;
    QHostAddress address;
    wire::Message message; // PairCommit, PairReveal, PairConfirm or Refusal
};

class Listener : public QTcpServer
{
    Q_OBJECT

public:
    // `network` and `clock` outlive the Listener.
    Listener(Network &network, const Clock &clock, SessionSettings settings,
             std::shared_ptr<const PeerDirectory> directory, AdmissionLimits limits = {},
             QObject *parent = nullptr);
    ~Listener() override;

    // Port 0: any free one; see serverPort(). Busy: the port is taken; PermissionDenied…
    [[nodiscard]] Result<void> start(const QHostAddress &address, quint16 port);

    // The answer to pairingRequested(): this machine's name, or why not. Save the pairing first.
    void answerPairing(quint64 attempt, const Result<QString> &answer);
    // To a stranger who compares digits. A Refusal ends the connection; welcome() lets it last.
    void say(quint64 visit, const wire::Message &message);
    void welcome(quint64 visit, Milliseconds lifetime);
    void hangUp(quint64 visit);
    // Ends the sessions that this machine has opened here, and says why.
    void disconnectPeer(const MachineId &machine, const wire::Refusal &why);

    [[nodiscard]] int strangers() const { return m_admission.count(); } // not authenticated yet

Q_SIGNALS:
    void arrived(const octopus::link::Incoming &incoming);
    void pairingRequested(const octopus::link::PairAttempt &attempt);
    void compared(const octopus::link::Comparison &comparison);
    // The connection over which digits were compared has ended.
    void comparisonEnded(quint64 visit, const octopus::Error &error);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    struct Visitor {
        QHostAddress address;
        bool known = false;  // a paired peer has this address
        bool counted = true; // in m_admission
        bool compares = false;
        MachineId machine;   // null until it has proved to be a paired one
        QByteArray instance; // of its program, likewise
        std::shared_ptr<Line> line;
    };
    void onReady(quint64 visit, const MachineId &peer, const wire::Hello &hello, quint32 protocol);
    void onPairRequested(quint64 visit, const MachineId &peer, const wire::PairRequest &request);
    void onCompared(quint64 visit, Comparison comparison);
    void onClosed(quint64 visit, const Error &error);
    [[nodiscard]] qsizetype sessionsOf(const MachineId &machine) const;
    static void refuse(const Visitor &visitor, const wire::Refusal &refusal);
    void release(Visitor &visitor);
    void dropOtherRuns(const MachineId &machine, const QByteArray &instance);

    Network &m_network;
    const Clock &m_clock;
    const SessionSettings m_settings;
    const std::shared_ptr<const PeerDirectory> m_directory;
    Admission m_admission;
    AttemptLimiter m_pairAttempts;
    std::map<quint64, Visitor> m_visitors;
    quint64 m_lastNumber = 0;
};

} // namespace octopus::link
