// Numbers, times and tables as octopusctl shows them, and its terminal.
#include "app/cli/exitcode.h"
#include "app/cli/text.h"
#include "app/cli/usage.h"

#include <QDir>
#include <QTest>

using namespace octopus;
using namespace octopus::cli;

class TestText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sizesAreReadable_data();
    void sizesAreReadable();
    void durationsAreReadable_data();
    void durationsAreReadable();
    void anUnknownLagIsNeverANumber();
    void ratesAreUnderstood_data();
    void ratesAreUnderstood();
    void countsAreGrouped();
    void columnsAreAligned();
    void colourIsOnlyForThoseWhoCanSeeIt();
    void frameReplacesFrameOnATerminalOnly();
    void aLineNeverWraps();
    void everyErrorHasItsExitCode_data();
    void everyErrorHasItsExitCode();
    void typedPathsBecomeAbsolute();
};

void TestText::sizesAreReadable_data()
{
    QTest::addColumn<quint64>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << quint64(0) << QStringLiteral("0 B");
    QTest::newRow("bytes") << quint64(1023) << QStringLiteral("1023 B");
    QTest::newRow("one") << quint64(1024) << QStringLiteral("1.0 KiB");
    QTest::newRow("large") << quint64(4096000) << QStringLiteral("3.9 MiB");
    QTest::newRow("no decimals") << quint64(200 * 1024 * 1024) << QStringLiteral("200 MiB");
    QTest::newRow("rounded up") << quint64(1024 * 1024 - 1) << QStringLiteral("1.0 MiB");
    QTest::newRow("most") << ~quint64(0) << QStringLiteral("16.0 EiB");
}

void TestText::sizesAreReadable()
{
    QFETCH(quint64, bytes);
    QFETCH(QString, text);
    QCOMPARE(sizeText(bytes), text);
}

void TestText::durationsAreReadable_data()
{
    QTest::addColumn<qint64>("milliseconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << qint64(0) << QStringLiteral("0 ms");
    QTest::newRow("short") << qint64(999) << QStringLiteral("999 ms");
    QTest::newRow("seconds") << qint64(1500) << QStringLiteral("1.5 s");
    QTest::newRow("almost a minute") << qint64(59'960) << QStringLiteral("1 min 00 s");
    QTest::newRow("minutes") << qint64(123'000) << QStringLiteral("2 min 03 s");
    QTest::newRow("hours") << qint64(11'220'000) << QStringLiteral("3 h 07 min");
}

void TestText::durationsAreReadable()
{
    QFETCH(qint64, milliseconds);
    QFETCH(QString, text);
    QCOMPARE(durationText(Milliseconds(milliseconds)), text);
}

void TestText::anUnknownLagIsNeverANumber()
{
    QCOMPARE(lagText(std::nullopt), QStringLiteral("unknown"));
    QCOMPARE(lagText(Milliseconds(0)), QStringLiteral("0 ms"));
}

void TestText::ratesAreUnderstood_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("bytes"); // -1: refused
    QTest::newRow("none") << QStringLiteral("0") << qint64(0);
    QTest::newRow("plain") << QStringLiteral("500") << qint64(500);
    QTest::newRow("K") << QStringLiteral("64K") << qint64(65536);
    QTest::newRow("k") << QStringLiteral("64k") << qint64(65536);
    QTest::newRow("M") << QStringLiteral("1.5M") << qint64(1572864);
    QTest::newRow("G") << QStringLiteral("2G") << (qint64(2) << 30);
    QTest::newRow("empty") << QString() << qint64(-1);
    QTest::newRow("negative") << QStringLiteral("-1") << qint64(-1);
    QTest::newRow("word") << QStringLiteral("fast") << qint64(-1);
    QTest::newRow("only a suffix") << QStringLiteral("M") << qint64(-1);
    QTest::newRow("no number") << QStringLiteral("nan") << qint64(-1);
    QTest::newRow("endless") << QStringLiteral("inf") << qint64(-1);
    QTest::newRow("too much") << QStringLiteral("1e30") << qint64(-1);
}

void TestText::ratesAreUnderstood()
{
    QFETCH(QString, text);
    QFETCH(qint64, bytes);
    const std::optional<quint64> rate = parseRate(text);
    QCOMPARE(rate ? qint64(*rate) : -1, bytes);
}

void TestText::countsAreGrouped()
{
    QCOMPARE(countText(0), QStringLiteral("0"));
    QCOMPARE(countText(999), QStringLiteral("999"));
    QCOMPARE(countText(1000), QStringLiteral("1 000"));
    QCOMPARE(countText(1234567), QStringLiteral("1 234 567"));
}

void TestText::columnsAreAligned()
{
    Table table({QStringLiteral("NAME"), QStringLiteral(">SIZE"), QStringLiteral("END")});
    table.addRow({{QStringLiteral("a")}, {QStringLiteral("1")}, {QStringLiteral("x")}});
    table.addRow({{QStringLiteral("longer")}, {QStringLiteral("12345")}, {QStringLiteral("y")}});
    const Terminal terminal({}, {}, {}, {});
    QCOMPARE(table.lines(terminal).join(u'\n'),
             QStringLiteral("NAME     SIZE  END\n"
                            "a           1  x\n"
                            "longer  12345  y"));
}

void TestText::colourIsOnlyForThoseWhoCanSeeIt()
{
    const Terminal plain({}, {}, {}, {});
    QCOMPARE(plain.coloured(QStringLiteral("a"), Colour::Bad), QStringLiteral("a"));
    const Terminal bright({}, {}, {}, {.drawsOutput = true, .colour = true});
    QVERIFY(bright.coloured(QStringLiteral("a"), Colour::Bad).startsWith(u'\x1b'));
    QCOMPARE(bright.coloured(QStringLiteral("a"), Colour::Plain), QStringLiteral("a"));
}

void TestText::frameReplacesFrameOnATerminalOnly()
{
    for (const bool draws : {false, true}) {
        QByteArray output;
        Terminal terminal([&output](const QByteArray &bytes) { output += bytes; }, {}, {},
                          {.drawsOutput = draws});
        terminal.draw({QStringLiteral("a"), QStringLiteral("b")});
        QCOMPARE(output, QByteArray("a\nb\n"));
        terminal.draw({QStringLiteral("c")});
        QCOMPARE(output, draws ? QByteArray("a\nb\n\x1b[2A\r\x1b[Jc\n") : QByteArray("a\nb\nc\n"));
    }
}

void TestText::aLineNeverWraps()
{
    QByteArray output;
    Terminal terminal([&output](const QByteArray &bytes) { output += bytes; }, {}, {},
                      {.drawsOutput = true, .colour = true, .columns = 10});
    terminal.draw({terminal.coloured(QString(20, u'x'), Colour::Good)});
    QCOMPARE(output, QByteArray("\x1b[32mxxxxxxxxx\x1b[0m\n"));
}

void TestText::everyErrorHasItsExitCode_data()
{
    QTest::addColumn<int>("error");
    QTest::addColumn<int>("code");
    const auto row = [](ErrorCode error, int code) {
        QTest::newRow(errorName(error)) << int(error) << code;
    };
    row(ErrorCode::Invalid, 2);
    row(ErrorCode::NotFound, 2);
    row(ErrorCode::Unreachable, 3);
    row(ErrorCode::Disconnected, 3);
    row(ErrorCode::Refused, 4);
    row(ErrorCode::NotPaired, 4);
    row(ErrorCode::NotGranted, 4);
    row(ErrorCode::Exists, 4);
    row(ErrorCode::TimedOut, 5);
}

void TestText::everyErrorHasItsExitCode()
{
    QFETCH(int, error);
    QFETCH(int, code);
    QCOMPARE(int(exitCodeOf(ErrorCode(error))), code);
}

void TestText::typedPathsBecomeAbsolute()
{
    QCOMPARE(absolutePath("/a//b/./c/"), QByteArray("/a/b/c"));
    QCOMPARE(absolutePath("/"), QByteArray("/"));
    QCOMPARE(absolutePath("/usr/../usr/bin/.."), QByteArray("/usr"));
    QCOMPARE(absolutePath("x\xff"), QDir::currentPath().toUtf8() + "/x\xff");
    QCOMPARE(absolutePath("/nonexistent/../x"), QByteArray("/nonexistent/../x"));
}

QTEST_APPLESS_MAIN(TestText)
#include "tst_text.moc"
