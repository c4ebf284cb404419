// What the charts are drawn from: slots of time, gaps, round scales, what is said of a moment.
#include "app/desktop/charts/chart.h"
#include "app/desktop/charts/curve.h"
#include "app/desktop/charts/historybook.h"
#include "app/desktop/charts/scale.h"
#include "app/desktop/wording.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include <algorithm>

using namespace octopus;
using namespace octopus::desktop;

class TestHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWorstLagOfASlotCounts();
    void whatNobodySawIsAGap();
    void anUnknownLagIsNoZero();
    void bytesBecomeARate();
    void aCountThatStartsAnewIsNoHugeRate();
    void oldSlotsAreForgotten();
    void scalesAreRound_data();
    void scalesAreRound();
    void theChartTellsTheValueThatIsPointedAt();
    void theKeyboardPointsToo();
    void ticksAreExact();
    void durationsShowTwoUnits();
    void anAreaIsEvenWhereverItsPointsLie_data();
    void anAreaIsEvenWhereverItsPointsLie();
    void aCurveGoesThroughItsPoints();
};

void TestHistory::theWorstLagOfASlotCounts()
{
    History history;
    history.add(Milliseconds(5000), Milliseconds(3), 0);
    history.add(Milliseconds(5400), Milliseconds(90), 0);
    history.add(Milliseconds(5900), Milliseconds(1), 0);
    const QList<Sample> samples = history.samples(Span::TenMinutes, Milliseconds(5999));
    QCOMPARE(samples.size(), 600);
    QCOMPARE(samples.last().lag, Milliseconds(90));
    QVERIFY(!samples[598].seen);
    QCOMPARE(history.samples(Span::Day, Milliseconds(5999)).last().lag, Milliseconds(90));
}

void TestHistory::whatNobodySawIsAGap()
{
    History history;
    history.add(Milliseconds(1000), Milliseconds(7), 0);
    history.add(Milliseconds(4000), Milliseconds(8), 0);
    const QList<Sample> samples = history.seconds(4, Milliseconds(4000));
    QVERIFY(samples[0].seen && samples[3].seen);
    QVERIFY(!samples[1].seen && !samples[2].seen);
}

void TestHistory::anUnknownLagIsNoZero()
{
    History history;
    history.add(Milliseconds(1000), std::nullopt, 0);
    const Sample sample = history.seconds(1, Milliseconds(1000)).first();
    QVERIFY(sample.seen && sample.unknown);
}

void TestHistory::bytesBecomeARate()
{
    History history;
    history.add(Milliseconds(1000), Milliseconds(0), 500); // what was sent before is not of now
    history.add(Milliseconds(2000), Milliseconds(0), 2500);
    history.add(Milliseconds(2500), Milliseconds(0), 3500);
    const QList<Sample> samples = history.seconds(2, Milliseconds(2500));
    QCOMPARE(samples[0].bytesPerSecond, 0.0);
    QCOMPARE(samples[1].bytesPerSecond, 3000.0);
}

void TestHistory::aCountThatStartsAnewIsNoHugeRate()
{
    History history;
    history.add(Milliseconds(1000), Milliseconds(0), 1'000'000);
    history.add(Milliseconds(2000), Milliseconds(0), 10); // the engine was started again
    QCOMPARE(history.seconds(1, Milliseconds(2000)).first().bytesPerSecond, 10.0);
}

void TestHistory::oldSlotsAreForgotten()
{
    History history;
    history.add(Milliseconds(1000), Milliseconds(44), 0);
    history.add(Milliseconds(601'000), Milliseconds(1), 0); // the same place in the ring
    const QList<Sample> samples = history.samples(Span::TenMinutes, Milliseconds(601'000));
    for (qsizetype i = 0; i + 1 < samples.size(); ++i)
        QVERIFY(!samples[i].seen);
    QCOMPARE(samples.last().lag, Milliseconds(1));
    // Long after, nothing of it is shown as now.
    QVERIFY(!history.samples(Span::TenMinutes, Milliseconds(9'000'000)).last().seen);
}

void TestHistory::scalesAreRound_data()
{
    QTest::addColumn<bool>("isTime");
    QTest::addColumn<double>("largest");
    QTest::addColumn<double>("top");
    QTest::newRow("nothing") << true << 0.0 << 4.0;
    QTest::newRow("milliseconds") << true << 37.0 << 40.0;
    QTest::newRow("a second") << true << 1010.0 << 1500.0;
    QTest::newRow("minutes") << true << 130'000.0 << 180'000.0;
    QTest::newRow("days") << true << 200'000'000.0 << 259'200'000.0;
    QTest::newRow("idle") << false << 0.0 << 1024.0;
    QTest::newRow("bytes") << false << 5000.0 << 6144.0;
    QTest::newRow("mebibytes") << false << 50.0 * 1048576 << 64.0 * 1048576;
}

void TestHistory::scalesAreRound()
{
    QFETCH(bool, isTime);
    QFETCH(double, largest);
    QFETCH(double, top);
    const Scale scale = isTime ? timeScale(largest) : rateScale(largest);
    QCOMPARE(scale.top, top);
    QVERIFY(scale.top >= largest);
    QVERIFY(scale.ticks.size() >= 2 && scale.ticks.size() <= 6);
    QCOMPARE(scale.ticks.first(), 0.0);
    QCOMPARE(scale.ticks.last(), top);
}

void TestHistory::theChartTellsTheValueThatIsPointedAt()
{
    QList<Sample> samples(600);
    samples[599] = {true, false, Milliseconds(42), 0};
    samples[300] = {true, true, Milliseconds(0), 0};
    Chart chart(Chart::Quantity::Lag);
    chart.resize(400, 120);
    chart.show(samples, Span::TenMinutes);
    QCOMPARE(chart.valueText(599), QStringLiteral("now: 42 ms"));
    QCOMPARE(chart.valueText(300), QStringLiteral("4 min 59 s ago: unknown"));
    QVERIFY(chart.valueText(0).endsWith(QStringLiteral("not looked at")));
    QVERIFY(chart.accessibleDescription().contains(QStringLiteral("at most 42 ms")));
    QVERIFY(!chart.grab().isNull());
}

void TestHistory::theKeyboardPointsToo()
{
    QList<Sample> samples(600);
    samples[598] = {true, false, Milliseconds(77), 0};
    Chart chart(Chart::Quantity::Lag);
    chart.resize(400, 120);
    chart.show(samples, Span::TenMinutes);
    QTest::keyClick(&chart, Qt::Key_Left);
    QVERIFY(chart.accessibleDescription().startsWith(QStringLiteral("1 s ago: 77 ms")));
}

void TestHistory::ticksAreExact()
{
    QCOMPARE(Wording::roundSize(1536 * 1024), QStringLiteral("1.5 MiB"));
    QCOMPARE(Wording::roundSize(2048 * 1024), QStringLiteral("2 MiB"));
    QCOMPARE(Wording::roundSize(0), QStringLiteral("0 bytes"));
    QCOMPARE(Wording::roundDuration(Milliseconds(-90'000)), QStringLiteral("-1 min 30 s"));
}

void TestHistory::durationsShowTwoUnits()
{
    const auto text = [](qint64 milliseconds) {
        return Wording::duration(Milliseconds(milliseconds));
    };
    QCOMPARE(text(59'900), QStringLiteral("59.9 s"));
    QCOMPARE(text(59'960), QStringLiteral("1 min"));
    QCOMPARE(text(74'300), QStringLiteral("1 min 14 s"));
    QCOMPARE(text(3'599'400), QStringLiteral("59 min 59 s"));
    QCOMPARE(text(3'599'600), QStringLiteral("1 h 0 min"));
    QCOMPARE(text(4'000'000), QStringLiteral("1 h 7 min"));
}

void TestHistory::anAreaIsEvenWhereverItsPointsLie_data()
{
    QTest::addColumn<double>("pixels");
    QTest::addColumn<bool>("mirrored");
    for (const double pixels : {1.0, 1.5, 2.0}) {
        QTest::addRow("%g from the left", pixels) << pixels << false;
        QTest::addRow("%g from the right", pixels) << pixels << true;
    }
}

void TestHistory::anAreaIsEvenWhereverItsPointsLie()
{
    QFETCH(double, pixels);
    QFETCH(bool, mirrored);
    QImage image(QSize(60, 30) * pixels, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(pixels);
    image.fill(Qt::white);
    QList<QPointF> points; // a slope, at places that are no whole pixels
    for (double x = 4.3; x < 55; x += 1.7)
        points.append({x, 25 - x / 4});
    if (mirrored)
        std::ranges::reverse(points);
    QPainter painter(&image);
    fillBelow(painter, points, 28, QColor(0, 0, 0, 100));
    painter.end();
    const auto at = [&](double x, double y) {
        return qGray(image.pixel(int(x * pixels), int(y * pixels)));
    };
    // The same shade in every column of pixels: no two of them overlap, and none is left out.
    for (int column = int(5 * pixels); column < int(52 * pixels); ++column) {
        const QRgb shade = image.pixel(column, int(27 * pixels));
        QCOMPARE(qGray(shade), at(20, 27));
    }
    QVERIFY(at(20, 27) < 200);
    QCOMPARE(at(20, 21.5), at(20, 27)); // just below the curve, which is at 20
    QCOMPARE(at(20, 18), 255);          // and above it
    QCOMPARE(at(2, 27), 255);
    QCOMPARE(at(58, 27), 255);
}

void TestHistory::aCurveGoesThroughItsPoints()
{
    QImage image(60, 30, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setPen(QPen(Qt::black, 1.5, Qt::SolidLine, Qt::SquareCap));
    drawCurve(painter, {{5, 25}, {20, 5}, {21, 25}, {50, 10}});
    drawCurve(painter, {});
    painter.end();
    for (const QPoint point : {QPoint(5, 25), QPoint(20, 5), QPoint(21, 24), QPoint(50, 10)})
        QVERIFY(qGray(image.pixel(point)) < 128);
    QCOMPARE(qGray(image.pixel(40, 25)), 255);
}

QTEST_MAIN(TestHistory)
#include "tst_history.moc"
