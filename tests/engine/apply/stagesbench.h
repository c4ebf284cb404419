// A staging folder in memory, with the Staging that works in it. One thread.
#pragma once

#include "engine/apply/layout.h"
#include "engine/apply/staging.h"
#include "tests/engine/apply/fixture.h"

namespace octopus::apply {

struct Stages {
    Stages() : files(clock), tree(files.bypass("/r"))
    {
        (void)tree->makeDirectory(layout::control(), 0700);
        (void)tree->makeDirectory(layout::staging(), 0700);
        files.settle();
        start();
    }
    // As a new process does, for a stream with this key.
    void start(HashKey key = testKey)
    {
        staging.reset();
        root = std::move(*files.openRoot("/r"));
        staging = std::make_unique<Staging>(*root, clock);
        staging->setStream(StreamId{1}, key);
        (void)staging->clear();
        staging->held().open();
    }
    // The process ends, and another one begins.
    void kill()
    {
        files.faults().dieAfter(0);
        staging.reset();
        files.kill();
        files.faults().revive();
        start();
    }
    void losePower(quint64 seed)
    {
        testing::SeededRandom random(seed);
        files.faults().dieAfter(0);
        staging.reset();
        files.crash(random);
        files.faults().revive();
        start();
    }
    [[nodiscard]] qsizetype fileCount() { return tree->list(layout::staging())->size(); }

    testing::FakeClock clock;
    testing::FakeFileSystem files;
    std::unique_ptr<testing::FakeRoot> tree;
    std::unique_ptr<Root> root;
    std::unique_ptr<Staging> staging;
};

} // namespace octopus::apply
