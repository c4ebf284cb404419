// Simulation: one history of two machines from one seed: random changes, random faults, then peace,
// with the guarantees checked all along. See simulation.cpp for what is checked when.
#pragma once

#include <QByteArray>

#include <functional>

namespace octopus::testing {

struct SimulationResult {
    QByteArray failure; // empty: every guarantee held
    QByteArray
        fingerprint; // of the final replica and the bytes on the wire: the same seed, the same
    quint64 operations = 0;
    quint64 resumedBytes = 0; // of contents that went on after an interruption
};

// `operations`: how many changes the workload makes. `trace` is given a line for each thing that
// happens.
[[nodiscard]] SimulationResult simulate(quint64 seed, int operations = 60,
                                        std::function<void(const QByteArray &)> trace = {});

} // namespace octopus::testing
