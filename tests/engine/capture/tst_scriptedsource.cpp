#include "tests/support/scriptedsource.h"

#include <QTest>

using namespace octopus;
using namespace octopus::testing;

class StandingClock final : public Clock
{
public:
    MonotonicTime monotonic() const override { return now; }
    WallTime wall() const override { return {}; }
    MonotonicTime now;
};

static QByteArray text(const QList<Change> &changes)
{
    QByteArrayList words;
    for (const Change &change : changes)
        words.append(QByteArray::number(int(change.kind)) + ' ' + change.path.bytes());
    return words.join(", ");
}

class ScriptedSourceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itTellsWhatWasPushedMergedAndInBatches()
    {
        StandingClock clock;
        ScriptedSource source(clock);
        for (const char *path : {"a", "b", "a", "c"})
            source.push(ChangeKind::Entry, RelPath::of(path));
        source.lose();
        source.setBatch(3);
        QCOMPARE(text(source.poll()), "1 a, 1 b");
        source.setBatch(0);
        QCOMPARE(text(source.poll()), "3 , 1 c");
        QVERIFY(source.poll().isEmpty());
        clock.now = {Nanoseconds(7)};
        source.push(ChangeKind::Entry, RelPath::of("d"));
        QCOMPARE(source.poll().first().at, clock.now);
    }

    void aHeldSourceTellsNothingUntilItIsReleased()
    {
        const StandingClock clock;
        ScriptedSource source(clock);
        int calls = 0;
        source.setNotifier([&] { ++calls; });
        source.setHeld(true);
        source.push(ChangeKind::Entry, RelPath::of("a"));
        QCOMPARE(calls, 0);
        QVERIFY(source.poll().isEmpty());
        source.setHeld(false);
        QCOMPARE(calls, 1);
        QCOMPARE(text(source.poll()), "1 a");
        source.setHeld(false);
        QCOMPARE(calls, 1);
    }

    void theWatchLimitAndFailuresAreTold()
    {
        const StandingClock clock;
        ScriptedSource source(clock);
        source.setWatchLimit(1);
        QVERIFY(source.watch(RelPath()));
        QVERIFY(source.watch(RelPath()));
        QCOMPARE(source.watch(RelPath::of("a")).error().code, ErrorCode::LimitReached);
        source.setWatchLimit(-1);
        source.failWatch(RelPath::of("a"), ErrorCode::NotFound);
        QCOMPARE(source.watch(RelPath::of("a")).error().code, ErrorCode::NotFound);
        source.failWatch(RelPath::of("a"), std::nullopt);
        QVERIFY(source.watch(RelPath::of("a")));
        QCOMPARE(source.watched().size(), size_t(2));
        QCOMPARE(source.watchCalls().size(), 5);
        source.unwatch(RelPath());
        QVERIFY(source.watched().empty());
    }

    void aSelectiveSourceIsBlindOutsideItsWatches()
    {
        const StandingClock clock;
        ScriptedSource source(clock);
        source.setSelective(true);
        source.push(ChangeKind::Entry, RelPath::of("a"));
        QVERIFY(source.watch(RelPath()));
        source.push(ChangeKind::Entry, RelPath::of("b"));
        source.push(ChangeKind::Entry, RelPath::of("b/c"));
        source.lose();
        QCOMPARE(text(source.poll()), "3 , 1 b");
    }

    void aMoveTakesWatchesAlongAndARemovalEndsThem()
    {
        const StandingClock clock;
        ScriptedSource source(clock);
        source.setSelective(true);
        for (const char *path : {"", "a", "a/b"})
            QVERIFY(source.watch(RelPath::of(path)));
        source.pushMove(RelPath::of("a"), RelPath::of("x"));
        source.push(ChangeKind::Entry, RelPath::of("x/b/file"));
        source.pushRemoval(RelPath::of("x/b"));
        source.push(ChangeKind::Entry, RelPath::of("x/b/file2"));
        QCOMPARE(text(source.poll()), "1 a, 2 x, 1 x/b/file, 1 x/b");
        const std::set<RelPath> expected{RelPath(), RelPath::of("x")};
        QCOMPARE(source.watched(), expected);
    }
};

QTEST_APPLESS_MAIN(ScriptedSourceTest)
#include "tst_scriptedsource.moc"
