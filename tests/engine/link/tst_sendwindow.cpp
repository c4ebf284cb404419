// How much may wait for the kernel: little on a slow line, enough on a fast one.
#include "engine/link/sendwindow.h"

#include <QTest>

using namespace octopus;
using namespace octopus::link;
using namespace std::chrono_literals;

class TestSendWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsTheRate_data();
    void followsTheRate();
    void atMostDoublesOrHalvesAtATime();
    void smallMessagesDoNotWidenIt();
    void aBurstIsNotTakenForTheLine();
    void nothingIsKnownAtFirst();
};

void TestSendWindow::followsTheRate_data()
{
    QTest::addColumn<double>("rate");
    QTest::addColumn<qint64>("bytes");
    QTest::newRow("64 kbit/s") << 8e3 << SendWindow::least;
    QTest::newRow("1 Mbit/s") << 125e3 << qint64(12'500);
    QTest::newRow("20 Mbit/s") << 2.5e6 << qint64(250'000);
    QTest::newRow("1 Gbit/s") << 125e6 << SendWindow::most;
}

void TestSendWindow::followsTheRate()
{
    QFETCH(double, rate);
    QFETCH(qint64, bytes);
    SendWindow window;
    quint64 delivered = 0;
    MonotonicTime now;
    for (int i = 0; i < 50; ++i, now = now + 10ms)
        window.update(now, rate, delivered += quint64(rate / 100));
    QCOMPARE(window.bytes(), bytes);
    // It follows to another rate.
    for (int i = 0; i < 60; ++i, now = now + 10ms)
        window.update(now, 125e6, delivered += 1'250'000);
    QCOMPARE(window.bytes(), SendWindow::most);
}

void TestSendWindow::atMostDoublesOrHalvesAtATime()
{
    SendWindow window;
    MonotonicTime now;
    QVERIFY(window.update(now, 1e9, 100'000));
    QCOMPARE(window.bytes(), 2 * SendWindow::first);
    QVERIFY(!window.update(now + 1ms, 1e9, 110'000)); // less than the window since
    QVERIFY(window.update(now + 2ms, 1e9, 300'000));
    QCOMPARE(window.bytes(), 4 * SendWindow::first);
    QVERIFY(!window.update(now + 51ms, 1.0, 300'000)); // an odd measurement does little harm
    QVERIFY(window.update(now + 52ms, 1.0, 300'000));
    QCOMPARE(window.bytes(), 2 * SendWindow::first);
    QVERIFY(!window.update(now + 200ms, 20.0 * double(SendWindow::first), 900'000));
}

void TestSendWindow::smallMessagesDoNotWidenIt()
{
    SendWindow window;
    MonotonicTime now;
    for (quint64 delivered = 0; delivered < 4 * quint64(SendWindow::first); delivered += 1000) {
        QVERIFY(!window.update(now, 1e9, delivered)); // each on its way at once
        now = now + 1s;
    }
}

// 64 kbit/s, 3000 bytes at once after a pause, and the greatest rate is remembered for seconds.
void TestSendWindow::aBurstIsNotTakenForTheLine()
{
    SendWindow window;
    MonotonicTime now;
    quint64 delivered = 0;
    for (int i = 0; i < 50; ++i, now = now + 10ms)
        window.update(now, 8e3, delivered += 80);
    QCOMPARE(window.bytes(), SendWindow::least);
    window.update(now, 30e6, delivered += 3000);
    for (int i = 0; i < 200; ++i, now = now + 10ms) {
        window.update(now, 30e6, delivered += 80);
        QVERIFY(window.bytes() <= 2 * SendWindow::least);
    }
    window.update(now, 8e3, delivered);
    QCOMPARE(window.bytes(), SendWindow::least);
}

void TestSendWindow::nothingIsKnownAtFirst()
{
    SendWindow window;
    for (int i = 0; i < 100; ++i)
        QVERIFY(!window.update(MonotonicTime{i * 100ms}, std::nullopt, quint64(i) * 100'000));
    QCOMPARE(window.bytes(), SendWindow::first);
}

QTEST_APPLESS_MAIN(TestSendWindow)
#include "tst_sendwindow.moc"
