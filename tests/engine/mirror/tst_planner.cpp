// What the planner makes of one change of the source: the operations are those that it needs, and
// the replica is equal afterwards, in whatever order the hints come.
#include "tests/engine/mirror/plannerbench.h"

#include <QLoggingCategory>
#include <QTest>

#include <algorithm>

using namespace octopus;
using namespace octopus::mirror;

class TestPlanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void aTreeArrivesInAnyOrder();
    void nothingIsSentForWhatIsEqual();
    void aChangeBecomesItsOperation_data();
    void aChangeBecomesItsOperation();
    void anyChangesArriveInAnyOrder();
    void aKindMayChangeIntoAnyOther_data();
    void aKindMayChangeIntoAnyOther();
    void changedContentOfTheSameSizeAndTimeIsSeen();
    void largeContentGoesByATransfer();
    void theOperationsKeepTheTimeOfTheirChange();
    void aDisturbedDirectoryGetsItsTimeAgain();
    void ownersAreCarriedOnlyWhereTheyCanBeSet();
};

// d/a, d/b, d/s/x, a directory e, a symbolic link l, a FIFO p, f and g.
static QList<QByteArray> sample()
{
    return {"d/", "d/a=1",  "d/b=22", "d/s/",   "d/s/x=333",
            "e/", "l->d/a", "p|",     "f=4444", "g=55555"};
}

void TestPlanner::aTreeArrivesInAnyOrder()
{
    for (quint64 seed = 0; seed < 20; ++seed) {
        testing::SeededRandom random(seed);
        PlannerBench bench;
        VERIFY_OK(testing::buildTree(*bench.user, sample()));
        QList<QByteArray> hints = {"d", "d/a", "d/b", "d/s", "d/s/x", "e", "l", "p", "f", "g", ""};
        for (qsizetype i = hints.size() - 1; i > 0; --i)
            hints.swapItemsAt(i, qsizetype(random.below(quint64(i) + 1)));
        bench.hint(hints);
        VERIFY_OK(bench.settle());
        QVERIFY(bench.failures.isEmpty());
        QCOMPARE(bench.difference(), QString());
        QCOMPARE(bench.count(OperationKind::PutFile), 5);
        QCOMPARE(bench.m.work.size(), 0);
    }
}

void TestPlanner::nothingIsSentForWhatIsEqual()
{
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, sample()));
    VERIFY_OK(bench.mirror());
    bench.hint({"", "d", "d/a", "l", "p", "f", "d/s/x", "e"});
    VERIFY_OK(bench.settle());
    QCOMPARE(bench.kinds(), QList<OperationKind>());
    QCOMPARE(bench.examine("d"), Finding::Settled);
    QCOMPARE(bench.examine("d", true), Finding::EnterDirectory);
    QCOMPARE(bench.examine("f"), Finding::Settled);
}

namespace {

using Change = void (*)(testing::FakeRoot &);
using Kinds = QList<OperationKind>;

void move(testing::FakeRoot &root, const char *from, const char *to,
          RenameMode mode = RenameMode::Replace)
{
    (void)root.rename(at(from), at(to), mode);
}

void write(testing::FakeRoot &root, const char *path, const char *content)
{
    const auto file = root.open(at(path), OpenMode::ReadWrite);
    (void)(*file)->truncate(0);
    (void)(*file)->write(0, content);
}

} // namespace

void TestPlanner::aChangeBecomesItsOperation_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QList<QByteArray>>("hints");
    QTest::addColumn<Kinds>("kinds"); // but for the attributes of directories
    QTest::addColumn<quint64>("content");
    using K = OperationKind;
    using Paths = QList<QByteArray>;
    const auto row = [](const char *name, const Paths &hints, Change change, const Kinds &kinds,
                        quint64 content = 0) {
        QTest::newRow(name) << change << hints << kinds << content;
    };
    row("content", {"f"}, [](auto &r) { write(r, "f", "new"); }, {K::PutFile}, 3);
    row("emptied", {"f"}, [](auto &r) { write(r, "f", ""); }, {K::PutFile});
    row("mode", {"f"}, [](auto &r) { (void)r.setMode(at("f"), 0600); }, {K::SetAttributes});
    row("owner", {"f"}, [](auto &r) { (void)r.setOwner(at("f"), 5, 6); }, {K::SetAttributes});
    row("touched", {"f"}, [](auto &r) { (void)r.setModificationTime(at("f"), 7); },
        {K::SetAttributes});
    row("attribute", {"f"}, [](auto &r) { (void)r.setXattr(at("f"), "user.x", "1"); },
        {K::SetAttributes});
    row("written equal", {"f"}, [](auto &r) { write(r, "f", "4444"); }, {K::SetAttributes});
    row("removed", {"f"}, [](auto &r) { (void)r.removeFile(at("f")); }, {K::Remove});
    row("a directory removed", {"d"}, [](auto &r) { (void)testing::removeTree(r, at("d")); },
        {K::Remove, K::Remove, K::Remove, K::Remove, K::Remove});
    row("renamed", {"f", "d/new"}, [](auto &r) { move(r, "f", "d/new"); }, {K::Rename});
    row("renamed, told backwards", {"d/new", "f"}, [](auto &r) { move(r, "f", "d/new"); },
        {K::Rename});
    row("renamed over", {"f", "g"}, [](auto &r) { move(r, "f", "g"); }, {K::Rename});
    row("a directory renamed", {"d", "n"}, [](auto &r) { move(r, "d", "n"); }, {K::Rename});
    row("a directory renamed, backwards", {"n", "d"}, [](auto &r) { move(r, "d", "n"); },
        {K::Rename});
    row("a directory moved down", {"d/s", "e/s"}, [](auto &r) { move(r, "d/s", "e/s"); },
        {K::Rename});
    row("a link renamed", {"l", "m"}, [](auto &r) { move(r, "l", "m"); }, {K::Rename});
    row(
        "renamed and changed", {"f", "n"}, [](auto &r) { move(r, "f", "n"), write(r, "n", "new"); },
        {K::Rename, K::PutFile}, 3);
    row("exchanged", {"f", "g"}, [](auto &r) { move(r, "f", "g", RenameMode::Exchange); },
        {K::Exchange});
    row("directories exchanged", {"d", "e"},
        [](auto &r) { move(r, "d", "e", RenameMode::Exchange); }, {K::Exchange});
    row("a file and a directory exchanged", {"d", "f"},
        [](auto &r) { move(r, "d", "f", RenameMode::Exchange); }, {K::Exchange});
    row("linked", {"n"}, [](auto &r) { (void)r.link(at("f"), at("n")); }, {K::Link});
    row("another target", {"l"},
        [](auto &r) { (void)r.removeFile(at("l")), (void)r.makeSymlink("else", at("l")); },
        {K::MakeSymlink});
}

void TestPlanner::aChangeBecomesItsOperation()
{
    QFETCH(Change, change);
    QFETCH(QList<QByteArray>, hints);
    QFETCH(Kinds, kinds);
    QFETCH(quint64, content);
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, sample()));
    VERIFY_OK(bench.mirror());
    bench.clock.advance(Milliseconds(10));
    change(*bench.user);
    bench.hint(hints);
    VERIFY_OK(bench.settle());
    QVERIFY(bench.failures.isEmpty());
    QCOMPARE(bench.difference(), QString());
    Kinds sent;
    for (const Operation &operation : bench.operations) {
        const auto stat = bench.user->stat(operation.path);
        const bool ofDirectory = stat && stat->kind == EntryKind::Directory;
        if (operation.kind != OperationKind::SetAttributes || !ofDirectory)
            sent.append(operation.kind);
    }
    QCOMPARE(sent, kinds);
    QCOMPARE(bench.content, content);
}

// A few changes at once, told in any order, some of them twice, as a kernel under load would.
void TestPlanner::anyChangesArriveInAnyOrder()
{
    const QList<QByteArray> names = {"d", "d/a", "d/b", "d/s", "d/s/x", "e", "e/n", "f", "g", "l"};
    for (quint64 seed = 0; seed < 300; ++seed) {
        testing::SeededRandom random(seed);
        PlannerBench bench;
        VERIFY_OK(testing::buildTree(*bench.user, sample()));
        VERIFY_OK(bench.mirror());
        const auto any = [&] { return names[qsizetype(random.below(quint64(names.size())))]; };
        for (int i = 0; i < 6; ++i) {
            bench.clock.advance(Milliseconds(1));
            const QByteArray one = any();
            const QByteArray other = any();
            switch (random.below(6)) {
            case 0: (void)testing::removeTree(*bench.user, at(one)); break;
            case 1: (void)bench.user->rename(at(one), at(other), RenameMode::Replace); break;
            case 2: (void)bench.user->rename(at(one), at(other), RenameMode::Exchange); break;
            case 3: (void)bench.user->link(at(one), at(other)); break;
            case 4: (void)bench.user->makeDirectory(at(one), 0700); break;
            default: (void)testing::writeFile(*bench.user, at(one), noise(30, seed)); break;
            }
        }
        QList<QByteArray> hints = names + names;
        for (qsizetype i = hints.size() - 1; i > 0; --i)
            hints.swapItemsAt(i, qsizetype(random.below(quint64(i) + 1)));
        bench.hint(hints);
        VERIFY_OK(bench.settle());
        bench.clock.advance(std::chrono::minutes(1)); // what was put off for a moment
        VERIFY_OK(bench.settle());
        QVERIFY2(bench.failures.isEmpty(), QByteArray::number(seed).constData());
        QVERIFY2(bench.difference().isEmpty(),
                 (QByteArray::number(seed) + ": " + bench.difference().toUtf8()).constData());
    }
}

void TestPlanner::aKindMayChangeIntoAnyOther_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    const QList<QByteArray> kinds = {"x=1", "x/", "x->f", "x|", "x/y=2"};
    for (const QByteArray &before : kinds) {
        for (const QByteArray &after : kinds) {
            const QByteArray name = before + " to " + after;
            QTest::newRow(name.constData()) << before << after;
        }
    }
}

void TestPlanner::aKindMayChangeIntoAnyOther()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    for (const bool childFirst : {false, true}) {
        PlannerBench bench;
        VERIFY_OK(testing::buildTree(*bench.user, {before}));
        VERIFY_OK(bench.mirror());
        VERIFY_OK(testing::removeTree(*bench.user, at("x")));
        VERIFY_OK(testing::buildTree(*bench.user, {after}));
        bench.hint(childFirst ? QList<QByteArray>{"x/y", "x"} : QList<QByteArray>{"x", "x/y"});
        VERIFY_OK(bench.settle());
        QVERIFY(bench.failures.isEmpty());
        QCOMPARE(bench.difference(), QString());
    }
}

void TestPlanner::changedContentOfTheSameSizeAndTimeIsSeen()
{
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"f=1111"}));
    VERIFY_OK(bench.mirror());
    const qint64 time = bench.user->stat(at("f"))->mtimeNs;
    bench.write("f", 0, "2222");
    VERIFY_OK(bench.user->setModificationTime(at("f"), time));
    bench.hint({"f"});
    VERIFY_OK(bench.settle());
    QCOMPARE(bench.replica.content("f"), "2222");
}

void TestPlanner::largeContentGoesByATransfer()
{
    PlannerBench bench;
    VERIFY_OK(testing::writeFile(*bench.user, at("small"), noise(qsizetype(inlineLimit), 1)));
    VERIFY_OK(testing::writeFile(*bench.user, at("large"), noise(qsizetype(inlineLimit) + 1, 1)));
    QCOMPARE(bench.examine("small"), Finding::Settled);
    QCOMPARE(bench.examine("large"), Finding::LargeContent);
    VERIFY_OK(bench.mirror());
    QCOMPARE(bench.examine("large"), Finding::Settled);
    bench.write("large", 0, "changed");
    QCOMPARE(bench.examine("large"), Finding::LargeContent);
    // As the target listed it: its blocks are not known.
    index::IndexEntry entry = *bench.m.index.find(at("large"));
    entry.blocks.reset();
    bench.m.index.set(at("large"), entry);
    QCOMPARE(bench.examine("large"), Finding::NeedsBlocks);
    entry.replaceWhole = true;
    bench.m.index.set(at("large"), entry);
    QCOMPARE(bench.examine("large"), Finding::LargeContent);
}

void TestPlanner::theOperationsKeepTheTimeOfTheirChange()
{
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"d/", "d/f=1"}));
    const MonotonicTime then = bench.clock.monotonic();
    bench.clock.advance(std::chrono::seconds(5));
    (void)bench.planner.examine(at("d/f"), {then});
    QVERIFY(bench.m.outbox.pending() >= 2); // its directory, too
    QCOMPARE(bench.m.outbox.oldest(), then);
}

void TestPlanner::aDisturbedDirectoryGetsItsTimeAgain()
{
    PlannerBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"d/", "d/f=1"}));
    VERIFY_OK(bench.mirror());
    bench.planner.settleDirectory(at("d"), false);
    VERIFY_OK(bench.deliver());
    QCOMPARE(bench.operations.size(), 0);
    bench.planner.settleDirectory(at("d"), true);
    VERIFY_OK(bench.deliver());
    QCOMPARE(bench.kinds(), Kinds{OperationKind::SetAttributes});
    VERIFY_OK(bench.user->setMode(at("d"), 0711));
    bench.planner.settleDirectory(at("d"), false);
    VERIFY_OK(bench.deliver());
    QCOMPARE(bench.replica.tree->stat(at("d"))->mode, 0711u);
    bench.planner.settleDirectory(at("none"), true);
    bench.planner.settleDirectory(at("d/f"), true);
    QVERIFY(bench.m.outbox.isEmpty());
    // The time that it had, not that of the last entry.
    VERIFY_OK(testing::buildTree(*bench.user, {"d/g=1"}));
    VERIFY_OK(bench.user->setModificationTime(at("d"), 77));
    bench.hint({"d/g", "d"});
    VERIFY_OK(bench.settle());
    QCOMPARE(bench.replica.tree->stat(at("d"))->mtimeNs, 77);
}

void TestPlanner::ownersAreCarriedOnlyWhereTheyCanBeSet()
{
    for (const bool can : {true, false}) {
        PlannerBench bench;
        bench.m.targetSetsOwner = can;
        VERIFY_OK(testing::buildTree(*bench.user, {"f=1"}));
        VERIFY_OK(bench.user->setOwner(at("f"), 1000, 100));
        VERIFY_OK(bench.mirror());
        QCOMPARE(bench.replica.tree->stat(at("f"))->uid, can ? 1000u : 0u);
        VERIFY_OK(bench.user->setOwner(at("f"), 1001, 100));
        bench.hint({"f"});
        VERIFY_OK(bench.settle());
        QCOMPARE(bench.operations.size(), can ? 1 : 0);
    }
}

QTEST_APPLESS_MAIN(TestPlanner)

#include "tst_planner.moc"
