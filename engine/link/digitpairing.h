// DigitPairing: one side of one pairing by comparing digits, from PairCommit to the end. Pure: it is
// told what the other side and the user say, and says what to send; it knows no time.
//
// After the first error it is over, and nothing changes any more. isTrusted() only when both users
// have confirmed. One thread.
#pragma once

#include "engine/base/random.h"
#include "engine/link/paircode.h"
#include "engine/wire/message.h"

#include <optional>

namespace octopus::link {

class DigitPairing
{
public:
    enum class Role : quint8 { Initiator, Responder };
    using Reply = std::optional<wire::Message>; // nullopt: nothing is to be sent now

    // `code` outlives it. `port`: where this machine listens; 0: nowhere.
    DigitPairing(Role role, const PairContext &context, const PairCode &code, Random &random,
                 quint16 port);

    // What an initiator sends first.
    [[nodiscard]] wire::Message opening() const;
    // What the other side says. Refused: what it says in a Refusal, or its nonce is another than the
    // one it committed to; Corrupt: it does not keep to the protocol.
    [[nodiscard]] Result<Reply> take(const wire::Message &message);
    // The user has typed the digits that the other machine shows; blanks in them do not matter.
    // Nothing is to be sent if they were confirmed before. Invalid: there are none to compare yet;
    // Refused: they differ, which ends it.
    [[nodiscard]] Result<Reply> confirm(const QString &typed);

    [[nodiscard]] const QString &digits() const { return m_digits; } // empty: not agreed on yet
    [[nodiscard]] bool confirmedHere() const { return m_confirmedHere; }
    [[nodiscard]] bool confirmedThere() const { return m_confirmedThere; }
    [[nodiscard]] bool isTrusted() const { return m_confirmedHere && m_confirmedThere && !m_over; }
    [[nodiscard]] quint16 peerPort() const { return m_peerPort; }

private:
    [[nodiscard]] Result<Reply> takeCommit(const wire::PairCommit &commit);
    [[nodiscard]] Result<Reply> takeNonce(const wire::PairNonce &nonce);
    [[nodiscard]] Result<Reply> takeReveal(const wire::PairReveal &reveal);
    [[nodiscard]] Result<Reply> takeConfirm();
    [[nodiscard]] std::unexpected<Error> end(ErrorCode code, const QByteArray &detail);

    const Role m_role;
    const PairContext m_context;
    const PairCode &m_code;
    const QByteArray m_nonce; // ours
    const quint16 m_port;
    QByteArray m_commitment; // of the initiator, at the responder
    QString m_digits;
    quint16 m_peerPort = 0;
    bool m_confirmedHere = false;
    bool m_confirmedThere = false;
    bool m_over = false;
};

} // namespace octopus::link
