#include "engine/base/random.h"

#include <QRandomGenerator>

#include <cstring>

namespace octopus {

QByteArray Random::bytes(qsizetype count)
{
    QByteArray out(count, Qt::Uninitialized);
    for (qsizetype i = 0; i < count; i += 8) {
        const quint64 word = next64();
        std::memcpy(out.data() + i, &word, size_t(std::min<qsizetype>(8, count - i)));
    }
    return out;
}

quint64 Random::below(quint64 bound)
{
    // Rejection keeps the result uniform: values of the incomplete last block are drawn again.
    const quint64 limit = ~quint64{0} - ~quint64{0} % bound;
    quint64 value = next64();
    while (value >= limit)
        value = next64();
    return value % bound;
}

quint64 SystemRandom::next64()
{
    return QRandomGenerator::system()->generate64();
}

} // namespace octopus
