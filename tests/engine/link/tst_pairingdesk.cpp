// The pairings of one machine: one at a time, few in ten minutes, a minute each, and what is left of
// them.
#include "tests/engine/link/pairingbench.h"
#include "tests/support/resultcheck.h"

#include <QTest>

using namespace octopus;
using namespace octopus::testing;
using namespace std::chrono_literals;

class PairingDeskTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void bothUsersConfirmAndBothMachinesKnowEachOther();
    void theCalledOneIsKnownByItsPortTheCallerByWhatWasTyped();
    void nothingIsShownBeforeThereAreDigits();
    void thereIsOneAtATime();
    void threeFromOutsideInTenMinutes();
    void threeFromHereInTenMinutes();
    void strangersCannotUseUpWhatTheUserMayTry();
    void whatIsBrokenOffOutsideKeepsItsPlace();
    void theUserNeedNotWaitForWhatWasBrokenOff();
    void itEndsAfterAMinute();
    void declinedIsOver();
    void wrongDigitsEndIt();
    void aPairingThatCannotBeSavedHasFailed();
    void endedOnesAreRememberedForAMinute();

private:
    Result<void> knock(quint64 number);
    void showDigits();

    const PairCode m_code;
    const MachineId m_alpha = machine(1);
    const MachineId m_beta = machine(2);
    FakeClock m_clock;
    SeededRandom m_random{1};
    std::optional<PairingDesk> m_atAlpha; // begins
    std::optional<PairingDesk> m_atBeta;
};

void PairingDeskTest::init()
{
    m_clock.advance(1h);
    m_atAlpha.emplace(m_clock, m_random, m_code);
    m_atBeta.emplace(m_clock, m_random, m_code);
}

// Somebody begins at beta, as far as its nonce.
Result<void> PairingDeskTest::knock(quint64 number)
{
    const MachineId other = machine(number);
    const PairContext context = between(other, m_beta);
    const auto begun = m_atBeta->begin(Role::Responder, context, partner(other), 17290);
    if (!begun)
        return passOn(begun);
    const QByteArray commitment = PairCode::commitment(context, QByteArray(32, 'n'));
    OCTOPUS_TRY(m_atBeta->take(wire::PairCommit{commitment, 17290}));
    return {};
}

void PairingDeskTest::showDigits()
{
    const PairContext context = between(m_alpha, m_beta);
    const auto opening = m_atAlpha->begin(Role::Initiator, context, partner(m_beta), 1001);
    VERIFY_OK(opening);
    VERIFY_OK(m_atBeta->begin(Role::Responder, context, partner(m_alpha), 1002));
    const auto nonce = m_atBeta->take(**opening);
    VERIFY_OK(nonce);
    const auto reveal = m_atAlpha->take(**nonce);
    VERIFY_OK(reveal);
    VERIFY_OK(m_atBeta->take(**reveal));
}

void PairingDeskTest::bothUsersConfirmAndBothMachinesKnowEachOther()
{
    showDigits();
    const PairingStatus shown = m_atAlpha->status().value(0);
    QCOMPARE(shown.digits, m_atBeta->status().value(0).digits);
    QCOMPARE(shown.state, PairingState::Comparing);
    QVERIFY(shown.askedHere && !m_atBeta->status().first().askedHere);
    QCOMPARE(shown.left, Milliseconds(60'000));
    const auto fromAlpha = m_atAlpha->confirm(shown.digits, {});
    VERIFY_OK(fromAlpha);
    QVERIFY(!m_atAlpha->trusted());
    QCOMPARE(m_atAlpha->status().first().state, PairingState::Waiting);
    VERIFY_OK(m_atBeta->take(**fromAlpha));
    QVERIFY(m_atBeta->status().first().confirmedThere);
    QVERIFY(!m_atBeta->trusted());
    const auto fromBeta = m_atBeta->confirm(shown.digits, "/srv/mirrors");
    VERIFY_OK(fromBeta);
    QVERIFY(m_atBeta->trusted());
    QCOMPARE(m_atBeta->trusted()->id, m_alpha);
    QCOMPARE(m_atBeta->trusted()->grants, QList<QByteArray>{"/srv/mirrors"});
    QCOMPARE(m_atBeta->trusted()->highestProtocol, 1U);
    VERIFY_OK(m_atAlpha->take(**fromBeta));
    QVERIFY(m_atAlpha->trusted());
    QVERIFY(m_atAlpha->trusted()->grants.isEmpty());
    m_atAlpha->settle({});
    QVERIFY(!m_atAlpha->isOpen());
    QCOMPARE(m_atAlpha->status().first().state, PairingState::Paired);
}

void PairingDeskTest::theCalledOneIsKnownByItsPortTheCallerByWhatWasTyped()
{
    showDigits();
    QCOMPARE(m_atAlpha->status().first().address, QStringLiteral("192.0.2.9:17290")); // as called
    QCOMPARE(m_atBeta->status().first().address, QStringLiteral("192.0.2.9:1001"));
}

void PairingDeskTest::nothingIsShownBeforeThereAreDigits()
{
    VERIFY_OK(knock(7));
    QVERIFY(m_atBeta->isOpen());
    QVERIFY(m_atBeta->status().isEmpty());
    VERIFY_ERROR(m_atBeta->confirm(QStringLiteral("000000"), {}), ErrorCode::Invalid);
    QVERIFY(m_atBeta->isOpen());
}

void PairingDeskTest::thereIsOneAtATime()
{
    showDigits();
    VERIFY_ERROR(knock(7), ErrorCode::Busy);
    VERIFY_ERROR(m_atBeta->begin(Role::Initiator, between(m_beta, m_alpha), partner(m_alpha), 1),
                 ErrorCode::Busy);
    QCOMPARE(m_atBeta->status().size(), 1);
    const QString digits = m_atBeta->status().first().digits;
    VERIFY_OK(m_atBeta->confirm(digits, {})); // it was not disturbed
}

void PairingDeskTest::threeFromOutsideInTenMinutes()
{
    for (quint64 i = 0; i < 3; ++i) {
        VERIFY_OK(knock(i));
        m_clock.advance(61s);
        QVERIFY(m_atBeta->expire());
    }
    const auto fourth = knock(9);
    VERIFY_ERROR(fourth, ErrorCode::LimitReached);
    QVERIFY(fourth.error().detail.contains("417 seconds"));
    m_clock.advance(417s - 1ms);
    VERIFY_ERROR(knock(9), ErrorCode::LimitReached);
    m_clock.advance(1ms);
    VERIFY_OK(knock(9));
}

void PairingDeskTest::threeFromHereInTenMinutes()
{
    const auto call = [this] {
        return m_atAlpha->begin(Role::Initiator, between(m_alpha, m_beta), partner(m_beta), 1);
    };
    for (int i = 0; i < 3; ++i) {
        VERIFY_OK(call());
        VERIFY_OK(m_atAlpha->decline());
    }
    VERIFY_ERROR(call(), ErrorCode::LimitReached);
    m_clock.advance(10min);
    VERIFY_OK(call());
}

void PairingDeskTest::strangersCannotUseUpWhatTheUserMayTry()
{
    for (quint64 i = 0; i < 1000; ++i) {
        static_cast<void>(knock(i));
        m_clock.advance(500ms);
        static_cast<void>(m_atBeta->expire());
    }
    VERIFY_ERROR(knock(1), ErrorCode::LimitReached);
    VERIFY_OK(m_atBeta->begin(Role::Initiator, between(m_beta, m_alpha), partner(m_alpha), 1));
}

void PairingDeskTest::whatIsBrokenOffOutsideKeepsItsPlace()
{
    VERIFY_OK(knock(7));
    m_clock.advance(20s);
    m_atBeta->lost({ErrorCode::Disconnected, "gone", 0});
    QVERIFY(!m_atBeta->isOpen());
    VERIFY_ERROR(knock(8), ErrorCode::Busy);
    m_clock.advance(40s - 1ms);
    VERIFY_ERROR(knock(8), ErrorCode::Busy);
    m_clock.advance(1ms);
    VERIFY_OK(knock(8));
    // The same for a refusal, and for what breaks the protocol.
    VERIFY_ERROR(m_atBeta->take(wire::Refusal{}), ErrorCode::Refused);
    VERIFY_ERROR(knock(9), ErrorCode::Busy);
    m_clock.advance(60s);
    VERIFY_OK(knock(9));
    VERIFY_ERROR(m_atBeta->take(wire::PairConfirm{}), ErrorCode::Corrupt);
    VERIFY_ERROR(knock(9), ErrorCode::Busy);
}

void PairingDeskTest::theUserNeedNotWaitForWhatWasBrokenOff()
{
    VERIFY_OK(knock(7));
    m_atBeta->lost({ErrorCode::Disconnected, "gone", 0});
    VERIFY_OK(m_atBeta->begin(Role::Initiator, between(m_beta, m_alpha), partner(m_alpha), 1));
    VERIFY_OK(m_atBeta->decline());
    VERIFY_ERROR(knock(8), ErrorCode::Busy); // the others still do
}

void PairingDeskTest::itEndsAfterAMinute()
{
    showDigits();
    VERIFY_OK(m_atBeta->confirm(m_atBeta->status().first().digits, {}));
    m_clock.advance(60s - 1ms);
    QVERIFY(!m_atBeta->expire());
    QCOMPARE(m_atBeta->untilExpiry(), Nanoseconds(1ms));
    m_clock.advance(1ms);
    QVERIFY(m_atBeta->expire());
    QVERIFY(!m_atBeta->expire());
    VERIFY_ERROR(m_atBeta->take(wire::PairConfirm{}), ErrorCode::Refused);
    QVERIFY(!m_atBeta->trusted());
    QCOMPARE(m_atBeta->status().first().state, PairingState::Failed);
    QCOMPARE(m_atBeta->status().first().code, ErrorCode::TimedOut);
}

void PairingDeskTest::declinedIsOver()
{
    VERIFY_ERROR(m_atBeta->decline(), ErrorCode::NotFound);
    showDigits();
    const QString digits = m_atBeta->status().first().digits;
    VERIFY_OK(m_atBeta->decline());
    VERIFY_ERROR(m_atBeta->confirm(digits, {}), ErrorCode::NotFound);
    VERIFY_ERROR(m_atBeta->take(wire::PairConfirm{}), ErrorCode::Refused);
    QVERIFY(m_atBeta->status().first().digits.isEmpty());
    QCOMPARE(m_atBeta->status().first().code, ErrorCode::Refused);
    VERIFY_OK(knock(8)); // the user has dealt with it
}

void PairingDeskTest::wrongDigitsEndIt()
{
    showDigits();
    VERIFY_ERROR(m_atBeta->confirm(QStringLiteral("12345"), {}), ErrorCode::Refused);
    QVERIFY(!m_atBeta->isOpen());
    QCOMPARE(m_atBeta->status().first().state, PairingState::Failed);
}

void PairingDeskTest::aPairingThatCannotBeSavedHasFailed()
{
    showDigits();
    VERIFY_OK(m_atBeta->take(wire::PairConfirm{}));
    VERIFY_OK(m_atBeta->confirm(m_atBeta->status().first().digits, {}));
    QVERIFY(m_atBeta->trusted());
    m_atBeta->settle(failure(ErrorCode::NoSpace, "the disk is full"));
    QVERIFY(!m_atBeta->trusted());
    QCOMPARE(m_atBeta->status().first().state, PairingState::Failed);
    QVERIFY(m_atBeta->status().first().detail.contains("disk is full"));
    QCOMPARE(m_atBeta->status().first().code, ErrorCode::NoSpace);
}

void PairingDeskTest::endedOnesAreRememberedForAMinute()
{
    showDigits();
    m_atBeta->lost({ErrorCode::Disconnected, "gone", 0});
    QCOMPARE(m_atBeta->status().size(), 1);
    QCOMPARE(m_atBeta->status().first().detail, QByteArray("gone"));
    QCOMPARE(m_atBeta->status().first().code, ErrorCode::Disconnected);
    m_clock.advance(59s);
    QCOMPARE(m_atBeta->status().size(), 1);
    m_clock.advance(1s);
    QVERIFY(m_atBeta->status().isEmpty());
}

QTEST_APPLESS_MAIN(PairingDeskTest)
#include "tst_pairingdesk.moc"
