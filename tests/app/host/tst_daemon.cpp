// octopusd and octopusctl as a user runs them: real processes with a state folder of their own.
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

class TestDaemon : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void cleanup() { m_folder.reset(); }
    void anEngineThatDoesNotLookForMachinesSaysSoAtOnce();
    void itSaysWhenItServesAndStopsInTime();
    void theServiceManagerHearsWhenItServesAndWhenItStops();
    void aSecondOneOnTheSameFolderIsRefused();
    void itRecoversFromAKill();
    void wrongOptionsAreExitCodeTwo_data();
    void wrongOptionsAreExitCodeTwo();
    void aLongStatePathWorks();

private:
    [[nodiscard]] std::unique_ptr<QProcess> daemon(const QString &state) const;
    [[nodiscard]] QByteArray readyLine(QProcess &process) const;
    [[nodiscard]] QJsonObject ask(const QString &state, const QStringList &command) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

std::unique_ptr<QProcess> TestDaemon::daemon(const QString &state) const
{
    auto process = std::make_unique<QProcess>();
    process->start(QStringLiteral(OCTOPUSD),
                   {QStringLiteral("--state"), state, QStringLiteral("--name"),
                    QStringLiteral("alpha"), QStringLiteral("--listen"),
                    QStringLiteral("127.0.0.1:0"), QStringLiteral("--no-discovery")});
    return process;
}

QByteArray TestDaemon::readyLine(QProcess &process) const
{
    while (!process.canReadLine()) {
        if (!process.waitForReadyRead(120'000))
            return process.readAllStandardError();
    }
    return process.readLine();
}

QJsonObject TestDaemon::ask(const QString &state, const QStringList &command) const
{
    QProcess process;
    process.start(QStringLiteral(OCTOPUSCTL),
                  QStringList{QStringLiteral("--state"), state, QStringLiteral("--json")}
                      + command);
    if (!process.waitForFinished(120'000) || process.exitCode() != 0)
        return {{QStringLiteral("failed"), QString::fromUtf8(process.readAllStandardError())}};
    return QJsonDocument::fromJson(process.readAllStandardOutput()).object();
}

void TestDaemon::anEngineThatDoesNotLookForMachinesSaysSoAtOnce()
{
    const QString state = m_folder->filePath(QStringLiteral("state"));
    const auto process = daemon(state);
    QVERIFY(!readyLine(*process).isEmpty());
    QProcess peers;
    peers.start(QStringLiteral(OCTOPUSCTL),
                {QStringLiteral("--state"), state, QStringLiteral("peers"),
                 QStringLiteral("--discover"), QStringLiteral("60")});
    QVERIFY(peers.waitForFinished(60'000));
    QCOMPARE(peers.exitCode(), 0);
    const QByteArray message = peers.readAllStandardError();
    QVERIFY2(message.contains("does not look for machines"), message.constData());
}

void TestDaemon::itSaysWhenItServesAndStopsInTime()
{
    const QString state = m_folder->filePath(QStringLiteral("state"));
    const auto process = daemon(state);
    const QByteArray line = readyLine(*process);
    const QRegularExpression form(
        QStringLiteral("^ready alpha ([0-9a-f]{64}) (127\\.0\\.0\\.1:[1-9][0-9]*)\n$"));
    const QRegularExpressionMatch match = form.match(QString::fromUtf8(line));
    QVERIFY2(match.hasMatch(), line.constData());

    const QJsonObject identity = ask(state, {QStringLiteral("identity")});
    QCOMPARE(identity[u"name"].toString(), QStringLiteral("alpha"));
    QCOMPARE(identity[u"id"].toString(), match.captured(1));
    const QJsonObject status = ask(state, {QStringLiteral("status")});
    QCOMPARE(status[u"machine"][u"address"].toString(), match.captured(2));

    QElapsedTimer clock;
    clock.start();
    process->terminate();
    QVERIFY(process->waitForFinished(60'000));
    QVERIFY2(clock.elapsed() < 8000, qPrintable(QString::number(clock.elapsed())));
    QCOMPARE(process->exitStatus(), QProcess::NormalExit);
    QCOMPARE(process->exitCode(), 0);
    QVERIFY(!QFile::exists(state + QStringLiteral("/run/control.sock")));
}

void TestDaemon::theServiceManagerHearsWhenItServesAndWhenItStops()
{
    const QByteArray path = QFile::encodeName(m_folder->filePath(QStringLiteral("notify")));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.constData(), size_t(path.size()));
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const timeval patience{120, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    QCOMPARE(::bind(socket, reinterpret_cast<const sockaddr *>(&address), sizeof(address)), 0);
    const auto hear = [socket] {
        QByteArray text(100, 0);
        ssize_t length = -1;
        do {
            length = ::recv(socket, text.data(), 100, 0);
        } while (length < 0 && errno == EINTR);
        text.resize(std::max<ssize_t>(length, 0));
        return text;
    };
    qputenv("NOTIFY_SOCKET", path);
    const auto process = daemon(m_folder->filePath(QStringLiteral("state")));
    qunsetenv("NOTIFY_SOCKET");
    QCOMPARE(hear(), QByteArray("READY=1"));
    // Served already: nobody who waited for that word is sent away.
    QCOMPARE(ask(m_folder->filePath(QStringLiteral("state")), {QStringLiteral("identity")})[u"name"]
                 .toString(),
             QStringLiteral("alpha"));
    process->terminate();
    QCOMPARE(hear(), QByteArray("STOPPING=1"));
    QVERIFY(process->waitForFinished(60'000));
    ::close(socket);
}

void TestDaemon::aSecondOneOnTheSameFolderIsRefused()
{
    const QString state = m_folder->filePath(QStringLiteral("state"));
    const auto first = daemon(state);
    QVERIFY(readyLine(*first).startsWith("ready "));
    const auto second = daemon(state);
    QVERIFY(second->waitForFinished(120'000));
    QCOMPARE(second->exitCode(), 4);
    const QByteArray message = second->readAllStandardError();
    QVERIFY2(message.contains("another engine"), message.constData());
    QCOMPARE(message.count('\n'), 1);
    QCOMPARE(ask(state, {QStringLiteral("identity")})[u"name"].toString(), QStringLiteral("alpha"));
    first->terminate();
    QVERIFY(first->waitForFinished(60'000));
}

void TestDaemon::itRecoversFromAKill()
{
    const QString state = m_folder->filePath(QStringLiteral("state"));
    auto process = daemon(state);
    const QByteArray before = readyLine(*process).split(' ').value(2);
    process->kill();
    QVERIFY(process->waitForFinished(60'000));
    process = daemon(state);
    QCOMPARE(readyLine(*process).split(' ').value(2), before);
    QCOMPARE(ask(state, {QStringLiteral("identity")})[u"id"].toString().toLatin1(), before);
    process->terminate();
    QVERIFY(process->waitForFinished(60'000));
}

void TestDaemon::wrongOptionsAreExitCodeTwo_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("unknown") << QStringList{QStringLiteral("--fast")};
    QTest::newRow("word") << QStringList{QStringLiteral("start")};
    QTest::newRow("level") << QStringList{QStringLiteral("--log-level"), QStringLiteral("loud")};
    QTest::newRow("listen") << QStringList{QStringLiteral("--listen"), QStringLiteral("nowhere")};
}

void TestDaemon::wrongOptionsAreExitCodeTwo()
{
    QFETCH(QStringList, options);
    QProcess process;
    process.start(QStringLiteral(OCTOPUSD), options);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitCode(), 2);
    QCOMPARE(process.readAllStandardOutput(), QByteArray());
    QCOMPARE(process.readAllStandardError().count('\n'), 1);
}

void TestDaemon::aLongStatePathWorks()
{
    const QString state = m_folder->filePath(QString(150, u'x'));
    const auto process = daemon(state);
    QVERIFY(readyLine(*process).startsWith("ready "));
    QCOMPARE(ask(state, {QStringLiteral("identity")})[u"name"].toString(), QStringLiteral("alpha"));
    process->terminate();
    QVERIFY(process->waitForFinished(60'000));
}

QTEST_GUILESS_MAIN(TestDaemon)
#include "tst_daemon.moc"
