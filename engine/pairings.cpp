#include "engine/pairings.h"

#include "engine/base/log.h"

namespace octopus {

using link::DigitPairing;
using link::PairContext;
using link::PairingDesk;
using link::ProtocolRange;

static constexpr Milliseconds grace{2'000}; // so that the desk ends it before the connection does

static ProtocolRange rangeOf(const wire::Hello &hello)
{
    return {hello.lowest, hello.highest};
}

Pairings::Pairings(const Clock &clock, Random &random, Store store)
    : m_store(std::move(store)),
      m_desk(clock, random, m_code)
{
    m_reply.setSingleShot(true);
    m_expiry.setSingleShot(true);
    connect(&m_expiry, &QTimer::timeout, this, &Pairings::onExpiry);
    connect(&m_reply, &QTimer::timeout, this, [this] {
        onCallEnded({ErrorCode::TimedOut, "the other machine did not answer in time", 0});
    });
}

Pairings::~Pairings() = default;

void Pairings::start(const link::SessionSettings &session, link::Listener &listener)
{
    m_session = session;
    m_listener = &listener;
    connect(&listener, &link::Listener::compared, this, &Pairings::onSaidByCaller);
    connect(&listener, &link::Listener::comparisonEnded, this,
            [this](quint64 visit, const Error &error) {
                if (visit != m_visit)
                    return;
                m_visit = 0;
                m_desk.lost(error);
                watch();
            });
}

void Pairings::pairWith(const link::Endpoint &endpoint, Answer answer)
{
    if (m_call || m_desk.isOpen())
        return answer(failure(ErrorCode::Busy,
                              "another pairing is going on; see: octopusctl pair --list, and "
                              "finish it, or end it with: octopusctl pair --decline"));
    m_endpoint = endpoint;
    m_answer = std::move(answer);
    m_call = new link::Session(*m_session, this);
    connect(m_call, &link::Session::ready, this, &Pairings::onReady);
    connect(m_call, &link::Session::received, this, &Pairings::onSaidByCallee);
    connect(m_call, &link::Session::closed, this, &Pairings::onCallEnded);
    connect(m_call, &link::Session::closed, m_call, &QObject::deleteLater);
    link::Destination destination;
    destination.endpoint = endpoint;
    destination.purpose = link::Destination::Purpose::Comparing;
    m_call->connectTo(destination);
}

void Pairings::onReady(const MachineId &peer, const wire::Hello &hello, quint32 protocol)
{
    const QString host = link::Endpoint::parse(m_call->peerAddress()).value_or(m_endpoint).host;
    QStringList addresses{m_endpoint.text(), link::Endpoint{host, m_endpoint.port}.text()};
    addresses.removeDuplicates();
    const PairContext context{m_session->identity.id(), peer, rangeOf(m_session->hello),
                              rangeOf(hello)};
    const auto opening =
        m_desk.begin(DigitPairing::Role::Initiator, context,
                     {peer, hello.name, host, addresses, protocol}, m_listener->serverPort());
    if (!opening) {
        giveAnswer(passOn(opening));
        return hangUp();
    }
    m_reply.start(m_session->timings.authenticate);
    say(**opening);
    watch();
}

void Pairings::onSaidByCallee(const wire::Message &message)
{
    if (!m_desk.isOpen())
        return;
    const auto reply = m_desk.take(message);
    if (!reply)
        return refuse(reply.error());
    proceed(*reply);
    const auto shown = m_desk.status();
    if (m_answer && m_desk.isOpen() && !shown.isEmpty()) {
        m_reply.stop();
        giveAnswer(shown.first());
    }
}

void Pairings::onSaidByCaller(const link::Comparison &said)
{
    const auto refuseIt = [&](const Error &error) {
        m_listener->say(said.visit, wire::Refusal{error.code, error.detail, {}});
    };
    if (said.visit != m_visit) {
        const PairContext context{said.machine, m_session->identity.id(), rangeOf(said.hello),
                                  rangeOf(m_session->hello)};
        if (!std::holds_alternative<wire::PairCommit>(said.message))
            return refuseIt({ErrorCode::Corrupt, "a pairing begins with a commitment", 0});
        if (m_call)
            return refuseIt({ErrorCode::Busy, "this machine is pairing with another one", 0});
        const auto begun = m_desk.begin(
            DigitPairing::Role::Responder, context,
            {said.machine, said.hello.name, said.address.toString(), {}, said.protocol},
            m_listener->serverPort());
        if (!begun)
            return refuseIt(begun.error());
        m_visit = said.visit;
        m_listener->welcome(m_visit, PairingDesk::lifetime + grace);
    }
    const auto reply = m_desk.take(said.message);
    if (!reply)
        return refuse(reply.error());
    proceed(*reply);
}

// The connection that we began is over, or there never was one.
void Pairings::onCallEnded(const Error &error)
{
    m_reply.stop();
    if (m_call)
        m_call->disconnect(this);
    m_desk.lost(error);
    giveAnswer(std::unexpected(error));
    hangUp();
    watch();
}

Result<PairingStatus> Pairings::confirm(const QString &digits, const QByteArray &grant)
{
    const auto message = m_desk.confirm(digits, grant);
    if (!message) {
        if (message.error().code == ErrorCode::Refused)
            refuse({ErrorCode::Refused,
                    "at the other machine other digits were typed; somebody may be between the two",
                    0});
        return passOn(message);
    }
    proceed(*message);
    return m_desk.status().value(0);
}

Result<void> Pairings::decline()
{
    const auto done = m_desk.decline();
    if (done)
        refuse({ErrorCode::Refused, "the pairing was declined at the other machine", 0});
    return done;
}

void Pairings::onExpiry()
{
    if (m_desk.expire())
        refuse({ErrorCode::TimedOut, "the pairing was not confirmed in time", 0});
    watch();
}

// Sends what is to be sent. If both users have confirmed, the other machine is trusted first, and
// told only then: it must not trust one that forgot it.
void Pairings::proceed(const PairingDesk::Reply &next)
{
    const auto peer = m_desk.trusted();
    const Result<void> stored = peer ? m_store(*peer) : Result<void>();
    if (peer)
        m_desk.settle(stored);
    if (!stored) {
        qCWarning(logLink, "a pairing could not be saved: %s", stored.error().detail.constData());
        return refuse({stored.error().code, "the other machine could not save the pairing", 0});
    }
    if (next)
        say(*next);
    if (peer)
        hangUp();
    watch();
}

void Pairings::say(const wire::Message &message)
{
    if (m_visit != 0)
        m_listener->say(m_visit, message);
    else if (m_call)
        m_call->send(wire::encode(message));
}

void Pairings::refuse(const Error &error)
{
    giveAnswer(std::unexpected(error));
    const wire::Refusal refusal{error.code, error.detail, {}};
    m_reply.stop();
    if (const quint64 visit = std::exchange(m_visit, 0)) {
        m_listener->say(visit, refusal);
    } else if (m_call) {
        m_call->disconnect(this);
        m_call->refuse(refusal);
        m_call.clear();
    }
    watch();
}

void Pairings::hangUp()
{
    m_reply.stop();
    if (const quint64 visit = std::exchange(m_visit, 0)) {
        m_listener->hangUp(visit);
    } else if (m_call) {
        m_call->disconnect(this);
        m_call->close();
        m_call.clear(); // it deletes itself when it is closed
    }
}

void Pairings::giveAnswer(const Result<PairingStatus> &answer)
{
    if (const Answer waiting = std::exchange(m_answer, nullptr))
        waiting(answer);
}

// Something may have changed.
void Pairings::watch()
{
    if (m_desk.isOpen())
        m_expiry.start(std::chrono::ceil<Milliseconds>(m_desk.untilExpiry()));
    else
        m_expiry.stop();
    Q_EMIT changed();
}

} // namespace octopus
