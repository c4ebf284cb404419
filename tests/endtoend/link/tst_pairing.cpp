// A ticket pairs two machines, once, in time, and only with the machine that wrote it.
#include "engine/link/listener.h"
#include "engine/link/ticketredemption.h"
#include "engine/store/ticketbook.h"
#include "tests/endtoend/link/machine.h"
#include "tests/support/fakeclock.h"
#include "tests/support/resultcheck.h"
#include "tests/support/seededrandom.h"

#include <QTest>

using namespace octopus;
using namespace octopus::link;
using namespace octopus::testing;
using namespace std::chrono_literals;

class PairingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void bothMachinesKnowEachOtherAfterwards();
    void aTicketWorksOnce();
    void anExpiredTicketIsRefused();
    void aWrongSecretIsRefused();
    void onlyTheInviterIsSentTheSecret();
    void theNextAddressIsTriedWhenOneIsDead();
    void attemptsAreLimited();
    void aMachineThatIsPairedMayRedeemAnotherTicket();
    void anInviterThatNeverAnswersIsGivenUp();

private:
    Ticket invite();
    Result<Peer> redeem(const Ticket &ticket);

    FakeClock m_clock;
    SeededRandom m_random{7};
    Machine m_alpha{"alpha"}; // redeems
    Machine m_beta{"beta"};   // invites
    store::Configuration m_atBeta;
    bool m_answers = true;
    std::unique_ptr<Network> m_network;
    std::unique_ptr<Listener> m_listener;
};

void PairingTest::init()
{
    m_answers = true;
    m_atBeta = {};
    m_alpha.settings.timings = {};
    m_beta.directory = std::make_shared<FakeDirectory>();
    m_clock.advance(1h);
    m_network = std::make_unique<Network>(1);
    m_listener = std::make_unique<Listener>(*m_network, m_clock, m_beta.settings, m_beta.directory);
    connect(m_listener.get(), &Listener::pairingRequested, m_listener.get(),
            [this](const PairAttempt &attempt) {
                if (!m_answers)
                    return;
                const Result<Peer> peer = store::redeemTicket(
                    m_atBeta, attempt.secret, attempt.machine, attempt.name, m_clock.wall());
                m_listener->answerPairing(attempt.number, peer.transform([](const Peer &) {
                    return QStringLiteral("beta");
                }));
            });
    VERIFY_OK(m_listener->start(QHostAddress::LocalHost, 0));
}

void PairingTest::cleanup()
{
    m_listener.reset();
    m_network.reset();
}

Ticket PairingTest::invite()
{
    const WallTime end{m_clock.wall().nanoseconds + std::chrono::nanoseconds(10min).count()};
    const Ticket ticket = *newTicket(m_beta.id(), {QStringLiteral("127.0.0.1")},
                                     m_listener->serverPort(), end, m_random);
    if (!store::issueTicket(m_atBeta, ticket.secret, ticket.expires, "/srv", m_clock.wall()))
        qFatal("the ticket was not issued");
    return *parseTicket(encodeTicket(ticket));
}

Result<Peer> PairingTest::redeem(const Ticket &ticket)
{
    QList<Result<Peer>> outcomes;
    TicketRedemption redemption(m_alpha.settings, ticket);
    connect(&redemption, &TicketRedemption::paired, &redemption,
            [&](const Peer &peer) { outcomes.append(peer); });
    connect(&redemption, &TicketRedemption::failed, &redemption,
            [&](const Error &error) { outcomes.append(std::unexpected(error)); });
    redemption.start();
    if (!QTest::qWaitFor([&] { return !outcomes.isEmpty(); }, 10'000))
        return failure(ErrorCode::Other, "no outcome");
    QTest::qWait(20); // a second outcome would be a mistake
    return outcomes.size() == 1 ? outcomes.first() : failure(ErrorCode::Other, "two outcomes");
}

void PairingTest::bothMachinesKnowEachOtherAfterwards()
{
    const Result<Peer> beta = redeem(invite());
    VERIFY_OK(beta);
    QCOMPARE(beta->id, m_beta.id());
    QCOMPARE(beta->name, QStringLiteral("beta"));
    QCOMPARE(beta->addresses,
             QStringList{QStringLiteral("127.0.0.1:%1").arg(m_listener->serverPort())});
    QVERIFY(beta->grants.isEmpty());
    QCOMPARE(beta->highestProtocol, wire::highestProtocol);
    QCOMPARE(m_atBeta.peers.size(), 1);
    QCOMPARE(m_atBeta.peers[0].id, m_alpha.id());
    QCOMPARE(m_atBeta.peers[0].name, QStringLiteral("alpha"));
    QCOMPARE(m_atBeta.peers[0].grants, QList<QByteArray>{"/srv"});
    QTRY_COMPARE(m_listener->strangers(), 0);
}

void PairingTest::aTicketWorksOnce()
{
    const Ticket ticket = invite();
    VERIFY_OK(redeem(ticket));
    const Result<Peer> again = redeem(ticket);
    VERIFY_ERROR(again, ErrorCode::Refused);
    QVERIFY(again.error().detail.contains("used already"));
}

void PairingTest::anExpiredTicketIsRefused()
{
    const Ticket ticket = invite();
    m_clock.advance(11min);
    const Result<Peer> late = redeem(ticket);
    VERIFY_ERROR(late, ErrorCode::Refused);
    QVERIFY(late.error().detail.contains("expired"));
    QVERIFY(m_atBeta.peers.isEmpty());
}

void PairingTest::aWrongSecretIsRefused()
{
    Ticket ticket = invite();
    ticket.secret[0] = char(ticket.secret[0] ^ 1);
    VERIFY_ERROR(redeem(ticket), ErrorCode::Refused);
    QVERIFY(m_atBeta.peers.isEmpty());
}

void PairingTest::onlyTheInviterIsSentTheSecret()
{
    Ticket ticket = invite();
    ticket.inviter = Machine("gamma").id(); // beta sits at gamma's address
    int asked = 0;
    connect(m_listener.get(), &Listener::pairingRequested, m_listener.get(), [&] { ++asked; });
    VERIFY_ERROR(redeem(ticket), ErrorCode::NotPaired);
    QCOMPARE(asked, 0);
}

void PairingTest::theNextAddressIsTriedWhenOneIsDead()
{
    Ticket ticket = invite();
    ticket.hosts.prepend(QStringLiteral("127.0.0.2")); // nothing listens there
    const Result<Peer> beta = redeem(ticket);
    VERIFY_OK(beta);
    // What worked comes first.
    QCOMPARE(beta->addresses.first(), QStringLiteral("127.0.0.1:%1").arg(m_listener->serverPort()));
    QCOMPARE(beta->addresses.size(), 2);
}

void PairingTest::attemptsAreLimited()
{
    Ticket ticket = invite();
    const QByteArray secret = ticket.secret;
    ticket.secret = QByteArray(20, 'x');
    for (int i = 0; i < 10; ++i)
        VERIFY_ERROR(redeem(ticket), ErrorCode::Refused);
    ticket.secret = secret;
    VERIFY_ERROR(redeem(ticket), ErrorCode::LimitReached);
    m_clock.advance(1min);
    VERIFY_OK(redeem(ticket));
}

void PairingTest::aMachineThatIsPairedMayRedeemAnotherTicket()
{
    m_beta.directory->pair(m_alpha.id());
    QList<std::shared_ptr<Channel>> channels;
    connect(m_listener.get(), &Listener::arrived, m_listener.get(), [&](const Incoming &incoming) {
        channels.append(std::make_shared<Channel>(incoming));
    });
    VERIFY_OK(redeem(invite()));
    QCOMPARE(m_atBeta.peers[0].grants, QList<QByteArray>{"/srv"});
}

void PairingTest::anInviterThatNeverAnswersIsGivenUp()
{
    m_answers = false;
    m_alpha.settings.timings.pairing = 200ms;
    VERIFY_ERROR(redeem(invite()), ErrorCode::TimedOut);
}

QTEST_GUILESS_MAIN(PairingTest)
#include "tst_pairing.moc"
