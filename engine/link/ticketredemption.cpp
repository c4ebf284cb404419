#include "engine/link/ticketredemption.h"

namespace octopus::link {

TicketRedemption::TicketRedemption(SessionSettings settings, Ticket ticket, QObject *parent)
    : QObject(parent),
      m_settings(std::move(settings)),
      m_ticket(std::move(ticket))
{
    m_answer.setSingleShot(true);
    connect(&m_answer, &QTimer::timeout, this, [this] {
        m_session->close({ErrorCode::TimedOut, "the other machine did not answer", 0});
    });
}

TicketRedemption::~TicketRedemption() = default;

void TicketRedemption::start()
{
    tryNext();
}

Endpoint TicketRedemption::endpoint() const
{
    return {m_ticket.hosts[m_next - 1], m_ticket.port};
}

void TicketRedemption::tryNext()
{
    m_answer.stop();
    if (m_next >= m_ticket.hosts.size()) {
        end(std::unexpected(m_lastError));
        return;
    }
    ++m_next;
    m_session = new Session(m_settings, this);
    connect(m_session, &Session::ready, this,
            [this](const MachineId &, const wire::Hello &hello, quint32 protocol) {
                onReady(hello, protocol);
            });
    connect(m_session, &Session::received, this, &TicketRedemption::onReceived);
    connect(m_session, &Session::closed, this, &TicketRedemption::onClosed);
    connect(m_session, &Session::closed, m_session, &QObject::deleteLater);
    Destination destination;
    destination.endpoint = endpoint();
    destination.expected = m_ticket.inviter;
    destination.purpose = Destination::Purpose::Pairing;
    m_session->connectTo(destination);
}

void TicketRedemption::onReady(const wire::Hello &hello, quint32 protocol)
{
    m_peer.id = m_ticket.inviter;
    m_peer.name = hello.name;
    m_peer.highestProtocol = protocol;
    m_answer.start(m_settings.timings.pairing);
    m_session->send(wire::encode(wire::PairRequest{m_ticket.secret, m_settings.hello.name}));
}

QStringList TicketRedemption::addressesOfInviter() const
{
    QStringList addresses{endpoint().text()};
    for (const QString &host : m_ticket.hosts)
        addresses.append(Endpoint{host, m_ticket.port}.text());
    addresses.removeDuplicates();
    return addresses;
}

void TicketRedemption::onReceived(const wire::Message &message)
{
    if (const auto *accepted = std::get_if<wire::PairAccepted>(&message)) {
        m_peer.name = accepted->name;
        m_peer.addresses = addressesOfInviter();
        end(m_peer);
    } else if (const auto *refusal = std::get_if<wire::Refusal>(&message)) {
        // By the inviter itself: another address would give the same answer.
        end(failure(refusal->code, refusal->detail));
    } else {
        m_session->close({ErrorCode::Corrupt, "an answer came that belongs elsewhere", 0});
    }
}

void TicketRedemption::onClosed(const Error &error)
{
    if (m_ended)
        return;
    m_lastError = error;
    tryNext();
}

void TicketRedemption::end(const Result<Peer> &outcome)
{
    if (m_ended)
        return;
    m_ended = true;
    m_answer.stop();
    if (m_session)
        m_session->close();
    if (outcome)
        Q_EMIT paired(*outcome);
    else
        Q_EMIT failed(outcome.error());
}

} // namespace octopus::link
