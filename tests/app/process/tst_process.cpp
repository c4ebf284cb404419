// What the programs share: raw arguments as text, and the lines of the log.
#include "app/process/logging.h"
#include "app/process/rawtext.h"

#include <QCommandLineParser>
#include <QTest>

using namespace octopus::process;

class TestProcess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesSurviveAsText_data();
    void bytesSurviveAsText();
    void ordinaryTextStaysWhatItIs();
    void aRawPathSurvivesTheParser();
    void aLogLineCannotBeForged();
    void levelsHaveNames();
};

void TestProcess::bytesSurviveAsText_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("plain") << QByteArray("/home/a");
    QTest::newRow("umlaut") << QByteArray("gr\xc3\xb6n");
    QTest::newRow("invalid alone") << QByteArray("\xff");
    QTest::newRow("invalid around") << QByteArray("\xfe/a\x80/\xc3");
    QTest::newRow("after four bytes") << QByteArray("\xf0\x9f\x90\x99\xff\xf0\x9f\x90\x99");
    QTest::newRow("encoded surrogate") << QByteArray("\xed\xb2\x80");
    QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbfname");
    QTest::newRow("byte order mark and invalid") << QByteArray("\xef\xbb\xbf\xff\xef\xbb\xbf");
    QByteArray all;
    for (int i = 1; i < 256; ++i)
        all += char(i);
    QTest::newRow("every byte") << all;
}

void TestProcess::bytesSurviveAsText()
{
    QFETCH(QByteArray, bytes);
    QCOMPARE(rawFromText(textFromRaw(bytes)), bytes);
}

void TestProcess::ordinaryTextStaysWhatItIs()
{
    QCOMPARE(textFromRaw("gr\xc3\xb6n"), QString::fromUtf8("gr\xc3\xb6n"));
}

void TestProcess::aRawPathSurvivesTheParser()
{
    QByteArray program("p");
    QByteArray option("--state=/s\xff=x");
    char *arguments[] = {program.data(), option.data()};
    QCommandLineParser parser;
    parser.addOption({QStringLiteral("state"), QString(), QStringLiteral("DIR")});
    QVERIFY(parser.parse(rawArguments(2, arguments)));
    QCOMPARE(rawFromText(parser.value(QStringLiteral("state"))), QByteArray("/s\xff=x"));
}

void TestProcess::aLogLineCannotBeForged()
{
    const QByteArray line = logLine(QtWarningMsg, "T", "octopus.link",
                                    QStringLiteral("name a\n2026 error forged\x1b[31m"));
    QVERIFY(line.startsWith("T warning octopus.link: name a"));
    QVERIFY(!line.contains('\n'));
    QVERIFY(!line.contains('\x1b'));
}

void TestProcess::levelsHaveNames()
{
    QVERIFY(logLevelFromName(QStringLiteral("error")) == LogLevel::Error);
    QVERIFY(logLevelFromName(QStringLiteral("debug")) == LogLevel::Debug);
    QVERIFY(!logLevelFromName(QStringLiteral("loud")));
}

QTEST_APPLESS_MAIN(TestProcess)
#include "tst_process.moc"
