// Random: where chance comes from; handed in. SystemRandom is cryptographically strong and safe on
// any thread; tests and the simulation use a seeded one (tests/support).
#pragma once

#include <QByteArray>

namespace octopus {

class Random
{
public:
    virtual ~Random() = default;
    [[nodiscard]] virtual quint64 next64() = 0;
    [[nodiscard]] QByteArray bytes(qsizetype count);
    // Uniform in 0..bound-1; bound > 0.
    [[nodiscard]] quint64 below(quint64 bound);
};

class SystemRandom final : public Random
{
public:
    [[nodiscard]] quint64 next64() override;
};

} // namespace octopus
