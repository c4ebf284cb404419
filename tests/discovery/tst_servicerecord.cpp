// What DNS-SD says of a machine, and what is believed of it.
#include "discovery/servicerecord.h"
#include "tests/discovery/samples.h"

#include <QTest>

using namespace octopus;
using namespace octopus::discovery;

class ServiceRecordTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsPublishedIsUnderstood();
    void unknownKeysAreIgnored();
    void hostileRecordsAreRefused_data();
    void hostileRecordsAreRefused();
    void serviceNamesFitIntoALabel();
};

void ServiceRecordTest::whatIsPublishedIsUnderstood()
{
    Announcement a = samples::announcement(3);
    a.name = QStringLiteral("büro=1");
    a.mostProtocol = 4294967295;
    const auto s = readService(QStringLiteral("büro (2)"), serviceText(a), 17291);
    QVERIFY(s);
    QCOMPARE(s->id, a.id);
    QCOMPARE(s->name, a.name);
    QCOMPARE(s->version, a.version);
    QCOMPARE(s->leastProtocol, 1U);
    QCOMPARE(s->mostProtocol, 4294967295U);
    QCOMPARE(s->port, quint16(17291));
    QCOMPARE(s->service, QStringLiteral("büro (2)"));
    QVERIFY(s->source == Source::DnsSd);
}

void ServiceRecordTest::unknownKeysAreIgnored()
{
    ServiceText text = serviceText(samples::announcement(3));
    text.insert(QStringLiteral("later"), QByteArray(200, 'x'));
    QVERIFY(readService(QStringLiteral("a"), text, 17290));
}

void ServiceRecordTest::hostileRecordsAreRefused_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *title, const char *key, const QByteArray &value) {
        QTest::newRow(title) << QString::fromLatin1(key) << value;
    };
    row("no id", "id", {});
    row("a short id", "id", QByteArray(63, 'a'));
    row("a long id", "id", QByteArray(66, 'a'));
    row("an id in capitals", "id", QByteArray(64, 'A'));
    row("an id that is no number", "id", QByteArray(64, 'g'));
    row("no name", "name", {});
    row("a long name", "name", QByteArray(200, 'a'));
    row("a name with an escape", "name", "a\x1b[2J");
    row("a name in no encoding", "name", "a\xff");
    row("a long version", "v", QByteArray(33, '1'));
    row("a version beyond ASCII", "v", "1\xe4");
    row("no protocols", "proto", {});
    row("one protocol", "proto", "1");
    row("half a range", "proto", "1-");
    row("protocol 0", "proto", "0-1");
    row("the wrong way round", "proto", "2-1");
    row("a negative protocol", "proto", "-1-1");
    row("a protocol with space", "proto", " 1-2");
    row("a large protocol", "proto", "1-4294967296");
    row("three protocols", "proto", "1-2-3");
}

void ServiceRecordTest::hostileRecordsAreRefused()
{
    QFETCH(QString, key);
    QFETCH(QByteArray, value);
    ServiceText text = serviceText(samples::announcement(3));
    text.insert(key, value);
    QVERIFY(!readService(QStringLiteral("a"), text, 17290));
    QVERIFY(!readService(QStringLiteral("a"), serviceText(samples::announcement(3)), 22));
}

void ServiceRecordTest::serviceNamesFitIntoALabel()
{
    Announcement a = samples::announcement(3);
    QCOMPARE(serviceNameOf(a), a.name);
    a.name = QString(64, u'a');
    QCOMPARE(serviceNameOf(a), QString(63, u'a'));
    a.name = QString(30, QChar(0x6771)); // three bytes each
    QCOMPARE(serviceNameOf(a), QString(21, QChar(0x6771)));
    a.name = QStringLiteral("🐙").repeated(32);
    QCOMPARE(serviceNameOf(a), QStringLiteral("🐙").repeated(15));
}

QTEST_APPLESS_MAIN(ServiceRecordTest)
#include "tst_servicerecord.moc"
