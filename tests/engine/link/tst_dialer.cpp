// When a peer is called again, and where.
#include "engine/link/dialer.h"
#include "tests/support/fakeclock.h"
#include "tests/support/seededrandom.h"

#include <QTest>

using namespace octopus;
using namespace octopus::link;
using namespace octopus::testing;
using namespace std::chrono_literals;

namespace {

QList<Endpoint> addresses(int count)
{
    QList<Endpoint> list;
    for (int i = 0; i < count; ++i)
        list.append({QStringLiteral("192.0.2.%1").arg(i), 17290});
    return list;
}

} // namespace

class DialerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutAnAddressThereIsNothingToDo();
    void whereNoAddressIsNeededItCallsWithoutOne();
    void callsAllAddressesAtOnce();
    void waitsLongerAfterEachRoundUpToThirtySeconds();
    void waitsDifferBetweenMachines();
    void aStableConnectionStartsOver();
    void aConnectionThatDoesNotHoldDoesNot();
    void theAddressThatWorkedComesFirst();
    void newAddressesAreTriedAtOnce();
    void theSameAddressesChangeNothing();
    void theSameAddressesChangeNothingAfterOneWasPreferred();
    void hurrySkipsTheWait();

private:
    SeededRandom m_random{1};
    FakeClock m_clock;
};

void DialerTest::withoutAnAddressThereIsNothingToDo()
{
    Dialer dialer(m_random);
    QVERIFY(!dialer.next());
}

void DialerTest::whereNoAddressIsNeededItCallsWithoutOne()
{
    Dialer dialer(m_random);
    dialer.needNoAddress();
    QVERIFY(dialer.next()->endpoints.isEmpty());
    dialer.connected(m_clock.monotonic(), Endpoint()); // at a Unix socket
    dialer.setAddresses(addresses(2));
    QCOMPARE(dialer.next()->endpoints, addresses(2));
}

void DialerTest::callsAllAddressesAtOnce()
{
    Dialer dialer(m_random);
    dialer.setAddresses(addresses(3));
    const DialAttempt attempt = *dialer.next();
    QCOMPARE(attempt.endpoints, addresses(3));
    QCOMPARE(attempt.wait, 0ms);
    dialer.failed();
    QCOMPARE(dialer.next()->endpoints, addresses(3));
}

void DialerTest::waitsLongerAfterEachRoundUpToThirtySeconds()
{
    Dialer dialer(m_random);
    dialer.setAddresses(addresses(1));
    QCOMPARE(dialer.next()->wait, 0ms);
    auto full = Dialer::shortestWait;
    for (int round = 0; round < 100; ++round) {
        dialer.failed();
        const Milliseconds wait = dialer.next()->wait;
        QVERIFY2(wait >= full / 2 && wait <= full,
                 QByteArray::number(qint64(wait.count())).constData());
        full = std::min(full * 2, Dialer::longestWait);
    }
    QCOMPARE(full, 30'000ms);
}

void DialerTest::waitsDifferBetweenMachines()
{
    const auto waits = [](quint64 seed) {
        SeededRandom random(seed);
        Dialer dialer(random);
        dialer.setAddresses(addresses(1));
        QList<qint64> list;
        for (int i = 0; i < 10; ++i) {
            list.append(dialer.next()->wait.count());
            dialer.failed();
        }
        return list;
    };
    QCOMPARE(waits(1), waits(1));
    QVERIFY(waits(1) != waits(2));
}

void DialerTest::aStableConnectionStartsOver()
{
    Dialer dialer(m_random);
    dialer.setAddresses(addresses(1));
    for (int i = 0; i < 10; ++i) {
        static_cast<void>(dialer.next());
        dialer.failed();
    }
    static_cast<void>(dialer.next());
    dialer.connected(m_clock.monotonic(), addresses(1).first());
    m_clock.advance(10s);
    dialer.disconnected(m_clock.monotonic());
    const Milliseconds wait = dialer.next()->wait;
    QVERIFY(wait > 0ms && wait <= Dialer::shortestWait);
}

void DialerTest::aConnectionThatDoesNotHoldDoesNot()
{
    Dialer dialer(m_random);
    dialer.setAddresses(addresses(1));
    Milliseconds longest{0};
    for (int i = 0; i < 20; ++i) {
        longest = dialer.next()->wait;
        dialer.connected(m_clock.monotonic(), addresses(1).first());
        m_clock.advance(9s);
        dialer.disconnected(m_clock.monotonic());
    }
    QVERIFY(longest >= 15s);
}

void DialerTest::theAddressThatWorkedComesFirst()
{
    Dialer dialer(m_random);
    dialer.setAddresses(addresses(3));
    const QList<Endpoint> given = addresses(3);
    dialer.connected(m_clock.monotonic(), given[1]);
    dialer.disconnected(m_clock.monotonic());
    QCOMPARE(dialer.next()->endpoints, (QList<Endpoint>{given[1], given[0], given[2]}));
    // What a name was resolved to is kept as well.
    const Endpoint other{QStringLiteral("198.51.100.1"), 1};
    dialer.connected(m_clock.monotonic(), other);
    dialer.disconnected(m_clock.monotonic());
    QCOMPARE(dialer.next()->endpoints, (QList<Endpoint>{other} + given));
}

void DialerTest::newAddressesAreTriedAtOnce()
{
    Dialer dialer(m_random);
    dialer.setAddresses(addresses(1));
    static_cast<void>(dialer.next());
    dialer.failed();
    dialer.setAddresses(addresses(2));
    const DialAttempt attempt = *dialer.next();
    QCOMPARE(attempt.wait, 0ms);
    QCOMPARE(attempt.endpoints, addresses(2));
}

void DialerTest::theSameAddressesChangeNothing()
{
    Dialer dialer(m_random);
    dialer.setAddresses(addresses(1));
    static_cast<void>(dialer.next());
    dialer.failed();
    dialer.setAddresses(addresses(1));
    QVERIFY(dialer.next()->wait > 0ms);
}

void DialerTest::theSameAddressesChangeNothingAfterOneWasPreferred()
{
    Dialer dialer(m_random);
    QVERIFY(dialer.setAddresses(addresses(2)));
    (void)dialer.next();
    dialer.failed();
    (void)dialer.next();
    dialer.connected(m_clock.monotonic(), addresses(1).first());
    dialer.disconnected(m_clock.monotonic());
    QVERIFY(!dialer.setAddresses(addresses(2)));
    const auto attempt = dialer.next();
    QCOMPARE(attempt->endpoints, addresses(2));
    QVERIFY(attempt->wait > 0ms); // the back-off goes on
}

void DialerTest::hurrySkipsTheWait()
{
    Dialer dialer(m_random);
    dialer.setAddresses(addresses(1));
    static_cast<void>(dialer.next());
    dialer.failed();
    dialer.hurry();
    QCOMPARE(dialer.next()->wait, 0ms);
}

QTEST_APPLESS_MAIN(DialerTest)
#include "tst_dialer.moc"
