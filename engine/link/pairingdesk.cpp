#include "engine/link/pairingdesk.h"

#include "engine/link/endpoint.h"

#include <algorithm>

namespace octopus::link {

namespace {

constexpr qint64 second = 1'000'000'000;
constexpr qsizetype mostRemembered = 8;

QByteArray secondsText(Nanoseconds duration)
{
    return QByteArray::number(std::chrono::ceil<std::chrono::seconds>(duration).count())
        + " seconds";
}

} // namespace

PairingDesk::PairingDesk(const Clock &clock, Random &random, const PairCode &code)
    : m_clock(clock),
      m_random(random),
      m_code(code)
{}

Result<PairingDesk::Reply> PairingDesk::begin(DigitPairing::Role role, const PairContext &context,
                                              const PairingPartner &partner, quint16 port)
{
    const MonotonicTime now = m_clock.monotonic();
    const bool askedHere = role == DigitPairing::Role::Initiator;
    if (m_open)
        return failure(ErrorCode::Busy,
                       "another pairing is going on at this machine; finish or decline it, or try "
                       "again in "
                           + secondsText(untilExpiry()));
    if (!askedHere && now < m_heldUntil)
        return failure(ErrorCode::Busy,
                       "a pairing was just broken off; try again in "
                           + secondsText(m_heldUntil - now));
    // Counted here, before anything is said that another attempt could be fitted to.
    AttemptLimiter &limiter = askedHere ? m_fromHere : m_fromOutside;
    if (!limiter.attempt(now))
        return failure(ErrorCode::LimitReached,
                       "too many pairings were tried; use a ticket (octopusctl invite), or try "
                       "again in "
                           + secondsText(limiter.wait(now)));
    const qint64 end = m_clock.wall().nanoseconds + Nanoseconds(lifetime).count();
    m_open.emplace(DigitPairing(role, context, m_code, m_random, port), partner, askedHere,
                   now + lifetime, WallTime{end / second * second}, QByteArray());
    return askedHere ? Reply(m_open->pairing.opening()) : std::nullopt;
}

Result<PairingDesk::Reply> PairingDesk::take(const wire::Message &message)
{
    if (!m_open)
        return failure(ErrorCode::Refused, "this pairing is over");
    auto reply = m_open->pairing.take(message);
    if (!reply)
        breakOff(reply.error());
    return reply;
}

Result<PairingDesk::Reply> PairingDesk::confirm(const QString &typed, const QByteArray &grant)
{
    if (!m_open)
        return failure(ErrorCode::NotFound,
                       "no pairing waits for a confirmation; begin one with: octopusctl pair "
                       "ADDRESS");
    auto reply = m_open->pairing.confirm(typed);
    if (reply && !grant.isEmpty())
        m_open->grant = grant;
    if (!reply && reply.error().code == ErrorCode::Refused)
        end(PairingState::Failed, reply.error());
    return reply;
}

std::optional<Peer> PairingDesk::trusted() const
{
    if (!m_open || !m_open->pairing.isTrusted())
        return std::nullopt;
    Peer peer;
    peer.id = m_open->partner.id;
    peer.name = m_open->partner.name;
    peer.addresses = addressesOf(*m_open);
    if (!m_open->grant.isEmpty())
        peer.grants.append(m_open->grant);
    peer.highestProtocol = m_open->partner.protocol;
    return peer;
}

void PairingDesk::settle(const Result<void> &stored)
{
    if (stored)
        end(PairingState::Paired);
    else
        end(PairingState::Failed,
            {stored.error().code, "the pairing could not be saved: " + stored.error().detail,
             stored.error().systemError});
}

Result<void> PairingDesk::decline()
{
    if (!m_open)
        return failure(ErrorCode::NotFound, "no pairing is going on");
    end(PairingState::Failed, {ErrorCode::Refused, "declined on this machine", 0});
    return {};
}

void PairingDesk::lost(const Error &error)
{
    breakOff(error);
}

bool PairingDesk::expire()
{
    if (!m_open || m_clock.monotonic() < m_open->until)
        return false;
    end(PairingState::Failed,
        {ErrorCode::TimedOut,
         "it was not confirmed on both machines within 60 seconds; nothing was changed", 0});
    return true;
}

Nanoseconds PairingDesk::untilExpiry() const
{
    return m_open ? std::max(Nanoseconds(0), m_open->until - m_clock.monotonic()) : Nanoseconds(0);
}

QStringList PairingDesk::addressesOf(const Open &open) const
{
    if (!open.askedHere && open.pairing.peerPort() == 0)
        return {};
    if (!open.askedHere)
        return {Endpoint{open.partner.host, open.pairing.peerPort()}.text()};
    return open.partner.addresses;
}

PairingStatus PairingDesk::statusOf(const Open &open) const
{
    PairingStatus status;
    status.peer = open.partner.id;
    status.name = open.partner.name;
    status.address = addressesOf(open).value(0, open.partner.host);
    status.digits = open.pairing.digits();
    status.askedHere = open.askedHere;
    status.confirmedThere = open.pairing.confirmedThere();
    status.state = open.pairing.confirmedHere() ? PairingState::Waiting : PairingState::Comparing;
    status.expires = open.expires;
    status.left = std::chrono::ceil<Milliseconds>(untilExpiry());
    return status;
}

QList<PairingStatus> PairingDesk::status() const
{
    QList<PairingStatus> all;
    if (m_open && !m_open->pairing.digits().isEmpty())
        all.append(statusOf(*m_open));
    const MonotonicTime now = m_clock.monotonic();
    for (const Ended &one : m_ended) {
        if (now - one.at < remembered)
            all.append(one.status);
    }
    return all;
}

void PairingDesk::end(PairingState state, const Error &why)
{
    if (!m_open)
        return;
    Ended ended{statusOf(*m_open), m_clock.monotonic()};
    ended.status.state = state;
    ended.status.detail = why.detail;
    ended.status.code = why.code;
    ended.status.digits.clear();
    ended.status.left = Milliseconds(0);
    m_open.reset();
    m_ended.prepend(ended);
    if (m_ended.size() > mostRemembered)
        m_ended.removeLast();
}

void PairingDesk::breakOff(const Error &why)
{
    if (!m_open)
        return;
    m_heldUntil = m_open->until;
    end(PairingState::Failed, why);
}

} // namespace octopus::link
