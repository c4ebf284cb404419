#include "engine/metrics/ratemeter.h"

#include <QTest>

#include <cmath>

using namespace octopus;
using namespace octopus::metrics;

static MonotonicTime at(double seconds)
{
    return {Nanoseconds(qint64(seconds * 1e9))};
}

static RateMeter steady(int seconds, quint64 bytesPerSecond)
{
    RateMeter meter(at(0));
    for (int i = 0; i < seconds * 10; ++i)
        meter.add(bytesPerSecond / 10, 1, at(i / 10.0));
    return meter;
}

class RateMeterTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theRateIsOverTheLastTenSeconds_data()
    {
        QTest::addColumn<double>("now");
        QTest::addColumn<double>("rate"); // after 1000 bytes at 100.5 s, measuring since 100 s
        QTest::newRow("at once") << 100.5 << 1000.0;
        QTest::newRow("one second") << 101.0 << 1000.0;
        QTest::newRow("two seconds") << 102.0 << 500.0;
        QTest::newRow("ten seconds") << 110.0 << 100.0;
        QTest::newRow("the end of the window") << 110.5 << 1000.0 / 10.5;
        QTest::newRow("after it") << 111.0 << 0.0;
        QTest::newRow("much later") << 1e9 << 0.0;
        QTest::newRow("a clock that goes back") << 50.0 << 1000.0;
    }
    void theRateIsOverTheLastTenSeconds()
    {
        QFETCH(double, now);
        QFETCH(double, rate);
        RateMeter meter(at(100));
        meter.add(1000, 10, at(100.5));
        QVERIFY(std::abs(meter.bytesPerSecond(at(now)) - rate) < 1e-6);
        QVERIFY(std::abs(meter.operationsPerSecond(at(now)) - rate / 100) < 1e-6);
    }

    void aSteadyStreamHasItsRate()
    {
        RateMeter meter = steady(60, 5000);
        QVERIFY(std::abs(meter.bytesPerSecond(at(60)) - 5000) < 1e-6);
        QVERIFY(std::abs(meter.operationsPerSecond(at(60)) - 10) < 1e-6);
        QCOMPARE(meter.remaining(50000, at(60)), std::optional(Milliseconds(10000)));
    }

    void theTimeLeftIsUnknownWithoutAFullSecondOfData()
    {
        RateMeter meter(at(0));
        QCOMPARE(meter.remaining(1, at(5)), std::nullopt);
        QCOMPARE(meter.remaining(0, at(5)), std::optional(Milliseconds(0)));
        meter.add(100, 1, at(5.5));
        QCOMPARE(meter.remaining(1, at(5.9)), std::nullopt);
        QVERIFY(meter.remaining(1, at(6)).has_value());
        QCOMPARE(meter.remaining(~quint64(0), at(6)), std::nullopt); // over 100 days
    }

    void theFirstSecondCountsInFull()
    {
        RateMeter meter(at(0));
        meter.add(1000, 1, at(0.5));
        QCOMPARE(meter.remaining(10000, at(1)), std::optional(Milliseconds(10000)));
    }

    void theTimeLeftFollowsAChangeOfPaceSlowly()
    {
        RateMeter meter = steady(300, 1000);
        for (int i = 0; i < 30; ++i)
            meter.add(2000, 1, at(300 + i));
        // after one time constant, 63 % of the way from 1000 to 2000
        const double pace = 1000 + 1000 * (1 - std::exp(-1));
        const auto left = meter.remaining(1000000, at(330));
        QVERIFY(left);
        QVERIFY(std::abs(double(left->count()) - 1e9 / pace) < 1000);
    }

    void aLongSilenceCountsAsItsSeconds()
    {
        RateMeter stepped = steady(60, 1000);
        RateMeter jumped = steady(60, 1000);
        for (int second = 60; second <= 200; ++second)
            (void)stepped.bytesPerSecond(at(second));
        const auto left = jumped.remaining(1000, at(200));
        QVERIFY(left);
        QVERIFY(std::abs(double((*left - *stepped.remaining(1000, at(200))).count())) <= 1);
        QCOMPARE(jumped.remaining(1000, at(1e9)), std::nullopt);
    }
};

QTEST_APPLESS_MAIN(RateMeterTest)
#include "tst_ratemeter.moc"
