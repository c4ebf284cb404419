// SeededRandom: the same chance for the same seed, on every machine. Source: SplitMix64
// (S. Vigna, 2015, public domain: https://prng.di.unimi.it/splitmix64.c). One thread.
#pragma once

#include "engine/base/random.h"

namespace octopus::testing {

class SeededRandom final : public Random
{
public:
    explicit SeededRandom(quint64 seed) : m_state(seed) {}

    [[nodiscard]] quint64 next64() override
    {
        m_state += 0x9e3779b97f4a7c15;
        quint64 z = m_state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    // A new generator with a history of its own.
    [[nodiscard]] SeededRandom fork() { return SeededRandom(next64()); }

private:
    quint64 m_state;
};

} // namespace octopus::testing
