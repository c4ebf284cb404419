// TicketRedemption: redeems a ticket at its inviter, trying the inviter's addresses in turn. Only
// the machine whose key the ticket names is ever sent the secret. One thread with an event loop;
// destroying it gives up.
#pragma once

#include "engine/link/session.h"
#include "engine/link/ticket.h"
#include "engine/model/peer.h"

#include <QPointer>

namespace octopus::link {

class TicketRedemption : public QObject
{
    Q_OBJECT

public:
    TicketRedemption(SessionSettings settings, Ticket ticket, QObject *parent = nullptr);
    ~TicketRedemption() override;
    void start();

Q_SIGNALS:
    // Exactly one of the two, once. The peer: the inviter, with the address that worked first and
    // no grants. It is for the receiver to store it.
    void paired(const octopus::Peer &peer);
    // Refused: the inviter's reason. NotPaired, Unreachable, TimedOut…: of the last address tried.
    void failed(const octopus::Error &error);

private:
    [[nodiscard]] Endpoint endpoint() const; // of the current attempt
    [[nodiscard]] QStringList addressesOfInviter() const;
    void tryNext();
    void onReady(const wire::Hello &hello, quint32 protocol);
    void onReceived(const wire::Message &message);
    void onClosed(const Error &error);
    void end(const Result<Peer> &outcome);

    const SessionSettings m_settings;
    const Ticket m_ticket;
    QTimer m_answer;
    QPointer<Session> m_session; // child
    qsizetype m_next = 0;        // of the ticket's hosts
    Peer m_peer;
    Error m_lastError{ErrorCode::Unreachable, "the ticket names no address", 0};
    bool m_ended = false;
};

} // namespace octopus::link
