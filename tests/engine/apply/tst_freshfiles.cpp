// New files made ahead of their turn: on a disk by several threads, in memory by one.
#include "engine/apply/freshfiles.h"
#include "engine/apply/layout.h"
#include "tests/engine/apply/fixture.h"

#include <QLoggingCategory>
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
    void aNewDirectoryComesWithItsFiles();
    void whatIsInTheWayOfADirectoryIsLeftAlone();
    void aPathThatIsNamedAgainIsMadeInItsTurn();
    void aDirectoryThatIsNotTakenIsRemovedWithItsFiles();
    void directoriesOfAllKindsArriveOnADisk();
};

// The replica of a bench, for FreshFiles alone.
struct Fresh {
    explicit Fresh(FakeReplica &bench) : replica(*bench.root, bench.clock), files(replica)
    {
        if (auto manifest = Manifest::open(*bench.root))
            replica.manifest = std::move(*manifest);
    }
    Replica replica;
    FreshFiles files;
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

static QList<Operation> numbered(QList<Operation> operations)
{
    for (qsizetype i = 0; i < operations.size(); ++i)
        operations[i].sequence = Sequence(quint64(i + 1));
    return operations;
}

// A replica in a folder of this machine.
struct DiskReplica {
    [[nodiscard]] Result<void> open()
    {
        auto opened = NativeFileSystem().openRoot(folder.path().toUtf8());
        if (!opened)
            return passOn(opened);
        root = std::move(*opened);
        auto started = Applier::open(*root, clock, openOptions());
        if (!started)
            return passOn(started);
        applier = std::move(*started);
        return applier->beginStream(Epoch{1}, StreamId{1}, testKey);
    }
    QTemporaryDir folder;
    testing::FakeClock clock;
    std::unique_ptr<Root> root;
    std::unique_ptr<Applier> applier;
};

void TestFreshFiles::manyFilesOfAGroupArriveOnADisk()
{
    DiskReplica bench;
    VERIFY_OK(bench.open());
    Root &root = *bench.root;
    // A foreign entry stands in the way of one of them, and nobody harms it.
    VERIFY_OK(testing::writeFile(root, at("foreign"), "theirs"));
    QList<Operation> operations{makeDirectory("d"), put("foreign", "ours")};
    for (int i = 0; i < 500; ++i) {
        operations.append(put("d/" + QByteArray::number(i), contentOf(i)));
        operations.last().attributes = attributes(i % 2 ? 0640 : 0444, 1'600'000'000 + i);
    }
    operations = numbered(operations);
    const auto failed = bench.applier->apply(operations);
    VERIFY_OK(failed);
    QCOMPARE(failed->size(), 1);
    QCOMPARE(failed->first().path, at("foreign"));
    QCOMPARE(testing::readFile(root, at("foreign")).value_or(QByteArray()), "theirs");
    for (int i = 0; i < 500; ++i) {
        const RelPath path = at("d/" + QByteArray::number(i));
        QCOMPARE(testing::readFile(root, path).value_or("missing"), contentOf(i));
        const auto stat = root.stat(path);
        VERIFY_OK(stat);
        QCOMPARE(stat->mode, i % 2 ? 0640u : 0444u);
        QCOMPARE(stat->mtimeNs, (1'600'000'000ll + i) * 1'000'000'000);
    }
    QCOMPARE(inStaging(root), 0);
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
    auto manifest = Manifest::open(**root);
    VERIFY_OK(manifest);
    replica.manifest = std::move(*manifest);
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
    return numbered({put("a", "first"), put("b", "second")});
}

void TestFreshFiles::whatWasMadeAheadIsTheSameAsMadeNow()
{
    FakeReplica bench;
    VERIFY_OK(bench.open());
    Fresh made(bench);
    FreshFiles &fresh = made.files;
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
    Fresh made(bench);
    FreshFiles &fresh = made.files;
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
    Fresh made(bench);
    FreshFiles &fresh = made.files;
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

void TestFreshFiles::aNewDirectoryComesWithItsFiles()
{
    FakeReplica bench;
    VERIFY_OK(bench.open());
    Fresh made(bench);
    const auto operations = numbered(
        {makeDirectory("d"), put("d/a", "first"), put("d/b", "second"), put("c", "third")});
    made.files.makeAhead(groupOf(operations));
    QCOMPARE(inStaging(*bench.root), 2); // d and c
    QVERIFY(!bench.root->stat(at("d")));
    QVERIFY(made.files.placeDirectory(operations[0]));
    QCOMPARE(inStaging(*bench.root), 1);
    for (int i : {1, 2}) {
        const auto taken = made.files.take(operations[i]);
        VERIFY_OK(taken);
        QVERIFY(taken->isPlaced);
        QCOMPARE(taken->path, operations[i].path);
    }
    QCOMPARE(testing::readFile(*bench.root, at("d/b")).value_or(QByteArray()), "second");
    QCOMPARE(bench.root->stat(at("d/b"))->mode, 0644u);
    const auto other = made.files.take(operations[3]);
    VERIFY_OK(other);
    QVERIFY(!other->isPlaced);
    QVERIFY(!made.files.placeDirectory(operations[3]));
}

void TestFreshFiles::whatIsInTheWayOfADirectoryIsLeftAlone()
{
    FakeReplica bench;
    VERIFY_OK(bench.open());
    Fresh made(bench);
    const auto operations = numbered({makeDirectory("d"), put("d/a", "ours")});
    made.files.makeAhead(groupOf(operations));
    VERIFY_OK(bench.root->makeDirectory(at("d"), 0755));
    QVERIFY(!made.files.placeDirectory(operations[0]));
    QCOMPARE(bench.root->list(at("d"))->size(), 0);
    const auto taken = made.files.take(operations[1]);
    VERIFY_OK(taken);
    QVERIFY(!taken->isPlaced);
    QCOMPARE(testing::readFile(*bench.root, taken->path).value_or(QByteArray()), "ours");
    VERIFY_OK(bench.root->rename(taken->path, at("d/a"), RenameMode::NoReplace));
    made.files.removeUnused();
    QCOMPARE(inStaging(*bench.root), 0);
}

void TestFreshFiles::aPathThatIsNamedAgainIsMadeInItsTurn()
{
    FakeReplica bench;
    VERIFY_OK(bench.open());
    Fresh made(bench);
    const Operation link = operation(OperationKind::Link, "l", "d/b");
    const auto operations = numbered({makeDirectory("d"), put("d/a", "first"), put("d/a", "second"),
                                      put("d/b", "linked"), link, put("d/c", "once")});
    made.files.makeAhead(groupOf(operations));
    QVERIFY(made.files.placeDirectory(operations[0]));
    QCOMPARE(bench.root->list(at("d"))->size(), 1); // c
    for (int i : {1, 2, 3})
        QVERIFY(!made.files.take(operations[i])->isPlaced);
    QVERIFY(made.files.take(operations[5])->isPlaced);
    // A directory that is named again is none of those.
    Fresh again(bench);
    const auto others =
        numbered({makeDirectory("e"), removal("e"), makeDirectory("e"), put("e/a", "first")});
    again.files.makeAhead(groupOf(others));
    for (int i : {0, 2})
        QVERIFY(!again.files.placeDirectory(others[i]));
}

void TestFreshFiles::aDirectoryThatIsNotTakenIsRemovedWithItsFiles()
{
    FakeReplica bench;
    VERIFY_OK(bench.open());
    Fresh made(bench);
    made.files.makeAhead(groupOf(numbered({makeDirectory("d"), put("d/a", "x"), put("d/b", "y")})));
    QCOMPARE(inStaging(*bench.root), 1);
    made.files.removeUnused();
    QCOMPARE(inStaging(*bench.root), 0);
}

void TestFreshFiles::directoriesOfAllKindsArriveOnADisk()
{
    DiskReplica bench;
    VERIFY_OK(bench.open());
    Root &root = *bench.root;
    // A foreign directory stands in the way of one of them.
    VERIFY_OK(root.makeDirectory(at("foreign"), 0755));
    QList<Operation> operations;
    constexpr quint32 modes[] = {0755, 0700, 02775, 0555, 0111};
    for (const char *name : {"a", "a/b", "a/b/c", "d", "foreign"}) {
        operations.append(makeDirectory(name));
        const quint32 mode = modes[operations.size() % std::size(modes)];
        operations.last().attributes = attributes(mode, 1'600'000'000);
        operations.append(put(QByteArray(name) + "/f", name));
        operations.last().attributes = attributes(0440, 1'500'000'000);
    }
    // Later operations of the same group find what was made.
    operations.append(operation(OperationKind::Rename, "moved", "d"));
    operations.append(put("moved/g", "later"));
    operations = numbered(operations);
    const auto failed = bench.applier->apply(operations);
    VERIFY_OK(failed);
    QCOMPARE(failed->size(), 2); // the foreign one, and the file in it
    QCOMPARE(root.list(at("foreign"))->size(), 0);
    const std::pair<const char *, quint32> expected[] = {
        {"a", modes[1]}, {"a/b", modes[3]}, {"a/b/c", modes[0]}, {"moved", modes[2]}};
    for (const auto &[name, mode] : expected) {
        const auto stat = root.stat(at(name));
        VERIFY_OK(stat);
        QCOMPARE(stat->mode, mode);
        QCOMPARE(stat->mtimeNs, 1'600'000'000ll * 1'000'000'000);
        const auto file = root.stat(at(QByteArray(name) + "/f"));
        VERIFY_OK(file);
        QCOMPARE(file->mode, 0440u);
        QCOMPARE(file->mtimeNs, 1'500'000'000ll * 1'000'000'000);
    }
    QCOMPARE(testing::readFile(root, at("moved/f")).value_or("missing"), "d");
    QCOMPARE(testing::readFile(root, at("moved/g")).value_or("missing"), "later");
    QCOMPARE(inStaging(root), 0);
}

QTEST_GUILESS_MAIN(TestFreshFiles)
#include "tst_freshfiles.moc"
