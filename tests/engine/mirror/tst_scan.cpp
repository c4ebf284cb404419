#include "engine/mirror/scan.h"
#include "tests/engine/mirror/fixture.h"
#include "tests/support/scriptedsource.h"

#include <QTest>

using namespace octopus;
using namespace octopus::mirror;
using octopus::testing::FakeCall;

class TestScan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsThereAndWhatWasThereIsNamed();
    void aDirectoryIsWatchedBeforeItIsListed();
    void directoriesAreEnteredDepthFirst();
    void aDirectoryIsEnteredOnce();
    void whatCannotBeListedIsNotAbsent_data();
    void whatCannotBeListedIsNotAbsent();
    void aDirectoryThatVanishedIsLookedAtAgain();
    void anEmptiedRootNamesNothing();
    void anEmptyDirectoryIsNoEmptiedRoot();
    void directoriesThatCannotBeWatchedAreLookedAtAgain();
    void clearingEndsIt();
};

namespace {

struct ScanBench : Bench {
    ScanBench() : changes(clock), scan(m, changes) {}
    QList<QByteArray> all()
    {
        QList<QByteArray> out;
        while (const auto next = scan.next())
            out.append(next->first.bytes());
        return out;
    }
    void know(const QByteArray &path) { m.index.set(at(path), {}); }

    testing::ScriptedSource changes;
    Scan scan;
};

} // namespace

void TestScan::whatIsThereAndWhatWasThereIsNamed()
{
    ScanBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"both=1", "new=1", "d/", "d/x=1"}));
    for (const char *path : {"both", "gone", "d", "d/y"})
        bench.know(path);
    const MonotonicTime then = bench.clock.monotonic();
    bench.clock.advance(std::chrono::seconds(1));
    QVERIFY(!bench.scan.isRunning());
    bench.scan.enter({}, then);
    QVERIFY(bench.scan.isRunning());
    const auto first = bench.scan.next();
    QCOMPARE(first, std::pair(at("both"), then));
    QCOMPARE(bench.all(), (QList<QByteArray>{"d", "gone", "new"}));
    QVERIFY(!bench.scan.isRunning());
}

void TestScan::aDirectoryIsWatchedBeforeItIsListed()
{
    ScanBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"d/", "d/x=1"}));
    bench.scan.enter(at("d"), {});
    bench.sourceFiles.faults().add({.call = FakeCall::List});
    QCOMPARE(bench.all(), QList<QByteArray>());
    QCOMPARE(bench.changes.watchCalls(), QList{at("d")}); // although it could not be listed
    QVERIFY(bench.changes.watched().contains(at("d")));
}

void TestScan::directoriesAreEnteredDepthFirst()
{
    ScanBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a/", "a/b/", "a/b/c=1", "a/z=1", "k=1"}));
    bench.scan.enter({}, {});
    QList<QByteArray> order;
    while (const auto next = bench.scan.next()) {
        order.append(next->first.bytes());
        if (bench.user->stat(next->first)->kind == EntryKind::Directory)
            bench.scan.enter(next->first, next->second);
    }
    QCOMPARE(order, (QList<QByteArray>{"a", "a/b", "a/b/c", "a/z", "k"}));
}

void TestScan::aDirectoryIsEnteredOnce()
{
    ScanBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"d/", "d/x=1"}));
    bench.scan.enter(at("d"), {});
    bench.scan.enter(at("d"), {});
    QCOMPARE(bench.all(), QList<QByteArray>{"d/x"});
    bench.scan.enter(at("d"), {}); // again, once it was listed
    QCOMPARE(bench.all(), QList<QByteArray>{"d/x"});
}

void TestScan::whatCannotBeListedIsNotAbsent_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("denied") << int(ErrorCode::PermissionDenied);
    QTest::newRow("broken") << int(ErrorCode::InputOutput);
}

void TestScan::whatCannotBeListedIsNotAbsent()
{
    QFETCH(int, code);
    ScanBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"d/", "d/x=1"}));
    bench.know("d/x");
    bench.sourceFiles.faults().add({.call = FakeCall::List, .code = ErrorCode(code)});
    bench.scan.enter(at("d"), {});
    QCOMPARE(bench.all(), QList<QByteArray>());
    QCOMPARE(bench.m.problems.failures(), QList{at("d")});
    const auto due = bench.m.work.nextDue();
    QVERIFY(due && *due > bench.clock.monotonic());
    const auto later = bench.m.work.takeReady(*due);
    QCOMPARE(later->first, at("d"));
    QVERIFY(later->second.rescan);
}

void TestScan::aDirectoryThatVanishedIsLookedAtAgain()
{
    ScanBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"f=1"}));
    bench.know("none/x");
    for (const char *path : {"none", "f"}) {
        bench.scan.enter(at(path), {});
        QCOMPARE(bench.all(), QList<QByteArray>());
        QCOMPARE(bench.m.work.takeReady(bench.clock.monotonic())->first, at(path));
    }
    QVERIFY(!bench.m.problems.hasFailures());
}

void TestScan::anEmptiedRootNamesNothing()
{
    ScanBench bench;
    bench.know("a");
    bench.scan.enter({}, {});
    QCOMPARE(bench.all(), QList<QByteArray>());
    QVERIFY(bench.scan.foundRootEmptied());
    bench.scan.clear();
    QVERIFY(!bench.scan.foundRootEmptied());
    bench.scan.setEmptyAllowed(true);
    bench.scan.enter({}, {});
    QCOMPARE(bench.all(), QList<QByteArray>{"a"});
    QVERIFY(!bench.scan.foundRootEmptied());
    bench.scan.enter({}, {}); // it was allowed once
    QCOMPARE(bench.all(), QList<QByteArray>());
    QVERIFY(bench.scan.foundRootEmptied());
}

void TestScan::anEmptyDirectoryIsNoEmptiedRoot()
{
    ScanBench bench;
    bench.scan.enter({}, {}); // nothing is there, and nothing was
    QCOMPARE(bench.all(), QList<QByteArray>());
    QVERIFY(!bench.scan.foundRootEmptied());
    VERIFY_OK(testing::buildTree(*bench.user, {"d/"}));
    bench.know("d/x");
    bench.scan.enter(at("d"), {});
    QCOMPARE(bench.all(), QList<QByteArray>{"d/x"});
    QVERIFY(!bench.scan.foundRootEmptied());
}

void TestScan::directoriesThatCannotBeWatchedAreLookedAtAgain()
{
    ScanBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"d/", "d/x=1", "e/", "e/x=1"}));
    bench.changes.setWatchLimit(0);
    bench.scan.enter(at("d"), {});
    bench.scan.enter(at("e"), {});
    QCOMPARE(bench.all().size(), 2);
    QVERIFY(bench.scan.hasUnwatched());
    QVERIFY(bench.m.problems.has(at("d")));
    QCOMPARE(bench.m.problems.list().first().code, ProblemCode::NotWatched);
    bench.scan.forgetUnwatched(at("e"));
    bench.changes.setWatchLimit(-1);
    bench.scan.enterUnwatched(bench.clock.monotonic());
    QCOMPARE(bench.all(), QList<QByteArray>{"d/x"});
    QVERIFY(!bench.scan.hasUnwatched());
    QVERIFY(!bench.m.problems.has(at("d")));
}

void TestScan::clearingEndsIt()
{
    ScanBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=1", "b=1"}));
    bench.scan.enter({}, {});
    QVERIFY(bench.scan.next());
    bench.scan.clear();
    QVERIFY(!bench.scan.isRunning());
    QVERIFY(!bench.scan.next());
    bench.scan.enter({}, {});
    QCOMPARE(bench.all(), (QList<QByteArray>{"a", "b"}));
}

QTEST_APPLESS_MAIN(TestScan)

#include "tst_scan.moc"
