// What the primary says of itself: honest about lag and being in sync (I4, I5), halted by what looks
// like destruction (I6).
#include "tests/engine/mirror/primarybench.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::mirror;

class TestPrimary : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void itOpensTheMirrorAndThenLists();
    void nothingIsSentWithoutAListing();
    void itWaitsForCredit();
    void itIsInSyncOnlyWhenEverythingIsAcknowledged();
    void theLagIsTheAgeOfTheOldestChange();
    void everythingThatTheSourceKnowsCanBeTakenInAtOnce();
    void aCopySaysHowMuchIsLeft();
    void lostEventsEndCertainty();
    void aFailedOperationIsAProblemAndAskedAbout();
    void anEmptiedSourceHaltsIt();
    void aRefusalDoesNotHideAnEmptiedSource();
    void aGoneSourceHaltsIt();
    void aMoveThatIsToldInHalvesIsNoDeletion();
    void aMassDeletionHaltsUntilItIsConfirmed();
    void aPausedMirrorSendsNothing();
    void theSameStreamGoesOnWhereItWas();
};

static int removals(const QList<wire::Message> &messages)
{
    int count = 0;
    for (const Operation &operation : operationsIn(messages))
        count += operation.kind == OperationKind::Remove;
    return count;
}

void TestPrimary::itOpensTheMirrorAndThenLists()
{
    PrimaryBench bench;
    QVERIFY(bench.said().isEmpty());
    QCOMPARE(bench.primary.status().phase, Phase::Offline);
    bench.primary.connected();
    const auto opening = bench.said();
    QCOMPARE(opening.size(), 1);
    const auto open = only<wire::OpenMirror>(opening);
    QCOMPARE(open.size(), 1);
    QCOMPARE(open[0].epoch, Epoch{3});
    QCOMPARE(open[0].destination, "/replica");
    QVERIFY(open[0].adopt && open[0].stream != StreamId{});
    VERIFY_OK(bench.primary.receive(bench.state()));
    const auto listing = bench.said();
    QCOMPARE(listing.size(), 1);
    const auto list = only<wire::ListTree>(listing);
    QVERIFY(list.value(0).path.isRoot() && !list.value(0).forVerification);
    QCOMPARE(bench.primary.status().phase, Phase::Checking);
}

void TestPrimary::nothingIsSentWithoutAListing()
{
    PrimaryBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=1"}));
    bench.primary.connected();
    VERIFY_OK(bench.primary.receive(bench.state()));
    bench.changes.push(ChangeKind::Entry, at("a"));
    QVERIFY(operationsIn(bench.said()).isEmpty());
    QVERIFY(!bench.primary.status().inSync);
    QVERIFY(!bench.primary.status().lag);
}

void TestPrimary::itWaitsForCredit()
{
    PrimaryBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=12345", "b=12345", "c=12345"}));
    bench.primary.connected();
    (void)bench.said();
    wire::MirrorState state = bench.state();
    state.credit = 6;
    VERIFY_OK(bench.primary.receive(state));
    const quint32 request = only<wire::ListTree>(bench.said()).value(0).request;
    VERIFY_OK(bench.primary.receive(wire::TreeEnd{request, 0, {}}));
    quint64 sent = 0;
    for (quint64 credit = 6; credit < 30; ++credit) {
        for (const wire::Message &message : bench.said())
            sent += wire::contentBytes(message);
        QVERIFY(sent < credit + 5); // the last operation may go beyond it
        VERIFY_OK(bench.primary.receive(wire::Acknowledgement{{}, {}, {}, credit + 1}));
    }
    QCOMPARE(sent, 15u);
}

void TestPrimary::itIsInSyncOnlyWhenEverythingIsAcknowledged()
{
    PrimaryBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=1"}));
    auto messages = bench.begin();
    bool consistent = false;
    while (!messages.isEmpty()) {
        QVERIFY(!bench.primary.status().inSync);
        for (const Operation &operation : operationsIn(messages))
            consistent = operation.kind == OperationKind::Consistent;
        VERIFY_OK(bench.acknowledge(messages));
        messages = bench.said();
    }
    QVERIFY(consistent); // said last
    QVERIFY(bench.primary.status().inSync);
    QCOMPARE(bench.primary.status().phase, Phase::Mirroring);
    bench.changes.push(ChangeKind::Entry, at("a")); // nothing really
    QVERIFY(bench.said().isEmpty());
    QVERIFY(bench.primary.status().inSync);
    VERIFY_OK(testing::writeFile(*bench.user, at("a"), "2"));
    bench.changes.push(ChangeKind::Entry, at("a"));
    messages = bench.said();
    QVERIFY(!bench.primary.status().inSync);
    while (!messages.isEmpty()) {
        VERIFY_OK(bench.acknowledge(messages));
        messages = bench.said();
    }
    QVERIFY(bench.primary.status().inSync);
    bench.primary.disconnected();
    QVERIFY(!bench.primary.status().inSync);
}

void TestPrimary::theLagIsTheAgeOfTheOldestChange()
{
    PrimaryBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=1", "b=1"}));
    VERIFY_OK(bench.settle());
    QCOMPARE(bench.primary.status().lag, Milliseconds(0));
    VERIFY_OK(testing::writeFile(*bench.user, at("a"), "2"));
    bench.changes.push(ChangeKind::Entry, at("a"));
    auto messages = bench.said();
    QVERIFY(bench.primary.status().lag > Milliseconds(0)); // never 0 while anything is on its way
    bench.clock.advance(std::chrono::seconds(7));
    VERIFY_OK(testing::writeFile(*bench.user, at("b"), "2"));
    bench.changes.push(ChangeKind::Entry, at("b"));
    messages += bench.said();
    QCOMPARE(bench.primary.status().lag, Milliseconds(7000));
    while (!messages.isEmpty()) {
        VERIFY_OK(bench.acknowledge(messages));
        messages = bench.said();
    }
    QCOMPARE(bench.primary.status().lag, Milliseconds(0));
}

void TestPrimary::everythingThatTheSourceKnowsCanBeTakenInAtOnce()
{
    PrimaryBench bench;
    VERIFY_OK(bench.settle());
    bench.changes.setBatch(2); // in one poll
    for (const char *name : {"a", "b", "c", "d", "e"}) {
        VERIFY_OK(testing::writeFile(*bench.user, at(name), "1"));
        bench.changes.push(ChangeKind::Entry, at(name));
    }
    bench.primary.takeAllChanges();
    QCOMPARE(bench.primary.status().backlogOperations, 5u);
    auto messages = bench.said();
    while (!messages.isEmpty()) {
        VERIFY_OK(bench.acknowledge(messages));
        messages = bench.said();
    }
    QVERIFY(!bench.primary.oldestPending());
}

void TestPrimary::aCopySaysHowMuchIsLeft()
{
    PrimaryBench bench;
    QList<QByteArray> files;
    for (int i = 0; i < 10; ++i)
        files.append("f" + QByteArray::number(i) + '=' + QByteArray(100, 'x'));
    VERIFY_OK(testing::buildTree(*bench.user, files));
    bench.primary.connected();
    (void)bench.said();
    wire::MirrorState state = bench.state();
    state.credit = 1;
    VERIFY_OK(bench.primary.receive(state));
    const quint32 request = only<wire::ListTree>(bench.said()).value(0).request;
    VERIFY_OK(bench.primary.receive(wire::TreeEnd{request, 0, {}}));
    const auto progress = [&] { return bench.primary.status().progress; };
    quint64 credit = 1;
    Sequence sent{};
    const auto takeOne = [&] {
        for (const Operation &operation : operationsIn(bench.said()))
            sent = operation.sequence;
        credit += 100; // room for one more
        VERIFY_OK(bench.primary.receive(wire::Acknowledgement{sent, sent, sent, credit}));
    };
    takeOne();
    QCOMPARE(progress().total, 0u); // not counted yet
    QVERIFY(!progress().remaining);
    for (int second = 0; second < 3; ++second) {
        bench.clock.advance(std::chrono::seconds(1));
        takeOne();
    }
    QCOMPARE(progress().total, 1000u);
    QVERIFY(progress().done >= 300 && progress().done < 500);
    // About a file a second, so about as many seconds as files are left.
    QVERIFY(progress().remaining > std::chrono::seconds(3));
    QVERIFY(progress().remaining < std::chrono::seconds(12));
    for (int i = 0; i < 12; ++i)
        takeOne();
    QCOMPARE(bench.primary.phase(), Phase::Mirroring);
    QCOMPARE(progress().done, 1000u);
    QVERIFY(!progress().remaining);
}

void TestPrimary::lostEventsEndCertainty()
{
    PrimaryBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"d/", "d/a=1"}));
    VERIFY_OK(bench.settle());
    bench.primary.disconnected();
    VERIFY_OK(testing::writeFile(*bench.user, at("d/a"), "unseen"));
    bench.changes.lose();
    (void)bench.said();
    QVERIFY(!bench.primary.isCertain());
    QVERIFY(!bench.primary.status().lag);
    QVERIFY(!bench.primary.status().inSync);
    const auto sent = operationsIn(bench.begin());
    const auto isA = [](const Operation &operation) { return operation.path == at("d/a"); };
    QVERIFY(std::ranges::any_of(sent, isA));
    QVERIFY(bench.primary.isCertain());
}

void TestPrimary::aFailedOperationIsAProblemAndAskedAbout()
{
    PrimaryBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=1"}));
    VERIFY_OK(bench.settle());
    VERIFY_OK(testing::writeFile(*bench.user, at("a"), "new"));
    bench.changes.push(ChangeKind::Entry, at("a"));
    const auto sent = bench.said();
    const Sequence sequence = operationsIn(sent).first().sequence;
    VERIFY_OK(
        bench.primary.receive(wire::OperationFailed{sequence, ErrorCode::NoSpace, "disk full"}));
    VERIFY_OK(bench.acknowledge(sent));
    const auto problems = bench.primary.status().problems;
    QCOMPARE(problems.size(), 1);
    QCOMPARE(problems[0].path, at("a"));
    QCOMPARE(problems[0].code, ProblemCode::NoSpace);
    QCOMPARE(problems[0].detail, "disk full");
    QVERIFY(!bench.primary.status().inSync);
    QVERIFY(bench.primary.nextDue());
    QVERIFY(bench.primary.oldestPending()); // it counts as on its way
    QList<wire::ListTree> asked;
    for (int i = 0; i < 100 && asked.isEmpty(); ++i) {
        bench.clock.advance(Milliseconds(100));
        asked = only<wire::ListTree>(bench.said());
    }
    QCOMPARE(asked.value(0).path, at("a"));
    VERIFY_OK(bench.primary.receive(wire::TreeEnd{asked[0].request, 0, {}})); // nothing is there
    auto again = bench.said();
    QCOMPARE(operationsIn(again).first().kind, OperationKind::PutFile);
    while (!again.isEmpty()) {
        VERIFY_OK(bench.acknowledge(again));
        again = bench.said();
    }
    QVERIFY(bench.primary.status().problems.isEmpty());
    QVERIFY(bench.primary.status().inSync);
}

void TestPrimary::anEmptiedSourceHaltsIt()
{
    for (const bool confirm : {false, true}) {
        PrimaryBench bench;
        VERIFY_OK(testing::buildTree(*bench.user, {"a=1", "d/", "d/b=2"}));
        VERIFY_OK(bench.settle());
        VERIFY_OK(bench.user->removeFile(at("a")));
        VERIFY_OK(testing::removeTree(*bench.user, at("d")));
        bench.changes.lose();
        QCOMPARE(removals(bench.said()), 0);
        QCOMPARE(bench.primary.status().halt->reason, HaltReason::RootEmptied);
        QVERIFY(!bench.primary.status().inSync);
        QVERIFY(!bench.primary.isCertain() && !bench.primary.status().lag);
        bench.primary.resume(confirm);
        QCOMPARE(removals(bench.said()), confirm ? 3 : 0);
        QCOMPARE(bench.primary.status().halt.has_value(), !confirm);
    }
}

void TestPrimary::aRefusalDoesNotHideAnEmptiedSource()
{
    for (const ErrorCode code : {ErrorCode::NotFound, ErrorCode::NotGranted}) {
        PrimaryBench bench;
        VERIFY_OK(testing::buildTree(*bench.user, {"a=1"}));
        VERIFY_OK(bench.settle());
        VERIFY_OK(bench.user->removeFile(at("a")));
        bench.changes.lose();
        QCOMPARE(removals(bench.said()), 0);
        bench.primary.disconnected();
        bench.primary.connected(true);
        wire::MirrorState state = bench.state();
        for (const wire::OpenMirror &open : only<wire::OpenMirror>(bench.said()))
            state.stream = open.stream;
        VERIFY_OK(bench.primary.receive(wire::Refusal{code, "not now", {}}));
        bench.primary.disconnected();
        QCOMPARE(bench.primary.status().halt->reason, HaltReason::RootEmptied);
        bench.primary.connected(true);
        (void)bench.said();
        VERIFY_OK(bench.primary.receive(state));
        QCOMPARE(removals(bench.said()), 0);
        QCOMPARE(bench.primary.status().halt->reason, HaltReason::RootEmptied);
        QVERIFY(!bench.primary.status().inSync);
    }
}

void TestPrimary::aGoneSourceHaltsIt()
{
    PrimaryBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=1", "b=2"}));
    VERIFY_OK(bench.settle());
    bench.files.unmount("/source");
    bench.changes.push(ChangeKind::Entry, at("a"));
    bench.changes.push(ChangeKind::RootGone, {});
    QVERIFY(bench.said().isEmpty());
    QCOMPARE(bench.primary.status().halt->reason, HaltReason::RootGone);
}

// In sync, with 200 files in "d" and one beside it.
static Result<void> settleWithMany(PrimaryBench &bench)
{
    QList<QByteArray> lines = {"keep=1", "d/"};
    for (int i = 0; i < 200; ++i)
        lines.append("d/" + QByteArray::number(i) + "=x");
    OCTOPUS_TRY(testing::buildTree(*bench.user, lines));
    return bench.settle();
}

void TestPrimary::aMoveThatIsToldInHalvesIsNoDeletion()
{
    PrimaryBench bench;
    VERIFY_OK(settleWithMany(bench));
    VERIFY_OK(bench.user->rename(at("d"), at("e"), RenameMode::NoReplace));
    bench.changes.push(ChangeKind::Entry, at("d"));
    QCOMPARE(removals(bench.said()), 0);
    QVERIFY(!bench.primary.status().halt);
    const auto due = bench.primary.nextDue();
    QVERIFY(due && *due > bench.clock.monotonic());
    QVERIFY(!bench.primary.status().inSync);
    bench.changes.push(ChangeKind::Subtree, at("e"));
    const auto operations = operationsIn(bench.said());
    QVERIFY(!bench.primary.status().halt);
    QCOMPARE(operations.value(0).kind, OperationKind::Rename);
    QVERIFY(std::ranges::none_of(operations, [](const Operation &x) {
        return x.kind == OperationKind::Remove || x.kind == OperationKind::PutFile;
    }));
}

void TestPrimary::aMassDeletionHaltsUntilItIsConfirmed()
{
    PrimaryBench bench;
    VERIFY_OK(settleWithMany(bench));
    VERIFY_OK(testing::removeTree(*bench.user, at("d")));
    bench.changes.push(ChangeKind::Entry, at("d"));
    QCOMPARE(removals(bench.said()), 0);
    QVERIFY(!bench.primary.status().halt); // it may have been moved
    bench.clock.advance(std::chrono::seconds(1));
    QCOMPARE(removals(bench.said()), 0);
    QCOMPARE(bench.primary.status().halt->reason, HaltReason::MassDeletion);
    QCOMPARE(bench.primary.status().halt->gone, quint64(201));
    QCOMPARE(bench.primary.status().halt->known, quint64(203)); // the root, too
    QVERIFY(!bench.primary.status().inSync);
    bench.primary.resume(true);
    QCOMPARE(removals(bench.said()), 201);
}

void TestPrimary::aPausedMirrorSendsNothing()
{
    PrimaryBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=1"}));
    VERIFY_OK(bench.settle());
    bench.primary.setPaused(true);
    VERIFY_OK(testing::writeFile(*bench.user, at("a"), "2"));
    bench.changes.push(ChangeKind::Entry, at("a"));
    QVERIFY(bench.said().isEmpty());
    QCOMPARE(bench.primary.status().phase, Phase::Paused);
    QVERIFY(!bench.primary.status().inSync);
    bench.primary.setPaused(false);
    QCOMPARE(operationsIn(bench.said()).first().path, at("a"));
}

void TestPrimary::theSameStreamGoesOnWhereItWas()
{
    PrimaryBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=1", "b=1"}));
    VERIFY_OK(bench.settle());
    QList<Operation> sent;
    for (const char *path : {"a", "b"}) {
        VERIFY_OK(testing::writeFile(*bench.user, at(path), "new"));
        bench.changes.push(ChangeKind::Entry, at(path));
        sent += operationsIn(bench.said());
    }
    QCOMPARE(sent.first().path, at("a"));
    bench.primary.disconnected();
    bench.primary.connected();
    wire::MirrorState state = bench.state();
    state.stream = only<wire::OpenMirror>(bench.said()).value(0).stream;
    state.applied = sent.first().sequence; // "a" arrived, the rest did not
    VERIFY_OK(bench.primary.receive(state));
    const auto again = bench.said();
    QVERIFY(only<wire::ListTree>(again).isEmpty());
    QCOMPARE(operationsIn(again).first().sequence, next(state.applied));
    bool b = false;
    for (const Operation &operation : operationsIn(again)) {
        QVERIFY(operation.path != at("a") || operation.kind == OperationKind::SetAttributes);
        b = b || (operation.path == at("b") && operation.kind == OperationKind::PutFile);
    }
    QVERIFY(b);
}

QTEST_APPLESS_MAIN(TestPrimary)

#include "tst_primary.moc"
