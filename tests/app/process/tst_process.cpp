// What the programs share: raw arguments as text, the lines of the log, and the word to the service
// manager.
#include "app/process/logging.h"
#include "app/process/rawtext.h"
#include "app/process/readiness.h"

#include <QCommandLineParser>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>

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
    void theServiceManagerIsToldWhereItListens_data();
    void theServiceManagerIsToldWhereItListens();
    void withoutAServiceManagerNothingIsTold();
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

void TestProcess::theServiceManagerIsToldWhereItListens_data()
{
    QTest::addColumn<bool>("isFile");
    QTest::newRow("a file") << true;
    QTest::newRow("a name of the kernel's") << false;
}

void TestProcess::theServiceManagerIsToldWhereItListens()
{
    QFETCH(bool, isFile);
    const QTemporaryDir folder;
    const QByteArray path = QFile::encodeName(folder.filePath(QStringLiteral("notify")));
    const QByteArray name = isFile ? path : '@' + path;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.constData(), size_t(name.size()));
    if (!isFile)
        address.sun_path[0] = 0;
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    QCOMPARE(::bind(socket, reinterpret_cast<const sockaddr *>(&address),
                    socklen_t(offsetof(sockaddr_un, sun_path) + size_t(name.size()))),
             0);
    qputenv("NOTIFY_SOCKET", name);
    QVERIFY(tellServiceManager("READY=1"));
    qunsetenv("NOTIFY_SOCKET");
    QByteArray received(100, 0);
    received.resize(std::max<ssize_t>(::recv(socket, received.data(), 100, 0), 0));
    ::close(socket);
    QCOMPARE(received, QByteArray("READY=1"));
}

void TestProcess::withoutAServiceManagerNothingIsTold()
{
    const QByteArray tooLong = '/' + QByteArray(200, 'x');
    for (const QByteArray &name : {QByteArray(), QByteArray("/"), QByteArray("relative"),
                                   QByteArray("/nowhere/at/all"), tooLong}) {
        qputenv("NOTIFY_SOCKET", name);
        QVERIFY2(!tellServiceManager("READY=1"), name.constData());
    }
    qunsetenv("NOTIFY_SOCKET");
    QVERIFY(!tellServiceManager("READY=1"));
}

QTEST_APPLESS_MAIN(TestProcess)
#include "tst_process.moc"
