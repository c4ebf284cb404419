// What is said to a SOCKS5 proxy, byte for byte, and what becomes of each answer.
#include "engine/link/socks5.h"

#include <QTest>

#include <cerrno>

using namespace octopus;
using namespace octopus::link;

namespace {

Transport proxy(const char *login = "")
{
    const auto parsed =
        Transports::parse(QStringLiteral("socks5://%1proxy:1080").arg(QLatin1StringView(login)));
    return parsed ? parsed->list().first() : Transport{};
}

Endpoint endpoint(const char *text)
{
    return *Endpoint::parse(QString::fromLatin1(text));
}

// All that is sent after begin(), with the bytes of `answer` handed over `portion` at a time.
Result<QByteArray> said(Socks5 &exchange, QByteArrayView answer, qsizetype portion)
{
    QByteArray sent;
    while (!answer.isEmpty() && !exchange.isDone()) {
        const qsizetype some = std::min({portion, exchange.wanted(), answer.size()});
        const auto next = exchange.receive(answer.first(some));
        if (!next)
            return next;
        sent += *next;
        answer = answer.sliced(some);
    }
    return sent;
}

constexpr char granted[] = "\x05\x00\x05\x00\x00\x01\x7f\x00\x00\x01\x43\x8a";

} // namespace

class Socks5Test : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addressesAndNamesAreAskedForAsTheyAre_data();
    void addressesAndNamesAreAskedForAsTheyAre();
    void aLoginIsSentOnlyIfItIsWanted();
    void anAnswerMayComeInPieces();
    void anAnswerWithANameIsReadToItsEnd();
    void whatTheProxyRefusesIsToldApart_data();
    void whatTheProxyRefusesIsToldApart();
    void noMessageHoldsThePassword();
};

void Socks5Test::addressesAndNamesAreAskedForAsTheyAre_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("IPv4") << QByteArray("192.0.2.7:17290")
                          << QByteArray("\x05\x01\x00\x01\xc0\x00\x02\x07\x43\x8a", 10);
    QTest::newRow("IPv6") << QByteArray("[2001:db8::7]:1")
                          << QByteArray("\x05\x01\x00\x04\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00"
                                        "\x00\x00\x00\x00\x00\x07\x00\x01",
                                        22);
    QTest::newRow("name") << QByteArray("beta.example:17290")
                          << QByteArray("\x05\x01\x00\x03\x0c"
                                        "beta.example\x43\x8a",
                                        19);
}

void Socks5Test::addressesAndNamesAreAskedForAsTheyAre()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, request);
    Socks5 exchange(proxy(), endpoint(target.constData()));
    QCOMPARE(exchange.begin(), QByteArray("\x05\x01\x00", 3));
    const auto sent = said(exchange, QByteArrayView(granted, 12), 100);
    QVERIFY(sent);
    QCOMPARE(*sent, request);
    QVERIFY(exchange.isDone());
    QCOMPARE(exchange.wanted(), 0);
}

void Socks5Test::aLoginIsSentOnlyIfItIsWanted()
{
    const QByteArray request("\x05\x01\x00\x01\xc0\x00\x02\x07\x00\x01", 10);
    Socks5 asked(proxy("joe:secret@"), endpoint("192.0.2.7:1"));
    QCOMPARE(asked.begin(), QByteArray("\x05\x02\x00\x02", 4));
    const auto with = said(asked, QByteArray("\x05\x02\x01\x00", 4), 100);
    QVERIFY(with);
    QCOMPARE(*with, QByteArray("\x01\x03joe\x06secret", 12) + request);
    Socks5 notAsked(proxy("joe:secret@"), endpoint("192.0.2.7:1"));
    const auto without = said(notAsked, QByteArray("\x05\x00", 2), 100);
    QVERIFY(without);
    QCOMPARE(*without, request);
}

void Socks5Test::anAnswerMayComeInPieces()
{
    Socks5 exchange(proxy(), endpoint("192.0.2.7:1"));
    QVERIFY(said(exchange, QByteArrayView(granted, 11), 1));
    QVERIFY(!exchange.isDone());
    QCOMPARE(exchange.wanted(), 1);
    QVERIFY(said(exchange, "\x8a", 1));
    QVERIFY(exchange.isDone());
}

void Socks5Test::anAnswerWithANameIsReadToItsEnd()
{
    Socks5 exchange(proxy(), endpoint("192.0.2.7:1"));
    QVERIFY(said(exchange, QByteArray("\x05\x00\x05\x00\x00\x03\x04here\x00", 12), 100));
    QVERIFY(!exchange.isDone());
    QVERIFY(said(exchange, QByteArray("\x01", 1), 100));
    QVERIFY(exchange.isDone());
}

void Socks5Test::whatTheProxyRefusesIsToldApart_data()
{
    QTest::addColumn<QByteArray>("login");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *name, const char *login, const QByteArray &answer,
                        ErrorCode code, const char *words) {
        QTest::newRow(name) << QByteArray(login) << answer << code << QByteArray(words);
    };
    const QByteArray in("\x05\x00\x05", 3);
    row("no proxy", "", "HT", ErrorCode::Corrupt, "no SOCKS5 proxy");
    row("login wanted", "", "\x05\xff", ErrorCode::Refused, "wants a user and a password");
    row("unasked login", "", "\x05\x02", ErrorCode::Refused, "wants a user and a password");
    row("other login", "joe:secret@", "\x05\xff", ErrorCode::Refused, "takes no login");
    row("wrong login", "joe:secret@", "\x05\x02\x01\x01", ErrorCode::Refused,
        "does not take this user and password");
    row("failure", "", in + '\x01', ErrorCode::Unreachable, "does not say why");
    row("not allowed", "", in + '\x02', ErrorCode::Refused, "does not allow 192.0.2.7:1");
    row("no network", "", in + '\x03', ErrorCode::Unreachable, "no network leads there");
    row("no host", "", in + '\x04', ErrorCode::Unreachable, "no such host");
    row("closed port", "", in + '\x05', ErrorCode::Unreachable, "nothing listens there");
    row("too far", "", in + '\x06', ErrorCode::Unreachable, "too far");
    row("no such command", "", in + '\x07', ErrorCode::Refused, "of this kind");
    row("no such address", "", in + '\x08', ErrorCode::Refused, "of this kind");
    row("something new", "", in + '\x63', ErrorCode::Unreachable, "does not say why");
    row("nonsense", "", QByteArray("\x05\x00\x04\x00", 4), ErrorCode::Corrupt, "nonsense");
    row("no kind of address", "", QByteArray("\x05\x00\x05\x00\x00\x02\x00", 7), ErrorCode::Corrupt,
        "nonsense");
}

void Socks5Test::whatTheProxyRefusesIsToldApart()
{
    QFETCH(QByteArray, login);
    QFETCH(QByteArray, answer);
    QFETCH(ErrorCode, code);
    QFETCH(QByteArray, words);
    Socks5 exchange(proxy(login.constData()), endpoint("192.0.2.7:1"));
    const auto sent = said(exchange, answer, 100);
    QVERIFY(!sent);
    QCOMPARE(sent.error().code, code);
    QVERIFY2(sent.error().detail.contains(words), sent.error().detail.constData());
    QVERIFY(sent.error().detail.contains("proxy:1080"));
}

void Socks5Test::noMessageHoldsThePassword()
{
    for (const char *answer : {"HT", "\x05\xff", "\x05\x02\x01\x01"}) {
        Socks5 exchange(proxy("joe:secret@"), endpoint("192.0.2.7:1"));
        const auto sent = said(exchange, answer, 100);
        QVERIFY(!sent);
        QVERIFY(!sent.error().detail.contains("secret"));
    }
}

QTEST_GUILESS_MAIN(Socks5Test)
#include "tst_socks5.moc"
