// Connections over which digits are compared, downgrades, and machines that have one identity.
#include "engine/link/identitywatch.h"
#include "tests/endtoend/link/sessionfixture.h"
#include "tests/support/fakeclock.h"

#include <QSignalSpy>

using namespace octopus;
using namespace octopus::testing;
using namespace std::chrono_literals;

class TrustTest : public SessionFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { prepare(); }

    void strangersCompareDigits();
    void aPairedMachineComparesAsAStranger();
    void comparingIsAllThatItMayDo_data();
    void comparingIsAllThatItMayDo();
    void digitsHaveNoPlaceElsewhere_data();
    void digitsHaveNoPlaceElsewhere();
    void aComparisonThatIsNotWelcomeEndsInTime();
    void aComparisonCannotSendMuch();

    void aCallerIsNotMovedBackToAnOlderProtocol();
    void aListenerIsNotMovedBackToAnOlderProtocol();
    void anOlderProgramHereIsNoDowngrade();

    void aCopyOfThisMachineIsNoticedOnBothSides();
    void callingOneselfIsRefusedAndNoCopy();
    void aPeerThatIsTwoMachinesIsRefused();

private:
    void compare();
    QSslConfiguration forComparing(const Machine &machine) const;

    FakeClock m_clock;
};

void TrustTest::compare()
{
    m_toBeta.expected = {};
    m_toBeta.purpose = Destination::Purpose::Comparing;
    connectBoth();
    QTRY_COMPARE(m_atCaller->readies, 1);
    QTRY_COMPARE(m_answerer->state(), SessionState::Stranger);
}

QSslConfiguration TrustTest::forComparing(const Machine &machine) const
{
    QSslConfiguration configuration = configurationOf(machine);
    configuration.setAllowedNextProtocols({pairingProtocol});
    return configuration;
}

void TrustTest::strangersCompareDigits()
{
    m_beta.directory->unpair(m_alpha.id());
    compare();
    QList<wire::Message> said;
    QString name;
    connect(m_answerer.get(), &Session::compared, this,
            [&](const MachineId &peer, const wire::Hello &hello, quint32 protocol,
                const wire::Message &message) {
                QCOMPARE(peer, m_alpha.id());
                QCOMPARE(protocol, wire::highestProtocol);
                name = hello.name;
                said.append(message);
            });
    const wire::PairCommit commit{QByteArray(32, 'c'), 1};
    QVERIFY(m_caller->send(wire::encode(commit)));
    QTRY_COMPARE(said.size(), 1);
    QVERIFY(std::get<wire::PairCommit>(said.first()) == commit);
    QCOMPARE(name, QStringLiteral("alpha"));
    QVERIFY(m_answerer->send(wire::encode(wire::PairNonce{QByteArray(32, 'n'), 2})));
    QTRY_COMPARE(m_atCaller->messages.size(), 1);
    QVERIFY(std::holds_alternative<wire::PairNonce>(m_atCaller->messages.first()));
    QCOMPARE(m_atAnswerer->readies, 0);
}

void TrustTest::aPairedMachineComparesAsAStranger()
{
    compare(); // alpha is paired with beta
    QCOMPARE(m_atAnswerer->readies, 0);
    m_caller->send(wire::encode(openMirror()));
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QVERIFY(m_atAnswerer->messages.isEmpty());
}

void TrustTest::comparingIsAllThatItMayDo_data()
{
    QTest::addColumn<QByteArray>("frame");
    QTest::newRow("OpenMirror") << wire::encode(openMirror());
    QTest::newRow("PairRequest") << wire::encode(
        wire::PairRequest{QByteArray(20, 's'), QStringLiteral("alpha")});
    QTest::newRow("Heartbeat") << wire::encode(wire::Heartbeat{});
    QTest::newRow("Hello") << wire::encode(m_alpha.settings.hello);
    QTest::newRow("ListTree") << wire::encode(wire::ListTree{});
    QTest::newRow("StageChunk") << wire::encode(chunk(1, 10));
    QTest::newRow("CloseMirror") << wire::encode(wire::CloseMirror{true});
}

void TrustTest::comparingIsAllThatItMayDo()
{
    QFETCH(QByteArray, frame);
    m_beta.settings.timings.authenticate = 60s; // it is not the deadline that ends it
    const auto raw = rawClient(forComparing(m_alpha));
    QSignalSpy compared(m_answerer.get(), &Session::compared);
    greetRaw(*raw);
    QTRY_COMPARE(m_answerer->state(), SessionState::Stranger);
    raw->write(frame);
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QVERIFY(m_atAnswerer->messages.isEmpty());
    QVERIFY(m_atAnswerer->secrets.isEmpty());
    QCOMPARE(compared.size(), 0);
}

void TrustTest::digitsHaveNoPlaceElsewhere_data()
{
    QTest::addColumn<bool>("paired");
    QTest::addColumn<QByteArray>("frame");
    const QList<std::pair<const char *, QByteArray>> frames{
        {"PairCommit", wire::encode(wire::PairCommit{QByteArray(32, 'c'), 1})},
        {"PairNonce", wire::encode(wire::PairNonce{QByteArray(32, 'n'), 1})},
        {"PairReveal", wire::encode(wire::PairReveal{QByteArray(32, 'r')})},
        {"PairConfirm", wire::encode(wire::PairConfirm{})}};
    for (const auto &[name, frame] : frames) {
        QTest::addRow("%s of a stranger", name) << false << frame;
        QTest::addRow("%s of a paired machine", name) << true << frame;
    }
}

void TrustTest::digitsHaveNoPlaceElsewhere()
{
    QFETCH(bool, paired);
    QFETCH(QByteArray, frame);
    m_beta.settings.timings.authenticate = 60s; // it is not the deadline that ends it
    if (!paired)
        m_beta.directory->unpair(m_alpha.id());
    const auto raw = rawClient(configurationOf(m_alpha));
    QSignalSpy compared(m_answerer.get(), &Session::compared);
    greetRaw(*raw);
    raw->write(frame);
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(compared.size(), 0);
    QVERIFY(m_atAnswerer->messages.isEmpty());
}

void TrustTest::aComparisonThatIsNotWelcomeEndsInTime()
{
    m_beta.settings.timings.authenticate = 2'000ms;
    const auto raw = rawClient(forComparing(m_alpha));
    greetRaw(*raw);
    QTRY_COMPARE(m_answerer->state(), SessionState::Stranger);
    raw->write(wire::encode(wire::PairCommit{QByteArray(32, 'c'), 1}));
    QTRY_VERIFY_WITH_TIMEOUT(m_atAnswerer->isClosed(), 20'000);
    QCOMPARE(m_atAnswerer->errors.first().code, ErrorCode::TimedOut);
    // One that is, lasts.
    const auto other = rawClient(forComparing(m_alpha));
    greetRaw(*other);
    QTRY_COMPARE(m_answerer->state(), SessionState::Stranger);
    m_answerer->extend(10s);
    QTest::qWait(2'500);
    QVERIFY(!m_atAnswerer->isClosed());
}

void TrustTest::aComparisonCannotSendMuch()
{
    m_beta.settings.timings.authenticate = 60s;
    const auto raw = rawClient(forComparing(m_alpha));
    greetRaw(*raw);
    QTRY_COMPARE(m_answerer->state(), SessionState::Stranger);
    m_answerer->extend(10s);
    raw->write(wire::encode(wire::PairReveal{QByteArray(32, 'r')}).repeated(1000));
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_atAnswerer->errors.first().code, ErrorCode::TooLong);
    QVERIFY(m_answerer->receivedBytes() <= quint64(wire::unauthenticatedCap));
}

void TrustTest::aCallerIsNotMovedBackToAnOlderProtocol()
{
    m_alpha.settings.hello.highest = 3;
    m_beta.settings.hello.highest = 2;
    m_toBeta.highestProtocol = 3;
    connectBoth();
    QTRY_VERIFY(m_atCaller->isClosed());
    QCOMPARE(m_atCaller->errors.first().code, ErrorCode::Refused);
    QVERIFY(m_atCaller->errors.first().detail.contains("but spoke 3 before"));
    QCOMPARE(m_atCaller->readies, 0);
    m_alpha.settings.hello.highest = m_beta.settings.hello.highest = wire::highestProtocol;
}

void TrustTest::aListenerIsNotMovedBackToAnOlderProtocol()
{
    m_alpha.settings.hello.highest = 2;
    m_beta.settings.hello.highest = 3;
    m_beta.directory->setHighestProtocol(3);
    connectBoth();
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_atAnswerer->errors.first().code, ErrorCode::Refused);
    QVERIFY(m_atAnswerer->errors.first().detail.contains("but spoke 3 before"));
    QCOMPARE(m_atAnswerer->readies, 0);
    m_alpha.settings.hello.highest = m_beta.settings.hello.highest = wire::highestProtocol;
}

void TrustTest::anOlderProgramHereIsNoDowngrade()
{
    m_beta.directory->setHighestProtocol(7);
    m_toBeta.highestProtocol = 7;
    connectBoth();
    QTRY_COMPARE(m_atCaller->readies, 1);
    QTRY_COMPARE(m_atAnswerer->readies, 1);
}

void TrustTest::aCopyOfThisMachineIsNoticedOnBothSides()
{
    Machine copy = m_beta;
    copy.settings.hello.instance = QByteArray(16, '\x43');
    const auto watch = [this](Machine &machine) {
        machine.settings.watch =
            std::make_shared<IdentityWatch>(m_clock, machine.id(), machine.settings.hello.instance);
        return machine.settings.watch;
    };
    const auto atBeta = watch(m_beta);
    const auto atCopy = watch(copy);
    m_caller = std::make_unique<Session>(copy.settings);
    m_atCaller = std::make_unique<Record>(*m_caller);
    answer(m_beta, [this] { m_caller->connectTo(m_toBeta); });
    QTRY_VERIFY(m_atCaller->isClosed());
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QVERIFY(m_atCaller->errors.first().detail.contains("two machines"));
    QVERIFY(atBeta->isDoubled(m_beta.id()));
    QVERIFY(atCopy->isDoubled(m_beta.id()));
    // From now on neither talks to anybody.
    connectBoth();
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_atAnswerer->errors.first().code, ErrorCode::NotPaired);
    QCOMPARE(m_atAnswerer->readies, 0);
    m_beta.settings.watch.reset();
}

void TrustTest::callingOneselfIsRefusedAndNoCopy()
{
    const auto watch =
        std::make_shared<IdentityWatch>(m_clock, m_beta.id(), m_beta.settings.hello.instance);
    m_beta.settings.watch = watch;
    m_caller = std::make_unique<Session>(m_beta.settings);
    m_atCaller = std::make_unique<Record>(*m_caller);
    answer(m_beta, [this] { m_caller->connectTo(m_toBeta); });
    QTRY_VERIFY(m_atCaller->isClosed());
    QCOMPARE(m_atCaller->errors.first().code, ErrorCode::Refused);
    QVERIFY(m_atCaller->errors.first().detail.contains("this machine itself"));
    QVERIFY(!watch->isDoubled(m_beta.id()));
    m_beta.settings.watch.reset();
}

void TrustTest::aPeerThatIsTwoMachinesIsRefused()
{
    m_beta.settings.watch =
        std::make_shared<IdentityWatch>(m_clock, m_beta.id(), m_beta.settings.hello.instance);
    const QByteArray instance = m_alpha.settings.hello.instance;
    const QByteArray other(16, '\x44');
    for (const QByteArray &run : {instance, other}) {
        m_alpha.settings.hello.instance = run;
        connectBoth();
        QTRY_COMPARE(m_atAnswerer->readies, 1);
    }
    m_alpha.settings.hello.instance = instance; // comes back: it was not restarted
    connectBoth();
    QTRY_VERIFY(m_atCaller->isClosed());
    QCOMPARE(m_atAnswerer->readies, 0);
    QVERIFY(m_atAnswerer->errors.first().detail.contains("two machines"));
    QVERIFY(m_beta.settings.watch->isDoubled(m_alpha.id()));
    m_beta.settings.watch.reset();
}

QTEST_GUILESS_MAIN(TrustTest)
#include "tst_trust.moc"
