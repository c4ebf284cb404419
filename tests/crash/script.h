// Script: a seeded random history of one replica: foreign entries, then operations (most of them
// valid, some refused), cut into batches, with checkpoints and time passing in between, and what the
// replica must hold after each. Value; one thread.
#pragma once

#include "tests/crash/replicamodel.h"
#include "tests/support/seededrandom.h"

namespace octopus::crash {

struct Step {
    Operation operation;      // as the applier gets it
    QList<StageChunk> chunks; // sent ahead of it
    StageToken token;         // of these, if they may come over several connections
    bool parts = false;       // before the last of them the connection ends, and another begins
    bool succeeds = true;
    Milliseconds pause{0};   // before it
    bool checkpoint = false; // before it
    bool endsBatch = false;
};

struct Script {
    HashKey key{0x6f63746f};
    QList<std::pair<RelPath, ModelNode>> foreign; // a directory before its content
    QList<Step> steps;
    std::vector<ReplicaModel> states; // after 0, 1, … operations

    [[nodiscard]] QByteArray text() const; // one line a step
};

struct ScriptOptions {
    qsizetype operations = 10;
    qsizetype names = 3;         // of each level: fewer, more collisions
    int checkpointOneIn = 12;    // steps
    int refusedOneIn = 10;       // operations are drawn without regard to the state
    qsizetype contentCap = 9000; // bytes of most files
};

[[nodiscard]] Script makeScript(quint64 seed, const ScriptOptions &options = {});

} // namespace octopus::crash
