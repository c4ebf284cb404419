// OperationGenerator: arbitrary valid operations and their parts, the same ones for the same seed;
// edge values come up often. For tests of codecs and as seeds of the fuzz targets.
#pragma once

#include "engine/model/operation.h"

#include <random>

namespace octopus {

class OperationGenerator
{
public:
    explicit OperationGenerator(quint64 seed) : m_random(seed) {}

    [[nodiscard]] Operation operation(Sequence sequence);
    [[nodiscard]] Operation operation(OperationKind kind, Sequence sequence);
    [[nodiscard]] EntryAttributes attributes();
    [[nodiscard]] RelPath path(); // never the root
    [[nodiscard]] QByteArray linkTarget();

    [[nodiscard]] quint64 below(quint64 limit); // 0..limit - 1
    [[nodiscard]] bool chance(int percent) { return below(100) < quint64(percent); }
    [[nodiscard]] quint64 number(); // of any magnitude
    [[nodiscard]] QByteArray bytes(qsizetype least, qsizetype most);

private:
    void addContent(Operation &operation);

    std::mt19937_64 m_random;
};

inline constexpr quint8 lastOperationKind = quint8(OperationKind::Consistent);

} // namespace octopus
