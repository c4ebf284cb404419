// What the applier's operations do to the tree: contents, attributes and directories (I2, I10), on a
// file system in memory.
#include "engine/apply/journal.h"
#include "tests/engine/apply/fixture.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::apply;

class TestApplier : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void contentsAndAttributesArrive();
    void sequencesMustFollow();
    void aDamagedContentNeverBecomesVisible();
    void aStageArrivesWholeOrNotAtAll();
    void rangesChangeAFileInPlace();
    void aFileWithTwoNamesIsCopiedBeforeItIsChanged();
    void directoriesKeepTheirTimes();
    void aReadOnlyDirectoryIsNoObstacleToItsOwner();
    void missingExtendedAttributesAreRemoved();
    void anAttributeThatCannotBeStoredIsALoss();
    void exchangeWorksWithoutTheSystemsHelp();
    void aBatchIsOneWriteAndOneSync();
    void aStageThatFailsConcernsItsOperationOnly();
    void aDroppedStageCannotBeNamed();
    void aFailedChangeLeavesNoStageBehind();
    void aStageChangesRangesInPlace();
    void checkpointsAreDueWhenTheJournalIsLong();
};

void TestApplier::contentsAndAttributesArrive()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    Operation file = put("d/f", "hello");
    file.attributes = attributes(04750, 1'234'567);
    file.attributes.uid = 1000;
    file.attributes.gid = 100;
    file.attributes.xattrs["user.color"] = "red";
    Operation sparse = put("d/holes", {});
    sparse.ranges = {{8192, "x"}};
    sparse.size = 20000;
    sparse.digest = contentDigest(sparse.ranges, sparse.size, testKey);
    const auto failed =
        replica.apply({makeDirectory("d"), file, sparse, makeSymlink("d/s", "/x"),
                       operation(OperationKind::MakeFifo, "d/p"), linking("d/f", "g")});
    QCOMPARE(codes(failed), QList<ErrorCode>());
    const auto stat = replica.tree->stat(at("d/f"));
    QCOMPARE(stat->mode, 04750u);
    QCOMPARE(stat->uid, 1000u);
    QCOMPARE(stat->gid, 100u);
    QCOMPARE(stat->mtimeNs, 1'234'567'000'000'000);
    QCOMPARE(stat->links, 2u);
    QCOMPARE(replica.tree->xattrs(at("d/f"))->at("user.color"), "red");
    QCOMPARE(replica.content("g"), "hello");
    QCOMPARE(replica.content("d/holes").size(), 20000);
    QVERIFY(replica.tree->stat(at("d/holes"))->allocatedBytes < 20000);
    QCOMPARE(replica.tree->readSymlink(at("d/s")), QByteArray("/x"));
    QCOMPARE(replica.tree->stat(at("d/p"))->kind, EntryKind::Fifo);
    QVERIFY(replica.applier->isOwn(at("d/f")) && !replica.applier->isOwn(at("d/g")));
    QCOMPARE(replica.applier->applied(), Sequence{6});
    QCOMPARE(replica.applier->durable(), Sequence{6});
}

void TestApplier::sequencesMustFollow()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    Operation one = put("a", "1");
    one.sequence = Sequence{2};
    VERIFY_ERROR(replica.applier->apply({one}), ErrorCode::Invalid);
    one.sequence = Sequence{1};
    VERIFY_OK(replica.applier->apply({one}));
    VERIFY_ERROR(replica.applier->apply({one}), ErrorCode::Invalid);
}

void TestApplier::aDamagedContentNeverBecomesVisible()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "before")}));
    Operation whole = put("a", "after!");
    whole.ranges[0].bytes[0] = 'A';
    Operation part = ranges("a", 0, "B", 6);
    part.digest.high ^= 1;
    QCOMPARE(codes(replica.apply({whole, part})), (QList{ErrorCode::Corrupt, ErrorCode::Corrupt}));
    QCOMPARE(replica.content("a"), "before");
}

void TestApplier::aStageArrivesWholeOrNotAtAll()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    const auto staged = [](StageId stage, const QByteArray &path) {
        ContentDigest digest(testKey);
        digest.add(0, "one");
        digest.add(5000, "two");
        Operation out = operation(OperationKind::PutFile, path);
        out.stage = stage;
        out.size = 6000;
        out.digest = digest.finish(6000);
        return out;
    };
    for (const StageId stage : {StageId{1}, StageId{2}}) {
        VERIFY_OK(replica.applier->addChunk({stage, 0, "one"}));
        VERIFY_OK(replica.applier->addChunk({stage, 5000, "two"}));
    }
    QVERIFY(!replica.exists("a"));
    Operation wrong = staged(StageId{2}, "b");
    wrong.digest.low ^= 1;
    VERIFY_OK(replica.applier->addChunk({StageId{3}, 10, "x"}));
    VERIFY_ERROR(replica.applier->addChunk({StageId{3}, 5, "x"}), ErrorCode::Corrupt);
    QCOMPARE(codes(replica.apply({staged(StageId{1}, "a"), wrong, staged(StageId{3}, "c"),
                                  staged(StageId{9}, "d")})),
             (QList{ErrorCode::Corrupt, ErrorCode::Corrupt, ErrorCode::NotFound}));
    QCOMPARE(replica.content("a"), "one" + QByteArray(4997, '\0') + "two" + QByteArray(997, '\0'));
    QVERIFY(!replica.exists("b") && !replica.exists("c") && !replica.exists("d"));
    VERIFY_OK(replica.applier->checkpoint());
    QCOMPARE(replica.tree->list(at(".octopus/staging"))->size(), 0);
}

void TestApplier::rangesChangeAFileInPlace()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", QByteArray(10000, 'a'))}));
    const FileIdentity before = replica.tree->stat(at("a"))->identity;
    Operation change = ranges("a", 100, "new", 9000);
    change.holes = {{4096, 4096}};
    change.attributes.mode = 0600;
    QCOMPARE(codes(replica.apply({change})), QList<ErrorCode>());
    QByteArray expected(9000, 'a');
    expected.replace(4096, 4096, QByteArray(4096, '\0')).replace(100, 3, "new");
    QCOMPARE(replica.content("a"), expected);
    QCOMPARE(replica.tree->stat(at("a"))->identity, before);
    QCOMPARE(replica.tree->stat(at("a"))->mode, 0600u);
    QCOMPARE(codes(replica.apply({ranges("missing", 0, "x", 1)})), QList{ErrorCode::NotFound});
}

void TestApplier::aFileWithTwoNamesIsCopiedBeforeItIsChanged()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "shared")}));
    // Somebody gave it a second name that we do not know of.
    VERIFY_OK(replica.tree->link(at("a"), at("planted")));
    QCOMPARE(codes(replica.apply({ranges("a", 0, "S", 6)})), QList<ErrorCode>());
    QCOMPARE(replica.content("a"), "Shared");
    QCOMPARE(replica.content("planted"), "shared");
}

void TestApplier::directoriesKeepTheirTimes()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({makeDirectory("d"), makeDirectory("e"), put("d/a", "1")}));
    VERIFY_OK(replica.apply({put("d/b", "1"), renaming("d/a", "e/a"), removal("d/b")}));
    const qint64 expected = makeDirectory("d").attributes.mtimeNs;
    QCOMPARE(replica.tree->stat(at("d"))->mtimeNs, expected);
    QCOMPARE(replica.tree->stat(at("e"))->mtimeNs, expected);
}

void TestApplier::aReadOnlyDirectoryIsNoObstacleToItsOwner()
{
    // Permissions exist on the real file system only, and not for root.
    QTemporaryDir folder;
    NativeFileSystem files;
    testing::FakeClock clock;
    auto root = files.openRoot(folder.path().toLocal8Bit());
    VERIFY_OK(root);
    if ((*root)->canSetOwner())
        QSKIP("root may do everything");
    auto applier = Applier::open(**root, clock, openOptions());
    VERIFY_OK(applier);
    VERIFY_OK((*applier)->beginStream(Epoch{1}, StreamId{1}, testKey));
    QList<Operation> operations = {makeDirectory("d", 0555), put("d/a", "1"), put("d/a", "2"),
                                   removal("d/a"), put("d/b", "3")};
    operations[4].attributes.mode = 0400;
    operations.append(ranges("d/b", 0, "4", 1));
    operations[5].attributes.mode = 0400;
    for (qsizetype i = 0; i < operations.size(); ++i)
        operations[i].sequence = Sequence(quint64(i) + 1);
    QCOMPARE(codes((*applier)->apply(operations)), QList<ErrorCode>());
    QCOMPARE(testing::readFile(**root, at("d/b")), QByteArray("4"));
    QCOMPARE((*root)->stat(at("d"))->mode, 0555u);
    VERIFY_OK((*root)->setMode(at("d"), 0700));
}

void TestApplier::missingExtendedAttributesAreRemoved()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    Operation with = put("a", "1");
    with.attributes.xattrs = {{"user.one", "1"}, {"user.two", "2"}};
    Operation set = operation(OperationKind::SetAttributes, "a");
    set.attributes.xattrs = {{"user.two", "3"}};
    VERIFY_OK(replica.apply({with, set}));
    QCOMPARE(*replica.tree->xattrs(at("a")), (Xattrs{{"user.two", "3"}}));
}

void TestApplier::anAttributeThatCannotBeStoredIsALoss()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    replica.files.faults().add(
        {.call = testing::FakeCall::SetXattr, .code = ErrorCode::Unsupported, .times = -1});
    Operation with = put("a", "1");
    with.attributes.xattrs = {{"user.one", "1"}};
    const auto failed = replica.apply({with});
    QCOMPARE(codes(failed), QList{ErrorCode::Unsupported});
    QVERIFY(failed->first().applied && !failed->first().inDoubt);
    QCOMPARE(replica.content("a"), "1");
    QCOMPARE(replica.tree->stat(at("a"))->mtimeNs, with.attributes.mtimeNs);
    VERIFY_OK(replica.apply({put("a", "2")}));
    QCOMPARE(replica.applier->failures().size(), 0);
}

void TestApplier::exchangeWorksWithoutTheSystemsHelp()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "1"), makeDirectory("d"), put("d/x", "2")}));
    replica.files.faults().add(
        {.call = testing::FakeCall::Rename, .code = ErrorCode::Unsupported, .times = 1});
    QCOMPARE(codes(replica.apply({operation(OperationKind::Exchange, "a", "d")})),
             QList<ErrorCode>());
    QCOMPARE(replica.content("a/x"), "2");
    QCOMPARE(replica.content("d"), "1");
}

void TestApplier::aBatchIsOneWriteAndOneSync()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    QList<Operation> operations = {makeDirectory("d")};
    for (int i = 0; i < 50; ++i)
        operations.append(put("d/" + QByteArray::number(i), "x"));
    // One sync, and nothing of the tree before it.
    replica.files.faults().add({.call = testing::FakeCall::SyncData, .after = 1, .times = -1});
    QCOMPARE(codes(replica.apply(operations)), QList<ErrorCode>());
    QCOMPARE(replica.applier->durable(), Sequence{51});
    replica.files.faults().clear();
    replica.files.faults().add({.call = testing::FakeCall::SyncData});
    VERIFY_ERROR(replica.apply({put("late", "x")}), ErrorCode::InputOutput);
    QVERIFY(!replica.exists("late"));
    replica.files.crash(testing::PowerLoss{});
    VERIFY_OK(replica.open());
    QCOMPARE(replica.content("d/49"), "x");
}

static Operation stagedOver(const QByteArray &path, OperationKind kind, StageId stage,
                            const QList<DataRange> &chunks, quint64 size)
{
    Operation out = operation(kind, path);
    out.stage = stage;
    out.size = size;
    out.digest = contentDigest(chunks, size, testKey);
    return out;
}

void TestApplier::aStageThatFailsConcernsItsOperationOnly()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    replica.files.faults().add({.call = testing::FakeCall::Write, .code = ErrorCode::NoSpace});
    VERIFY_ERROR(replica.applier->addChunk({StageId{1}, 0, "a"}), ErrorCode::NoSpace);
    VERIFY_OK(replica.applier->addChunk({StageId{2}, 0, "b"}));
    const auto failed =
        replica.apply({stagedOver("a", OperationKind::PutFile, StageId{1}, {{0, "a"}}, 1),
                       stagedOver("b", OperationKind::PutFile, StageId{2}, {{0, "b"}}, 1)});
    QCOMPARE(codes(failed), QList{ErrorCode::NoSpace});
    QCOMPARE(replica.content("b"), "b");
}

void TestApplier::aDroppedStageCannotBeNamed()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.applier->addChunk({StageId{1}, 0, "a"}));
    replica.applier->dropStage(StageId{1});
    replica.applier->dropStage(StageId{2}); // nothing
    QCOMPARE(replica.tree->list(at(".octopus/staging"))->size(), 0);
    const Operation put = stagedOver("a", OperationKind::PutFile, StageId{1}, {{0, "a"}}, 1);
    QCOMPARE(codes(replica.apply({put})), QList{ErrorCode::NotFound});
}

void TestApplier::aFailedChangeLeavesNoStageBehind()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "old")}));
    replica.files.faults().add(
        {.call = testing::FakeCall::Space, .code = ErrorCode::PermissionDenied});
    // The second is refused because of the first.
    for (const ErrorCode code : {ErrorCode::PermissionDenied, ErrorCode::Corrupt}) {
        VERIFY_OK(replica.applier->addChunk({StageId{1}, 0, "n"}));
        const Operation change =
            stagedOver("a", OperationKind::WriteRanges, StageId{1}, {{0, "n"}}, 3);
        QCOMPARE(codes(replica.apply({change})), QList{code});
        QCOMPARE(replica.content("a"), "old");
        VERIFY_OK(replica.applier->checkpoint());
        // A full disk would only get fuller with every attempt.
        QCOMPARE(replica.tree->list(at(".octopus/staging"))->size(), 0);
    }
}

void TestApplier::aStageChangesRangesInPlace()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", QByteArray(10000, 'a'))}));
    const QList<DataRange> chunks = {{0, "b"}, {1, "c"}, {9000, "d"}};
    for (const DataRange &chunk : chunks)
        VERIFY_OK(replica.applier->addChunk({StageId{1}, chunk.offset, chunk.bytes}));
    Operation change = stagedOver("a", OperationKind::WriteRanges, StageId{1}, chunks, 9001);
    change.holes = {{4096, 4096}};
    QCOMPARE(codes(replica.apply({change})), QList<ErrorCode>());
    QByteArray expected(9001, 'a');
    expected.replace(4096, 4096, QByteArray(4096, '\0')).replace(0, 2, "bc").replace(9000, 1, "d");
    for (int round = 0; round < 2; ++round) { // once more from the journal and the stage
        QCOMPARE(replica.content("a"), expected);
        replica.files.crash(testing::PowerLoss{.keptChanges = round == 0 ? quint64(1000) : 0});
        VERIFY_OK(replica.open());
    }
    QCOMPARE(replica.content("a"), expected);
    QCOMPARE(replica.tree->list(at(".octopus/staging"))->size(), 0);
}

void TestApplier::checkpointsAreDueWhenTheJournalIsLong()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    QVERIFY(!replica.applier->checkpointUseful() && !replica.applier->checkpointDue());
    VERIFY_OK(replica.apply({put("a", "1")}));
    QVERIFY(replica.applier->checkpointUseful() && !replica.applier->checkpointDue());
    const QByteArray large(4 * 1024 * 1024, 'x');
    for (quint64 bytes = 0; bytes <= Journal::cap; bytes += quint64(large.size()))
        VERIFY_OK(replica.apply({put("b", large)}));
    QVERIFY(replica.applier->checkpointDue());
    VERIFY_OK(replica.applier->checkpoint());
    QVERIFY(!replica.applier->checkpointUseful() && !replica.applier->checkpointDue());
    replica.files.crash(testing::PowerLoss{});
    VERIFY_OK(replica.open());
    QCOMPARE(replica.content("b"), large);
}

QTEST_APPLESS_MAIN(TestApplier)

#include "tst_applier.moc"
