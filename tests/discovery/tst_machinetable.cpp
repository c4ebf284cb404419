// The list of machines: merged by identity, and steadfast against forgers.
#include "discovery/machinetable.h"
#include "tests/discovery/samples.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace octopus;
using namespace octopus::discovery;
using namespace octopus::discovery::samples;
using octopus::testing::FakeClock;
using namespace std::chrono_literals;
using Verdict = MachineTable::Verdict;

namespace {

Sighting byDnsSd(quint32 number, const QString &service)
{
    Sighting s = sighting(number);
    s.source = Source::DnsSd;
    s.service = service;
    s.instance = 0;
    return s;
}

Sighting at(Sighting s, const char *host)
{
    s.address = QHostAddress(QString::fromLatin1(host));
    return s;
}

QStringList addressesOf(const Machine &machine)
{
    QStringList texts;
    for (const MachineAddress &a : machine.addresses)
        texts.append(a.text());
    return texts;
}

} // namespace

class MachineTableTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void bothSourcesMakeOneMachine();
    void severalAddressesAreKept();
    void weAreNotListed();
    void theListIsSortedByName();
    void silenceEndsAMachine();
    void dnsSdLastsLonger();
    void aGoodbyeEndsAMachineAtOnce();
    void aGoodbyeTakesOnlyWhereItCameFrom();
    void aWithdrawnServiceLeavesWhatWasHeard();
    void withoutAvahiTheBroadcastsRemain();
    void aForgerCannotRenameAConfirmedMachine();
    void aForgerCannotSayGoodbyeForAConfirmedMachine();
    void aForgerCannotMakeTheListFlicker();
    void anotherAddressWithAnotherNameShowsBoth();
    void aRenamedMachineIsSeenSoon();
    void oneAddressCannotFillTheTable();
    void forgedServicesDoNotPushOutWhatWasHeard();
    void aFullTableKeepsWhatItHas();
    void aFullTableMakesRoomForAConfirmedMachine();
    void anAddressIsKnownAsLongAsAMachineIsThere();
    void twoInstancesInTurnsAreShown();
    void aRestartIsNoContest();
    void onlyWhatIsShownRaisesTheRevision();

private:
    [[nodiscard]] Machine only() const
    {
        const Machines machines = m_table->machines();
        return machines.size() == 1 ? machines.first() : Machine();
    }

    FakeClock m_clock;
    std::unique_ptr<MachineTable> m_table;
};

void MachineTableTest::init()
{
    m_table = std::make_unique<MachineTable>(m_clock, id(0));
}

void MachineTableTest::bothSourcesMakeOneMachine()
{
    QVERIFY(m_table->see(sighting(1)) == Verdict::Taken);
    QVERIFY(m_table->see(byDnsSd(1, QStringLiteral("one"))) == Verdict::Taken);
    const Machine machine = only();
    QCOMPARE(machine.name, QStringLiteral("machine-0001"));
    QVERIFY(machine.sources == (Source::Broadcast | Source::DnsSd));
    QCOMPARE(machine.addresses.size(), 1);
    QVERIFY(machine.addresses.first().sources == machine.sources);
    QCOMPARE(machine.version, QStringLiteral("0.1.0"));
    QVERIFY(machine.lastSeen == m_clock.monotonic());
}

void MachineTableTest::severalAddressesAreKept()
{
    (void)m_table->see(at(sighting(1), "fe80::1%eth0"));
    (void)m_table->see(at(sighting(1), "10.0.0.9"));
    (void)m_table->see(at(byDnsSd(1, QStringLiteral("one")), "10.0.0.8"));
    QCOMPARE(addressesOf(only()),
             QStringList({QStringLiteral("10.0.0.9:17290"), QStringLiteral("10.0.0.8:17290"),
                          QStringLiteral("[fe80::1%eth0]:17290")}));
}

void MachineTableTest::weAreNotListed()
{
    QVERIFY(m_table->see(sighting(0)) == Verdict::Self);
    QVERIFY(m_table->see(byDnsSd(0, QStringLiteral("we"))) == Verdict::Self);
    QCOMPARE(m_table->size(), 0);
    QCOMPARE(m_table->revision(), 0ULL);
}

void MachineTableTest::theListIsSortedByName()
{
    for (const auto &[number, name] :
         {std::pair(1, "beta"), {2, "Alpha"}, {3, "alpha"}, {4, "Gamma"}}) {
        Sighting s = sighting(quint32(number));
        s.name = QString::fromLatin1(name);
        (void)m_table->see(s);
    }
    QStringList names;
    for (const Machine &machine : m_table->machines())
        names.append(machine.name);
    QCOMPARE(names.join(u' '), QStringLiteral("Alpha alpha beta Gamma"));
}

void MachineTableTest::silenceEndsAMachine()
{
    (void)m_table->see(sighting(1));
    (void)m_table->see(sighting(2));
    m_clock.advance(59s);
    (void)m_table->see(sighting(2));
    m_clock.advance(2s);
    m_table->expire();
    QCOMPARE(only().id, id(2));
}

void MachineTableTest::dnsSdLastsLonger()
{
    (void)m_table->see(sighting(1));
    (void)m_table->see(byDnsSd(1, QStringLiteral("one")));
    m_clock.advance(299s);
    m_table->expire();
    QVERIFY(only().sources == Source::DnsSd);
    m_clock.advance(2s);
    m_table->expire();
    QCOMPARE(m_table->size(), 0);
}

void MachineTableTest::aGoodbyeEndsAMachineAtOnce()
{
    (void)m_table->see(sighting(1));
    m_table->leave(id(1), address(1), 1001);
    QCOMPARE(m_table->size(), 0);
    m_table->leave(id(1), address(1), 1001);
}

void MachineTableTest::aGoodbyeTakesOnlyWhereItCameFrom()
{
    (void)m_table->see(sighting(1));
    m_table->leave(id(1), address(2), 1001);
    m_table->leave(id(1), address(1), 1002);
    m_table->leave(id(2), address(1), 1001);
    QCOMPARE(m_table->size(), 1);
    (void)m_table->see(byDnsSd(1, QStringLiteral("one")));
    m_table->leave(id(1), address(1), 1001);
    QVERIFY(only().sources == Source::DnsSd);
}

void MachineTableTest::aWithdrawnServiceLeavesWhatWasHeard()
{
    (void)m_table->see(sighting(1));
    (void)m_table->see(byDnsSd(1, QStringLiteral("one")));
    (void)m_table->see(byDnsSd(2, QStringLiteral("two")));
    m_table->withdraw(QStringLiteral("one"));
    QCOMPARE(m_table->size(), 2);
    QVERIFY(m_table->machines().first().sources == Source::Broadcast);
    m_table->withdraw(QStringLiteral("two"));
    QCOMPARE(only().id, id(1));
}

void MachineTableTest::withoutAvahiTheBroadcastsRemain()
{
    (void)m_table->see(sighting(1));
    (void)m_table->see(byDnsSd(1, QStringLiteral("one")));
    (void)m_table->see(byDnsSd(2, QStringLiteral("two")));
    m_table->withdrawAll(Source::DnsSd);
    QCOMPARE(only().id, id(1));
}

void MachineTableTest::aForgerCannotRenameAConfirmedMachine()
{
    m_table->setConfirmed({{id(1), QStringLiteral("alpha")}});
    Sighting forged = at(sighting(1), "10.0.0.66");
    forged.name = QStringLiteral("evil");
    (void)m_table->see(forged);
    (void)m_table->see(sighting(1));
    const Machine machine = only();
    QCOMPARE(machine.name, QStringLiteral("alpha"));
    QCOMPARE(machine.otherNames.join(u' '), QStringLiteral("evil machine-0001"));
    QCOMPARE(machine.addresses.size(), 2);
    m_table->setConfirmed({});
    QCOMPARE(only().name, QStringLiteral("evil"));
}

void MachineTableTest::aForgerCannotSayGoodbyeForAConfirmedMachine()
{
    m_table->setConfirmed({{id(1), QStringLiteral("alpha")}});
    (void)m_table->see(sighting(1));
    m_table->leave(id(1), address(1), 1001);
    QCOMPARE(m_table->size(), 1);
}

void MachineTableTest::aForgerCannotMakeTheListFlicker()
{
    (void)m_table->see(sighting(1));
    const quint64 before = m_table->revision();
    for (int i = 0; i < 1000; ++i, m_clock.advance(10ms)) { // ten seconds
        Sighting forged = at(sighting(1), "10.0.0.66");
        forged.name = QStringLiteral("evil-%1").arg(i);
        forged.port = quint16(2000 + i);
        (void)m_table->see(forged);
        (void)m_table->see(sighting(1));
    }
    QVERIFY2(m_table->revision() - before <= 3,
             qPrintable(QString::number(m_table->revision() - before)));
    QCOMPARE(only().name, QStringLiteral("machine-0001"));
}

void MachineTableTest::anotherAddressWithAnotherNameShowsBoth()
{
    (void)m_table->see(sighting(1));
    Sighting other = at(sighting(1), "10.0.0.66");
    other.name = QStringLiteral("other");
    other.port = 4000;
    (void)m_table->see(other);
    const Machine machine = only();
    QCOMPARE(machine.name, QStringLiteral("machine-0001"));
    QCOMPARE(machine.otherNames, QStringList(QStringLiteral("other")));
    QCOMPARE(addressesOf(machine).join(u' '), QStringLiteral("10.0.1.1:17290 10.0.0.66:4000"));
}

void MachineTableTest::aRenamedMachineIsSeenSoon()
{
    (void)m_table->see(sighting(1));
    Sighting renamed = sighting(1);
    renamed.name = QStringLiteral("first");
    (void)m_table->see(renamed);
    QCOMPARE(only().name, QStringLiteral("first"));
    renamed.name = QStringLiteral("second");
    (void)m_table->see(renamed);
    QCOMPARE(only().name, QStringLiteral("first"));
    m_clock.advance(10s);
    (void)m_table->see(renamed);
    QCOMPARE(only().name, QStringLiteral("second"));
}

void MachineTableTest::oneAddressCannotFillTheTable()
{
    int taken = 0;
    for (quint32 number = 1; number <= 100'000; ++number)
        taken += m_table->see(at(sighting(number), "10.0.0.66")) == Verdict::Taken ? 1 : 0;
    QCOMPARE(taken, MachineTable::mostAtOneAddress);
    m_table->setConfirmed({{id(200'000), QStringLiteral("alpha")}});
    QVERIFY(m_table->see(at(sighting(200'000), "10.0.0.66")) == Verdict::Taken);
}

void MachineTableTest::forgedServicesDoNotPushOutWhatWasHeard()
{
    for (quint32 number = 2; number < 100; ++number)
        (void)m_table->see(at(byDnsSd(number, QString::number(number)), "10.0.1.1"));
    for (int i = 0; i < 100; ++i) {
        Sighting forged = byDnsSd(1, QString::number(i + 1000));
        forged.address = address(quint32(i) + 500);
        (void)m_table->see(forged);
    }
    QVERIFY(m_table->see(sighting(1)) == Verdict::Taken);
    const Machine machine = m_table->machines().first();
    QCOMPARE(machine.id, id(1));
    QCOMPARE(machine.addresses.size(), MachineTable::mostHints + 1);
}

void MachineTableTest::aFullTableKeepsWhatItHas()
{
    for (quint32 number = 1; number <= 1024; ++number)
        QVERIFY(m_table->see(sighting(number)) == Verdict::Taken);
    for (quint32 number = 1025; number < 100'000; ++number)
        QVERIFY(m_table->see(sighting(number)) == Verdict::Refused);
    QCOMPARE(m_table->size(), MachineTable::mostMachines);
    QVERIFY(m_table->see(sighting(1024)) == Verdict::Taken);
    m_clock.advance(61s);
    m_table->expire();
    QVERIFY(m_table->see(sighting(1025)) == Verdict::Taken);
    QCOMPARE(m_table->size(), 1);
}

void MachineTableTest::aFullTableMakesRoomForAConfirmedMachine()
{
    QList<ConfirmedMachine> confirmed;
    for (quint32 number : {1, 5000, 5001})
        confirmed.append({id(number), QStringLiteral("peer")});
    m_table->setConfirmed(confirmed);
    for (quint32 number = 1; number <= 1024; ++number, m_clock.advance(1ms))
        (void)m_table->see(sighting(number));
    for (quint32 number : {5000U, 5001U})
        QVERIFY(m_table->see(sighting(number)) == Verdict::Taken);
    QCOMPARE(m_table->size(), MachineTable::mostMachines);
    QSet<QByteArray> ids;
    for (const Machine &machine : m_table->machines())
        ids.insert(machine.id);
    QVERIFY(ids.contains(id(1)) && ids.contains(id(5000)) && ids.contains(id(5001)));
    QVERIFY(!ids.contains(id(2)) && !ids.contains(id(3)) && ids.contains(id(4)));
}

void MachineTableTest::anAddressIsKnownAsLongAsAMachineIsThere()
{
    QVERIFY(!m_table->knows(address(1)));
    (void)m_table->see(at(byDnsSd(2, QStringLiteral("two")), "10.0.1.1"));
    QVERIFY(!m_table->knows(address(1)));
    (void)m_table->see(sighting(1));
    QVERIFY(m_table->knows(address(1)));
    m_table->leave(id(1), address(1), 1001);
    QVERIFY(!m_table->knows(address(1)));
}

void MachineTableTest::twoInstancesInTurnsAreShown()
{
    Sighting clone = at(sighting(1), "10.0.0.66");
    clone.instance = 7;
    (void)m_table->see(sighting(1));
    (void)m_table->see(clone);
    QVERIFY(!only().contested);
    m_clock.advance(20s);
    (void)m_table->see(sighting(1));
    QVERIFY(only().contested);
    m_clock.advance(50s);
    (void)m_table->see(sighting(1));
    m_clock.advance(11s);
    const quint64 before = m_table->revision();
    m_table->expire();
    QVERIFY(!only().contested);
    QVERIFY(m_table->revision() > before);
}

void MachineTableTest::aRestartIsNoContest()
{
    for (quint64 instance : {1, 1, 2, 2, 3, 3}) {
        Sighting s = sighting(1);
        s.instance = instance;
        (void)m_table->see(s);
        QVERIFY(!only().contested);
    }
}

void MachineTableTest::onlyWhatIsShownRaisesTheRevision()
{
    (void)m_table->see(sighting(1));
    const quint64 revision = m_table->revision();
    m_clock.advance(20s);
    (void)m_table->see(sighting(1));
    m_table->expire();
    QCOMPARE(m_table->revision(), revision);
    QVERIFY(only().lastSeen == m_clock.monotonic());
    m_table->setConfirmed({{id(1), QStringLiteral("alpha")}});
    QCOMPARE(m_table->revision(), revision + 1);
    m_table->setConfirmed({{id(1), QStringLiteral("alpha")}});
    QCOMPARE(m_table->revision(), revision + 1);
}

QTEST_APPLESS_MAIN(MachineTableTest)
#include "tst_machinetable.moc"
