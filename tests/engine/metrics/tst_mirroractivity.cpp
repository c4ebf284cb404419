// What a mirror carried lately is listed, and costs next to nothing when it is very much.
#include "engine/metrics/mirroractivity.h"

#include <QTest>

using namespace octopus;
using namespace octopus::metrics;

class TestMirrorActivity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNewestComesFirst();
    void ofManyAtOnceTheFirstAreListedAndTheOthersCounted();
    void atMostAHundredAreKept();
    void everyChangeIsCountedOnce();
};

namespace {

constexpr WallTime noon{1'795'348'800'000'000'000};

MonotonicTime ms(qint64 count)
{
    return {Milliseconds(count)};
}

void record(MirrorActivity &activity, const char *path, qint64 at)
{
    activity.record(ActivityKind::Changed, RelPath::of(path), {}, 7, ms(at), noon);
}

} // namespace

void TestMirrorActivity::theNewestComesFirst()
{
    MirrorActivity activity;
    QVERIFY(activity.latest().isEmpty());
    record(activity, "a", 0);
    activity.record(ActivityKind::Moved, RelPath::of("c"), RelPath::of("b"), 0, ms(1), noon);
    const QList<ActivityEntry> latest = activity.latest();
    QCOMPARE(latest.size(), 2);
    QVERIFY(
        (latest[0]
         == ActivityEntry{2, noon, ActivityKind::Moved, RelPath::of("c"), RelPath::of("b"), 0, 0}));
    QVERIFY(
        (latest[1] == ActivityEntry{1, noon, ActivityKind::Changed, RelPath::of("a"), {}, 7, 0}));
}

void TestMirrorActivity::ofManyAtOnceTheFirstAreListedAndTheOthersCounted()
{
    MirrorActivity activity;
    for (int i = 0; i < 2500; ++i)
        record(activity, "a", 100);
    QList<ActivityEntry> latest = activity.latest();
    QCOMPARE(latest.size(), MirrorActivity::mostEachWindow);
    QCOMPARE(latest.first().more, quint64(2500 - MirrorActivity::mostEachWindow));
    QCOMPARE(latest.last().more, quint64(0));
    record(activity, "b", 100 + 250); // in the next window
    latest = activity.latest();
    QCOMPARE(latest.first().path, RelPath::of("b"));
    QCOMPARE(latest.first().number, quint64(2501));
    QCOMPARE(latest.first().more, quint64(0));
}

void TestMirrorActivity::atMostAHundredAreKept()
{
    MirrorActivity activity;
    for (int i = 0; i < 1000; ++i)
        record(activity, "a", i * 1000);
    const QList<ActivityEntry> latest = activity.latest();
    QCOMPARE(latest.size(), MirrorActivity::mostEntries);
    QCOMPARE(latest.first().number, quint64(1000));
    QCOMPARE(latest.last().number, quint64(901));
}

// What is listed and what is counted make up everything.
void TestMirrorActivity::everyChangeIsCountedOnce()
{
    MirrorActivity activity;
    for (int i = 0; i < 800; ++i)
        record(activity, "a", i * 10); // 25 a window
    const QList<ActivityEntry> latest = activity.latest();
    for (qsizetype at = 1; at < latest.size(); ++at)
        QCOMPARE(latest[at - 1].number, latest[at].number + latest[at].more + 1);
    QCOMPARE(latest.first().number + latest.first().more, quint64(800));
}

QTEST_APPLESS_MAIN(TestMirrorActivity)
#include "tst_mirroractivity.moc"
