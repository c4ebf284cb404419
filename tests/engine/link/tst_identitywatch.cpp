// Two machines with one identity are told from one that was restarted.
#include "engine/link/identitywatch.h"
#include "tests/engine/link/pairingbench.h"
#include "tests/support/resultcheck.h"

#include <QSignalSpy>
#include <QTest>

using namespace octopus;
using namespace octopus::testing;
using namespace std::chrono_literals;

namespace {

QByteArray run(char number)
{
    return QByteArray(16, number);
}

} // namespace

class IdentityWatchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRestartIsNoCopy();
    void aRunThatComesBackIsACopy();
    void itIsForgivenAfterTenMinutesWithoutASign();
    void anotherMachineIsNotConcerned();
    void theOwnIdentityFromAnotherRunStopsEverything();
    void callingOneselfIsNoCopy();
    void itsMemoryIsBounded();

private:
    FakeClock m_clock;
    const MachineId m_self = machine(1);
    const MachineId m_beta = machine(2);
};

void IdentityWatchTest::aRestartIsNoCopy()
{
    IdentityWatch watch(m_clock, m_self, run('s'));
    for (char i = 0; i < 100; ++i) {
        VERIFY_OK(watch.greeted(m_beta, run(i)));
        VERIFY_OK(watch.greeted(m_beta, run(i))); // it called twice
    }
    QVERIFY(!watch.isDoubled(m_beta));
}

void IdentityWatchTest::aRunThatComesBackIsACopy()
{
    IdentityWatch watch(m_clock, m_self, run('s'));
    QSignalSpy doubled(&watch, &IdentityWatch::doubled);
    VERIFY_OK(watch.greeted(m_beta, run('a')));
    VERIFY_OK(watch.greeted(m_beta, run('b')));
    const auto back = watch.greeted(m_beta, run('a'));
    VERIFY_ERROR(back, ErrorCode::NotPaired);
    QVERIFY(back.error().detail.contains("two machines"));
    QVERIFY(back.error().detail.contains("identity.key"));               // says what to do
    VERIFY_ERROR(watch.greeted(m_beta, run('b')), ErrorCode::NotPaired); // both are refused
    VERIFY_ERROR(watch.greeted(m_beta, run('a')), ErrorCode::NotPaired);
    QVERIFY(watch.isDoubled(m_beta));
    QTRY_COMPARE(doubled.size(), 1); // told once
}

void IdentityWatchTest::itIsForgivenAfterTenMinutesWithoutASign()
{
    IdentityWatch watch(m_clock, m_self, run('s'));
    for (const char i : {'a', 'b', 'a'})
        static_cast<void>(watch.greeted(m_beta, run(i)));
    m_clock.advance(9min);
    VERIFY_ERROR(watch.greeted(m_beta, run('a')), ErrorCode::NotPaired); // one alone is no sign
    m_clock.advance(1min);
    VERIFY_OK(watch.greeted(m_beta, run('a')));
    VERIFY_ERROR(watch.greeted(m_beta, run('b')), ErrorCode::NotPaired); // there it is again
    m_clock.advance(9min);
    VERIFY_ERROR(watch.greeted(m_beta, run('a')), ErrorCode::NotPaired);
    m_clock.advance(9min);
    QVERIFY(watch.isDoubled(m_beta));
}

void IdentityWatchTest::anotherMachineIsNotConcerned()
{
    IdentityWatch watch(m_clock, m_self, run('s'));
    for (const char i : {'a', 'b', 'a'})
        static_cast<void>(watch.greeted(m_beta, run(i)));
    VERIFY_OK(watch.greeted(machine(3), run('a')));
    QVERIFY(!watch.isDoubled(m_self));
}

void IdentityWatchTest::theOwnIdentityFromAnotherRunStopsEverything()
{
    IdentityWatch watch(m_clock, m_self, run('s'));
    QSignalSpy doubled(&watch, &IdentityWatch::doubled);
    VERIFY_ERROR(watch.greeted(m_self, run('x')), ErrorCode::NotPaired);
    QVERIFY(watch.isDoubled(m_self));
    QTRY_COMPARE(doubled.size(), 1);
    const auto other = watch.greeted(m_beta, run('a'));
    VERIFY_ERROR(other, ErrorCode::NotPaired);
    QVERIFY(other.error().detail.contains("two machines"));
    m_clock.advance(10min);
    VERIFY_OK(watch.greeted(m_beta, run('a')));
}

void IdentityWatchTest::callingOneselfIsNoCopy()
{
    IdentityWatch watch(m_clock, m_self, run('s'));
    VERIFY_ERROR(watch.greeted(m_self, run('s')), ErrorCode::Refused);
    QVERIFY(!watch.isDoubled(m_self));
}

void IdentityWatchTest::itsMemoryIsBounded()
{
    IdentityWatch watch(m_clock, m_self, run('s'));
    for (quint64 i = 0; i < 1000; ++i)
        VERIFY_OK(watch.greeted(machine(100 + i), run('a')));
    VERIFY_ERROR(watch.greeted(m_self, run('x')), ErrorCode::NotPaired); // still noticed
}

QTEST_GUILESS_MAIN(IdentityWatchTest)
#include "tst_identitywatch.moc"
