// When a better transport is looked for while the mirror runs over another one.
#include "engine/link/failback.h"
#include "tests/support/seededrandom.h"

#include <QTest>

using namespace octopus;
using namespace octopus::link;
using namespace octopus::testing;
using namespace std::chrono_literals;

class FailbackTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void overTheFirstChoiceThereIsNothingToDo();
    void overAnotherItLooksEveryMinute();
    void aChangeOfTheNetworkIsAReasonToLookAtOnce();
    void afterAChangeItLooksSoonAndThenLessOften();
    void aChangeDuringAnAttemptIsNotForgotten();
    void withoutAConnectionThereIsNothingToDo();
    void waitsDifferBetweenMachines();

private:
    // The wait until the next look, from `now`.
    static Milliseconds wait(const Failback &failback, MonotonicTime now)
    {
        return std::chrono::duration_cast<Milliseconds>(*failback.due() - now);
    }
    static bool isAbout(Milliseconds wait, Milliseconds full)
    {
        return wait >= full * 3 / 4 && wait <= full * 5 / 4;
    }
    SeededRandom m_random{1};
    const MonotonicTime m_now{100s};
};

void FailbackTest::overTheFirstChoiceThereIsNothingToDo()
{
    Failback failback(m_random);
    QVERIFY(!failback.due());
    failback.connected(0, m_now);
    failback.networkChanged(m_now);
    QVERIFY(!failback.due());
}

void FailbackTest::overAnotherItLooksEveryMinute()
{
    Failback failback(m_random);
    failback.connected(2, m_now);
    QCOMPARE(failback.transport(), 2);
    for (int i = 0; i < 50; ++i) {
        QVERIFY(isAbout(wait(failback, m_now), 60s));
        failback.begun();
        failback.failed(m_now);
    }
}

void FailbackTest::aChangeOfTheNetworkIsAReasonToLookAtOnce()
{
    Failback failback(m_random);
    failback.connected(1, m_now);
    failback.networkChanged(m_now + 3s);
    QCOMPARE(*failback.due(), m_now + 3s);
}

void FailbackTest::afterAChangeItLooksSoonAndThenLessOften()
{
    Failback failback(m_random);
    failback.connected(1, m_now);
    failback.networkChanged(m_now);
    for (const Milliseconds full : {2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        failback.begun();
        failback.failed(m_now);
        QVERIFY2(isAbout(wait(failback, m_now), full),
                 QByteArray::number(qint64(wait(failback, m_now).count())).constData());
    }
}

void FailbackTest::aChangeDuringAnAttemptIsNotForgotten()
{
    Failback failback(m_random);
    failback.connected(1, m_now);
    failback.begun();
    failback.networkChanged(m_now + 1s);
    failback.failed(m_now + 2s);
    QCOMPARE(*failback.due(), m_now + 1s); // overdue
    failback.begun();
    failback.failed(m_now + 3s);
    QVERIFY(isAbout(wait(failback, m_now + 3s), 2s));
}

void FailbackTest::withoutAConnectionThereIsNothingToDo()
{
    Failback failback(m_random);
    failback.connected(1, m_now);
    failback.disconnected();
    failback.networkChanged(m_now);
    failback.failed(m_now);
    QVERIFY(!failback.due());
}

void FailbackTest::waitsDifferBetweenMachines()
{
    SeededRandom other{2};
    Failback one(m_random);
    Failback two(other);
    one.connected(1, m_now);
    two.connected(1, m_now);
    QVERIFY(*one.due() != *two.due());
}

QTEST_GUILESS_MAIN(FailbackTest)
#include "tst_failback.moc"
