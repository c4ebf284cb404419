// The order in which addresses are tried.
#include "engine/link/addressorder.h"

#include <QTest>

using namespace octopus::link;

class TestAddressOrder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void familiesTakeTurns_data();
    void familiesTakeTurns();
    void namesAreNoLiterals();
};

void TestAddressOrder::familiesTakeTurns_data()
{
    using Network = QAbstractSocket::NetworkLayerProtocol;
    QTest::addColumn<QString>("given");
    QTest::addColumn<int>("network");
    QTest::addColumn<QString>("order");
    const auto row = [](const char *what, const char *given, const char *order,
                        Network network = QAbstractSocket::AnyIPProtocol) {
        QTest::newRow(what) << QString::fromLatin1(given) << int(network)
                            << QString::fromLatin1(order);
    };
    row("none", "", "");
    row("one family", "10.0.0.1 10.0.0.2", "10.0.0.1 10.0.0.2");
    row("by turns", "10.0.0.1 10.0.0.2 fe80::1%eth0 2001:db8::1",
        "10.0.0.1 fe80::1%eth0 10.0.0.2 2001:db8::1");
    row("the first begins", "2001:db8::1 10.0.0.1 10.0.0.2 10.0.0.3",
        "2001:db8::1 10.0.0.1 10.0.0.2 10.0.0.3");
    row("once each", "10.0.0.1 10.0.0.1 10.0.0.2 10.0.0.1", "10.0.0.1 10.0.0.2");
    row("only IPv4", "2001:db8::1 10.0.0.1", "10.0.0.1", QAbstractSocket::IPv4Protocol);
    row("only IPv6", "10.0.0.1 2001:db8::1", "2001:db8::1", QAbstractSocket::IPv6Protocol);
}

void TestAddressOrder::familiesTakeTurns()
{
    QFETCH(QString, given);
    QFETCH(int, network);
    QFETCH(QString, order);
    QList<Endpoint> endpoints;
    for (const QString &host : given.split(u' ', Qt::SkipEmptyParts))
        endpoints.append({host, 1});
    QStringList hosts;
    for (const Endpoint &one : inOrder(endpoints, QAbstractSocket::NetworkLayerProtocol(network)))
        hosts.append(one.host);
    QCOMPARE(hosts.join(u' '), order);
}

void TestAddressOrder::namesAreNoLiterals()
{
    for (const char *host : {"10.0.0.1", "::1", "fe80::1%eth0"})
        QVERIFY2(isLiteral({QString::fromLatin1(host), 1}), host);
    for (const char *host : {"beta", "beta.example", "a10"})
        QVERIFY2(!isLiteral({QString::fromLatin1(host), 1}), host);
}

QTEST_APPLESS_MAIN(TestAddressOrder)
#include "tst_addressorder.moc"
