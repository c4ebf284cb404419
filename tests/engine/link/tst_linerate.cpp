// What the line carries, and whether compressing for it pays.
#include "engine/link/linerate.h"

#include <QTest>

using namespace octopus;
using namespace octopus::link;
using namespace std::chrono_literals;

class TestLineRate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsWhatTheKernelMeasures();
    void aPauseOfThisMachineIsNotTheLine();
    void anotherSideThatIsBusySaysNothing();
    void whatStandsInFrontOfASlowLineWaits();
    void slowLinesAreWorthMore_data();
    void slowLinesAreWorthMore();
};

void TestLineRate::followsWhatTheKernelMeasures()
{
    LineRate line;
    MonotonicTime now{1s};
    line.update(now, {});
    QVERIFY(!line.bytesPerSecond());
    line.update(now + 50ms, {.rate = 8e3});
    QCOMPARE(line.bytesPerSecond(), 8e3);
    line.update(now + 55ms, {.rate = 5e5}); // too soon
    QCOMPARE(line.bytesPerSecond(), 8e3);
    line.update(now + 100ms, {.rate = 5e5}); // up at once, down in a second or two
    QCOMPARE(line.bytesPerSecond(), 5e5);
    for (int i = 0; i < 24; ++i)
        line.update(now + 200ms + i * 100ms, {.rate = 8e3});
    QCOMPARE(line.bytesPerSecond(), 8e3);
    line.update(now + 1h, {.rate = 100.0}); // what was long ago is forgotten
    QCOMPARE(line.bytesPerSecond(), 100.0);
}

void TestLineRate::aPauseOfThisMachineIsNotTheLine()
{
    LineRate line;
    for (int i = 0; i < 100; ++i) {
        line.update(MonotonicTime{i * 100ms}, {.rate = i % 8 == 0 ? 5e8 : 1e6});
        QCOMPARE(line.bytesPerSecond(), 5e8);
        QCOMPARE(line.delivered(), 5e8);
    }
}

// The target's disk is slow, not the line.
void TestLineRate::anotherSideThatIsBusySaysNothing()
{
    LineRate line;
    line.update(MonotonicTime{1s}, {.rate = 1e9, .refused = 0ms});
    for (int i = 1; i < 40; ++i)
        line.update(MonotonicTime{1s + i * 100ms}, {.rate = 1e6, .refused = i * 90ms});
    QCOMPARE(line.bytesPerSecond(), 1e9);
    QCOMPARE(line.delivered(), 1e6);
    LineRate other;
    other.update(MonotonicTime{1s}, {.rate = 1e6, .refused = 900ms});
    QVERIFY(!other.bytesPerSecond());
    QCOMPARE(other.delivered(), 1e6);
}

void TestLineRate::whatStandsInFrontOfASlowLineWaits()
{
    Delivery delivery{.unsent = 100, .inFlight = 9000, .shortestRoundTrip = 500ms};
    QCOMPARE(queuedBytes(delivery, {}), 100); // nothing is known yet
    delivery.rate = 8e3; // 4,000 bytes are on their way, the others stand in a queue
    QCOMPARE(queuedBytes(delivery, 8e3), 5100);
    delivery.inFlight = 3000;
    QCOMPARE(queuedBytes(delivery, 8e3), 100);
    delivery = {.rate = 1e8, .unsent = 100, .inFlight = 5'000'000};
    QCOMPARE(queuedBytes(delivery, 1e8), 100);
}

void TestLineRate::slowLinesAreWorthMore_data()
{
    QTest::addColumn<double>("rate"); // 0: not measured
    QTest::addColumn<int>("level");
    QTest::newRow("not measured") << 0.0 << 0;
    QTest::newRow("64 kbit/s") << 8e3 << 9;
    QTest::newRow("8 Mbit/s") << 1e6 << 9;
    QTest::newRow("16 Mbit/s") << 2e6 << 6;
    QTest::newRow("50 Mbit/s") << 6.25e6 << 3;
    QTest::newRow("100 Mbit/s") << 12.5e6 << 1;
    QTest::newRow("250 Mbit/s") << 31e6 << 1;
    QTest::newRow("300 Mbit/s") << 37e6 << 0;
    QTest::newRow("1 Gbit/s") << 125e6 << 0;
    QTest::newRow("loopback") << 3e9 << 0;
}

void TestLineRate::slowLinesAreWorthMore()
{
    QFETCH(double, rate);
    QTEST(compressionLevel(rate > 0 ? std::optional(rate) : std::nullopt), "level");
}

QTEST_APPLESS_MAIN(TestLineRate)

#include "tst_linerate.moc"
