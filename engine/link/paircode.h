// PairCode: what two machines that are paired by comparing digits compute, each for itself: the
// commitment to a nonce, and the digits over keys, roles, versions and nonces (wire/FORMAT.md,
// "Comparing digits"). After RFC 6189 (ZRTP), section 4.4, and Vaudenay, "Secure Communications over
// Insecure Channels Based on Short Authenticated Strings", CRYPTO 2005. Immutable; any thread.
#pragma once

#include "engine/base/digest.h"
#include "engine/model/ids.h"

namespace octopus::link {

struct ProtocolRange {
    quint32 lowest = 0;
    quint32 highest = 0;
    friend bool operator==(const ProtocolRange &, const ProtocolRange &) = default;
};

// Who pairs with whom, as TLS and the Hellos have it. Not the same on both sides: somebody is
// between them.
struct PairContext {
    MachineId initiator; // the dialler
    MachineId responder;
    ProtocolRange initiatorRange;
    ProtocolRange responderRange;
};

class PairCode
{
public:
    static constexpr qsizetype nonceSize = 32;

    // `codes`: how many different ones there are; tests use fewer.
    explicit PairCode(quint32 codes = 1'000'000) : m_codes(codes) {}
    virtual ~PairCode() = default;

    [[nodiscard]] static QByteArray commitment(const PairContext &context,
                                               QByteArrayView initiatorNonce);
    // Whether the nonce is the one that was committed to. (A test shows what happens without.)
    [[nodiscard]] virtual bool opens(const PairContext &context, QByteArrayView commitment,
                                     QByteArrayView initiatorNonce) const;
    // Each code is as likely as any other.
    [[nodiscard]] QString digits(const PairContext &context, QByteArrayView initiatorNonce,
                                 QByteArrayView responderNonce) const;

private:
    const quint32 m_codes;
};

} // namespace octopus::link
