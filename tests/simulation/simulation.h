// Simulation: one history of two machines from one seed: random changes, random faults, then peace,
// with the guarantees checked all along. See tst_simulation.cpp for what is checked when.
#pragma once

#include <QByteArray>

namespace octopus::testing {

struct SimulationResult {
    QByteArray failure; // empty: every guarantee held
    QByteArray
        fingerprint; // of the final replica and the bytes on the wire: the same seed, the same
    quint64 operations = 0;
};

// `operations`: how many changes the workload makes.
[[nodiscard]] SimulationResult simulate(quint64 seed, int operations = 60);

} // namespace octopus::testing
