#include "engine/link/digitpairing.h"

namespace octopus::link {

DigitPairing::DigitPairing(Role role, const PairContext &context, const PairCode &code,
                           Random &random, quint16 port)
    : m_role(role),
      m_context(context),
      m_code(code),
      m_nonce(random.bytes(PairCode::nonceSize)),
      m_port(port)
{}

wire::Message DigitPairing::opening() const
{
    return wire::PairCommit{PairCode::commitment(m_context, m_nonce), m_port};
}

std::unexpected<Error> DigitPairing::end(ErrorCode code, const QByteArray &detail)
{
    m_over = true;
    return failure(code, detail);
}

Result<DigitPairing::Reply> DigitPairing::take(const wire::Message &message)
{
    if (m_over)
        return end(ErrorCode::Refused, "this pairing is over");
    if (const auto *refusal = std::get_if<wire::Refusal>(&message))
        return end(refusal->code, refusal->detail);
    if (const auto *commit = std::get_if<wire::PairCommit>(&message))
        return takeCommit(*commit);
    if (const auto *nonce = std::get_if<wire::PairNonce>(&message))
        return takeNonce(*nonce);
    if (const auto *reveal = std::get_if<wire::PairReveal>(&message))
        return takeReveal(*reveal);
    if (std::holds_alternative<wire::PairConfirm>(message))
        return takeConfirm();
    return end(ErrorCode::Corrupt, "a message came that has no place in a pairing");
}

Result<DigitPairing::Reply> DigitPairing::takeCommit(const wire::PairCommit &commit)
{
    if (m_role != Role::Responder || !m_commitment.isEmpty())
        return end(ErrorCode::Corrupt, "a commitment came where it does not belong");
    m_commitment = commit.commitment;
    m_peerPort = quint16(commit.port);
    return wire::PairNonce{m_nonce, m_port};
}

Result<DigitPairing::Reply> DigitPairing::takeNonce(const wire::PairNonce &nonce)
{
    if (m_role != Role::Initiator || !m_digits.isEmpty())
        return end(ErrorCode::Corrupt, "a nonce came where it does not belong");
    m_peerPort = quint16(nonce.port);
    m_digits = m_code.digits(m_context, m_nonce, nonce.nonce);
    return wire::PairReveal{m_nonce};
}

Result<DigitPairing::Reply> DigitPairing::takeReveal(const wire::PairReveal &reveal)
{
    if (m_role != Role::Responder || m_commitment.isEmpty() || !m_digits.isEmpty())
        return end(ErrorCode::Corrupt, "a nonce came where it does not belong");
    if (!m_code.opens(m_context, m_commitment, reveal.nonce))
        return end(ErrorCode::Refused,
                   "the other machine did not keep to what it had committed itself to; somebody "
                   "may be between the two");
    m_digits = m_code.digits(m_context, reveal.nonce, m_nonce);
    return std::nullopt;
}

Result<DigitPairing::Reply> DigitPairing::takeConfirm()
{
    if (m_digits.isEmpty() || m_confirmedThere)
        return end(ErrorCode::Corrupt, "a confirmation came where it does not belong");
    m_confirmedThere = true;
    return std::nullopt;
}

Result<DigitPairing::Reply> DigitPairing::confirm(const QString &typed)
{
    if (m_over || m_digits.isEmpty())
        return failure(ErrorCode::Invalid, "there are no digits to confirm yet; try again");
    QString digits = typed;
    digits.removeIf([](QChar c) { return c.isSpace() || c == u'-'; });
    if (digits != m_digits)
        return end(ErrorCode::Refused,
                   "these are not the digits that this machine shows; the pairing was ended, for "
                   "somebody may be between the two machines");
    if (std::exchange(m_confirmedHere, true))
        return std::nullopt;
    return wire::PairConfirm{};
}

} // namespace octopus::link
