#include "engine/link/paircode.h"

#include <QtEndian>

#include <openssl/crypto.h>

#include <limits>

namespace octopus::link {

namespace {

// With their closing NUL, so that neither is the beginning of anything else.
constexpr char commitmentDomain[] = "octopus-mirror pairing 1: commitment";
constexpr char digitsDomain[] = "octopus-mirror pairing 1: digits";

void appendNumber(QByteArray &out, quint32 value)
{
    char bytes[sizeof(value)];
    qToLittleEndian(value, bytes);
    out.append(bytes, sizeof(value));
}

// Everything in it has a fixed length.
void appendContext(QByteArray &out, const PairContext &context)
{
    out.append(context.initiator.bytes()).append(context.responder.bytes());
    for (const ProtocolRange &range : {context.initiatorRange, context.responderRange}) {
        appendNumber(out, range.lowest);
        appendNumber(out, range.highest);
    }
}

} // namespace

QByteArray PairCode::commitment(const PairContext &context, QByteArrayView initiatorNonce)
{
    QByteArray input(commitmentDomain, sizeof(commitmentDomain));
    appendContext(input, context);
    input.append(initiatorNonce);
    return sha256(input).toByteArray();
}

bool PairCode::opens(const PairContext &context, QByteArrayView commitment,
                     QByteArrayView initiatorNonce) const
{
    const QByteArray expected = PairCode::commitment(context, initiatorNonce);
    return initiatorNonce.size() == nonceSize && commitment.size() == expected.size()
        && CRYPTO_memcmp(commitment.data(), expected.constData(), size_t(expected.size())) == 0;
}

QString PairCode::digits(const PairContext &context, QByteArrayView initiatorNonce,
                         QByteArrayView responderNonce) const
{
    constexpr quint64 largest = std::numeric_limits<quint64>::max();
    const quint64 limit = largest - largest % m_codes; // numbers from here on would be a bias
    const int width = int(QByteArray::number(m_codes - 1).size());
    for (quint32 block = 0;; ++block) {
        QByteArray input(digitsDomain, sizeof(digitsDomain));
        appendNumber(input, block);
        appendContext(input, context);
        input.append(initiatorNonce).append(responderNonce);
        const QByteArray hash = sha256(input).toByteArray();
        for (qsizetype at = 0; at < hash.size(); at += qsizetype(sizeof(quint64))) {
            const auto number = qFromLittleEndian<quint64>(hash.constData() + at);
            if (number < limit)
                return QStringLiteral("%1").arg(number % m_codes, width, 10, QLatin1Char('0'));
        }
    }
}

} // namespace octopus::link
