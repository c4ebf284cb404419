// The control socket from end to end within one process: Client, Server, and an engine that does
// what the test says.
#include "engine/control/client.h"
#include "engine/control/json.h"
#include "engine/control/server.h"
#include "tests/engine/control/fakeapi.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace octopus;
using namespace octopus::control;

class TestServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aCommandArrivesAndItsAnswerReturns();
    void progressComesBeforeTheAnswer();
    void aFailureBringsItsPaths();
    void anAnswerGivenTwiceCountsOnce();
    void aForgottenResponderFails();
    void aMalformedCommandNeverReachesTheEngine();
    void aClientThatLeavesCancelsWhatItAsked();
    void cancellingReachesTheEngine();
    void stoppingTheServerTellsEveryClient();
    void statusComesWithoutTheEngine();
    void aSubscriptionShowsChangesAtMostFourTimesASecond();
    void anUnknownVaultHasNoStatus();
    void theSocketIsForItsUserOnly();
    void theEntranceLeadsToTheSocket();
    void aSecondServerIsRefused();
    void aSocketThatNobodyServesIsReplaced();
    void longPathsWork();
    void anotherUserIsTurnedAway();
    void rootAndTheUserAreAdmitted();

private:
    [[nodiscard]] Location locationBelow(const QByteArray &folder) const;
    void open(Client &client);

    std::unique_ptr<QTemporaryDir> m_folder;
    Location m_location;
    std::unique_ptr<FakeApi> m_api;
    std::unique_ptr<Server> m_server;
    std::unique_ptr<Client> m_client;
};

namespace {

mode_t modeOf(const QByteArray &path)
{
    struct stat status{};
    return ::stat(path.constData(), &status) == 0 ? status.st_mode & 07777 : 0;
}

} // namespace

Location TestServer::locationBelow(const QByteArray &folder) const
{
    const QByteArray state = QFile::encodeName(m_folder->path()) + folder;
    const QByteArray socket = state + "/run/control.sock";
    return {state, socket, socket};
}

void TestServer::open(Client &client)
{
    QSignalSpy opened(&client, &Client::opened);
    client.open(m_location.entrance);
    QVERIFY(opened.wait());
}

void TestServer::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_location = locationBelow({});
    m_api = std::make_unique<FakeApi>();
    m_api->current = exampleStatus();
    m_server = std::make_unique<Server>(*m_api, QStringLiteral("1.2.3"));
    QVERIFY(m_server->listen(m_location));
    m_client = std::make_unique<Client>();
    open(*m_client);
}

void TestServer::cleanup()
{
    m_client.reset();
    m_server.reset();
    m_api.reset();
    m_folder.reset();
}

void TestServer::aCommandArrivesAndItsAnswerReturns()
{
    QCOMPARE(m_client->engineVersion(), QStringLiteral("1.2.3"));
    m_api->answer = [](const Command &, const std::shared_ptr<Responder> &responder) {
        responder->finish(QJsonObject{{QStringLiteral("ticket"), QStringLiteral("octopus:x")}});
    };
    std::optional<Answer> answer;
    m_client->send(Invite{"/srv/\xff", std::chrono::minutes(5)},
                   [&answer](const Answer &given) { answer = given; });
    QVERIFY(!answer);
    QTRY_VERIFY(answer);
    QVERIFY(*answer);
    QCOMPARE((**answer)[u"ticket"].toString(), QStringLiteral("octopus:x"));
    QVERIFY((m_api->last<Invite>() == Invite{"/srv/\xff", std::chrono::minutes(5)}));
}

void TestServer::progressComesBeforeTheAnswer()
{
    m_api->answer = [](const Command &, const std::shared_ptr<Responder> &responder) {
        responder->progress({{QStringLiteral("done"), 1}});
        responder->finish();
    };
    QStringList heard;
    m_client->send(
        Synchronize{QStringLiteral("docs"), false},
        [&heard](const Answer &) { heard.append(QStringLiteral("answer")); },
        [&heard](const QJsonObject &) { heard.append(QStringLiteral("progress")); });
    QTRY_COMPARE(heard.join(u' '), QStringLiteral("progress answer"));
}

void TestServer::aFailureBringsItsPaths()
{
    const Failure failure{{ErrorCode::Refused, "foreign entries", 0}, {"a\xff", "b"}};
    m_api->answer = [&failure](const Command &, const std::shared_ptr<Responder> &responder) {
        responder->fail(failure);
    };
    std::optional<Answer> answer;
    m_client->send(ListPeers{}, [&answer](const Answer &given) { answer = given; });
    QTRY_VERIFY(answer);
    QVERIFY(!*answer);
    QVERIFY(answer->error() == failure);
}

void TestServer::anAnswerGivenTwiceCountsOnce()
{
    m_api->answer = [](const Command &, const std::shared_ptr<Responder> &responder) {
        responder->finish(1);
        responder->finish(2);
        responder->fail({{ErrorCode::Other, {}, 0}, {}});
        responder->progress({});
    };
    QList<int> answers;
    m_client->send(ListPeers{},
                   [&answers](const Answer &given) { answers.append(given->toInt()); });
    m_client->send(ListVaults{},
                   [&answers](const Answer &given) { answers.append(given->toInt()); });
    QTRY_COMPARE(answers, QList<int>({1, 1}));
}

void TestServer::aForgottenResponderFails()
{
    m_api->answer = [](const Command &, const std::shared_ptr<Responder> &) {};
    std::optional<Answer> answer;
    m_client->send(ListPeers{}, [&answer](const Answer &given) { answer = given; });
    QTRY_VERIFY(answer);
    QCOMPARE(answer->error().error.code, ErrorCode::Other);
}

void TestServer::aMalformedCommandNeverReachesTheEngine()
{
    std::optional<Answer> answer;
    m_client->send(Grant{QStringLiteral("beta"), "relative"},
                   [&answer](const Answer &given) { answer = given; });
    QTRY_VERIFY(answer);
    QCOMPARE(answer->error().error.code, ErrorCode::Invalid);
    QVERIFY(m_api->commands.isEmpty());
}

void TestServer::aClientThatLeavesCancelsWhatItAsked()
{
    m_client->send(WaitInSync{QStringLiteral("docs")}, {});
    QTRY_COMPARE(m_api->held.size(), 1);
    bool told = false;
    m_api->held[0]->whenCancelled([&told] { told = true; });
    QVERIFY(!m_api->held[0]->isCancelled());
    m_client.reset();
    QTRY_VERIFY(told);
    QVERIFY(m_api->held[0]->isCancelled());
    m_api->held[0]->finish(); // too late, and harmless
    QTRY_COMPARE(m_server->clients(), 0);
}

void TestServer::cancellingReachesTheEngine()
{
    bool called = false;
    const quint64 id = m_client->send(WaitInSync{QStringLiteral("docs")},
                                      [&called](const Answer &) { called = true; });
    QTRY_COMPARE(m_api->held.size(), 1);
    m_client->cancel(id);
    QTRY_VERIFY(m_api->held[0]->isCancelled());
    m_api->held[0]->finish();
    // The connection is as good as before.
    std::optional<Answer> status;
    m_client->requestStatus({}, [&status](const Answer &given) { status = given; });
    QTRY_VERIFY(status);
    QVERIFY(!called);
}

void TestServer::stoppingTheServerTellsEveryClient()
{
    QSignalSpy ended(m_client.get(), &Client::ended);
    std::optional<Answer> answer;
    m_client->send(WaitInSync{QStringLiteral("docs")},
                   [&answer](const Answer &given) { answer = given; });
    QTRY_COMPARE(m_api->held.size(), 1);
    m_server->close();
    QTRY_COMPARE(ended.size(), 1);
    QVERIFY(answer);
    QCOMPARE(answer->error().error.code, ErrorCode::Disconnected);
    QVERIFY(!QFile::exists(QFile::decodeName(m_location.socket)));
    QVERIFY(m_api->held[0]->isCancelled());
}

void TestServer::statusComesWithoutTheEngine()
{
    std::optional<Answer> answer;
    m_client->requestStatus({}, [&answer](const Answer &given) { answer = given; });
    QTRY_VERIFY(answer);
    QCOMPARE((*answer)->toObject(), toJson(exampleStatus()));
}

void TestServer::aSubscriptionShowsChangesAtMostFourTimesASecond()
{
    QList<QJsonObject> documents;
    QElapsedTimer clock;
    clock.start();
    m_client->subscribe({}, [&documents](const QJsonObject &one) { documents.append(one); }, {});
    QTRY_COMPARE(documents.size(), 1);
    quint64 files = 0;
    while (clock.elapsed() < 1100 || (documents.size() < 4 && clock.elapsed() < 60'000)) {
        EngineStatus status = exampleStatus();
        status.vaults.first().targets.first().files = ++files;
        m_api->setStatus(status);
        QTest::qWait(2);
    }
    const auto lastFiles = [&documents] {
        return quint64(documents.last()[u"vaults"][0][u"targets"][0][u"files"].toInteger());
    };
    QTRY_COMPARE(lastFiles(), files);
    QVERIFY2(documents.size() >= 4, qPrintable(QString::number(documents.size())));
    QVERIFY2(documents.size() <= 2 + clock.elapsed() / 250,
             qPrintable(QString::number(documents.size())));
}

void TestServer::anUnknownVaultHasNoStatus()
{
    std::optional<Answer> answer;
    m_client->requestStatus(QStringLiteral("nothing"),
                            [&answer](const Answer &given) { answer = given; });
    QTRY_VERIFY(answer);
    QCOMPARE(answer->error().error.code, ErrorCode::NotFound);
}

void TestServer::theSocketIsForItsUserOnly()
{
    QCOMPARE(modeOf(m_location.socket), mode_t(0600));
    QCOMPARE(modeOf(m_location.stateDirectory + "/run"), mode_t(0700));
}

void TestServer::theEntranceLeadsToTheSocket()
{
    Location location = locationBelow("/other");
    location.socket = location.stateDirectory + "/runtime/control.sock";
    Server server(*m_api, QStringLiteral("1"));
    QVERIFY(server.listen(location));
    Client client;
    QSignalSpy opened(&client, &Client::opened);
    client.open(location.entrance);
    QVERIFY(opened.wait());
    server.close();
    QVERIFY(!QFile::exists(QFile::decodeName(location.socket)));
    QVERIFY(QFile::symLinkTarget(QFile::decodeName(location.entrance)).isEmpty());
}

void TestServer::aSecondServerIsRefused()
{
    Server second(*m_api, QStringLiteral("1"));
    const Result<void> refused = second.listen(m_location);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Busy);
    second.close();
    Client client;
    open(client); // the first one still serves
}

void TestServer::aSocketThatNobodyServesIsReplaced()
{
    const QByteArray path = m_location.socket;
    const QByteArray aside = path + "~";
    QCOMPARE(::link(path.constData(), aside.constData()), 0);
    m_server.reset();
    QCOMPARE(::rename(aside.constData(), path.constData()), 0); // as a kill leaves it
    m_server = std::make_unique<Server>(*m_api, QStringLiteral("2"));
    QVERIFY(m_server->listen(m_location));
    Client client;
    open(client);
    QCOMPARE(client.engineVersion(), QStringLiteral("2"));
}

void TestServer::longPathsWork()
{
    m_server->close();
    m_location = locationBelow('/' + QByteArray(120, 'x') + '/' + QByteArray(120, 'y'));
    QVERIFY(m_server->listen(m_location));
    QCOMPARE(modeOf(m_location.socket), mode_t(0600));
    Client client;
    open(client);
    Server second(*m_api, QStringLiteral("1"));
    QVERIFY(!second.listen(m_location));
}

void TestServer::anotherUserIsTurnedAway()
{
    if (::geteuid() != 0)
        QSKIP("only root can try it as somebody else");
    // Opened up, so that only the check of the peer is left to refuse.
    QCOMPARE(::chmod(m_location.socket.constData(), 0666), 0);
    QCOMPARE(::chmod((m_location.stateDirectory + "/run").constData(), 0755), 0);
    QCOMPARE(::chmod(m_location.stateDirectory.constData(), 0755), 0);
    const pid_t child = ::fork();
    QVERIFY(child >= 0);
    if (child == 0) {
        // Only what is safe after fork(): the exit status is the number of bytes read, at most 1.
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, m_location.socket.constData(),
                    size_t(m_location.socket.size()));
        const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
        char byte = 0;
        if (::setuid(65534) != 0
            || ::connect(descriptor, reinterpret_cast<sockaddr *>(&address), sizeof(address)) != 0)
            ::_exit(100);
        ::_exit(::read(descriptor, &byte, 1) > 0 ? 1 : 0);
    }
    int status = -1;
    bool hasEnded = false; // it is reaped once
    const auto ends = [&] {
        hasEnded = hasEnded || ::waitpid(child, &status, WNOHANG) == child;
        return hasEnded;
    };
    QTRY_VERIFY(ends());
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
    QCOMPARE(m_server->clients(), 1);
}

void TestServer::rootAndTheUserAreAdmitted()
{
    QVERIFY(isAdmitted(1000, 1000));
    QVERIFY(isAdmitted(0, 1000));
    QVERIFY(!isAdmitted(1001, 1000));
    QVERIFY(!isAdmitted(1000, 0));
}

QTEST_GUILESS_MAIN(TestServer)
#include "tst_server.moc"
