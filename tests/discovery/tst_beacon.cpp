// When a machine speaks, and what it makes of what it hears.
#include "discovery/beacon.h"
#include "tests/discovery/samples.h"
#include "tests/support/fakeclock.h"
#include "tests/support/seededrandom.h"

#include <QTest>

using namespace octopus;
using namespace octopus::discovery;
using namespace octopus::discovery::samples;
using octopus::testing::FakeClock;
using octopus::testing::SeededRandom;
using namespace std::chrono_literals;

namespace {

constexpr int wired = 2;

Link link(int index, const char *address)
{
    const QHostAddress ours(QString::fromLatin1(address));
    const bool ipv4 = familyOf(ours) == Family::Ipv4;
    return {index,
            QStringLiteral("eth%1").arg(index),
            {{ours, ipv4 ? 16 : 64,
              ipv4 ? QHostAddress(ours.toIPv4Address() | 0xffff) : QHostAddress()}}};
}

struct Sent {
    int link;
    Family family;
    Announcement said;
    MonotonicTime when;
};

class RecordingPort final : public BeaconPort
{
public:
    explicit RecordingPort(const Clock &clock) : m_clock(clock) {}
    [[nodiscard]] bool send(const Link &on, Family family, QByteArrayView datagram) override
    {
        if (!works)
            return false;
        sent.append({on.index, family, decode(datagram).value(), m_clock.monotonic()});
        return true;
    }
    QList<Sent> sent;
    bool works = true;

private:
    const Clock &m_clock;
};

} // namespace

class BeaconTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void itAsksFirstAndAnnouncesForGood();
    void everyLinkAndFamilyIsSpokenTo();
    void aNewLinkIsAskedAtOnceAndTheOthersAreLeftAlone();
    void whatCannotBeSentIsTriedAgain();
    void aQuestionIsAnsweredWithin200Ms();
    void manyQuestionsHaveOneAnswer();
    void answersAreGivenOnTheLinkOfTheQuestion();
    void aThousandQuestionsASecondAreAnsweredEveryTwoSeconds();
    void ourOwnQuestionsAreOneASecond();
    void whoeverAsksIsListed();
    void whoCannotBeCalledOnlyAsks();
    void ourOwnDatagramsAreIgnoredAndACloneIsCounted();
    void strangersFromElsewhereAreIgnored();
    void whatIsMalformedIsCounted();
    void aGoodbyeIsSaidAndUnderstood();
    void aFloodIsCut();

private:
    void passTime(Milliseconds time);
    void hear(const Announcement &said, const QHostAddress &source, int index = wired)
    {
        m_beacon->receive({encode(said), source, index});
    }

    FakeClock m_clock;
    std::unique_ptr<SeededRandom> m_random;
    std::unique_ptr<RecordingPort> m_port;
    std::unique_ptr<MachineTable> m_table;
    std::unique_ptr<Beacon> m_beacon;
};

void BeaconTest::init()
{
    m_random = std::make_unique<SeededRandom>(1);
    m_port = std::make_unique<RecordingPort>(m_clock);
    m_table = std::make_unique<MachineTable>(m_clock, id(0));
    m_beacon = std::make_unique<Beacon>(announcement(0), *m_port, *m_table, m_clock, *m_random);
}

// As the event loop does: wakes up when something is due, to the millisecond.
void BeaconTest::passTime(Milliseconds time)
{
    for (int ms = 0; ms < time.count(); ++ms) {
        m_clock.advance(1ms);
        if (const auto due = m_beacon->nextDue(); due && *due <= m_clock.monotonic())
            m_beacon->tick();
    }
}

void BeaconTest::itAsksFirstAndAnnouncesForGood()
{
    QVERIFY(!m_beacon->nextDue());
    const MonotonicTime start = m_clock.monotonic();
    m_beacon->setLinks({link(wired, "10.0.0.1")});
    passTime(120s);
    const QList<Sent> &sent = m_port->sent;
    QVERIFY(sent.size() >= 6 && sent.size() <= 11);
    QVERIFY(sent[0].said.kind == AnnouncementKind::Ask && sent[0].when - start <= 101ms);
    QVERIFY(sent[1].when - sent[0].when >= 1s && sent[1].when - sent[0].when <= 1202ms);
    QVERIFY(sent[2].when - sent[1].when >= 2s && sent[2].when - sent[1].when <= 2202ms);
    for (qsizetype i = 3; i < sent.size(); ++i) {
        QVERIFY(sent[i].said.kind == AnnouncementKind::Announce);
        const auto gap = sent[i].when - sent[i - 1].when;
        QVERIFY(gap >= 15s && gap <= 25002ms);
    }
    QVERIFY(sent[3].said.nonce != sent[4].said.nonce);
    QCOMPARE(sent[3].said.instance, announcement(0).instance);
}

void BeaconTest::everyLinkAndFamilyIsSpokenTo()
{
    Link both = link(wired, "10.0.0.1");
    both.subnets.append(link(wired, "fe80::1").subnets);
    m_beacon->setLinks({both, link(3, "10.1.0.1"), link(4, "fe80::2"), link(5, "2001:db8::1")});
    passTime(500ms);
    QStringList spokenTo;
    for (const Sent &sent : m_port->sent)
        spokenTo.append(QStringLiteral("%1/%2").arg(sent.link).arg(int(sent.family)));
    spokenTo.sort();
    QCOMPARE(spokenTo.join(u' '), QStringLiteral("2/0 2/1 3/0 4/1"));
}

void BeaconTest::aNewLinkIsAskedAtOnceAndTheOthersAreLeftAlone()
{
    m_beacon->setLinks({link(2, "10.0.0.1"), link(3, "10.1.0.1")});
    passTime(10s);
    m_port->sent.clear();
    m_beacon->setLinks({link(2, "10.0.0.1"), link(3, "10.2.0.1"), link(4, "10.3.0.1")});
    passTime(500ms);
    QCOMPARE(m_port->sent.size(), 2);
    for (const Sent &sent : m_port->sent)
        QVERIFY(sent.said.kind == AnnouncementKind::Ask && sent.link != 2);
    m_beacon->setLinks({});
    QVERIFY(!m_beacon->nextDue());
}

void BeaconTest::whatCannotBeSentIsTriedAgain()
{
    m_port->works = false;
    m_beacon->setLinks({link(wired, "fe80::1")});
    passTime(2s);
    QVERIFY(m_beacon->counters().notSent >= 7 && m_beacon->counters().notSent <= 9);
    m_port->works = true;
    passTime(300ms);
    QCOMPARE(m_port->sent.size(), 1);
    QVERIFY(m_port->sent.first().said.kind == AnnouncementKind::Ask);
    m_port->works = false;
    const quint64 before = m_beacon->counters().notSent;
    passTime(600s);
    QVERIFY(m_beacon->counters().notSent - before < 700);
}

void BeaconTest::aQuestionIsAnsweredWithin200Ms()
{
    m_beacon->setLinks({link(wired, "10.0.0.1")});
    passTime(10s);
    QSet<qint64> delays;
    for (int round = 0; round < 5; ++round) {
        m_port->sent.clear();
        Announcement question = announcement(1);
        question.kind = AnnouncementKind::Ask;
        const MonotonicTime asked = m_clock.monotonic();
        hear(question, address(1));
        passTime(202ms);
        QCOMPARE(m_port->sent.size(), 1);
        QVERIFY(m_port->sent.first().said.kind == AnnouncementKind::Announce);
        delays.insert((m_port->sent.first().when - asked).count());
        passTime(5s);
    }
    QVERIFY(delays.size() > 2); // by chance
}

void BeaconTest::manyQuestionsHaveOneAnswer()
{
    m_beacon->setLinks({link(wired, "10.0.0.1")});
    passTime(10s);
    m_port->sent.clear();
    for (quint32 number = 1; number <= 500; ++number) {
        Announcement question = announcement(number);
        question.kind = AnnouncementKind::Ask;
        hear(question, address(number));
    }
    passTime(5s);
    QCOMPARE(m_port->sent.size(), 1);
}

void BeaconTest::answersAreGivenOnTheLinkOfTheQuestion()
{
    Link both = link(2, "10.0.0.1");
    both.subnets.append(link(2, "fe80::1").subnets);
    m_beacon->setLinks({both, link(3, "10.1.0.1")});
    passTime(10s);
    m_port->sent.clear();
    Announcement question = announcement(1);
    question.kind = AnnouncementKind::Ask;
    hear(question, QHostAddress(QStringLiteral("fe80::9%eth2")), 2);
    passTime(300ms);
    QCOMPARE(m_port->sent.size(), 1);
    QVERIFY(m_port->sent.first().link == 2 && m_port->sent.first().family == Family::Ipv6);
    hear(question, QHostAddress(QStringLiteral("10.1.0.9")), 3);
    passTime(1s);
    QCOMPARE(m_port->sent.size(), 2);
    QVERIFY(m_port->sent.last().link == 3 && m_port->sent.last().family == Family::Ipv4);
}

void BeaconTest::aThousandQuestionsASecondAreAnsweredEveryTwoSeconds()
{
    m_beacon->setLinks({link(wired, "10.0.0.1")});
    passTime(10s);
    m_port->sent.clear();
    Announcement question = announcement(1);
    question.kind = AnnouncementKind::Ask;
    MonotonicTime last = m_clock.monotonic();
    for (quint32 i = 0; i < 60'000; ++i) {
        hear(question, address(i % 60));
        passTime(1ms);
    }
    QVERIFY2(m_port->sent.size() <= 37, qPrintable(QString::number(m_port->sent.size())));
    for (const Sent &sent : m_port->sent) {
        QVERIFY(sent.when - last <= 2402ms);
        last = sent.when;
    }
}

void BeaconTest::ourOwnQuestionsAreOneASecond()
{
    m_beacon->setLinks({link(wired, "10.0.0.1")});
    passTime(10s);
    m_port->sent.clear();
    m_beacon->ask();
    passTime(1ms);
    QCOMPARE(m_port->sent.size(), 1);
    QVERIFY(m_port->sent.first().said.kind == AnnouncementKind::Ask);
    for (int i = 0; i < 1000; ++i) {
        m_beacon->ask();
        passTime(10ms);
    }
    QVERIFY(m_port->sent.size() >= 10 && m_port->sent.size() <= 12);
}

void BeaconTest::whoeverAsksIsListed()
{
    m_beacon->setLinks({link(wired, "10.0.0.1")});
    Announcement question = announcement(1);
    question.kind = AnnouncementKind::Ask;
    hear(question, address(1));
    hear(announcement(2), address(2));
    QCOMPARE(m_table->size(), 2);
    question = announcement(3);
    question.kind = AnnouncementKind::Ask;
    question.port = 0; // nobody can call it
    passTime(5s);
    m_port->sent.clear();
    hear(question, address(3));
    QCOMPARE(m_table->size(), 2);
    passTime(300ms);
    QCOMPARE(m_port->sent.size(), 1); // but it is answered
}

void BeaconTest::whoCannotBeCalledOnlyAsks()
{
    Announcement mute = announcement(0);
    mute.port = 0;
    Beacon beacon(mute, *m_port, *m_table, m_clock, *m_random);
    beacon.setLinks({link(wired, "10.0.0.1")});
    for (int second = 0; second < 100; ++second) {
        m_clock.advance(1s);
        beacon.tick();
    }
    beacon.stop();
    QCOMPARE(m_port->sent.size(), 1);
}

void BeaconTest::ourOwnDatagramsAreIgnoredAndACloneIsCounted()
{
    m_beacon->setLinks({link(wired, "10.0.0.1")});
    hear(announcement(0), QHostAddress(QStringLiteral("10.0.0.1")));
    QCOMPARE(m_beacon->counters(), BeaconCounters());
    Announcement clone = announcement(0);
    clone.instance = 99;
    hear(clone, address(1));
    QCOMPARE(m_beacon->counters().ownIdentity, 1ULL);
    QCOMPARE(m_beacon->counters().ownIdentityAt,
             MachineAddress({address(1), clone.port, {}}).text());
    clone.port = 0; // it takes no connections
    hear(clone, address(1));
    QCOMPARE(m_beacon->counters().ownIdentity, 2ULL);
    QCOMPARE(m_beacon->counters().ownIdentityAt, QString());
    QCOMPARE(m_table->size(), 0);
}

void BeaconTest::strangersFromElsewhereAreIgnored()
{
    m_beacon->setLinks({link(wired, "10.0.0.1")});
    hear(announcement(1), QHostAddress(QStringLiteral("192.0.2.1")));
    hear(announcement(1), QHostAddress(QStringLiteral("127.0.0.1")));
    hear(announcement(1), address(1), 9);
    hear(announcement(1), QHostAddress(QStringLiteral("fe80::1%eth2")));
    QCOMPARE(m_table->size(), 0);
    QCOMPARE(m_beacon->counters().elsewhere, 4ULL);
}

void BeaconTest::whatIsMalformedIsCounted()
{
    m_beacon->setLinks({link(wired, "10.0.0.1")});
    m_beacon->receive({QByteArray("GET / HTTP/1.0\r\n\r\n"), address(1), wired});
    m_beacon->receive({{}, address(1), wired});
    QCOMPARE(m_beacon->counters().malformed, 2ULL);
    QCOMPARE(m_table->size(), 0);
}

void BeaconTest::aGoodbyeIsSaidAndUnderstood()
{
    m_beacon->setLinks({link(wired, "10.0.0.1")});
    passTime(5s);
    hear(announcement(1), address(1));
    Announcement goodbye = announcement(1);
    goodbye.kind = AnnouncementKind::Goodbye;
    hear(goodbye, address(1));
    QCOMPARE(m_table->size(), 0);
    m_port->sent.clear();
    m_beacon->stop();
    QCOMPARE(m_port->sent.size(), 1);
    QVERIFY(m_port->sent.first().said.kind == AnnouncementKind::Goodbye);
    QVERIFY(!m_beacon->nextDue());
}

void BeaconTest::aFloodIsCut()
{
    m_beacon->setLinks({link(wired, "10.0.0.1")});
    hear(announcement(1), address(1));
    quint32 number = 100;
    for (int ms = 0; ms < 5000; ++ms) { // 50 000 a second
        for (int i = 0; i < 50; ++i, ++number)
            hear(announcement(number), address(number % 60'000));
        if (ms % 1000 == 0)
            hear(announcement(1), address(1));
        passTime(1ms);
    }
    const BeaconCounters &counters = m_beacon->counters();
    QVERIFY(counters.heard <= 7'100 + 20'000); // strangers, and the listed ones' own allowance
    QVERIFY(counters.limited > 200'000);
    QVERIFY(m_table->size() <= MachineTable::mostMachines);
    QVERIFY(m_table->knows(address(1)));
}

QTEST_APPLESS_MAIN(BeaconTest)
#include "tst_beacon.moc"
