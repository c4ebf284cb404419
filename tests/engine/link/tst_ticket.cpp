// A ticket's text says exactly one thing, or is refused.
#include "engine/base/digest.h"
#include "engine/link/ticket.h"
#include "tests/support/resultcheck.h"
#include "tests/support/seededrandom.h"

#include <QTest>

using namespace octopus;
using namespace octopus::link;
using octopus::testing::SeededRandom;

namespace {

constexpr auto base64 = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

Ticket sample()
{
    SeededRandom random(1);
    return *newTicket(*MachineId::fromBytes(QByteArray(32, '\x07')),
                      {QStringLiteral("192.0.2.1"), QStringLiteral("2001:db8::1"),
                       QStringLiteral("host.example")},
                      17290, {1'800'000'000'000'000'000}, random);
}

QByteArray payload(const QString &text)
{
    return QByteArray::fromBase64(text.sliced(8).toLatin1(), base64);
}

// A text with a right check over the changed payload.
QString resealed(QByteArray bytes)
{
    bytes.chop(4);
    bytes += sha256(bytes).toByteArray().first(4);
    return QStringLiteral("octopus:") + QString::fromLatin1(bytes.toBase64(base64));
}

} // namespace

class TicketTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void survivesItsText();
    void mayBePastedWithBlanksAround();
    void capitalsMatterOnlyWhereTheyCarryMeaning();
    void aQrCodeHoldsItInItsDenseMode();
    void everySecretIsAnother();
    void isOneWordThatFitsAnywhere();
    void keepsTheFirstEightHosts();
    void needsAHost();
    void aTextCutAnywhereIsRefused();
    void aCharacterChangedAnywhereIsRefused();
    void anyByteChangedUnderARightCheckNeverCrashes();
    void isRefused_data();
    void isRefused();
};

void TicketTest::survivesItsText()
{
    const Result<Ticket> again = parseTicket(encodeTicket(sample()));
    VERIFY_OK(again);
    QCOMPARE(*again, sample());
}

void TicketTest::mayBePastedWithBlanksAround()
{
    const Result<Ticket> again =
        parseTicket(QStringLiteral("\n  ") + encodeTicket(sample()) + QStringLiteral(" \n"));
    VERIFY_OK(again);
    QCOMPARE(*again, sample());
}

void TicketTest::capitalsMatterOnlyWhereTheyCarryMeaning()
{
    const QString good = encodeTicket(sample());
    const Result<Ticket> shouted = parseTicket(QStringLiteral("OCTOPUS:") + good.sliced(8));
    VERIFY_OK(shouted);
    QCOMPARE(*shouted, sample());
    const Result<Ticket> whispered = parseTicket(encodeTicketForQr(sample()).toLower());
    VERIFY_OK(whispered);
    QCOMPARE(*whispered, sample());
}

void TicketTest::aQrCodeHoldsItInItsDenseMode()
{
    SeededRandom random(9);
    for (int hosts = 1; hosts <= Ticket::maximumHosts; ++hosts) { // every length modulo 5
        Ticket ticket = sample();
        ticket.secret = random.bytes(Ticket::secretSize);
        ticket.hosts = QStringList(QString(hosts, u'h'));
        const QString text = encodeTicketForQr(ticket);
        for (const QChar c : text)
            QVERIFY(QStringLiteral("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:").contains(c));
        const Result<Ticket> again = parseTicket(u' ' + text + u'\n');
        VERIFY_OK(again);
        QCOMPARE(*again, ticket);
    }
}

void TicketTest::everySecretIsAnother()
{
    SeededRandom random(2);
    const MachineId id = sample().inviter;
    const Ticket one = *newTicket(id, {QStringLiteral("a")}, 1, {}, random);
    const Ticket other = *newTicket(id, {QStringLiteral("a")}, 1, {}, random);
    QCOMPARE(one.secret.size(), Ticket::secretSize);
    QVERIFY(one.secret != other.secret);
}

void TicketTest::isOneWordThatFitsAnywhere()
{
    const QString text = encodeTicket(sample());
    QVERIFY(text.startsWith(QStringLiteral("octopus:")));
    for (const QChar c : text.sliced(8))
        QVERIFY((c.isLetterOrNumber() && c.unicode() < 128) || c == u'-' || c == u'_');
    Ticket large = sample();
    large.hosts.clear();
    for (int i = 0; i < Ticket::maximumHosts; ++i)
        large.hosts.append(QStringLiteral("h%1.").arg(i) + QString(62, u'a') + u'.'
                           + QString(63, u'b') + u'.' + QString(63, u'c') + u'.'
                           + QString(58, u'd'));
    QCOMPARE(large.hosts.first().size(), 252);
    const Result<Ticket> again = parseTicket(encodeTicket(large));
    VERIFY_OK(again);
    QCOMPARE(*again, large);
}

void TicketTest::keepsTheFirstEightHosts()
{
    SeededRandom random(3);
    QStringList hosts{QStringLiteral("bad host"), QStringLiteral("a"), QStringLiteral("a")};
    for (int i = 0; i < 10; ++i)
        hosts.append(QStringLiteral("h%1").arg(i));
    const Result<Ticket> ticket = newTicket(sample().inviter, hosts, 1, {}, random);
    VERIFY_OK(ticket);
    QCOMPARE(ticket->hosts.size(), Ticket::maximumHosts);
    QCOMPARE(ticket->hosts.first(), QStringLiteral("a"));
    QCOMPARE(ticket->hosts.at(1), QStringLiteral("h0"));
}

void TicketTest::needsAHost()
{
    SeededRandom random(4);
    VERIFY_ERROR(newTicket(sample().inviter, {QStringLiteral("bad host")}, 1, {}, random),
                 ErrorCode::Invalid);
}

void TicketTest::aTextCutAnywhereIsRefused()
{
    const QString whole = encodeTicket(sample());
    for (qsizetype size = 0; size < whole.size(); ++size)
        VERIFY_ERROR(parseTicket(whole.first(size)), ErrorCode::Invalid);
}

void TicketTest::aCharacterChangedAnywhereIsRefused()
{
    const QString whole = encodeTicket(sample());
    for (qsizetype at = 0; at < whole.size(); ++at) {
        for (const QChar c : QStringLiteral("A0-_=+ \u00e9")) {
            QString bad = whole;
            bad[at] = c;
            if (bad != whole && bad.trimmed() != whole)
                QVERIFY2(!parseTicket(bad), qUtf8Printable(bad));
        }
    }
}

void TicketTest::anyByteChangedUnderARightCheckNeverCrashes()
{
    const QByteArray good = payload(encodeTicket(sample()));
    for (qsizetype at = 0; at < good.size() - 4; ++at) {
        for (int value = 0; value < 256; ++value) {
            QByteArray bad = good;
            bad[at] = char(value);
            const QString text = resealed(bad);
            if (const Result<Ticket> ticket = parseTicket(text))
                QCOMPARE(encodeTicket(*ticket), text);
        }
    }
}

void TicketTest::isRefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<ErrorCode>("code");
    const QString good = encodeTicket(sample());
    const QByteArray bytes = payload(good);
    const auto with = [&](qsizetype at, const QByteArray &instead) {
        QByteArray changed = bytes;
        changed.replace(at, instead.size(), instead);
        return resealed(changed);
    };
    constexpr qsizetype expiry = 1 + 32 + 20;
    constexpr qsizetype port = expiry + 8;
    constexpr qsizetype count = port + 2;
    QTest::newRow("nothing") << QString() << ErrorCode::Invalid;
    QTest::newRow("another scheme") << good.sliced(1) << ErrorCode::Invalid;
    const QString qr = encodeTicketForQr(sample());
    QTest::newRow("all in capitals") << good.toUpper() << ErrorCode::Invalid;
    QTest::newRow("the other form's mark") << QString(good).insert(8, u'/') << ErrorCode::Invalid;
    QTest::newRow("without the mark") << QString(qr).remove(8, 1) << ErrorCode::Invalid;
    QTest::newRow("a QR text cut off") << qr.chopped(1) << ErrorCode::Invalid;
    QTest::newRow("a QR text and more") << qr + u'A' << ErrorCode::Invalid;
    QTest::newRow("a digit that is none there") << qr.chopped(1) + u'1' << ErrorCode::Invalid;
    QTest::newRow("padding") << good + u'=' << ErrorCode::Invalid;
    QTest::newRow("a blank inside") << QString(good).insert(20, u' ') << ErrorCode::Invalid;
    QTest::newRow("twice") << good + good << ErrorCode::Invalid;
    QTest::newRow("endless") << good + QString(Ticket::maximumText, u'A') << ErrorCode::TooLong;
    QTest::newRow("version 0") << with(0, QByteArray(1, '\0')) << ErrorCode::VersionMismatch;
    QTest::newRow("version 2") << with(0, "\x02") << ErrorCode::VersionMismatch;
    QTest::newRow("an expiry too far") << with(expiry, QByteArray(8, '\xff')) << ErrorCode::Invalid;
    QTest::newRow("port 0") << with(port, QByteArray(2, '\0')) << ErrorCode::Invalid;
    QTest::newRow("no hosts") << with(count, QByteArray(1, '\0')) << ErrorCode::Invalid;
    QTest::newRow("nine hosts") << with(count, "\x09") << ErrorCode::Invalid;
    QTest::newRow("fewer hosts than there are") << with(count, "\x02") << ErrorCode::Invalid;
    QTest::newRow("more hosts than there are") << with(count, "\x04") << ErrorCode::Invalid;
    QTest::newRow("a host past the end") << with(count + 1, "\xff") << ErrorCode::Invalid;
    QTest::newRow("no host") << with(count + 1, QByteArray(1, '\0')) << ErrorCode::Invalid;
    QTest::newRow("a host with a blank") << with(count + 4, " ") << ErrorCode::Invalid;
}

void TicketTest::isRefused()
{
    QFETCH(QString, text);
    QFETCH(ErrorCode, code);
    VERIFY_ERROR(parseTicket(text), code);
}

QTEST_APPLESS_MAIN(TicketTest)
#include "tst_ticket.moc"
