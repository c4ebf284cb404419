// How many strangers may stand at the door, and how often they may try.
#include "engine/link/admission.h"
#include "engine/link/attemptlimiter.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace octopus;
using namespace octopus::link;
using octopus::testing::FakeClock;
using namespace std::chrono_literals;

namespace {

QHostAddress ipv4(int number)
{
    return QHostAddress(quint32(0xc0000200 + number));
}

} // namespace

class AdmissionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneAddressHasFourPlaces();
    void strangersHaveThirtyTwoPlaces();
    void pairedPeersFindRoomWhenStrangersFillTheirs();
    void whoLeavesMakesRoom();
    void anIpv6NetworkIsOneAddress();
    void tenAttemptsAMinute();
};

void AdmissionTest::oneAddressHasFourPlaces()
{
    Admission admission({});
    for (int i = 0; i < 4; ++i)
        QVERIFY(admission.enter(ipv4(1), false));
    QVERIFY(!admission.enter(ipv4(1), false));
    QVERIFY(admission.enter(ipv4(2), false));
    QCOMPARE(admission.count(), 5);
}

void AdmissionTest::strangersHaveThirtyTwoPlaces()
{
    Admission admission({});
    int admitted = 0;
    for (int address = 0; address < 200; ++address)
        admitted += admission.enter(ipv4(address), false) ? 1 : 0;
    QCOMPARE(admitted, 32);
}

void AdmissionTest::pairedPeersFindRoomWhenStrangersFillTheirs()
{
    Admission admission({});
    for (int address = 0; address < 200; ++address)
        static_cast<void>(admission.enter(ipv4(address), false));
    QVERIFY(admission.enter(ipv4(1), true));
    int admitted = 1;
    while (admission.enter(ipv4(1), true))
        ++admitted;
    QCOMPARE(admitted, 16);
}

void AdmissionTest::whoLeavesMakesRoom()
{
    Admission admission({});
    for (int i = 0; i < 4; ++i)
        QVERIFY(admission.enter(ipv4(1), false));
    admission.leave(ipv4(1), false);
    QCOMPARE(admission.count(), 3);
    QVERIFY(admission.enter(ipv4(1), false));
    for (int i = 0; i < 4; ++i)
        admission.leave(ipv4(1), false);
    QCOMPARE(admission.count(), 0);
}

void AdmissionTest::anIpv6NetworkIsOneAddress()
{
    Admission admission({});
    for (int i = 0; i < 4; ++i)
        QVERIFY(admission.enter(QHostAddress(QStringLiteral("2001:db8::%1").arg(i + 1)), false));
    QVERIFY(!admission.enter(QHostAddress(QStringLiteral("2001:db8::ff")), false));
    QVERIFY(admission.enter(QHostAddress(QStringLiteral("2001:db8:0:1::1")), false));
    admission.leave(QHostAddress(QStringLiteral("2001:db8::1")), false);
    QVERIFY(admission.enter(QHostAddress(QStringLiteral("2001:db8::ff")), false));
}

void AdmissionTest::tenAttemptsAMinute()
{
    FakeClock clock;
    AttemptLimiter limiter(10);
    for (int i = 0; i < 10; ++i) {
        QVERIFY(limiter.attempt(clock.monotonic()));
        clock.advance(1s);
    }
    QVERIFY(!limiter.attempt(clock.monotonic()));
    clock.advance(50s - 1ns);
    QVERIFY(!limiter.attempt(clock.monotonic()));
    clock.advance(1ns);
    QVERIFY(limiter.attempt(clock.monotonic())); // the first is a minute ago
    QVERIFY(!limiter.attempt(clock.monotonic()));
}

QTEST_APPLESS_MAIN(AdmissionTest)
#include "tst_admission.moc"
