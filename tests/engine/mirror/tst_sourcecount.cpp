// Counting a source ahead of a copy: what belongs to the vault, in small steps.
#include "engine/mirror/sourcecount.h"
#include "tests/engine/apply/fixture.h"

#include <QTest>

using namespace octopus;
using namespace octopus::mirror;
using apply::at;

class TestSourceCount : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itCountsTheFilesThatBelong();
    void itDoesNotBeginBeforeItsTime();
    void aStepLooksAtFewEntries();
    void whatCannotBeReadDoesNotCount();

private:
    // How many steps it took.
    static int finish(SourceCount &count, testing::FakeClock &clock)
    {
        int steps = 0;
        for (; !count.bytes() && steps < 1000; ++steps) {
            count.work(clock.monotonic());
            clock.advance(SourceCount::interval);
        }
        return steps;
    }
};

struct CountBench {
    testing::FakeClock clock;
    testing::FakeFileSystem files{clock};
    std::unique_ptr<Root> root = files.bypass("/source");
    RuleMatcher rules = *RuleMatcher::compile({{}, {"*.tmp", "/cache"}});
    SourceCount count{*root, rules};
};

void TestSourceCount::itCountsTheFilesThatBelong()
{
    CountBench bench;
    VERIFY_OK(
        testing::buildTree(*bench.root,
                           {"a=1", "d/", "d/b=22", "d/e/", "d/e/c=333", "x.tmp=4444", "cache/",
                            "cache/y=55555", "l->a", ".octopus/", ".octopus/z=666666"}));
    QCOMPARE(bench.count.bytes(), std::nullopt);
    bench.count.start(bench.clock.monotonic());
    finish(bench.count, bench.clock);
    QCOMPARE(bench.count.bytes(), 6u);
    VERIFY_OK(testing::writeFile(*bench.root, at("a"), "1111"));
    bench.count.start(bench.clock.monotonic()); // anew
    QCOMPARE(bench.count.bytes(), std::nullopt);
    finish(bench.count, bench.clock);
    QCOMPARE(bench.count.bytes(), 9u);
}

void TestSourceCount::itDoesNotBeginBeforeItsTime()
{
    CountBench bench;
    bench.count.start(bench.clock.monotonic() + std::chrono::seconds(1));
    bench.count.work(bench.clock.monotonic());
    QCOMPARE(bench.count.bytes(), std::nullopt);
    bench.clock.advance(std::chrono::seconds(1));
    bench.count.work(bench.clock.monotonic());
    QCOMPARE(bench.count.bytes(), 0u); // an empty source
}

void TestSourceCount::aStepLooksAtFewEntries()
{
    CountBench bench;
    QList<QByteArray> many;
    for (int i = 0; i < 3 * SourceCount::stepEntries; ++i)
        many.append("f" + QByteArray::number(i) + "=1");
    VERIFY_OK(testing::buildTree(*bench.root, many));
    bench.count.start(bench.clock.monotonic());
    QVERIFY(finish(bench.count, bench.clock) >= 3);
    QCOMPARE(bench.count.bytes(), quint64(many.size()));
}

void TestSourceCount::whatCannotBeReadDoesNotCount()
{
    CountBench bench;
    VERIFY_OK(testing::buildTree(*bench.root, {"a=1", "d/", "d/b=22"}));
    const auto watched = bench.files.openRoot("/source");
    VERIFY_OK(watched);
    SourceCount count(**watched, bench.rules);
    bench.files.faults().add(
        {testing::FakeCall::List, ErrorCode::PermissionDenied, 0, -1, "/source/d"});
    count.start(bench.clock.monotonic());
    finish(count, bench.clock);
    QCOMPARE(count.bytes(), 1u);
}

QTEST_GUILESS_MAIN(TestSourceCount)
#include "tst_sourcecount.moc"
