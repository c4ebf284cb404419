// Which addresses are on a segment with us.
#include "discovery/link.h"
#include "discovery/machine.h"

#include <QTest>

using namespace octopus::discovery;

namespace {

Link wired()
{
    return {2,
            QStringLiteral("eth0"),
            {{QHostAddress(QStringLiteral("192.168.1.5")), 24,
              QHostAddress(QStringLiteral("192.168.1.255"))},
             {QHostAddress(QStringLiteral("fe80::5")), 64, {}},
             {QHostAddress(QStringLiteral("2001:db8::5")), 64, {}}}};
}

Link wireless()
{
    return {3,
            QStringLiteral("wlan0"),
            {{QHostAddress(QStringLiteral("10.1.2.3")), 8,
              QHostAddress(QStringLiteral("10.255.255.255"))},
             {QHostAddress(QStringLiteral("fe80::7")), 64, {}}}};
}

} // namespace

class LinkTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hintsAreOnALink_data();
    void hintsAreOnALink();
    void announcementsGoToEachSubnetButNotToMany();
    void addressesAreWrittenAsUsersTypeThem();
};

void LinkTest::hintsAreOnALink_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<int>("index");
    QTest::addColumn<QString>("hint");
    const auto row = [](const char *address, int index, const char *hint) {
        QTest::addRow("%s on %d", address, index)
            << QString::fromLatin1(address) << index << QString::fromLatin1(hint);
    };
    row("192.168.1.9", 2, "192.168.1.9");
    row("192.168.1.9", 0, "192.168.1.9");
    row("192.168.1.9", 3, "");
    row("192.168.2.9", 2, "");
    row("10.9.9.9", 0, "10.9.9.9");
    row("8.8.8.8", 0, "");
    row("127.0.0.1", 0, "");
    row("0.0.0.0", 0, "");
    row("255.255.255.255", 0, "");
    row("192.168.1.255", 2, "");
    row("224.0.0.251", 0, "");
    row("fe80::9", 2, "fe80::9%eth0");
    row("fe80::9%eth0", 2, "fe80::9%eth0");
    row("fe80::9%3", 0, "fe80::9%wlan0");
    row("fe80::9%wlan0", 0, "fe80::9%wlan0");
    row("fe80::9%7", 0, "");
    row("fe80::9", 0, "");
    row("2001:db8::9", 0, "2001:db8::9");
    row("2001:db8:1::9", 0, "");
    row("ff12::1", 2, "");
    row("::1", 0, "");
    row("::", 0, "");
    row("::ffff:8.8.8.8", 0, "");
}

void LinkTest::hintsAreOnALink()
{
    QFETCH(QString, address);
    QFETCH(int, index);
    QFETCH(QString, hint);
    QCOMPARE(onLink({wired(), wireless()}, QHostAddress(address), index).toString(), hint);
}

void LinkTest::announcementsGoToEachSubnetButNotToMany()
{
    Link link = wired();
    QCOMPARE(link.reached(Family::Ipv4).size(), 1);
    QCOMPARE(link.reached(Family::Ipv6).size(), 1);
    QVERIFY(link.reached(Family::Ipv6).first().address.isLinkLocal());
    for (int i = 0; i < 10; ++i)
        link.subnets.append(link.subnets.first());
    QCOMPARE(link.reached(Family::Ipv4).size(), 4);
    link.subnets = {{QHostAddress(QStringLiteral("10.0.0.1")), 32, {}},
                    {QHostAddress(QStringLiteral("2001:db8::5")), 64, {}}};
    QVERIFY(link.reached(Family::Ipv4).isEmpty());
    QVERIFY(link.reached(Family::Ipv6).isEmpty());
}

void LinkTest::addressesAreWrittenAsUsersTypeThem()
{
    const auto text = [](const char *address) {
        return MachineAddress{QHostAddress(QString::fromLatin1(address)), 17290, {}}.text();
    };
    QCOMPARE(text("192.0.2.1"), QStringLiteral("192.0.2.1:17290"));
    QCOMPARE(text("fe80::1%eth0"), QStringLiteral("[fe80::1%eth0]:17290"));
    QCOMPARE(sourceNames(Source::Broadcast | Source::DnsSd),
             QStringList({QStringLiteral("dns-sd"), QStringLiteral("broadcast")}));
}

QTEST_APPLESS_MAIN(LinkTest)
#include "tst_link.moc"
