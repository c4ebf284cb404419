// A machine is reached at whichever of its addresses answers first, and only if it is the right one.
#include "tests/endtoend/link/house.h"

#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

using namespace octopus;
using namespace octopus::link;
using namespace octopus::testing;
using namespace std::chrono_literals;

class TestCall : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstThatAnswersWins();
    void aSilentAddressCostsOneStep();
    void aClosedPortCostsNothing();
    void anotherMachineNeverWins();
    void whenNobodyAnswersItSaysHowFarItGot();
    void namesAreLookedUp();
    void aNameThatNobodyHasIsToldAsSuch();
    void withoutAnAddressItFails();
    void theOtherFamilyIsLeftOut();
    void losersAreHungUp();

private:
    [[nodiscard]] Destination beta() const
    {
        Destination destination;
        destination.expected = m_beta.id();
        return destination;
    }
    Machine m_alpha{"alpha"};
    Machine m_beta{"beta"};
    Machine m_gamma{"gamma"};
};

void TestCall::theFirstThatAnswersWins()
{
    House one(m_beta, m_alpha.id());
    QVERIFY(one.isOpen());
    Call call(m_alpha.settings, beta(), {one.endpoint()});
    const Outcome outcome(call);
    call.start();
    QTRY_VERIFY(outcome.isOver());
    QCOMPARE(outcome.winner, one.endpoint());
}

void TestCall::aSilentAddressCostsOneStep()
{
    // Takes connections at the kernel's door and says nothing, like a dead path behind a proxy; TCP
    // that is established has a second's patience.
    Door silent;
    House one(m_beta, m_alpha.id());
    m_alpha.settings.timings.authenticate = 60s; // it is not given up for that
    Call call(m_alpha.settings, beta(), {silent.endpoint(), one.endpoint()});
    const Outcome outcome(call);
    call.start();
    QTRY_VERIFY_WITH_TIMEOUT(outcome.isOver(), 20'000);
    QCOMPARE(outcome.winner, one.endpoint());
    m_alpha.settings.timings = {};
}

void TestCall::aClosedPortCostsNothing()
{
    Endpoint closed;
    {
        const Door gone;
        closed = gone.endpoint();
    }
    House one(m_beta, m_alpha.id());
    Call call(m_alpha.settings, beta(), {closed, one.endpoint()});
    const Outcome outcome(call);
    call.start();
    QTRY_VERIFY(outcome.isOver());
    QCOMPARE(outcome.winner, one.endpoint());
}

void TestCall::anotherMachineNeverWins()
{
    House impostor(m_gamma, m_alpha.id());
    House one(m_beta, m_alpha.id());
    {
        Call call(m_alpha.settings, beta(), {impostor.endpoint(), one.endpoint()});
        const Outcome outcome(call);
        call.start();
        QTRY_VERIFY(outcome.isOver());
        QCOMPARE(outcome.winner, one.endpoint());
    }
    Endpoint closed;
    {
        const Door gone;
        closed = gone.endpoint();
    }
    Call call(m_alpha.settings, beta(), {impostor.endpoint(), closed});
    const Outcome outcome(call);
    call.start();
    QTRY_VERIFY(outcome.isOver());
    QVERIFY(!outcome.winner);
    QCOMPARE(outcome.failure->error.code, ErrorCode::NotPaired);
    QCOMPARE(outcome.failure->presented, m_gamma.id());
}

void TestCall::whenNobodyAnswersItSaysHowFarItGot()
{
    Endpoint closed;
    {
        const Door gone;
        closed = gone.endpoint();
    }
    Call call(m_alpha.settings, beta(), {closed});
    const Outcome outcome(call);
    call.start();
    QTRY_VERIFY(outcome.isOver());
    QCOMPARE(outcome.failure->reached, SessionState::Connecting);
    QCOMPARE(outcome.failure->error.code, ErrorCode::Unreachable);
    QCOMPARE(outcome.failure->error.systemError, ECONNREFUSED);
    QCOMPARE(outcome.failure->endpoint, closed);
}

void TestCall::namesAreLookedUp()
{
    House one(m_beta, m_alpha.id());
    Call call(m_alpha.settings, beta(), {{QStringLiteral("localhost"), one.serverPort()}});
    const Outcome outcome(call);
    call.start();
    QTRY_VERIFY(outcome.isOver());
    QCOMPARE(outcome.winner, one.endpoint());
}

void TestCall::aNameThatNobodyHasIsToldAsSuch()
{
    Call call(m_alpha.settings, beta(), {{QStringLiteral("nobody.invalid"), 1}});
    const Outcome outcome(call);
    call.start();
    QTRY_VERIFY_WITH_TIMEOUT(outcome.isOver(), 8000);
    QCOMPARE(outcome.failure->reached, SessionState::Idle);
    QVERIFY(outcome.failure->error.code == ErrorCode::NotFound
            || outcome.failure->error.code == ErrorCode::TimedOut);
}

void TestCall::withoutAnAddressItFails()
{
    Call call(m_alpha.settings, beta(), {});
    const Outcome outcome(call);
    call.start();
    QVERIFY(!outcome.isOver()); // never from within start()
    QTRY_VERIFY(outcome.isOver());
    QCOMPARE(outcome.failure->error.code, ErrorCode::Unreachable);
}

void TestCall::theOtherFamilyIsLeftOut()
{
    House one(m_beta, m_alpha.id());
    Call call(m_alpha.settings, beta(), {one.endpoint()},
              *Transports::parse(QStringLiteral("ipv6")));
    const Outcome outcome(call);
    call.start();
    QTRY_VERIFY(outcome.isOver());
    QVERIFY(!outcome.winner);
    QVERIFY(one.sessions.isEmpty());
}

void TestCall::losersAreHungUp()
{
    Door silent;
    House one(m_beta, m_alpha.id());
    QTcpSocket there;
    Call call(m_alpha.settings, beta(), {silent.endpoint(), one.endpoint()});
    const Outcome outcome(call);
    call.start();
    QTRY_VERIFY(outcome.isOver());
    QCOMPARE(silent.descriptors.size(), 1);
    QVERIFY(there.setSocketDescriptor(silent.descriptors.first()));
    QTRY_COMPARE(there.state(), QAbstractSocket::UnconnectedState);
}

QTEST_GUILESS_MAIN(TestCall)
#include "tst_call.moc"
