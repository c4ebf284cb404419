#include "engine/link/base32.h"

namespace octopus::link {

static constexpr QByteArrayView alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");

QByteArray toBase32(QByteArrayView bytes)
{
    QByteArray text;
    quint32 waiting = 0; // bits that make no character yet
    int count = 0;
    for (const char byte : bytes) {
        waiting = (waiting << 8) | quint8(byte);
        for (count += 8; count >= 5; count -= 5)
            text += alphabet[(waiting >> (count - 5)) & 31];
        waiting &= 31;
    }
    if (count > 0)
        text += alphabet[(waiting << (5 - count)) & 31];
    return text;
}

std::optional<QByteArray> fromBase32(QByteArrayView text)
{
    QByteArray bytes;
    quint32 waiting = 0;
    int count = 0;
    for (const char character : text) {
        const bool small = character >= 'a' && character <= 'z';
        const qsizetype value = alphabet.indexOf(small ? char(character - 'a' + 'A') : character);
        if (value < 0)
            return std::nullopt;
        waiting = ((waiting << 5) | quint32(value)) & 0xfff;
        count += 5;
        if (count >= 8) {
            count -= 8;
            bytes += char(waiting >> count);
        }
    }
    // A character too many, or bits that say nothing: not the one text for these bytes.
    if (count >= 5 || (waiting & ((1U << count) - 1)) != 0)
        return std::nullopt;
    return bytes;
}

} // namespace octopus::link
