// A ticket lets one machine in, once, in time.
#include "engine/store/ticketbook.h"
#include "tests/support/fakeclock.h"
#include "tests/support/resultcheck.h"

#include <QTest>

using namespace octopus;
using namespace octopus::store;
using octopus::testing::FakeClock;

namespace {

const QByteArray secret = "01234567890123456789";
const QString name = QStringLiteral("beta");

MachineId machine(int number)
{
    QByteArray bytes(32, '\0');
    bytes[0] = char(number);
    return *MachineId::fromBytes(bytes);
}

WallTime later(WallTime time, std::chrono::nanoseconds by)
{
    return {time.nanoseconds + by.count()};
}

} // namespace

class TicketBookTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theRedeemerBecomesAPeerWithTheGrant();
    void aTicketIsUsedUp();
    void anExpiredTicketIsRefused();
    void aWrongSecretIsRefusedAndTheTicketStays_data();
    void aWrongSecretIsRefusedAndTheTicketStays();
    void theSecretItselfIsNotKept();
    void aPeerThatRedeemsAgainKeepsWhatItHas();
    void withoutAGrantNothingIsGranted();
    void expiredTicketsMakeRoom();
    void peersAreBounded();
    void aRefusedRedemptionChangesNothing();
    void theHighestProtocolNeverGoesDown();
    void openTicketsAreListedUntilTheyExpire();
    void aRevokedTicketIsWorthless();
    void onlyOneTicketIsRevoked();

private:
    FakeClock m_clock;
    const WallTime m_now = m_clock.wall();
    const WallTime m_end = later(m_now, std::chrono::minutes(10));
};

void TicketBookTest::theRedeemerBecomesAPeerWithTheGrant()
{
    Configuration configuration;
    VERIFY_OK(issueTicket(configuration, secret, m_end, "/srv/mirrors", m_now));
    const Result<Peer> peer = redeemTicket(configuration, secret, machine(1), name, m_now);
    VERIFY_OK(peer);
    QCOMPARE(peer->id, machine(1));
    QCOMPARE(peer->name, name);
    QCOMPARE(peer->grants, QList<QByteArray>{"/srv/mirrors"});
    QCOMPARE(configuration.peers, QList<Peer>{*peer});
    VERIFY_OK(check(configuration));
}

void TicketBookTest::aTicketIsUsedUp()
{
    Configuration configuration;
    VERIFY_OK(issueTicket(configuration, secret, m_end, {}, m_now));
    VERIFY_OK(redeemTicket(configuration, secret, machine(1), name, m_now));
    QVERIFY(configuration.tickets.isEmpty());
    VERIFY_ERROR(redeemTicket(configuration, secret, machine(2), name, m_now), ErrorCode::Refused);
    QCOMPARE(configuration.peers.size(), 1);
}

void TicketBookTest::anExpiredTicketIsRefused()
{
    Configuration configuration;
    VERIFY_OK(issueTicket(configuration, secret, m_end, {}, m_now));
    VERIFY_ERROR(redeemTicket(configuration, secret, machine(1), name, m_end), ErrorCode::Refused);
    QVERIFY(configuration.peers.isEmpty());
    VERIFY_OK(redeemTicket(configuration, secret, machine(1), name,
                           later(m_end, -std::chrono::milliseconds(1))));
}

void TicketBookTest::aWrongSecretIsRefusedAndTheTicketStays_data()
{
    QTest::addColumn<QByteArray>("wrong");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("shorter") << secret.chopped(1);
    QTest::newRow("longer") << secret + 'x';
    QTest::newRow("the last bit") << secret.chopped(1) + char(secret.back() ^ 1);
    QTest::newRow("the stored hash") << sha256(secret).toByteArray();
}

void TicketBookTest::aWrongSecretIsRefusedAndTheTicketStays()
{
    QFETCH(QByteArray, wrong);
    Configuration configuration;
    VERIFY_OK(issueTicket(configuration, secret, m_end, {}, m_now));
    VERIFY_ERROR(redeemTicket(configuration, wrong, machine(1), name, m_now), ErrorCode::Refused);
    QVERIFY(configuration.peers.isEmpty());
    VERIFY_OK(redeemTicket(configuration, secret, machine(1), name, m_now));
}

void TicketBookTest::theSecretItselfIsNotKept()
{
    Configuration configuration;
    VERIFY_OK(issueTicket(configuration, secret, m_end, {}, m_now));
    const QByteArray stored = encode(configuration);
    QVERIFY(!stored.contains(secret));
    QVERIFY(!stored.contains(secret.toBase64()));
    QVERIFY(!stored.contains(secret.toHex()));
}

void TicketBookTest::aPeerThatRedeemsAgainKeepsWhatItHas()
{
    Configuration configuration;
    configuration.peers = {{machine(1), QStringLiteral("old"), {QStringLiteral("a:1")}, {"/a"}, 2}};
    VERIFY_OK(issueTicket(configuration, secret, m_end, "/b", m_now));
    const Result<Peer> peer = redeemTicket(configuration, secret, machine(1), name, m_now);
    VERIFY_OK(peer);
    const Peer expected{machine(1), name, {QStringLiteral("a:1")}, {"/a", "/b"}, 2};
    QCOMPARE(*peer, expected);
    QCOMPARE(configuration.peers, QList<Peer>{expected});
}

void TicketBookTest::withoutAGrantNothingIsGranted()
{
    Configuration configuration;
    VERIFY_OK(issueTicket(configuration, secret, m_end, {}, m_now));
    const Result<Peer> peer = redeemTicket(configuration, secret, machine(1), name, m_now);
    VERIFY_OK(peer);
    QVERIFY(peer->grants.isEmpty());
}

void TicketBookTest::expiredTicketsMakeRoom()
{
    Configuration configuration;
    for (int i = 0; i < outstandingTicketCap; ++i)
        VERIFY_OK(issueTicket(configuration, QByteArray::number(i), m_end, {}, m_now));
    VERIFY_ERROR(issueTicket(configuration, secret, m_end, {}, m_now), ErrorCode::LimitReached);
    VERIFY_OK(issueTicket(configuration, secret, later(m_end, std::chrono::hours(1)), {}, m_end));
    QCOMPARE(configuration.tickets.size(), 1);
}

void TicketBookTest::peersAreBounded()
{
    Configuration configuration;
    for (int i = 0; i < peerCap; ++i)
        VERIFY_OK(rememberPeer(configuration, {machine(i), {}, {}, {}, 0}));
    VERIFY_ERROR(rememberPeer(configuration, {machine(peerCap), {}, {}, {}, 0}),
                 ErrorCode::LimitReached);
    VERIFY_OK(rememberPeer(configuration, {machine(0), name, {}, {}, 0}));
    VERIFY_OK(check(configuration));
}

void TicketBookTest::aRefusedRedemptionChangesNothing()
{
    Configuration configuration;
    for (int i = 0; i < peerCap; ++i)
        VERIFY_OK(rememberPeer(configuration, {machine(i), {}, {}, {}, 0}));
    VERIFY_OK(issueTicket(configuration, secret, m_end, {}, m_now));
    const Configuration before = configuration;
    VERIFY_ERROR(redeemTicket(configuration, secret, machine(peerCap), name, m_now),
                 ErrorCode::LimitReached);
    QCOMPARE(configuration, before);
}

void TicketBookTest::theHighestProtocolNeverGoesDown()
{
    Configuration configuration;
    VERIFY_OK(rememberPeer(configuration, {machine(1), {}, {}, {}, 3}));
    VERIFY_OK(rememberPeer(configuration, {machine(1), {}, {}, {}, 1}));
    QCOMPARE(configuration.peers[0].highestProtocol, 3U);
}

void TicketBookTest::openTicketsAreListedUntilTheyExpire()
{
    Configuration configuration;
    VERIFY_OK(issueTicket(configuration, secret, m_end, "/srv", m_now));
    VERIFY_OK(
        issueTicket(configuration, "another", later(m_end, std::chrono::hours(1)), {}, m_now));
    QCOMPARE(openTickets(configuration, m_now).size(), 2);
    QCOMPARE(ticketId(openTickets(configuration, m_now).first()), ticketId(secret));
    const auto left = openTickets(configuration, m_end);
    QCOMPARE(left.size(), 1);
    QCOMPARE(ticketId(left.first()), ticketId("another"));
    VERIFY_OK(redeemTicket(configuration, "another", machine(1), name, m_end));
    QVERIFY(openTickets(configuration, m_end).isEmpty());
}

void TicketBookTest::aRevokedTicketIsWorthless()
{
    Configuration configuration;
    VERIFY_OK(issueTicket(configuration, secret, m_end, "/srv", m_now));
    const QString id = ticketId(secret);
    VERIFY_ERROR(revokeTicket(configuration, id.first(3), m_now), ErrorCode::Invalid);
    VERIFY_ERROR(revokeTicket(configuration, QStringLiteral("zzzz"), m_now), ErrorCode::NotFound);
    VERIFY_OK(revokeTicket(configuration, id.first(4).toUpper(), m_now));
    QVERIFY(configuration.tickets.isEmpty());
    VERIFY_ERROR(redeemTicket(configuration, secret, machine(1), name, m_now), ErrorCode::Refused);
    VERIFY_ERROR(revokeTicket(configuration, id, m_now), ErrorCode::NotFound);
    QVERIFY(configuration.peers.isEmpty());
}

void TicketBookTest::onlyOneTicketIsRevoked()
{
    Configuration configuration;
    QString beginning;
    for (int i = 0; beginning.isEmpty(); ++i) { // until two begin alike
        const QByteArray one = QByteArray::number(i);
        const QString id = ticketId(one);
        for (int j = 0; j < i && beginning.isEmpty(); ++j) {
            if (ticketId(QByteArray::number(j)).startsWith(id.first(4))) {
                VERIFY_OK(issueTicket(configuration, QByteArray::number(j), m_end, {}, m_now));
                VERIFY_OK(issueTicket(configuration, one, m_end, {}, m_now));
                beginning = id.first(4);
            }
        }
    }
    VERIFY_ERROR(revokeTicket(configuration, beginning, m_now), ErrorCode::Invalid);
    QCOMPARE(configuration.tickets.size(), 2);
    VERIFY_OK(revokeTicket(configuration, ticketId(configuration.tickets[0]), m_now));
    QCOMPARE(configuration.tickets.size(), 1);
}

QTEST_APPLESS_MAIN(TicketBookTest)
#include "tst_ticketbook.moc"
