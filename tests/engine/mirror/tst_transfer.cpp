// Transfers of large files, end to end onto a replica in memory: what arrives is what the file held,
// and no more travels than changed.
#include "tests/engine/mirror/fixture.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::mirror;

static constexpr quint64 kibi = 1024;
static constexpr quint64 mebi = 1024 * kibi;

class TestTransfer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void aNewFileTravelsWhole();
    void holesDoNotTravel();
    void anEmptyHoleOfAFileTravelsAsNothing();
    void aStepIsBounded();
    void onlyChangedBlocksTravel_data();
    void onlyChangedBlocksTravel();
    void anyEditsArrive();
    void equalContentTravelsNot();
    void onlyTheAppendedPartTravels();
    void aGrownFileWithAnotherTailIsCompared();
    void anAppendIsLookedAtAgainOnceItIsQuiet();
    void aFileThatChangesMeanwhileIsNotSent_data();
    void aFileThatChangesMeanwhileIsNotSent();
    void anotherNameFollows();
    void whatCannotBeOpenedIsAnError();
    void aFailingReadIsAnError();
};

namespace {

class TransferBench : public Bench
{
public:
    // One transfer to its end; the replica has carried it out.
    [[nodiscard]] Result<void> run(const QByteArray &path)
    {
        auto transfer = begin(path);
        if (!transfer)
            return passOn(transfer);
        for (;;) {
            const auto step = (*transfer)->step();
            if (!step) {
                (*transfer)->abandon();
                OCTOPUS_TRY(deliver());
                return passOn(step);
            }
            if (*step)
                return deliver();
            OCTOPUS_TRY(deliver());
        }
    }
    [[nodiscard]] Result<std::unique_ptr<Transfer>> begin(const QByteArray &path)
    {
        clock.advance(Milliseconds(1));
        return Transfer::begin(m, at(path), {clock.monotonic()}, StageId(++m_stage));
    }
    [[nodiscard]] QByteArray arrived(const QByteArray &path) { return replica.content(path); }

private:
    quint64 m_stage = 0;
};

} // namespace

void TestTransfer::aNewFileTravelsWhole()
{
    TransferBench bench;
    const QByteArray content = noise(qsizetype(3 * mebi + 123), 1);
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), content));
    VERIFY_OK(bench.user->setXattr(at("f"), "user.x", "1"));
    VERIFY_OK(bench.run("f"));
    QCOMPARE(bench.kinds(), QList{OperationKind::PutFile});
    QVERIFY(bench.failures.isEmpty());
    QVERIFY(bench.arrived("f") == content);
    QCOMPARE(bench.difference(), QString());
    QCOMPARE(bench.content, quint64(content.size()));
    const index::IndexEntry *entry = bench.m.index.find(at("f"));
    QVERIFY(entry && entry->blocks);
    QCOMPARE(entry->blocks->fileSize, quint64(content.size()));
    QCOMPARE(entry->source, bench.user->stat(at("f"))->identity);
    QCOMPARE(entry->attributes.xattrs.size(), 1u);
}

void TestTransfer::holesDoNotTravel()
{
    TransferBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(8192, 1)));
    bench.write("f", 700 * mebi, noise(100'000, 2));
    bench.truncate("f", 900 * mebi + 7);
    VERIFY_OK(bench.run("f"));
    QVERIFY2(bench.content < 200'000, QByteArray::number(bench.content).constData());
    const auto stat = bench.replica.tree->stat(at("f"));
    QCOMPARE(stat->size, 900 * mebi + 7);
    QVERIFY(stat->allocatedBytes < mebi);
    const auto file = bench.replica.tree->open(at("f"), OpenMode::Read);
    QVERIFY(*(*file)->read(700 * mebi, 100'000) == noise(100'000, 2));
    QVERIFY(*(*file)->read(0, 8192) == noise(8192, 1));
}

void TestTransfer::anEmptyHoleOfAFileTravelsAsNothing()
{
    TransferBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), {}));
    bench.truncate("f", 300 * mebi);
    VERIFY_OK(bench.run("f"));
    QCOMPARE(bench.content, 0u);
    QCOMPARE(bench.replica.tree->stat(at("f"))->size, 300 * mebi);
    QCOMPARE(bench.replica.tree->stat(at("f"))->allocatedBytes, 0u);
}

void TestTransfer::aStepIsBounded()
{
    TransferBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(5 * mebi), 1)));
    const auto transfer = bench.begin("f");
    VERIFY_OK(transfer);
    QCOMPARE((*transfer)->path(), at("f"));
    QCOMPARE((*transfer)->size(), 5 * mebi);
    int steps = 0;
    for (bool done = false; !done; ++steps) {
        const quint64 before = (*transfer)->done();
        const quint64 sent = bench.content;
        const auto step = (*transfer)->step();
        VERIFY_OK(step);
        done = *step;
        VERIFY_OK(bench.deliver());
        QVERIFY((*transfer)->done() - before <= Transfer::stepBytes);
        QVERIFY(bench.content - sent <= Transfer::stepBytes);
        QVERIFY(!bench.replica.exists("f") || done); // visible when it is complete
    }
    QVERIFY(steps >= 5);
    QCOMPARE((*transfer)->done(), 5 * mebi);
}

using Edit = void (*)(Bench &);

void TestTransfer::onlyChangedBlocksTravel_data()
{
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<quint64>("most"); // bytes that may travel
    const auto row = [](const char *name, Edit edit, quint64 most) {
        QTest::newRow(name) << edit << most;
    };
    row("first byte", [](Bench &b) { b.write("f", 0, "x"); }, 4096);
    row("last byte", [](Bench &b) { b.write("f", 4 * mebi + 99, "x"); }, 4096);
    row("across blocks", [](Bench &b) { b.write("f", 8190, "xxxx"); }, 8192);
    row("two places", [](Bench &b) { b.write("f", 5, "x"), b.write("f", 3 * mebi, "x"); }, 8192);
    row(
        "more than fits an operation", [](Bench &b) { b.write("f", mebi, noise(600'000, 3)); },
        610'000);
    row(
        "little, much, little",
        [](Bench &b) {
            b.write("f", 1, "x");
            b.write("f", 2 * mebi, noise(300'000, 3));
            b.write("f", 4 * mebi, "x");
        },
        320'000);
    row("shorter", [](Bench &b) { b.truncate("f", 3 * mebi); }, 0);
    row("shorter, within a block", [](Bench &b) { b.truncate("f", 3 * mebi + 1); }, 4096);
    row("longer", [](Bench &b) { b.write("f", 4 * mebi + 100, noise(5000, 4)); }, 12288);
    row("longer by a hole", [](Bench &b) { b.truncate("f", 6 * mebi); }, 4096);
    row("longer behind a hole", [](Bench &b) { b.write("f", 9 * mebi, "x"); }, 8192);
    row("a hole", [](Bench &b) { b.punch("f", {mebi, mebi}); }, 0);
    row("a hole, not of whole blocks", [](Bench &b) { b.punch("f", {mebi + 5, mebi}); }, 8192);
    row("a hole at the end", [](Bench &b) { b.punch("f", {4 * mebi, 100}); }, 4096);
    row("written zeros", [](Bench &b) { b.write("f", mebi, QByteArray(8192, '\0')); }, 8192);
}

void TestTransfer::onlyChangedBlocksTravel()
{
    QFETCH(Edit, edit);
    QFETCH(quint64, most);
    TransferBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(4 * mebi + 100), 1)));
    VERIFY_OK(bench.run("f"));
    const FileIdentity before = bench.replica.tree->stat(at("f"))->identity;
    bench.forget();
    edit(bench);
    VERIFY_OK(bench.run("f"));
    QCOMPARE(bench.kinds(), QList{OperationKind::WriteRanges});
    QVERIFY(bench.failures.isEmpty());
    QVERIFY2(bench.content <= most, QByteArray::number(bench.content).constData());
    QVERIFY(bench.arrived("f") == bench.read("f"));
    QCOMPARE(bench.difference(), QString());
    QCOMPARE(bench.replica.tree->stat(at("f"))->identity, before); // in place
    QCOMPARE(bench.m.index.find(at("f"))->size, bench.user->stat(at("f"))->size);
}

// Each transfer starts from the block map that the one before left.
void TestTransfer::anyEditsArrive()
{
    for (quint64 seed = 0; seed < 12; ++seed) {
        testing::SeededRandom random(seed);
        TransferBench bench;
        VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(mebi), seed)));
        for (int round = 0; round < 6; ++round) {
            for (quint64 edits = random.below(4); edits > 0; --edits) {
                const quint64 offset = random.below(3 * mebi);
                switch (random.below(4)) {
                case 0: bench.truncate("f", offset); break;
                case 1: bench.punch("f", {offset, 1 + random.below(100'000)}); break;
                default:
                    bench.write("f", offset, noise(qsizetype(1 + random.below(200'000)), offset));
                }
            }
            VERIFY_OK(bench.run("f"));
            QVERIFY(bench.failures.isEmpty());
            QVERIFY2(bench.arrived("f") == bench.read("f"),
                     (QByteArray::number(seed) + '.' + QByteArray::number(round)).constData());
            QCOMPARE(bench.difference(), QString());
        }
    }
}

void TestTransfer::equalContentTravelsNot()
{
    TransferBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(mebi), 1)));
    VERIFY_OK(bench.run("f"));
    bench.forget();
    VERIFY_OK(bench.run("f"));
    QCOMPARE(bench.operations.size(), 0);
    VERIFY_OK(bench.user->setMode(at("f"), 0600));
    VERIFY_OK(bench.run("f"));
    QCOMPARE(bench.kinds(), QList{OperationKind::SetAttributes});
    QCOMPARE(bench.content, 0u);
    QCOMPARE(bench.difference(), QString());
}

void TestTransfer::onlyTheAppendedPartTravels()
{
    for (const quint64 size : {12 * mebi, 12 * mebi + 1234}) {
        TransferBench bench;
        VERIFY_OK(testing::writeFile(*bench.user, at("log"), noise(qsizetype(size), 1)));
        VERIFY_OK(bench.run("log"));
        for (const qsizetype more : {qsizetype(10), qsizetype(5000), qsizetype(700'000)}) {
            bench.forget();
            bench.write("log", bench.user->stat(at("log"))->size, noise(more, 2));
            // Nothing but the end is read: twelve pieces of a MiB would be.
            bench.sourceFiles.faults().add(
                {.call = testing::FakeCall::Read, .after = 4, .times = -1});
            VERIFY_OK(bench.run("log"));
            bench.sourceFiles.faults().clear();
            QCOMPARE(bench.kinds(), QList{OperationKind::WriteRanges});
            QVERIFY(bench.content <= quint64(more) + 4096);
            QVERIFY(bench.arrived("log") == bench.read("log"));
            QCOMPARE(bench.difference(), QString());
        }
    }
}

void TestTransfer::aGrownFileWithAnotherTailIsCompared()
{
    TransferBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(10 * mebi + 77), 1)));
    VERIFY_OK(bench.run("f"));
    bench.forget();
    bench.write("f", 5, "x");
    bench.write("f", 10 * mebi + 70, noise(5000, 2));
    VERIFY_OK(bench.run("f"));
    QVERIFY(bench.arrived("f") == bench.read("f"));
}

void TestTransfer::anAppendIsLookedAtAgainOnceItIsQuiet()
{
    TransferBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(10 * mebi), 1)));
    VERIFY_OK(bench.run("f"));
    bench.write("f", 5, "x"); // besides appending
    bench.write("f", 10 * mebi, "tail");
    VERIFY_OK(bench.run("f"));
    QCOMPARE(bench.m.work.size(), 1);
    const auto due = bench.m.work.nextDue();
    QVERIFY(due && *due > bench.clock.monotonic());
    bench.clock.advance(*due - bench.clock.monotonic());
    const auto ready = bench.m.work.takeReady(bench.clock.monotonic());
    QVERIFY(ready);
    QCOMPARE(ready->first, at("f"));
    QCOMPARE(Planner(bench.m).examine(ready->first, ready->second), Finding::LargeContent);
    VERIFY_OK(bench.run("f"));
    QVERIFY(bench.arrived("f") == bench.read("f"));
    QCOMPARE(bench.m.work.size(), 0);
}

void TestTransfer::aFileThatChangesMeanwhileIsNotSent_data()
{
    QTest::addColumn<Edit>("edit");
    const auto row = [](const char *name, Edit edit) { QTest::newRow(name) << edit; };
    row("written before the place", [](Bench &b) { b.write("f", 0, "x"); });
    row("written behind the place", [](Bench &b) { b.write("f", 3 * mebi, "x"); });
    row("longer", [](Bench &b) { b.write("f", 5 * mebi, "x"); });
    row("shorter", [](Bench &b) { b.truncate("f", 10); });
    row("its time set back", [](Bench &b) {
        const qint64 before = b.user->stat(at("f"))->mtimeNs;
        b.write("f", 0, "x");
        (void)b.user->setModificationTime(at("f"), before);
    });
    row("replaced by another", [](Bench &b) {
        b.clock.advance(Milliseconds(1));
        (void)testing::writeFile(*b.user, at("new"), noise(qsizetype(4 * mebi), 1));
        (void)b.user->rename(at("new"), at("f"), RenameMode::Replace);
    });
}

void TestTransfer::aFileThatChangesMeanwhileIsNotSent()
{
    QFETCH(Edit, edit);
    for (const bool known : {false, true}) {
        TransferBench bench;
        VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(4 * mebi), 1)));
        if (known)
            VERIFY_OK(bench.run("f"));
        const QByteArray old = bench.arrived("f");
        bench.write("f", mebi / 2, noise(qsizetype(mebi), 5));
        const auto transfer = bench.begin("f");
        VERIFY_OK(transfer);
        for (int i = 0; i < 2; ++i)
            QCOMPARE((*transfer)->step(), false);
        edit(bench);
        Result<bool> step = false;
        while (step && !*step)
            step = (*transfer)->step();
        VERIFY_ERROR(step, ErrorCode::Unstable);
        (*transfer)->abandon();
        const qsizetype before = bench.operations.size();
        VERIFY_OK(bench.deliver());
        QCOMPARE(bench.operations.size(), before);
        QVERIFY(bench.arrived("f") == old);
        QCOMPARE(bench.replica.tree->list(at(".octopus/staging"))->size(), 0);
        VERIFY_OK(bench.run("f"));
        QVERIFY(bench.arrived("f") == bench.read("f"));
    }
}

void TestTransfer::anotherNameFollows()
{
    TransferBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(mebi), 1)));
    VERIFY_OK(bench.user->link(at("f"), at("g")));
    Planner planner(bench.m);
    VERIFY_OK(bench.run("f"));
    (void)planner.examine(at("g"), {bench.clock.monotonic()});
    VERIFY_OK(bench.deliver());
    QCOMPARE(bench.difference(), QString());
    bench.write("g", 100, "changed");
    VERIFY_OK(bench.run("f"));
    QVERIFY(bench.failures.isEmpty());
    QVERIFY(bench.arrived("g") == bench.read("f"));
    QCOMPARE(bench.difference(), QString()); // one file under two names
}

void TestTransfer::whatCannotBeOpenedIsAnError()
{
    TransferBench bench;
    VERIFY_ERROR(bench.begin("none"), ErrorCode::NotFound);
    VERIFY_OK(testing::buildTree(*bench.user, {"d/", "l->d"}));
    VERIFY_ERROR(bench.begin("d"), ErrorCode::IsDirectory);
    VERIFY_ERROR(bench.begin("l"), ErrorCode::OutsideRoot);
}

void TestTransfer::aFailingReadIsAnError()
{
    TransferBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(4 * mebi), 1)));
    bench.sourceFiles.faults().add({.call = testing::FakeCall::Read, .after = 2});
    VERIFY_ERROR(bench.run("f"), ErrorCode::InputOutput);
    QCOMPARE(bench.operations.size(), 0);
    QVERIFY(!bench.replica.exists("f"));
    QCOMPARE(bench.replica.tree->list(at(".octopus/staging"))->size(), 0);
}

QTEST_APPLESS_MAIN(TestTransfer)

#include "tst_transfer.moc"
