// What the planner never does: take the unreadable for absent, remove what came back, touch what is
// foreign; and how it says what it does not carry (I5, I6).
#include "tests/engine/mirror/plannerbench.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::mirror;
using octopus::testing::FakeCall;

class TestPlannerGuards : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void theUnreadableIsNotAbsent_data();
    void theUnreadableIsNotAbsent();
    void whatFailsIsTriedLaterAndLater();
    void whatCameBackIsNotRemoved();
    void anUnreadableAbsenceIsNotRemoved();
    void whatTheRulesExcludeIsAbsent();
    void socketsAndDevicesAreStatedNotCarried();
    void theReservedNameIsNeverSent();
    void aForeignEntryIsAProblem();
    void anEqualForeignEntryIsAdopted_data();
    void anEqualForeignEntryIsAdopted();
    void foreignEntriesAreReplacedWhenAllowed();
    void foreignEntriesInARemovedDirectoryStay();
    void aReusedInodeNumberIsNoRename();
};

void TestPlannerGuards::theUnreadableIsNotAbsent_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("stat") << int(FakeCall::Stat) << QByteArray("f");
    QTest::newRow("open") << int(FakeCall::Open) << QByteArray("f");
    QTest::newRow("read") << int(FakeCall::Read) << QByteArray("f");
    QTest::newRow("attributes") << int(FakeCall::Xattrs) << QByteArray("f");
    QTest::newRow("link target") << int(FakeCall::ReadSymlink) << QByteArray("l");
    QTest::newRow("a directory's attributes") << int(FakeCall::Xattrs) << QByteArray("d");
}

void TestPlannerGuards::theUnreadableIsNotAbsent()
{
    QFETCH(int, call);
    QFETCH(QByteArray, path);
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"d/", "f=old", "l->old"}));
    VERIFY_OK(bench.mirror());
    if (path == "f")
        bench.write("f", 0, "new");
    if (path == "l") {
        VERIFY_OK(bench.user->removeFile(at("l")));
        VERIFY_OK(bench.user->makeSymlink("new", at("l")));
    }
    for (const ErrorCode code : {ErrorCode::PermissionDenied, ErrorCode::InputOutput}) {
        bench.sourceFiles.faults().add({.call = FakeCall(call), .code = code, .times = -1});
        QCOMPARE(bench.examine(path), Finding::Later);
        bench.sourceFiles.faults().clear();
        VERIFY_OK(bench.deliver());
        QCOMPARE(bench.operations.size(), 0);
        QVERIFY(bench.m.index.contains(at(path)));
        QVERIFY(bench.m.work.absent().empty());
        QCOMPARE(bench.m.problems.failures(), QList{at(path)});
        QCOMPARE(bench.m.problems.list().first().code, ProblemCode::CannotRead);
    }
    // It comes again by itself, and then it is right.
    const auto due = bench.m.work.nextDue();
    QVERIFY(due);
    bench.clock.advance(*due - bench.clock.monotonic());
    VERIFY_OK(bench.settle());
    QCOMPARE(bench.difference(), QString());
    QVERIFY(!bench.m.problems.hasFailures());
}

void TestPlannerGuards::whatFailsIsTriedLaterAndLater()
{
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"f=1"}));
    bench.sourceFiles.faults().add(
        {.call = FakeCall::Open, .code = ErrorCode::PermissionDenied, .times = -1});
    Nanoseconds last{0};
    (void)bench.examine("f");
    for (int i = 0; i < 30; ++i) {
        const auto due = bench.m.work.nextDue();
        QVERIFY(due);
        const Nanoseconds wait = *due - bench.clock.monotonic();
        QVERIFY(wait >= last && wait <= std::chrono::minutes(1));
        last = wait;
        bench.clock.advance(wait);
        const auto ready = bench.m.work.takeReady(bench.clock.monotonic());
        QVERIFY(ready);
        QCOMPARE(bench.planner.examine(ready->first, ready->second), Finding::Later);
    }
    QVERIFY(last >= std::chrono::seconds(1));
    QCOMPARE(bench.m.problems.list().size(), 1);
}

void TestPlannerGuards::whatCameBackIsNotRemoved()
{
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"d/", "d/f=1"}));
    VERIFY_OK(bench.mirror());
    VERIFY_OK(testing::removeTree(*bench.user, at("d")));
    QCOMPARE(bench.examine("d"), Finding::Absent);
    QVERIFY(bench.m.work.absent().contains(at("d")));
    VERIFY_OK(testing::buildTree(*bench.user, {"d/", "d/f=2"}));
    VERIFY_OK(bench.settle());
    QCOMPARE(bench.count(OperationKind::Remove), 0);
    QCOMPARE(bench.difference(), QString());
}

void TestPlannerGuards::anUnreadableAbsenceIsNotRemoved()
{
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"d/", "d/f=1"}));
    VERIFY_OK(bench.mirror());
    bench.sourceFiles.faults().add({.call = FakeCall::Stat, .code = ErrorCode::InputOutput});
    bench.planner.remove(at("d"), bench.clock.monotonic());
    VERIFY_OK(bench.deliver());
    QCOMPARE(bench.operations.size(), 0);
    QVERIFY(bench.m.problems.has(at("d")));
}

void TestPlannerGuards::whatTheRulesExcludeIsAbsent()
{
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"d/", "d/a.tmp=1", "d/b=2"}));
    VERIFY_OK(bench.mirror());
    bench.rules = *RuleMatcher::compile({.excludes = {"*.tmp"}});
    QCOMPARE(bench.examine("d/a.tmp"), Finding::Absent);
    VERIFY_OK(bench.settle());
    QVERIFY(!bench.replica.exists("d/a.tmp") && bench.replica.exists("d/b"));
    VERIFY_OK(testing::buildTree(*bench.user, {"new.tmp=1"}));
    QCOMPARE(bench.examine("new.tmp"), Finding::Absent);
    QCOMPARE(bench.m.work.size(), 0);
    QVERIFY(!bench.m.problems.has(at("new.tmp")));
}

void TestPlannerGuards::socketsAndDevicesAreStatedNotCarried()
{
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"x=1"}));
    VERIFY_OK(bench.mirror());
    VERIFY_OK(bench.user->makeSpecial(at("s"), EntryKind::Socket));
    QCOMPARE(bench.examine("s"), Finding::Absent);
    QCOMPARE(bench.m.problems.list().first().code, ProblemCode::NotMirrored);
    QVERIFY(!bench.m.problems.hasFailures());
    VERIFY_OK(bench.user->removeFile(at("x")));
    VERIFY_OK(bench.user->makeSpecial(at("x"), EntryKind::Device));
    bench.hint({"x"});
    VERIFY_OK(bench.settle());
    QVERIFY(!bench.replica.exists("x")); // a device is not the file that was there
    VERIFY_OK(bench.user->removeFile(at("x")));
    VERIFY_OK(bench.user->removeFile(at("s")));
    VERIFY_OK(testing::buildTree(*bench.user, {"x=2"}));
    bench.hint({"x", "s"});
    VERIFY_OK(bench.settle());
    QCOMPARE(bench.m.problems.list(), QList<Problem>());
    QCOMPARE(bench.difference(), QString());
}

void TestPlannerGuards::theReservedNameIsNeverSent()
{
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {".octopus/", ".octopus/x=1", "d/", "d/.octopus=1"}));
    bench.hint({""});
    VERIFY_OK(bench.settle());
    QVERIFY(bench.failures.isEmpty());
    QCOMPARE(bench.m.problems.list().first().code, ProblemCode::ReservedName);
    for (const Operation &operation : std::as_const(bench.operations))
        QVERIFY(!operation.path.isWithin(at(".octopus")));
    QCOMPARE(bench.replica.content("d/.octopus"), "1"); // it is reserved at the root only
}

// The entry as the target's listing has it.
static void listForeign(PlannerBench &bench, const QByteArray &path)
{
    const EntryStat stat = *bench.replica.tree->stat(at(path));
    index::IndexEntry entry;
    entry.kind = stat.kind;
    entry.attributes = {stat.mode, stat.uid, stat.gid, stat.mtimeNs, {}};
    entry.size = stat.kind == EntryKind::File ? stat.size : 0;
    if (stat.kind == EntryKind::Symlink) {
        entry.attributes.mode = 0;
        entry.linkTarget = *bench.replica.tree->readSymlink(at(path));
    }
    entry.foreign = true;
    bench.m.index.set(at(path), entry);
}

void TestPlannerGuards::aForeignEntryIsAProblem()
{
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.replica.tree, {"f=theirs", "k/"}));
    bench.clock.advance(Milliseconds(5));
    VERIFY_OK(testing::buildTree(*bench.user, {"f=ours", "k=ours"}));
    for (const char *path : {"f", "k"}) {
        listForeign(bench, path);
        QCOMPARE(bench.examine(path), Finding::Settled);
        VERIFY_OK(bench.deliver());
        QCOMPARE(bench.operations.size(), 0);
        QVERIFY(bench.m.problems.has(at(path)));
        QCOMPARE(bench.m.problems.list().first().code, ProblemCode::ForeignEntry);
        QVERIFY(bench.m.problems.hasFailures());
    }
}

void TestPlannerGuards::anEqualForeignEntryIsAdopted_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("file") << QByteArray("x=content");
    QTest::newRow("directory") << QByteArray("x/");
    QTest::newRow("link") << QByteArray("x->to");
}

void TestPlannerGuards::anEqualForeignEntryIsAdopted()
{
    QFETCH(QByteArray, line);
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.replica.tree, {line}));
    VERIFY_OK(testing::buildTree(*bench.user, {line}));
    VERIFY_OK(bench.replica.tree->setModificationTime(at("x"), 5'000'000'000));
    VERIFY_OK(bench.user->setModificationTime(at("x"), 5'000'000'000));
    listForeign(bench, "x");
    (void)bench.examine("x");
    VERIFY_OK(bench.deliver());
    QVERIFY(bench.failures.isEmpty());
    QCOMPARE(bench.operations.first().kind, OperationKind::Adopt);
    QCOMPARE(bench.content, 0u);
    QVERIFY(bench.replica.applier->isOwn(at("x")));
    QCOMPARE(bench.difference(), QString());
}

void TestPlannerGuards::foreignEntriesAreReplacedWhenAllowed()
{
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.replica.tree, {"f=theirs"}));
    bench.clock.advance(Milliseconds(5));
    VERIFY_OK(testing::buildTree(*bench.user, {"f=our content"}));
    listForeign(bench, "f");
    bench.m.replaceForeign = true;
    QCOMPARE(bench.examine("f"), Finding::Settled);
    VERIFY_OK(bench.deliver());
    QCOMPARE(bench.kinds(), (QList{OperationKind::Adopt, OperationKind::PutFile}));
    QVERIFY(bench.failures.isEmpty());
    QCOMPARE(bench.replica.content("f"), "our content");
    QVERIFY(!bench.m.problems.hasFailures());
    QList<QByteArray> kept;
    const auto versions = bench.replica.tree->list(at(".octopus/versions"));
    VERIFY_OK(versions);
    for (const DirectoryEntry &entry : *versions)
        kept.append(bench.replica.content(".octopus/versions/" + entry.name));
    QVERIFY(kept.contains("theirs"));
}

void TestPlannerGuards::foreignEntriesInARemovedDirectoryStay()
{
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"d/", "d/own=1"}));
    VERIFY_OK(bench.mirror());
    VERIFY_OK(testing::buildTree(*bench.replica.tree, {"d/theirs=2"}));
    listForeign(bench, "d/theirs");
    VERIFY_OK(testing::removeTree(*bench.user, at("d")));
    bench.hint({"d"});
    VERIFY_OK(bench.settle());
    QVERIFY(bench.failures.isEmpty());
    QCOMPARE(bench.replica.content("d/theirs"), "2");
    QVERIFY(!bench.replica.exists("d/own"));
}

void TestPlannerGuards::aReusedInodeNumberIsNoRename()
{
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=1"}));
    VERIFY_OK(bench.mirror());
    // As on a file system that does not know when a file was made.
    index::IndexEntry entry = *bench.m.index.find(at("a"));
    VERIFY_OK(bench.user->removeFile(at("a")));
    bench.clock.advance(Milliseconds(1));
    VERIFY_OK(testing::buildTree(*bench.user, {"b=another"}));
    entry.source.inode = bench.user->stat(at("b"))->identity.inode;
    bench.m.index.set(at("a"), entry);
    bench.hint({"b", "a"});
    VERIFY_OK(bench.settle());
    QCOMPARE(bench.count(OperationKind::Rename), 0);
    QCOMPARE(bench.difference(), QString());
}

QTEST_APPLESS_MAIN(TestPlannerGuards)

#include "tst_plannerguards.moc"
