// How often a list that changes is shown.
#include "discovery/publication.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace octopus;
using namespace octopus::discovery;
using octopus::testing::FakeClock;
using namespace std::chrono_literals;

class PublicationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingNewIsNotPublished();
    void theFirstChangeIsPublishedAtOnce();
    void aStormOfChangesIsPublishedTenTimesASecond();
    void refreshesArePublishedEveryTenSeconds();
};

static bool isDue(const Publication &publication, quint64 revision, const FakeClock &clock)
{
    const auto due = publication.due(revision);
    return due && *due <= clock.monotonic();
}

void PublicationTest::nothingNewIsNotPublished()
{
    QVERIFY(!Publication().due(0));
}

void PublicationTest::theFirstChangeIsPublishedAtOnce()
{
    const FakeClock clock;
    QVERIFY(isDue(Publication(), 1, clock));
}

void PublicationTest::aStormOfChangesIsPublishedTenTimesASecond()
{
    FakeClock clock;
    Publication publication;
    int published = 0;
    for (quint64 revision = 1; revision <= 10'000; ++revision, clock.advance(1ms)) {
        if (isDue(publication, revision, clock)) {
            publication.done(revision, clock.monotonic());
            ++published;
        }
    }
    QCOMPARE(published, 100);
}

void PublicationTest::refreshesArePublishedEveryTenSeconds()
{
    FakeClock clock;
    Publication publication;
    publication.done(1, clock.monotonic());
    int published = 0;
    for (int second = 1; second <= 60; ++second) {
        clock.advance(1s);
        publication.refreshed();
        if (isDue(publication, 1, clock)) {
            publication.done(1, clock.monotonic());
            ++published;
        }
    }
    QCOMPARE(published, 6);
    QVERIFY(!publication.due(1));
}

QTEST_APPLESS_MAIN(PublicationTest)
#include "tst_publication.moc"
