// The text form of transports: what is read is what was written, what is wrong is said, and a
// password is seen by nobody.
#include "engine/model/transport.h"

#include <QTest>

using namespace octopus;

namespace {

Transport only(const QString &text)
{
    const auto parsed = Transports::parse(text);
    return parsed && parsed->size() == 1 ? parsed->list().first() : Transport{};
}

Transports transports(const char *text)
{
    return Transports::parse(QString::fromUtf8(text)).value_or(Transports());
}

} // namespace

class TransportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTextComesBackTheSame_data();
    void theTextComesBackTheSame();
    void whatIsTypedOtherwiseIsWrittenInOneWay_data();
    void whatIsTypedOtherwiseIsWrittenInOneWay();
    void whatIsWrongIsSaid_data();
    void whatIsWrongIsSaid();
    void aMessageHoldsNoPartOfALogin();
    void aProxyIsTakenApart();
    void anIpv6ProxyStandsInBrackets();
    void aPasswordIsNotShown();
    void aMaskIsReplacedByTheStoredPassword();
    void aMaskForAnotherProxyIsRefused();
    void aPasswordOfThreeStarsIsNoMask();
    void withoutAnythingItIsAutomatic();
    void theBetterOnesAreThoseBefore();
    void onlyASocketNeedsNoAddress();
};

void TransportTest::theTextComesBackTheSame_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text :
         {"auto", "ipv4", "ipv6", "eth0", "enp0s31f6.1234", "wlan0,auto", "unix:/run/tunnel.sock",
          "unix:/a%2Cb%20c%25", "unix:/straße", "socks5://proxy:1080", "socks5://user@proxy:1",
          "socks5://user:pw@192.0.2.1:65535", "socks5://a%3Ab:p%40w%2C%2F@[2001:db8::1]:1080",
          "socks5://u:%2A%2A%2A@proxy:1080", "socks5://u:***@proxy:1080",
          "eth0,wlan0,socks5://user:pw@proxy:1080,unix:/run/t.sock,ipv6,ipv4,auto,eth1"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void TransportTest::theTextComesBackTheSame()
{
    QFETCH(QString, text);
    const auto parsed = Transports::parse(text);
    QVERIFY2(parsed, parsed ? "" : parsed.error().detail.constData());
    QCOMPARE(parsed->text(), text);
    QVERIFY(Transports::parse(parsed->text()) == parsed);
}

void TransportTest::whatIsTypedOtherwiseIsWrittenInOneWay_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *typed, const char *text) {
        QTest::newRow(typed) << QString::fromUtf8(typed) << QString::fromUtf8(text);
    };
    row(" eth0 , auto ", "eth0,auto");
    row("socks5://proxy", "socks5://proxy:1080");
    row("socks5://u:@proxy", "socks5://u@proxy:1080");
    row("socks5://%75:%70@proxy", "socks5://u:p@proxy:1080");
    row("unix:/a%2fb", "unix:/a/b");
    row("socks5://a@b:pw@proxy", "socks5://a%40b:pw@proxy:1080");
}

void TransportTest::whatIsTypedOtherwiseIsWrittenInOneWay()
{
    QFETCH(QString, typed);
    QFETCH(QString, text);
    const auto parsed = Transports::parse(typed);
    QVERIFY2(parsed, parsed ? "" : parsed.error().detail.constData());
    QCOMPARE(parsed->text(), text);
}

void TransportTest::whatIsWrongIsSaid_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *name, const QString &text, const char *words) {
        QTest::newRow(name) << text << QByteArray(words);
    };
    const auto plain = [&row](const char *text, const char *words) {
        row(text, QString::fromUtf8(text), words);
    };
    row("nothing", {}, "it is empty");
    plain("eth0,,auto", "transport 2: it is empty");
    plain("eth0,", "transport 2: it is empty");
    plain("http://proxy:80", "its kind is not known");
    plain("socks4://proxy", "its kind is not known");
    plain("eth0:1", "its kind is not known");
    plain("unix:relative/path", "absolute");
    plain("unix:", "absolute");
    row("long path", QStringLiteral("unix:/") + QString(107, u'a'), "107 bytes");
    plain("abcdefghijklmnop", "at most 15");
    plain("eth/0", "no name of an interface");
    plain("eth 0", "no name of an interface");
    plain("..", "no name of an interface");
    plain("eth0,auto,eth0", "transport 3: it is there twice");
    plain("socks5://u:a@proxy,socks5://u:b@proxy", "transport 2: it is there twice");
    plain("1,2,3,4,5,6,7,8,9", "at most 8");
    row("too long", QString(4001, u'a'), "too long");
    row("too long when written", QStringLiteral("unix:/x,socks5://") + QString(1000, u' '),
        "HOST:PORT");
    plain("socks5://", "HOST:PORT");
    plain("socks5://:1080", "HOST:PORT");
    plain("socks5://2001:db8::1", "port");
    plain("socks5://[2001:db8::1", "HOST:PORT");
    plain("socks5://[proxy]:1", "HOST:PORT");
    plain("socks5://pro xy", "HOST:PORT");
    plain("socks5://proxy:0", "port");
    plain("socks5://proxy:65536", "port");
    plain("socks5://proxy:+80", "port");
    plain("socks5://:pw@proxy", "1 to 255");
    row("long user", QStringLiteral("socks5://") + QString(256, u'u') + QStringLiteral("@p"),
        "1 to 255");
    row("long password", QStringLiteral("socks5://u:") + QString(256, u'p') + QStringLiteral("@p"),
        "255");
    plain("socks5://u%4@proxy", "two hexadecimal digits");
    plain("socks5://u%+1:p@proxy", "two hexadecimal digits");
    plain("unix:/a%00b", "no text");
    plain("unix:/a%ffb", "no text");
}

void TransportTest::whatIsWrongIsSaid()
{
    QFETCH(QString, text);
    QFETCH(QByteArray, words);
    const auto parsed = Transports::parse(text);
    QVERIFY2(!parsed, parsed ? parsed->text().toUtf8().constData() : "");
    QCOMPARE(parsed.error().code, ErrorCode::Invalid);
    QVERIFY2(parsed.error().detail.contains(words), parsed.error().detail.constData());
}

void TransportTest::aMessageHoldsNoPartOfALogin()
{
    for (const char *text :
         {"sock5://joe:secret@proxy:1080", "socks5:/joe:secret@proxy", "socks5://joe:secret@pro/xy",
          "socks5://joe:secret@proxy:x", "socks5://joe:secret%zz@proxy", "joe:secret@proxy",
          "joesecret@proxy", "auto,socks5://joe:secret@proxy,socks5://joe:secret@proxy"}) {
        const auto parsed = Transports::parse(QString::fromLatin1(text));
        QVERIFY2(!parsed, text);
        QVERIFY2(!parsed.error().detail.contains("secret")
                     && !parsed.error().detail.contains("joe"),
                 parsed.error().detail.constData());
    }
}

void TransportTest::aProxyIsTakenApart()
{
    const Transport proxy = only(QStringLiteral("socks5://j%3Aoe:s%40c@proxy.example:9050"));
    QCOMPARE(proxy.kind, Transport::Kind::Socks5);
    QCOMPARE(proxy.host, QStringLiteral("proxy.example"));
    QCOMPARE(proxy.port, 9050);
    QCOMPARE(proxy.user, "j:oe");
    QCOMPARE(proxy.password, "s@c");
    QCOMPARE(proxy.proxy(), QStringLiteral("proxy.example:9050"));
}

void TransportTest::anIpv6ProxyStandsInBrackets()
{
    const Transport proxy = only(QStringLiteral("socks5://[2001:db8::1]"));
    QCOMPARE(proxy.host, QStringLiteral("2001:db8::1"));
    QCOMPARE(proxy.port, standardProxyPort);
    QCOMPARE(proxy.proxy(), QStringLiteral("[2001:db8::1]:1080"));
}

void TransportTest::aPasswordIsNotShown()
{
    const Transports list = transports("eth0,socks5://joe:secret@proxy:1080");
    QCOMPARE(list.shown(), QStringLiteral("eth0,socks5://joe:***@proxy:1080"));
    QVERIFY(list.text().contains(u"secret"));
    QCOMPARE(transports("socks5://joe@proxy").shown(), QStringLiteral("socks5://joe@proxy:1080"));
}

void TransportTest::aMaskIsReplacedByTheStoredPassword()
{
    const Transports stored = transports("socks5://joe:secret@proxy");
    const Transports typed = transports("eth0,socks5://joe:***@proxy");
    const auto whole = typed.withPasswordsOf({transports("auto"), stored});
    QVERIFY(whole);
    QCOMPARE(whole->text(), QStringLiteral("eth0,socks5://joe:secret@proxy:1080"));
    const auto untouched = stored.withPasswordsOf({});
    QVERIFY(untouched && *untouched == stored);
}

void TransportTest::aMaskForAnotherProxyIsRefused()
{
    const Transports stored = transports("socks5://joe:secret@proxy");
    for (const char *text :
         {"socks5://joe:***@evil", "socks5://joe:***@proxy:1081", "socks5://jim:***@proxy"}) {
        const auto whole = transports(text).withPasswordsOf({stored});
        QVERIFY2(!whole, text);
        QCOMPARE(whole.error().code, ErrorCode::Invalid);
        QVERIFY(!whole.error().detail.contains("secret"));
    }
}

void TransportTest::aPasswordOfThreeStarsIsNoMask()
{
    const Transport proxy = only(QStringLiteral("socks5://joe:%2A%2A%2A@proxy"));
    QVERIFY(!proxy.isMasked);
    QCOMPARE(proxy.password, "***");
    QVERIFY(only(QStringLiteral("socks5://joe:***@proxy")).isMasked);
}

void TransportTest::withoutAnythingItIsAutomatic()
{
    QCOMPARE(Transports().text(), QStringLiteral("auto"));
    QVERIFY(transports("auto") == Transports());
}

void TransportTest::theBetterOnesAreThoseBefore()
{
    QCOMPARE(transports("eth0,wlan0,auto").before(2).text(), QStringLiteral("eth0,wlan0"));
}

void TransportTest::onlyASocketNeedsNoAddress()
{
    QVERIFY(transports("eth0,unix:/run/x").needNoAddress());
    QVERIFY(!transports("eth0,socks5://proxy,auto").needNoAddress());
}

QTEST_GUILESS_MAIN(TransportTest)
#include "tst_transport.moc"
