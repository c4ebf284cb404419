// How much of a flood is looked at.
#include "discovery/intake.h"
#include "tests/discovery/samples.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace octopus;
using namespace octopus::discovery;
using octopus::testing::FakeClock;
using namespace std::chrono_literals;

class IntakeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBucketGivesItsBurstAndThenItsRate();
    void aBucketNeverSavesMoreThanItsBurst();
    void oneAddressHasTwentyASecond();
    void strangersShareAThousandASecond();
    void aFloodOfStrangersDoesNotStopKnownMachines();
    void whoWasQuietIsForgotten();

private:
    FakeClock m_clock;
    [[nodiscard]] MonotonicTime now() const { return m_clock.monotonic(); }
};

void IntakeTest::aBucketGivesItsBurstAndThenItsRate()
{
    TokenBucket bucket(3, 100ms);
    for (int i = 0; i < 3; ++i)
        QVERIFY(bucket.take(now()));
    QVERIFY(!bucket.take(now()));
    QVERIFY(bucket.next() == now() + 100ms);
    m_clock.advance(99ms);
    QVERIFY(!bucket.take(now()));
    m_clock.advance(1ms);
    QVERIFY(bucket.take(now()));
    QVERIFY(!bucket.take(now()));
}

void IntakeTest::aBucketNeverSavesMoreThanItsBurst()
{
    TokenBucket bucket(3, 100ms);
    m_clock.advance(1h);
    QVERIFY(bucket.isFull(now()));
    int taken = 0;
    while (bucket.take(now()))
        ++taken;
    QCOMPARE(taken, 3);
    QVERIFY(!bucket.isFull(now()));
}

void IntakeTest::oneAddressHasTwentyASecond()
{
    Intake intake;
    int admitted = 0;
    for (int ms = 0; ms < 10'000; ++ms, m_clock.advance(1ms))
        admitted += intake.admit(samples::address(1), true, now()) ? 1 : 0;
    QVERIFY2(admitted >= 238 && admitted <= 241, qPrintable(QString::number(admitted)));
}

void IntakeTest::strangersShareAThousandASecond()
{
    Intake intake;
    int admitted = 0;
    quint32 source = 0;
    for (int ms = 0; ms < 10'000; ++ms, m_clock.advance(1ms)) {
        for (int i = 0; i < 10; ++i)
            admitted += intake.admit(samples::address(source++ % 5000), false, now()) ? 1 : 0;
    }
    QVERIFY2(admitted <= 12'001, qPrintable(QString::number(admitted)));
    QVERIFY2(admitted >= 9'000, qPrintable(QString::number(admitted)));
}

void IntakeTest::aFloodOfStrangersDoesNotStopKnownMachines()
{
    Intake intake;
    int admitted = 0;
    quint32 source = 10;
    for (int ms = 0; ms < 5'000; ++ms, m_clock.advance(1ms)) {
        for (int i = 0; i < 50; ++i)
            (void)intake.admit(samples::address(source++ % 900 + 10), false, now());
        if (ms % 100 == 0)
            admitted += intake.admit(samples::address(1), true, now()) ? 1 : 0;
    }
    QCOMPARE(admitted, 50);
}

void IntakeTest::whoWasQuietIsForgotten()
{
    Intake intake;
    quint32 source = 0;
    for (; source < 1024; ++source)
        QVERIFY(intake.admit(samples::address(source), false, now()));
    QVERIFY(!intake.admit(samples::address(source), false, now()));
    m_clock.advance(1s);
    QVERIFY(intake.admit(samples::address(source), false, now()));
}

QTEST_APPLESS_MAIN(IntakeTest)
#include "tst_intake.moc"
