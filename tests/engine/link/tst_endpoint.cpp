// What a person may type as an address, and nothing else.
#include "engine/link/endpoint.h"
#include "tests/support/resultcheck.h"

#include <QTest>

using namespace octopus;
using namespace octopus::link;

class EndpointTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isReadAndWritten_data();
    void isReadAndWritten();
    void anythingElseIsRefused_data();
    void anythingElseIsRefused();
};

void EndpointTest::isReadAndWritten_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<QString>("written");
    const auto row = [](const char *text, const char *host, int port, const char *written) {
        QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(host) << port
                            << QString::fromLatin1(written);
    };
    row("192.0.2.1:17290", "192.0.2.1", 17290, "192.0.2.1:17290");
    row("192.0.2.1", "192.0.2.1", 17290, "192.0.2.1:17290");
    row("[2001:db8::1]:1", "2001:db8::1", 1, "[2001:db8::1]:1");
    row("[2001:db8::1]", "2001:db8::1", 17290, "[2001:db8::1]:17290");
    row("2001:db8::1", "2001:db8::1", 17290, "[2001:db8::1]:17290");
    row("[fe80::1%eth0]:9", "fe80::1%eth0", 9, "[fe80::1%eth0]:9");
    row("localhost:65535", "localhost", 65535, "localhost:65535");
    row("host-1.example", "host-1.example", 17290, "host-1.example:17290");
    row("3com.example:80", "3com.example", 80, "3com.example:80");
}

void EndpointTest::isReadAndWritten()
{
    QFETCH(QString, text);
    QFETCH(QString, host);
    QFETCH(int, port);
    QFETCH(QString, written);
    const Result<Endpoint> endpoint = Endpoint::parse(text);
    VERIFY_OK(endpoint);
    QCOMPARE(endpoint->host, host);
    QCOMPARE(int(endpoint->port), port);
    QCOMPARE(endpoint->text(), written);
    QCOMPARE(*Endpoint::parse(written), *endpoint);
}

void EndpointTest::anythingElseIsRefused_data()
{
    QTest::addColumn<QString>("text");
    const QStringList bad{QString(),
                          QStringLiteral(" "),
                          QStringLiteral(":"),
                          QStringLiteral(":1"),
                          QStringLiteral("host:"),
                          QStringLiteral("host:0"),
                          QStringLiteral("host:65536"),
                          QStringLiteral("host:+1"),
                          QStringLiteral("host:1 "),
                          QStringLiteral("host:123456"),
                          QStringLiteral("host:\u0661"),
                          QStringLiteral("ho st"),
                          QStringLiteral("-host"),
                          QStringLiteral("host-"),
                          QStringLiteral("a..b"),
                          QStringLiteral(".a"),
                          QStringLiteral("a."),
                          QStringLiteral("127.1"),
                          QStringLiteral("1.2.3.4.5"),
                          QStringLiteral("0x7f.1"),
                          QStringLiteral("256.0.0.1"),
                          QStringLiteral("01.2.3.4"),
                          QStringLiteral("[::1"),
                          QStringLiteral("[::1]x"),
                          QStringLiteral("[::1]1"),
                          QStringLiteral("[host]:1"),
                          QStringLiteral("[192.0.2.1]:1"),
                          QStringLiteral("::1]:1"),
                          QStringLiteral("http://host"),
                          QStringLiteral("user@host"),
                          QStringLiteral("höst"),
                          QStringLiteral("host/x"),
                          QStringLiteral("host\n"),
                          QString(254, u'a'),
                          QString(64, u'a') + QStringLiteral(".b"),
                          QString(u'a') + QChar(0) + u'b'};
    for (const QString &text : bad)
        QTest::addRow("%lld %s", qlonglong(bad.indexOf(text)),
                      qUtf8Printable(text.first(std::min(text.size(), qsizetype(20)))))
            << text;
}

void EndpointTest::anythingElseIsRefused()
{
    QFETCH(QString, text);
    VERIFY_ERROR(Endpoint::parse(text), ErrorCode::Invalid);
}

QTEST_APPLESS_MAIN(EndpointTest)
#include "tst_endpoint.moc"
