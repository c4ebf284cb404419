// What the tests of the mirror's parts share: a source in memory with a Replication, and a replica
// in memory that carries out what the outbox hands out. No wire, no threads.
#pragma once

#include "engine/mirror/planner.h"
#include "engine/mirror/transfer.h"
#include "engine/wire/codec.h"
#include "tests/engine/apply/fixture.h"
#include "tests/support/treesnapshot.h"

namespace octopus::mirror {

using apply::at;

inline constexpr HashKey testKey = apply::testKey;

[[nodiscard]] inline QByteArray noise(qsizetype size, quint64 seed)
{
    testing::SeededRandom random(seed);
    QByteArray bytes(size, Qt::Uninitialized);
    for (char &byte : bytes)
        byte = char(random.next64());
    return bytes;
}

// A source with everything that a primary keeps of one mirror, and the replica behind its outbox.
class Bench
{
public:
    Bench()
        : sourceFiles(clock),
          user(sourceFiles.bypass("/source")),
          sourceRoot(std::move(*sourceFiles.openRoot("/source"))),
          m(*sourceRoot, clock, rules)
    {
        [[maybe_unused]] const auto opened = replica.open();
        m.key = testKey;
        m.targetSetsOwner = true;
        m.outbox.begin(Sequence{}, quint64(1) << 40);
        index::IndexEntry root;
        root.kind = EntryKind::Directory;
        m.index.set({}, root);
    }

    // Everything that waits goes to the replica. What it did is in the members below.
    [[nodiscard]] Result<void> deliver()
    {
        while (const auto message = m.outbox.take()) {
            const QByteArray frame = wire::encode(*message);
            content += wire::contentBytes(*message);
            if (const auto *batch = std::get_if<wire::Operations>(&*message)) {
                const auto failed = replica.applier->apply(batch->operations);
                if (!failed)
                    return passOn(failed);
                operations.append(batch->operations);
                failures.append(*failed);
                OCTOPUS_TRY(m.outbox.acknowledge(replica.applier->applied()));
            } else if (const auto *chunk = std::get_if<StageChunk>(&*message)) {
                ++chunks;
                OCTOPUS_TRY(replica.applier->addChunk(*chunk));
            } else if (const auto *begun = std::get_if<StageBegin>(&*message)) {
                begins.append(*begun);
                OCTOPUS_TRY(replica.applier->beginStage(*begun));
            } else if (const auto *drop = std::get_if<wire::StageDrop>(&*message)) {
                ++drops;
                replica.applier->dropStage(drop->stage);
            }
        }
        return {};
    }
    // Forgets what was counted.
    void forget()
    {
        operations.clear();
        failures.clear();
        content = 0;
        chunks = 0;
        drops = 0;
        begins.clear();
    }
    [[nodiscard]] QList<OperationKind> kinds() const
    {
        QList<OperationKind> out;
        for (const Operation &operation : operations)
            out.append(operation.kind);
        return out;
    }
    // How many operations of a kind were carried out.
    [[nodiscard]] qsizetype count(OperationKind kind) const { return kinds().count(kind); }
    // "" if source and replica are equal.
    [[nodiscard]] QString difference()
    {
        const auto there = testing::takeSnapshot(*user);
        const auto here = testing::takeSnapshot(*replica.tree);
        if (!there || !here)
            return QStringLiteral("no snapshot");
        return testing::differences(*there, *here);
    }
    [[nodiscard]] QByteArray read(const QByteArray &path) // of the source
    {
        return testing::readFile(*user, at(path)).value_or("?");
    }
    void write(const QByteArray &path, quint64 offset, QByteArrayView bytes)
    {
        clock.advance(Milliseconds(1));
        const auto file = user->open(at(path), OpenMode::ReadWrite);
        [[maybe_unused]] const auto written = (*file)->write(offset, bytes);
    }
    void truncate(const QByteArray &path, quint64 size)
    {
        clock.advance(Milliseconds(1));
        const auto file = user->open(at(path), OpenMode::ReadWrite);
        [[maybe_unused]] const auto cut = (*file)->truncate(size);
    }
    void punch(const QByteArray &path, Extent range)
    {
        clock.advance(Milliseconds(1));
        const auto file = user->open(at(path), OpenMode::ReadWrite);
        [[maybe_unused]] const auto punched = (*file)->punchHole(range);
    }

    testing::FakeClock clock;
    testing::FakeFileSystem sourceFiles;
    std::unique_ptr<testing::FakeRoot> user; // as the user's programs see the source
    std::unique_ptr<Root> sourceRoot;        // as the engine does
    RuleMatcher rules;
    Replication m;
    apply::FakeReplica replica;

    QList<Operation> operations;
    QList<apply::FailedOperation> failures;
    quint64 content = 0; // bytes that travelled
    int chunks = 0;
    int drops = 0;
    QList<StageBegin> begins;
};

} // namespace octopus::mirror
