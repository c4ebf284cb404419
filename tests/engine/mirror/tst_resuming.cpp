// A large file goes on where an interruption left it: over cuts, restarts of either side, and whatever
// the target holds; and it converges where what is held is of no use (I10, I12).
#include "engine/apply/heldstages.h"
#include "tests/engine/mirror/fixture.h"
#include "tests/support/twopeers.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::mirror;
using namespace std::chrono_literals;

namespace {

constexpr quint64 mebi = 1024 * 1024;

// Transfers onto a replica in memory that loses its connection now and then.
class ResumingBench : public Bench
{
public:
    ResumingBench() { connect(); }
    void connect()
    {
        replica.applier->partStages();
        m.keepsStages = true;
        m.held.clear();
        for (const HeldStage &held : replica.applier->heldStages())
            m.held.insert_or_assign(held.token, held.end);
        m.outbox.discardMessages();
        m.outbox.setPace(20'000); // chunks are cut
    }
    // Up to so many steps of a transfer; true if that was all of it.
    [[nodiscard]] Result<bool> run(int steps = 1'000'000)
    {
        clock.advance(Milliseconds(1));
        auto transfer = Transfer::begin(m, at("f"), {clock.monotonic()}, StageId(++m_stage));
        if (!transfer)
            return passOn(transfer);
        for (int i = 0; i < steps; ++i) {
            const auto step = (*transfer)->step(65536);
            if (!step)
                return step;
            OCTOPUS_TRY(deliver());
            if (*step)
                return true;
        }
        return false;
    }
    [[nodiscard]] quint64 offset() const { return begins.isEmpty() ? 0 : begins.last().offset; }

private:
    quint64 m_stage = 0;
};

} // namespace

class TestResuming : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void aWholeFileGoesOn();
    void aFileWithHolesGoesOn();
    void changedBlocksGoOn();
    void anAppendGoesOn();
    void afterARestartOfTheTargetAWholeFileGoesOn();
    void anotherContentBeginsAnew_data();
    void anotherContentBeginsAnew();
    void whatIsHeldWronglyIsSentFromTheStart();
    void aTargetThatKeepsNothingGetsChunksAsTheyWereHashed();
    void piecesOfAnySizeArrive_data();
    void piecesOfAnySizeArrive();
    void twoMachinesGoOn_data();
    void twoMachinesGoOn();
    void whatIsNotNeededIsDroppedInTheEnd();
};

void TestResuming::aWholeFileGoesOn()
{
    ResumingBench bench;
    const QByteArray content = noise(qsizetype(3 * mebi + 5), 1);
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), content));
    QCOMPARE(*bench.run(30), false);
    const quint64 sent = bench.content;
    QCOMPARE(sent, 30u * 65536);
    bench.connect();
    QCOMPARE(*bench.run(10), false); // and once more
    bench.connect();
    QCOMPARE(*bench.run(), true);
    QVERIFY(bench.failures.isEmpty());
    QCOMPARE(bench.difference(), QString());
    QCOMPARE(bench.content, quint64(content.size())); // each byte once
    QVERIFY(bench.offset() > sent - 1);
    QCOMPARE(bench.replica.tree->list(at(".octopus/staging"))->size(), 0);
}

void TestResuming::aFileWithHolesGoesOn()
{
    ResumingBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(200'000, 1)));
    bench.write("f", 700 * mebi, noise(300'000, 2));
    bench.truncate("f", 900 * mebi);
    QCOMPARE(*bench.run(6), false);
    bench.connect();
    QCOMPARE(*bench.run(), true);
    QVERIFY(bench.offset() > 0);
    QVERIFY(bench.failures.isEmpty());
    QVERIFY(bench.content < 520'000);
    const auto file = bench.replica.tree->open(at("f"), OpenMode::Read);
    QVERIFY(*(*file)->read(700 * mebi, 300'000) == noise(300'000, 2));
}

void TestResuming::changedBlocksGoOn()
{
    ResumingBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(4 * mebi), 1)));
    QCOMPARE(*bench.run(), true);
    for (quint64 at = 0; at < 4 * mebi; at += 8192)
        bench.write("f", at, "changed");
    bench.forget();
    QCOMPARE(*bench.run(40), false);
    bench.connect();
    QCOMPARE(*bench.run(), true);
    QVERIFY(bench.offset() > 0);
    QVERIFY(bench.failures.isEmpty());
    QCOMPARE(bench.kinds(), QList{OperationKind::WriteRanges});
    QCOMPARE(bench.difference(), QString());
    QCOMPARE(bench.content, 2 * mebi); // each changed block once
}

void TestResuming::anAppendGoesOn()
{
    ResumingBench bench;
    const quint64 old = Transfer::appendThreshold + 4096;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(old), 1)));
    QCOMPARE(*bench.run(), true);
    bench.write("f", old, noise(qsizetype(2 * mebi), 2));
    bench.forget();
    QCOMPARE(*bench.run(10), false);
    bench.connect();
    QCOMPARE(*bench.run(), true);
    QVERIFY(bench.offset() > old);
    QVERIFY(bench.failures.isEmpty());
    QCOMPARE(bench.difference(), QString());
    QCOMPARE(bench.content, 2 * mebi);
}

void TestResuming::afterARestartOfTheTargetAWholeFileGoesOn()
{
    ResumingBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(2 * mebi), 1)));
    QCOMPARE(*bench.run(20), false);
    bench.replica.applier->partStages();
    VERIFY_OK(bench.replica.open()); // as a new process does
    bench.connect();
    QCOMPARE(*bench.run(), true);
    QVERIFY(bench.offset() > 0);
    QCOMPARE(bench.difference(), QString());
    QCOMPARE(bench.content, 2 * mebi);
}

void TestResuming::anotherContentBeginsAnew_data()
{
    using Edit = std::function<void(Bench &)>;
    QTest::addColumn<Edit>("edit");
    const auto row = [](const char *name, const Edit &edit) { QTest::newRow(name) << edit; };
    row("written", [](Bench &x) { x.write("f", 100, "new"); });
    row("longer", [](Bench &x) { x.truncate("f", 3 * mebi); });
    row("another time", [](Bench &x) { (void)x.user->setModificationTime(at("f"), 5); });
    row("another file", [](Bench &x) {
        (void)testing::writeFile(*x.user, at("g"), noise(qsizetype(2 * mebi), 3));
        (void)x.user->rename(at("g"), at("f"), RenameMode::Replace);
    });
}

void TestResuming::anotherContentBeginsAnew()
{
    QFETCH(std::function<void(Bench &)>, edit);
    ResumingBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(2 * mebi), 1)));
    QCOMPARE(*bench.run(20), false);
    edit(bench);
    bench.connect();
    QCOMPARE(bench.m.held.size(), 1u);
    QCOMPARE(*bench.run(), true);
    QCOMPARE(bench.offset(), 0u);
    QVERIFY(bench.failures.isEmpty());
    QCOMPARE(bench.difference(), QString());
}

void TestResuming::whatIsHeldWronglyIsSentFromTheStart()
{
    ResumingBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(2 * mebi), 1)));
    QCOMPARE(*bench.run(20), false);
    bench.connect();
    const auto held = bench.replica.applier->heldStages().value(0);
    VERIFY_OK(bench.replica.open());
    const auto staged = apply::HeldStages::pathOf(held.token, held.end);
    const auto file = bench.replica.tree->open(staged, OpenMode::ReadWrite);
    VERIFY_OK((*file)->write(1000, "somebody else's bytes"));
    QCOMPARE(*bench.run(), true);
    QCOMPARE(bench.offset(), held.end);
    QCOMPARE(bench.failures.size(), 1); // nothing of it became visible
    QVERIFY(!bench.replica.exists("f"));
    bench.m.index.erase(at("f")); // as the primary does when it hears of that
    QCOMPARE(*bench.run(), true);
    QCOMPARE(bench.offset(), 0u);
    QCOMPARE(bench.failures.size(), 1);
    QCOMPARE(bench.difference(), QString());
}

void TestResuming::aTargetThatKeepsNothingGetsChunksAsTheyWereHashed()
{
    ResumingBench bench;
    bench.m.keepsStages = false;
    bench.m.outbox.setPace(wire::batchTarget);
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), noise(qsizetype(2 * mebi), 1)));
    QCOMPARE(*bench.run(), true);
    QVERIFY(bench.begins.isEmpty());
    QVERIFY(bench.failures.isEmpty());
    QCOMPARE(bench.difference(), QString());
}

void TestResuming::piecesOfAnySizeArrive_data()
{
    QTest::addColumn<qint64>("pace");
    for (const qint64 pace : {1, 2048, 5000, 100'000, 1'048'576})
        QTest::addRow("%lld bytes", static_cast<long long>(pace)) << pace;
}

// The first copy of a large file over a line of any rate, which may change meanwhile.
void TestResuming::piecesOfAnySizeArrive()
{
    QFETCH(qint64, pace);
    testing::TwoPeers peers(1);
    QVERIFY(peers.settle());
    VERIFY_OK(testing::writeFile(peers.source(), at("f"), noise(400'000, 1)));
    for (int i = 0; i < 20'000 && !peers.primary().isInSync(); ++i) {
        peers.primary().setPace(i % 7 == 0 ? 4096 : pace);
        peers.step();
    }
    QVERIFY(peers.settle());
    QVERIFY2(peers.failure().isEmpty(), peers.failure().constData());
    QVERIFY(peers.bytesToTarget() < 500'000); // it was taken the first time
    QVERIFY(testing::readFile(peers.replica(), at("f")) == noise(400'000, 1));
}

void TestResuming::twoMachinesGoOn_data()
{
    using Interruption = std::function<void(testing::TwoPeers &)>;
    QTest::addColumn<Interruption>("interrupt");
    QTest::addColumn<bool>("goesOn");
    const auto row = [](const char *name, const Interruption &interrupt, bool goesOn = true) {
        QTest::newRow(name) << interrupt << goesOn;
    };
    row("the connection is cut", [](auto &x) { x.cut(); });
    row("the target is killed", [](auto &x) { x.crashTarget(false); });
    row("the primary is started anew", [](auto &x) { x.restartPrimary(); });
    row("both are started anew", [](auto &x) {
        x.restartPrimary();
        x.crashTarget(false);
    });
    // What a power loss leaves is what it leaves.
    row("the target loses power", [](auto &x) { x.crashTarget(true); }, false);
}

void TestResuming::twoMachinesGoOn()
{
    QFETCH(std::function<void(testing::TwoPeers &)>, interrupt);
    QFETCH(bool, goesOn);
    const QByteArray content = noise(qsizetype(3 * mebi), 1);
    for (quint64 seed = 1; seed <= 5; ++seed) {
        testing::TwoPeers peers(seed);
        QVERIFY(peers.settle());
        VERIFY_OK(testing::writeFile(peers.source(), at("f"), content));
        const quint64 before = peers.bytesToTarget();
        while (peers.bytesToTarget() - before < quint64(content.size()) / 2) {
            peers.primary().setPace(65536);
            peers.step();
            peers.clock().advance(100ms); // a slow line
        }
        QVERIFY(!peers.primary().isInSync());
        interrupt(peers);
        QVERIFY(peers.settle());
        QVERIFY2(peers.failure().isEmpty(), peers.failure().constData());
        QVERIFY(testing::readFile(peers.replica(), at("f")) == content);
        const quint64 crossed = peers.bytesToTarget() - before;
        if (goesOn) {
            QVERIFY(peers.resumedBytes() > mebi);
            // What was on its way, at most a mebibyte here, has crossed in vain.
            QVERIFY2(crossed < quint64(content.size()) + mebi + 300'000,
                     QByteArray::number(crossed).constData());
        }
        QCOMPARE(peers.replica().list(at(".octopus/staging"))->size(), 0);
    }
}

void TestResuming::whatIsNotNeededIsDroppedInTheEnd()
{
    testing::TwoPeers peers(3);
    QVERIFY(peers.settle());
    VERIFY_OK(testing::writeFile(peers.source(), at("f"), noise(qsizetype(2 * mebi), 1)));
    while (peers.bytesToTarget() < mebi) {
        peers.primary().setPace(8192);
        peers.step();
    }
    peers.cut();
    VERIFY_OK(peers.source().removeFile(at("f")));
    QVERIFY(peers.settle());
    QVERIFY(peers.settle());
    QCOMPARE(peers.replica().list(at(".octopus/staging"))->size(), 0);
}

QTEST_APPLESS_MAIN(TestResuming)

#include "tst_resuming.moc"
