// The format of announcements: what is said is understood, and nothing else is.
#include "discovery/announcement.h"
#include "discovery/options.h"
#include "tests/discovery/samples.h"
#include "tests/support/seededrandom.h"

#include <QTest>

using namespace octopus;
using namespace octopus::discovery;
using octopus::testing::SeededRandom;

namespace {

constexpr qsizetype nameOffset = 66;

// `bytes` with those at `offset` replaced.
QByteArray with(QByteArray bytes, qsizetype offset, const QByteArray &others)
{
    return bytes.replace(offset, others.size(), others);
}

QByteArray sample()
{
    return encode(samples::announcement(7));
}

QByteArray named(const QByteArray &name)
{
    return sample().first(nameOffset) + char(quint8(name.size())) + name + '\0';
}

} // namespace

class AnnouncementTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingSurvivesTheWay();
    void theLayoutIsThatOfThePage();
    void fieldsOfLaterVersionsAreSkipped();
    void hostileDatagramsAreRefused_data();
    void hostileDatagramsAreRefused();
    void everyTruncationIsRefused();
    void noiseIsRefusedOrSound();
    void namesAreMadeAnnounceable_data();
    void namesAreMadeAnnounceable();
    void aPortOfTheSystemIsNotAnnounced();
};

void AnnouncementTest::everythingSurvivesTheWay()
{
    Announcement a = samples::announcement(1);
    for (const auto kind :
         {AnnouncementKind::Announce, AnnouncementKind::Ask, AnnouncementKind::Goodbye}) {
        a.kind = kind;
        a.name = QStringLiteral("büro 東京 🐙");
        a.leastProtocol = 2;
        a.mostProtocol = 0xfffffffe;
        a.flags = 0x8001;
        a.nonce = 0x0123456789abcdef;
        const auto back = decode(encode(a));
        QVERIFY(back);
        QCOMPARE(*back, a);
    }
}

void AnnouncementTest::theLayoutIsThatOfThePage()
{
    Announcement a = samples::announcement(1);
    a.kind = AnnouncementKind::Ask;
    a.name = QStringLiteral("ab");
    a.version = QStringLiteral("1");
    a.instance = 2;
    a.nonce = 3;
    const QByteArray expected = QByteArray("OMBC\x01\x02\0\0", 8)
        + QByteArray("\x02\0\0\0\0\0\0\0", 8) + QByteArray("\x03\0\0\0\0\0\0\0", 8) + a.id
        + QByteArray("\x8a\x43", 2) + QByteArray("\x01\0\0\0\x01\0\0\0", 8)
        + QByteArray("\x02"
                     "ab"
                     "\x01"
                     "1",
                     5);
    QCOMPARE(encode(a).toHex(), expected.toHex());
}

void AnnouncementTest::fieldsOfLaterVersionsAreSkipped()
{
    const QByteArray fields = QByteArray("\x01\x03\0xyz", 6) + QByteArray("\xff\0\0", 3);
    const auto a = decode(sample() + fields);
    QVERIFY(a);
    QCOMPARE(*a, samples::announcement(7));
    QVERIFY(!decode(sample() + fields + '\x01'));
    QVERIFY(!decode(sample() + QByteArray("\x01\x04\0xyz", 6)));
}

void AnnouncementTest::hostileDatagramsAreRefused_data()
{
    QTest::addColumn<QByteArray>("datagram");
    const auto row = [](const char *name, const QByteArray &bytes) {
        QTest::newRow(name) << bytes;
    };
    row("nothing", {});
    row("another magic", with(sample(), 0, "OMBD"));
    row("another format", with(sample(), 4, "\x02"));
    row("no kind", with(sample(), 5, QByteArray(1, '\0')));
    row("an unknown kind", with(sample(), 5, "\x04"));
    row("no instance", with(sample(), 8, QByteArray(8, '\0')));
    row("port 22", with(sample(), 56, QByteArray("\x16\0", 2)));
    row("port 1023", with(sample(), 56, "\xff\x03"));
    row("protocol 0", with(sample(), 58, QByteArray(4, '\0')));
    row("versions the wrong way round", with(sample(), 58, QByteArray("\x02\0\0\0", 4)));
    row("no name", named({}));
    row("65 characters", named(QByteArray(65, 'a')));
    row("not UTF-8", named("a\xff"));
    row("overlong UTF-8", named("a\xc0\xaf"));
    row("a surrogate in UTF-8", named("a\xed\xa0\x80"));
    row("half a character", named("a\xe2\x82"));
    row("a NUL", named(QByteArray("a\0b", 3)));
    row("an escape", named("\x1b[2Jboo"));
    row("a line feed", named("a\nb"));
    row("a C1 control", named("a\xc2\x9b"));
    row("text from right to left",
        named("a\xe2\x80\xae"
              "cod.exe"));
    row("a zero-width space", named("al\xe2\x80\x8bpha"));
    row("a byte order mark",
        named("\xef\xbb\xbf"
              "a"));
    row("a line separator",
        named("a\xe2\x80\xa8"
              "b"));
    row("a noncharacter", named("a\xef\xbf\xbf"));
    row("space before", named(" a"));
    row("space after", named("a\xc2\xa0"));
    row("only space", named("  "));
    row("a name longer than the datagram", sample().first(nameOffset) + "\xff" + "abc");
    row("no version", named("a").chopped(1));
    row("a version of 33 characters", named("a").chopped(1) + "\x21" + QByteArray(33, '1'));
    row("a version with an escape", named("a").chopped(1) + "\x02\x1b" + "1");
    row("a version beyond ASCII", named("a").chopped(1) + "\x02\xc3\xa4");
    row("too long",
        sample() + QByteArray("\x01\xe8\x03", 3) + QByteArray(1000, 'x')
            + QByteArray("\x01\xe8\x03", 3) + QByteArray(1000, 'x'));
}

void AnnouncementTest::hostileDatagramsAreRefused()
{
    QFETCH(QByteArray, datagram);
    const auto a = decode(datagram);
    QVERIFY(!a);
    QVERIFY(a.error().code == ErrorCode::Invalid || a.error().code == ErrorCode::VersionMismatch);
}

void AnnouncementTest::everyTruncationIsRefused()
{
    const QByteArray whole = sample();
    for (qsizetype size = 0; size < whole.size(); ++size)
        QVERIFY2(!decode(QByteArrayView(whole).first(size)), qPrintable(QString::number(size)));
}

void AnnouncementTest::noiseIsRefusedOrSound()
{
    SeededRandom random(1);
    int accepted = 0;
    for (int round = 0; round < 20'000; ++round) {
        QByteArray bytes = sample();
        for (quint64 i = random.below(4); i != quint64(-1); --i)
            bytes[qsizetype(random.below(quint64(bytes.size())))] = char(random.next64());
        const auto a = decode(bytes);
        if (!a)
            continue;
        ++accepted;
        QVERIFY(isAnnounceable(a->name) && isVersion(a->version));
        const auto again = decode(encode(*a));
        QVERIFY(again && *again == *a);
    }
    QVERIFY(accepted > 1000);
}

void AnnouncementTest::namesAreMadeAnnounceable_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("announced");
    const auto row = [](const char *title, const QString &name, const QString &announced) {
        QTest::newRow(title) << name << announced;
    };
    row("a good one", QStringLiteral("alpha"), QStringLiteral("alpha"));
    row("empty", {}, QStringLiteral("?"));
    row("control", QStringLiteral("al\u001bpha\n"), QStringLiteral("alpha"));
    row("direction", QStringLiteral("\u202ealpha"), QStringLiteral("alpha"));
    row("space", QStringLiteral("  alpha "), QStringLiteral("alpha"));
    row("only control", QStringLiteral("\u0007"), QStringLiteral("?"));
    row("long", QString(100, u'a'), QString(64, u'a'));
    row("a pair at the end", QString(63, u'a') + QStringLiteral("🐙"), QString(63, u'a'));
    row("space at the cut", QString(63, u'a') + QStringLiteral(" b"), QString(63, u'a'));
}

void AnnouncementTest::namesAreMadeAnnounceable()
{
    QFETCH(QString, name);
    QFETCH(QString, announced);
    QCOMPARE(announceableName(name), announced);
    QVERIFY(isAnnounceable(announced));
}

void AnnouncementTest::aPortOfTheSystemIsNotAnnounced()
{
    DiscoveryOptions options;
    options.id = samples::id(1);
    options.port = 443;
    QCOMPARE(selfOf(options, 1).port, quint16(0));
    options.port = 1024;
    options.version = QString(40, u'1');
    const Announcement self = selfOf(options, 1);
    QCOMPARE(self.port, quint16(1024));
    QVERIFY(decode(encode(self)));
}

QTEST_APPLESS_MAIN(AnnouncementTest)
#include "tst_announcement.moc"
