#include "engine/metrics/lagmeter.h"

#include <QTest>

#include <initializer_list>

using namespace octopus;
using namespace octopus::metrics;

using Lag = std::optional<Milliseconds>;

static MonotonicTime at(qint64 milliseconds)
{
    return {Milliseconds(milliseconds)};
}

// Guarantee I4.
class LagMeterTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itIsUnknownUntilSaidOtherwise()
    {
        LagMeter meter;
        QCOMPARE(meter.lag(at(0)), Lag());
        (void)meter.captured(at(0));
        QCOMPARE(meter.lag(at(5)), Lag());
        meter.setKnown(true);
        QCOMPARE(meter.lag(at(5)), Lag(Milliseconds(5)));
        meter.setKnown(false);
        QCOMPARE(meter.lag(at(5)), Lag());
    }

    void itIsZeroOnlyWhenNothingIsOnItsWay()
    {
        LagMeter meter;
        meter.setKnown(true);
        QCOMPARE(meter.lag(at(7)), Lag(Milliseconds(0)));
        const LagToken token = meter.captured(at(7));
        QCOMPARE(meter.lag(at(7)), Lag(Milliseconds(1)));
        QCOMPARE(meter.lag(at(3)), Lag(Milliseconds(1))); // however the clock is read
        QCOMPARE(meter.lag({Milliseconds(9) + Nanoseconds(1)}), Lag(Milliseconds(3)));
        meter.release(token);
        QCOMPARE(meter.lag(at(9)), Lag(Milliseconds(0)));
    }

    void itIsTheAgeOfTheOldestInWhateverOrder_data()
    {
        QTest::addColumn<QList<int>>("captured"); // times in ms
        QTest::addColumn<QList<int>>("released"); // positions in the former
        QTest::addColumn<int>("lag");             // at 100 ms
        QTest::newRow("one") << QList<int>{10} << QList<int>{} << 90;
        QTest::newRow("oldest first") << QList<int>{10, 20} << QList<int>{} << 90;
        QTest::newRow("oldest last") << QList<int>{20, 10} << QList<int>{} << 90;
        QTest::newRow("oldest released") << QList<int>{10, 20, 30} << QList<int>{0} << 80;
        QTest::newRow("newest released") << QList<int>{10, 20, 30} << QList<int>{2} << 90;
        QTest::newRow("middle left") << QList<int>{10, 20, 30} << QList<int>{2, 0} << 80;
        QTest::newRow("equal times") << QList<int>{10, 10} << QList<int>{0} << 90;
        QTest::newRow("released twice") << QList<int>{10, 10} << QList<int>{0, 0} << 90;
        QTest::newRow("all") << QList<int>{10, 20} << QList<int>{1, 0} << 0;
    }
    void itIsTheAgeOfTheOldestInWhateverOrder()
    {
        QFETCH(QList<int>, captured);
        QFETCH(QList<int>, released);
        QFETCH(int, lag);
        LagMeter meter;
        meter.setKnown(true);
        QList<LagToken> tokens;
        for (const int time : captured)
            tokens.append(meter.captured(at(time)));
        for (const int position : released)
            meter.release(tokens.at(position));
        QCOMPARE(meter.lag(at(100)), Lag(Milliseconds(lag)));
    }

    void aTokenKnowsItsTimeAndIsNeverGivenAgain()
    {
        LagMeter meter;
        const LagToken first = meter.captured(at(10));
        QCOMPARE(meter.capturedAt(first), std::optional(at(10)));
        QVERIFY(first != LagToken{});
        meter.clear();
        QCOMPARE(meter.outstanding(), 0);
        QCOMPARE(meter.capturedAt(first), std::nullopt);
        QVERIFY(meter.captured(at(20)) != first);
        meter.release(first);
        meter.release(LagToken{});
        QCOMPARE(meter.outstanding(), 1);
    }
};

QTEST_APPLESS_MAIN(LagMeterTest)
#include "tst_lagmeter.moc"
