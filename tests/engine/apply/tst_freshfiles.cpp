// New files made ahead of their turn: on a disk by several threads, in memory by one.
#include "engine/apply/freshfiles.h"
#include "engine/apply/layout.h"
#include "tests/engine/apply/fixture.h"

#include <QTest>

using namespace octopus;
using namespace octopus::apply;

class TestFreshFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void manyFilesOfAGroupArriveOnADisk();
    void severalThreadsMakeThem();
    void whatWasMadeAheadIsTheSameAsMadeNow();
    void whatIsNotTakenIsRemoved();
    void whatHadNoRoomIsMadeInItsTurn();
};

static qsizetype inStaging(Root &root)
{
    const auto entries = root.list(layout::staging());
    return entries ? entries->size() : -1;
}

static QByteArray contentOf(int number)
{
    return QByteArray::number(number).repeated(number % 50);
}

static QList<JournalRecord> groupOf(const QList<Operation> &operations)
{
    QList<JournalRecord> group;
    for (const Operation &one : operations)
        group.append(PlannedOperation{.operation = one});
    return group;
}

void TestFreshFiles::manyFilesOfAGroupArriveOnADisk()
{
    QTemporaryDir folder;
    NativeFileSystem disk;
    const auto root = disk.openRoot(folder.path().toUtf8());
    VERIFY_OK(root);
    const testing::FakeClock clock;
    auto applier = Applier::open(**root, clock, openOptions());
    VERIFY_OK(applier);
    VERIFY_OK((*applier)->beginStream(Epoch{1}, StreamId{1}, testKey));
    // A foreign entry stands in the way of one of them, and nobody harms it.
    VERIFY_OK(testing::writeFile(**root, at("foreign"), "theirs"));
    QList<Operation> operations{makeDirectory("d"), put("foreign", "ours")};
    for (int i = 0; i < 500; ++i) {
        operations.append(put("d/" + QByteArray::number(i), contentOf(i)));
        operations.last().attributes = attributes(i % 2 ? 0640 : 0444, 1'600'000'000 + i);
    }
    for (int i = 0; i < operations.size(); ++i)
        operations[i].sequence = Sequence(quint64(i + 1));
    const auto failed = (*applier)->apply(operations);
    VERIFY_OK(failed);
    QCOMPARE(failed->size(), 1);
    QCOMPARE(failed->first().path, at("foreign"));
    QCOMPARE(testing::readFile(**root, at("foreign")).value_or(QByteArray()), "theirs");
    for (int i = 0; i < 500; ++i) {
        const RelPath path = at("d/" + QByteArray::number(i));
        QCOMPARE(testing::readFile(**root, path).value_or("missing"), contentOf(i));
        const auto stat = (*root)->stat(path);
        VERIFY_OK(stat);
        QCOMPARE(stat->mode, i % 2 ? 0640u : 0444u);
        QCOMPARE(stat->mtimeNs, (1'600'000'000ll + i) * 1'000'000'000);
    }
    QCOMPARE(inStaging(**root), 0);
}

void TestFreshFiles::severalThreadsMakeThem()
{
    QTemporaryDir folder;
    NativeFileSystem disk;
    const auto root = disk.openRoot(folder.path().toUtf8());
    VERIFY_OK(root);
    const testing::FakeClock clock;
    VERIFY_OK(Applier::open(**root, clock, openOptions()));
    Replica replica(**root, clock);
    FreshFiles fresh(replica, 4);
    QList<Operation> puts;
    for (int i = 0; i < 1000; ++i) {
        puts.append(put("f" + QByteArray::number(i), contentOf(i)));
        puts.last().sequence = Sequence(quint64(i + 1));
    }
    fresh.makeAhead(groupOf(puts));
    QCOMPARE(inStaging(**root), 1000);
    for (int i = 0; i < 1000; ++i) {
        const auto made = fresh.take(puts[i]);
        VERIFY_OK(made);
        QVERIFY(!made->loss);
        QCOMPARE(testing::readFile(**root, made->path).value_or("missing"), contentOf(i));
    }
    QCOMPARE(inStaging(**root), 1000);
}

static QList<Operation> twoPuts()
{
    QList<Operation> puts{put("a", "first"), put("b", "second")};
    puts[0].sequence = Sequence{1};
    puts[1].sequence = Sequence{2};
    return puts;
}

void TestFreshFiles::whatWasMadeAheadIsTheSameAsMadeNow()
{
    FakeReplica bench;
    VERIFY_OK(bench.open());
    Replica replica(*bench.root, bench.clock);
    FreshFiles fresh(replica);
    const QList<Operation> puts = twoPuts();
    fresh.makeAhead(groupOf(puts));
    QCOMPARE(inStaging(*bench.root), 2);
    const auto ahead = fresh.take(puts[1]);
    VERIFY_OK(ahead);
    QCOMPARE(inStaging(*bench.root), 2); // it was there
    const auto again = fresh.take(puts[1]);
    VERIFY_OK(again);
    QCOMPARE(inStaging(*bench.root), 3); // given out once
    QVERIFY(again->path != ahead->path);
    for (const RelPath &path : {ahead->path, again->path}) {
        QCOMPARE(testing::readFile(*bench.root, path).value_or(QByteArray()), "second");
        QCOMPARE(bench.root->stat(path)->mode, 0644u);
    }
}

void TestFreshFiles::whatIsNotTakenIsRemoved()
{
    FakeReplica bench;
    VERIFY_OK(bench.open());
    Replica replica(*bench.root, bench.clock);
    FreshFiles fresh(replica);
    const QList<Operation> puts = twoPuts();
    fresh.makeAhead(groupOf(puts));
    const auto taken = fresh.take(puts[0]);
    VERIFY_OK(taken);
    fresh.removeUnused();
    QCOMPARE(inStaging(*bench.root), 1);
    QVERIFY(bench.root->stat(taken->path));
}

void TestFreshFiles::whatHadNoRoomIsMadeInItsTurn()
{
    FakeReplica bench;
    VERIFY_OK(bench.open());
    Replica replica(*bench.root, bench.clock);
    FreshFiles fresh(replica);
    const QList<Operation> puts = twoPuts();
    bench.files.configure({.capacity = 0});
    fresh.makeAhead(groupOf(puts));
    QCOMPARE(inStaging(*bench.root), 0);
    const auto full = fresh.take(puts[0]);
    QVERIFY(!full);
    QCOMPARE(full.error().code, ErrorCode::NoSpace);
    bench.files.configure({});
    VERIFY_OK(fresh.take(puts[0]));
}

QTEST_GUILESS_MAIN(TestFreshFiles)
#include "tst_freshfiles.moc"
