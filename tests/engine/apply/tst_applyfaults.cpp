// What the applier does when the system fails it: nothing is half done, nothing is acknowledged that
// is not durable, and what was said to have failed does not happen later (T3, T4, T5).
#include "tests/engine/apply/fixture.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::apply;
using octopus::testing::FakeCall;

class TestApplyFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void aFailedCallFailsOneOperationAndLeavesItsPath_data();
    void aFailedCallFailsOneOperationAndLeavesItsPath();
    void aCallThatFailsOnceInALargerGroupDoesNoHarm();
    void whatFailedDoesNotHappenInARedo();
    void aDirectoryThatFailedWhereAFileStandsIsNoObstacleToARedo();
    void aDirectoryThatWasMadeInPlaceOfAFileIsOursAfterARedo();
    void aDirectoryWhoseRemovalFailedIsStillOwn();
    void aMoveThatFailedIsOpenAtBothItsPaths();
    void afterAnExchangeThatFailedBothContentsAreInDoubt();
    void anExchangeThatTheDiskCannotDoIsDoneByMoves();
    void anExchangeByMovesIsFinishedInARedo();
    void anExchangeByMovesThatFailsIsUndone();
    void whatALookHasShownIsKnownInARedo();
    void anUnsyncedJournalAcknowledgesNothing();
    void aFailedCheckpointKeepsTheJournal();
    void aFullDiskStopsRangesBeforeTheyBegin();
    void rangesThatStopHalfWayMustBeSentWhole();
    void aFullDiskDuringRecoveryLosesNothing();
    void tooManyFailuresEndTheStream();
    void everyCallMayFailOnce();
};

void TestApplyFaults::aFailedCallFailsOneOperationAndLeavesItsPath_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<Operation>("attempt");
    QTest::newRow("create") << int(FakeCall::Create) << put("a", "new");
    QTest::newRow("write") << int(FakeCall::Write) << put("a", "new");
    QTest::newRow("time") << int(FakeCall::SetTime) << put("a", "new");
    QTest::newRow("rename") << int(FakeCall::Rename) << put("a", "new");
    QTest::newRow("keep") << int(FakeCall::Link) << put("a", "new");
    QTest::newRow("mkdir") << int(FakeCall::MakeDirectory) << makeDirectory("n");
    QTest::newRow("symlink") << int(FakeCall::MakeSymlink) << makeSymlink("a", "x");
    QTest::newRow("link") << int(FakeCall::Link) << linking("b", "n");
    QTest::newRow("move") << int(FakeCall::Rename) << renaming("b", "n");
    QTest::newRow("remove") << int(FakeCall::Rename) << removal("a");
    QTest::newRow("exchange") << int(FakeCall::Rename)
                              << operation(OperationKind::Exchange, "a", "b");
}

void TestApplyFaults::aFailedCallFailsOneOperationAndLeavesItsPath()
{
    QFETCH(int, call);
    QFETCH(Operation, attempt);
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "old"), put("b", "b")}));
    replica.clock.advance(std::chrono::seconds(20));
    // In the tree and the staging folder only: the journal has its own test.
    replica.files.faults().add({.call = FakeCall(call),
                                .code = ErrorCode::NoSpace,
                                .after = call == int(FakeCall::Write) ? 1 : 0});
    const auto failed = replica.apply({attempt});
    VERIFY_OK(failed);
    VERIFY_OK(replica.apply({put("after", "x")}));
    QCOMPARE(failed->size(), 1);
    QCOMPARE(failed->first().error.code, ErrorCode::NoSpace);
    QVERIFY(!failed->first().applied);
    for (int round = 0; round < 2; ++round) {
        QCOMPARE(replica.content("a"), "old");
        QCOMPARE(replica.content("b"), "b");
        QCOMPARE(replica.content("after"), "x");
        QVERIFY(!replica.exists("n"));
        QCOMPARE(replica.tree->list(at(".octopus/staging"))->size(), 0);
        replica.files.crash(testing::PowerLoss{});
        VERIFY_OK(replica.open());
        QCOMPARE(replica.applier->applied(), Sequence{4});
    }
}

// What is made ahead of its turn and fails is tried again in its turn.
void TestApplyFaults::aCallThatFailsOnceInALargerGroupDoesNoHarm()
{
    for (const FakeCall call : {FakeCall::Create, FakeCall::SetTime}) {
        FakeReplica replica;
        VERIFY_OK(replica.open());
        replica.files.faults().add({.call = call, .code = ErrorCode::NoSpace});
        const auto failed = replica.apply({put("a", "1"), put("b", "2")});
        VERIFY_OK(failed);
        QCOMPARE(failed->size(), 0);
        QCOMPARE(replica.content("a") + replica.content("b"), "12");
        QCOMPARE(replica.tree->list(at(".octopus/staging"))->size(), 0);
    }
}

void TestApplyFaults::whatFailedDoesNotHappenInARedo()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    replica.files.faults().add({.call = FakeCall::Rename, .code = ErrorCode::NoSpace});
    QCOMPARE(replica.apply({put("a", "1")})->size(), 1);
    // The primary hears of it and the source removes the path: there is nothing to be done.
    VERIFY_OK(replica.apply({put("b", "1")}));
    replica.files.kill();
    VERIFY_OK(replica.open());
    QVERIFY(!replica.exists("a") && replica.exists("b"));
    QVERIFY(!replica.applier->isOwn(at("a")));
}

void TestApplyFaults::aDirectoryThatFailedWhereAFileStandsIsNoObstacleToARedo()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("x", "old")}));
    VERIFY_OK(replica.applier->checkpoint());
    replica.files.faults().add({.call = FakeCall::RemoveFile, .code = ErrorCode::NoSpace});
    const auto failed = replica.apply({makeDirectory("x"), makeDirectory("x/d")});
    QCOMPARE(codes(failed), (QList{ErrorCode::NoSpace, ErrorCode::NotDirectory}));
    replica.files.kill();
    VERIFY_OK(replica.open());
    QCOMPARE(replica.applier->failures().size(), 2);
    QCOMPARE(replica.content("x"), "old");
}

// It failed when it stood already, and what came into it since was acknowledged.
void TestApplyFaults::aDirectoryThatWasMadeInPlaceOfAFileIsOursAfterARedo()
{
    for (const bool powerFails : {false, true}) {
        FakeReplica replica;
        VERIFY_OK(replica.open());
        VERIFY_OK(replica.apply({put("x", "old")}));
        VERIFY_OK(replica.applier->checkpoint());
        replica.files.faults().add({.call = FakeCall::SetTime, .code = ErrorCode::NoSpace});
        QCOMPARE(codes(replica.apply({makeDirectory("x", 0700)})), QList{ErrorCode::NoSpace});
        QCOMPARE(codes(replica.apply({put("x/a", "a")})), QList<ErrorCode>());
        if (powerFails)
            replica.files.crash(testing::PowerLoss{});
        else
            replica.files.kill();
        VERIFY_OK(replica.open());
        QCOMPARE(replica.applier->failures().size(), 1);
        QCOMPARE(codes(replica.apply({put("x/b", "b")})), QList<ErrorCode>());
        QCOMPARE(replica.content("x/a") + replica.content("x/b"), "ab");
    }
}

void TestApplyFaults::aDirectoryWhoseRemovalFailedIsStillOwn()
{
    FakeReplica replica;
    VERIFY_OK(replica.open(openOptions(true)));
    VERIFY_OK(replica.apply({makeDirectory("d")}));
    replica.files.faults().add({.call = FakeCall::RemoveDirectory, .code = ErrorCode::NoSpace});
    QCOMPARE(replica.apply({removal("d")})->size(), 1);
    VERIFY_OK(replica.apply({makeDirectory("d")}));
    QCOMPARE(replica.apply({removal("d")})->size(), 0);
    QVERIFY(!replica.exists("d"));
}

// What comes to one of them afterwards does not put the other right.
void TestApplyFaults::aMoveThatFailedIsOpenAtBothItsPaths()
{
    for (const bool checkpointed : {false, true}) {
        FakeReplica replica;
        VERIFY_OK(replica.open());
        VERIFY_OK(replica.apply({put("a", "a"), put("b", "b")}));
        replica.files.faults().add(
            {.call = FakeCall::Rename, .code = ErrorCode::InputOutput, .below = "/replica/b"});
        QCOMPARE(codes(replica.apply({renaming("b", "a"), put("a", "new")})),
                 QList{ErrorCode::InputOutput});
        if (checkpointed)
            VERIFY_OK(replica.applier->checkpoint());
        for (int i = 0; i < 2; ++i) {
            QCOMPARE(replica.content("a"), "new");
            QCOMPARE(replica.content("b"), "b");
            const auto failures = replica.applier->failures();
            QCOMPARE(failures.size(), 1);
            QCOMPARE(failures[0].path, at("b"));
            QCOMPARE(failures[0].sequence, Sequence{3});
            QVERIFY(failures[0].inDoubt);
            VERIFY_OK(replica.open());
        }
        VERIFY_OK(replica.apply({removal("b")}));
        QCOMPARE(replica.applier->failures().size(), 0);
    }
}

void TestApplyFaults::afterAnExchangeThatFailedBothContentsAreInDoubt()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "a"), put("b", "b")}));
    replica.files.faults().add(
        {.call = FakeCall::Rename, .code = ErrorCode::InputOutput, .below = "/replica/a"});
    QCOMPARE(codes(replica.apply({operation(OperationKind::Exchange, "a", "b"),
                                  ranges("a", 0, "x", 1), ranges("b", 0, "y", 1)})),
             (QList{ErrorCode::InputOutput, ErrorCode::Corrupt, ErrorCode::Corrupt}));
    QCOMPARE(replica.content("a"), "a");
    QCOMPARE(replica.content("b"), "b");
    QVERIFY(replica.applier->isInDoubt(at("a")));
    QVERIFY(replica.applier->isInDoubt(at("b")));
}

// A file and a directory, on a disk that cannot exchange: the next call that does fails.
static void prepareExchange(FakeReplica &replica)
{
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "a"), makeDirectory("b"), put("b/c", "c")}));
    replica.files.faults().add({.call = FakeCall::Rename, .code = ErrorCode::Unsupported});
}

static QByteArray exchanged(FakeReplica &replica)
{
    return replica.content("b") + replica.content("a/c");
}

void TestApplyFaults::anExchangeThatTheDiskCannotDoIsDoneByMoves()
{
    FakeReplica replica;
    prepareExchange(replica);
    QCOMPARE(codes(replica.apply({operation(OperationKind::Exchange, "a", "b")})),
             QList<ErrorCode>());
    QCOMPARE(exchanged(replica), "ac");
}

void TestApplyFaults::anExchangeByMovesIsFinishedInARedo()
{
    for (int moves = 0; moves < 3; ++moves) {
        FakeReplica replica;
        prepareExchange(replica);
        replica.files.faults().add({.call = FakeCall::Rename,
                                    .code = ErrorCode::Disconnected, // as of a system going down
                                    .after = moves});
        QVERIFY(!replica.apply({operation(OperationKind::Exchange, "a", "b")}));
        replica.files.faults().clear();
        replica.files.kill();
        VERIFY_OK(replica.open());
        QCOMPARE(replica.applier->failures().size(), 0);
        QCOMPARE(exchanged(replica), "ac");
    }
}

void TestApplyFaults::anExchangeByMovesThatFailsIsUndone()
{
    for (int moves = 0; moves < 3; ++moves) {
        FakeReplica replica;
        prepareExchange(replica);
        replica.files.faults().add(
            {.call = FakeCall::Rename, .code = ErrorCode::NoSpace, .after = moves});
        QCOMPARE(codes(replica.apply({operation(OperationKind::Exchange, "a", "b")})),
                 QList{ErrorCode::NoSpace});
        QCOMPARE(replica.content("a") + replica.content("b/c"), "ac");
        QCOMPARE(codes(replica.apply({removal("b/c"), removal("b"), removal("a")})),
                 QList<ErrorCode>());
    }
}

// Somebody removed an own entry; what comes after the look builds upon its absence.
void TestApplyFaults::whatALookHasShownIsKnownInARedo()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({makeDirectory("d"), makeDirectory("d/e"), put("d/e/f", "x")}));
    VERIFY_OK(replica.applier->checkpoint());
    VERIFY_OK(replica.tree->removeFile(at("d/e/f")));
    replica.applier->sawDirectory(at("d/e"), {});
    QCOMPARE(codes(replica.apply({removal("d/e"), removal("d")})), QList<ErrorCode>());
    VERIFY_OK(replica.open());
    QCOMPARE(replica.applier->failures().size(), 0);
    QVERIFY(!replica.applier->isOwn(at("d/e/f")));
    VERIFY_OK(replica.apply({put("d", "now a file")}));
    QCOMPARE(replica.content("d"), "now a file");
}

void TestApplyFaults::anUnsyncedJournalAcknowledgesNothing()
{
    for (const FakeCall call : {FakeCall::SyncData, FakeCall::Write}) {
        FakeReplica replica;
        VERIFY_OK(replica.open());
        VERIFY_OK(replica.apply({put("a", "1")}));
        replica.files.faults().add({.call = call, .code = ErrorCode::InputOutput});
        VERIFY_ERROR(replica.apply({put("a", "2"), put("b", "2")}), ErrorCode::InputOutput);
        QCOMPARE(replica.applier->durable(), Sequence{1});
        QCOMPARE(replica.applier->applied(), Sequence{1});
        QCOMPARE(replica.content("a"), "1");
        // Never again with this applier: the kernel may have dropped what it could not write.
        VERIFY_ERROR(replica.apply({put("a", "2")}), ErrorCode::InputOutput);
        VERIFY_ERROR(replica.applier->checkpoint(), ErrorCode::InputOutput);
        replica.files.crash(testing::PowerLoss{});
        VERIFY_OK(replica.open());
        QCOMPARE(replica.content("a"), "1");
        VERIFY_OK(replica.apply({put("a", "2")}));
        QCOMPARE(replica.content("a"), "2");
    }
}

void TestApplyFaults::aFailedCheckpointKeepsTheJournal()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", QByteArray(9000, '1'))}));
    replica.files.faults().add({.call = FakeCall::SyncAll, .code = ErrorCode::InputOutput});
    VERIFY_ERROR(replica.applier->checkpoint(), ErrorCode::InputOutput);
    replica.files.crash(testing::PowerLoss{.keptChanges = 1000});
    VERIFY_OK(replica.open());
    QCOMPARE(replica.content("a"), QByteArray(9000, '1'));
}

void TestApplyFaults::aFullDiskStopsRangesBeforeTheyBegin()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "old")}));
    const quint64 used = (quint64(1) << 40) - replica.tree->space()->freeBytes;
    replica.files.configure({.capacity = used + 512 * 1024});
    const auto failed = replica.apply({ranges("a", 100'000, QByteArray(100'000, 'x'), 200'000)});
    QCOMPARE(failed->size(), 1);
    QCOMPARE(failed->first().error.code, ErrorCode::NoSpace);
    QCOMPARE(replica.content("a"), "old");
}

void TestApplyFaults::rangesThatStopHalfWayMustBeSentWhole()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "old")}));
    Operation change = ranges("a", 0, "n", 9000);
    change.ranges.append({8000, "m"});
    change.digest = contentDigest(change.ranges, 9000, testKey);
    // One write for the journal, one for the first range.
    replica.files.faults().add({.call = FakeCall::Write, .after = 2});
    const auto failed = replica.apply({change});
    QCOMPARE(failed->first().error.code, ErrorCode::Corrupt);
    QVERIFY(failed->first().inDoubt);
    QCOMPARE(replica.apply({ranges("a", 0, "x", 9000)})->size(), 1);
    QCOMPARE(replica.apply({put("a", "whole")})->size(), 0);
    QCOMPARE(replica.content("a"), "whole");
}

void TestApplyFaults::aFullDiskDuringRecoveryLosesNothing()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "1"), put("b", "2")}));
    replica.files.crash(testing::PowerLoss{});
    replica.files.faults().add({.call = FakeCall::Create, .code = ErrorCode::NoSpace, .times = -1});
    VERIFY_ERROR(replica.open(), ErrorCode::NoSpace);
    replica.files.faults().clear();
    VERIFY_OK(replica.open());
    QCOMPARE(replica.content("a"), "1");
    QCOMPARE(replica.content("b"), "2");
    QCOMPARE(replica.applier->failures().size(), 0);
}

void TestApplyFaults::tooManyFailuresEndTheStream()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    QList<Operation> operations;
    for (qsizetype i = 0; i <= Failures::cap; ++i)
        operations.append(ranges("none" + QByteArray::number(i), 0, "x", 1));
    VERIFY_ERROR(replica.apply(operations), ErrorCode::LimitReached);
    // The next connection finds no stream to go on with, so everything will be compared.
    replica.applier.reset();
    const auto root = replica.files.openRoot("/replica");
    const auto applier = Applier::open(**root, replica.clock, openOptions());
    VERIFY_OK(applier);
    QCOMPARE((*applier)->record().stream, StreamId{});
}

// Each call of a small history fails once: either the whole apply() says so and a restart brings back
// a state that was acknowledged, or single operations fail and the others are done.
void TestApplyFaults::everyCallMayFailOnce()
{
    const QList<Operation> history = {makeDirectory("d"),   put("d/a", "1"),        put("d/b", "2"),
                                      renaming("d/a", "c"), ranges("c", 0, "3", 1), removal("d/b"),
                                      put("c", "4"),        linking("c", "d/e")};
    for (const ErrorCode code : {ErrorCode::InputOutput, ErrorCode::NoSpace}) {
        for (int after = 0; after < 150; ++after) {
            FakeReplica replica;
            VERIFY_OK(replica.open());
            replica.files.faults().add({.code = code, .after = after});
            bool stopped = false;
            for (const Operation &one : history) {
                replica.clock.advance(std::chrono::seconds(20));
                stopped = stopped || !replica.apply({one});
            }
            const Sequence durable = replica.applier->durable();
            replica.files.faults().clear();
            replica.files.crash(testing::PowerLoss{});
            VERIFY_OK(replica.open());
            QVERIFY(replica.applier->applied() >= durable);
            // A primary that sends everything again, whole, is understood.
            QList<Operation> again = {makeDirectory("d"), put("c", "4"), removal("d/a"),
                                      removal("d/b"), linking("c", "d/e")};
            const auto failed = replica.apply(again);
            VERIFY_OK(failed);
            QCOMPARE(failed->size(), 0);
            auto tree = testing::listTree(*replica.tree);
            tree->removeIf([](const QByteArray &path) { return path.startsWith(".octopus"); });
            QCOMPARE(*tree, (QList<QByteArray>{"c", "d/", "d/e"}));
            QCOMPARE(replica.content("d/e"), "4");
        }
    }
}

QTEST_APPLESS_MAIN(TestApplyFaults)

#include "tst_applyfaults.moc"
