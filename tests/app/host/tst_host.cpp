// The options that an engine is started with.
#include "app/host/hostoptions.h"

#include <QCommandLineParser>
#include <QTest>

using namespace octopus;
using namespace octopus::host;

class TestHost : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listenAddressesAreUnderstood_data();
    void listenAddressesAreUnderstood();
    void otherListenAddressesAreRefused_data();
    void otherListenAddressesAreRefused();
    void optionsBecomeHostOptions();
    void anUnprintableNameIsRefused();
};

void TestHost::listenAddressesAreUnderstood_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QHostAddress>("address");
    QTest::addColumn<quint16>("port");
    QTest::newRow("IPv4") << QStringLiteral("127.0.0.1:0") << QHostAddress(QHostAddress::LocalHost)
                          << quint16(0);
    QTest::newRow("IPv6") << QStringLiteral("[::1]:17290")
                          << QHostAddress(QHostAddress::LocalHostIPv6) << quint16(17290);
    QTest::newRow("every") << QStringLiteral(":65535") << QHostAddress(QHostAddress::Any)
                           << quint16(65535);
}

void TestHost::listenAddressesAreUnderstood()
{
    QFETCH(QString, text);
    QFETCH(QHostAddress, address);
    QFETCH(quint16, port);
    const auto parsed = parseListenAddress(text);
    QVERIFY(parsed);
    QCOMPARE(parsed->first, address);
    QCOMPARE(parsed->second, port);
}

void TestHost::otherListenAddressesAreRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
                             "127.0.0.1:-1", "host.example:1", "::1:17290", "[::1]", "[]:1"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void TestHost::otherListenAddressesAreRefused()
{
    QFETCH(QString, text);
    const auto parsed = parseListenAddress(text);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, ErrorCode::Invalid);
}

void TestHost::optionsBecomeHostOptions()
{
    QCommandLineParser parser;
    parser.addOptions(hostOptionList());
    QVERIFY(
        parser.parse({QStringLiteral("p"), QStringLiteral("--state"), QStringLiteral("/s"),
                      QStringLiteral("--name"), QStringLiteral("alpha"), QStringLiteral("--listen"),
                      QStringLiteral("127.0.0.1:0"), QStringLiteral("--no-discovery")}));
    const Result<HostOptions> options = hostOptionsOf(parser);
    QVERIFY(options);
    QCOMPARE(options->location.stateDirectory, QByteArray("/s"));
    QCOMPARE(options->name, QStringLiteral("alpha"));
    QCOMPARE(options->port, std::optional<quint16>(0));
}

void TestHost::anUnprintableNameIsRefused()
{
    for (const QString &name :
         {QString(), QStringLiteral("a\nb"), QString(65, u'x'), QStringLiteral("  ")}) {
        QCommandLineParser parser;
        parser.addOptions(hostOptionList());
        QVERIFY(parser.parse(
            {QStringLiteral("p"), QStringLiteral("--state=/s"), QStringLiteral("--name"), name}));
        QVERIFY(!hostOptionsOf(parser));
    }
}

QTEST_APPLESS_MAIN(TestHost)
#include "tst_host.moc"
