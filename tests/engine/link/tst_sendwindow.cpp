// How much may wait for the kernel: little on a slow line, enough on a fast one.
#include "engine/link/sendwindow.h"

#include <QTest>

using namespace octopus;
using namespace octopus::link;
using namespace std::chrono_literals;

namespace {

// A line that takes `rate` bytes a second and is kept full for `time`.
qint64 windowAfter(SendWindow &window, double rate, Nanoseconds time, MonotonicTime &now,
                   double &taken)
{
    for (const MonotonicTime end = now + time; now < end; now = now + 10ms) {
        window.update(now, qint64(taken), window.bytes());
        taken += rate / 100;
    }
    return window.bytes();
}

} // namespace

class TestSendWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsTheRate_data();
    void followsTheRate();
    void aLineThatKeepsUpGetsMore();
    void littleTrafficSaysNothing();
    void aLineThatStandsStillKeepsItsWindow();
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
    MonotonicTime now;
    double taken = 0;
    const qint64 found = windowAfter(window, rate, 2s, now, taken);
    QVERIFY2(std::abs(found - bytes) <= bytes / 10, QByteArray::number(found).constData());
    // It follows to another rate.
    const qint64 later = windowAfter(window, 125e6, 2s, now, taken);
    QCOMPARE(later, SendWindow::most);
}

void TestSendWindow::aLineThatKeepsUpGetsMore()
{
    SendWindow window;
    MonotonicTime now;
    qint64 taken = 0;
    for (int i = 0; i < 10; ++i) {
        window.update(now, taken, window.bytes());
        taken += window.bytes();
        now = now + 1ms;
        window.update(now, taken, 0);
    }
    QCOMPARE(window.bytes(), SendWindow::most);
}

void TestSendWindow::littleTrafficSaysNothing()
{
    SendWindow window;
    MonotonicTime now;
    for (qint64 taken = 0; taken < 100'000; taken += 100) {
        window.update(now, taken, 100);
        now = now + 1ms;
        window.update(now, taken + 100, 0);
        now = now + 1s;
    }
    QCOMPARE(window.bytes(), SendWindow::first);
}

void TestSendWindow::aLineThatStandsStillKeepsItsWindow()
{
    SendWindow window;
    for (int i = 0; i < 100; ++i)
        window.update(MonotonicTime{i * 100ms}, 0, 1000);
    QCOMPARE(window.bytes(), SendWindow::first);
}

QTEST_APPLESS_MAIN(TestSendWindow)
#include "tst_sendwindow.moc"
