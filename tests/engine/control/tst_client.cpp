// The front end's end of the control socket, against engines that are missing, silent or strange.
#include "engine/control/client.h"
#include "engine/control/server.h"
#include "tests/engine/control/fakeapi.h"

#include <QFile>
#include <QLocalServer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace octopus;
using namespace octopus::control;

class TestClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void noEngineIsUnreachable_data();
    void noEngineIsUnreachable();
    void aSilentEngineTimesOut();
    void anotherProtocolIsRefused();
    void nonsenseEndsTheConnection();
    void aCommandTimesOutAndIsCancelled();
    void askingWithoutAnEngineFailsLater();
    void afterTheEndItCanBeOpenedAgain();
    void largeAnswersArrive();

private:
    [[nodiscard]] ErrorCode codeOfEnd(QSignalSpy &ended) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    Location m_location;
    std::unique_ptr<QLocalServer> m_strange; // an engine that only a test would build
};

void TestClient::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const QByteArray state = QFile::encodeName(m_folder->path());
    m_location = {state, state + "/run/control.sock", state + "/run/control.sock"};
    m_strange = std::make_unique<QLocalServer>();
}

void TestClient::cleanup()
{
    m_strange.reset();
    m_folder.reset();
}

ErrorCode TestClient::codeOfEnd(QSignalSpy &ended) const
{
    if (ended.isEmpty() && !ended.wait())
        return ErrorCode::Other;
    return ended[0][0].value<Error>().code;
}

void TestClient::noEngineIsUnreachable_data()
{
    QTest::addColumn<QByteArray>("path");
    const QByteArray base = QByteArray("/nonexistent/");
    QTest::newRow("short") << base + "control.sock";
    QTest::newRow("long") << base + QByteArray(200, 'x') + "/control.sock";
}

void TestClient::noEngineIsUnreachable()
{
    QFETCH(QByteArray, path);
    Client client;
    QSignalSpy ended(&client, &Client::ended);
    client.open(path);
    QVERIFY(ended.isEmpty()); // never from within the call
    QCOMPARE(codeOfEnd(ended), ErrorCode::Unreachable);
    QCOMPARE(ended.size(), 1);
}

void TestClient::aSilentEngineTimesOut()
{
    QVERIFY(m_strange->listen(m_folder->filePath(QStringLiteral("silent"))));
    Client client;
    QSignalSpy ended(&client, &Client::ended);
    client.open(QFile::encodeName(m_strange->fullServerName()), Milliseconds(100));
    QCOMPARE(codeOfEnd(ended), ErrorCode::TimedOut);
    QVERIFY(!client.isOpen());
}

void TestClient::anotherProtocolIsRefused()
{
    QVERIFY(m_strange->listen(m_folder->filePath(QStringLiteral("future"))));
    connect(m_strange.get(), &QLocalServer::newConnection, this, [this] {
        m_strange->nextPendingConnection()->write("{\"protocol\":99,\"version\":\"9.9\"}\n");
    });
    Client client;
    QSignalSpy ended(&client, &Client::ended);
    client.open(QFile::encodeName(m_strange->fullServerName()));
    QCOMPARE(codeOfEnd(ended), ErrorCode::VersionMismatch);
    QVERIFY(ended[0][0].value<Error>().detail.contains("9.9"));
}

void TestClient::nonsenseEndsTheConnection()
{
    QVERIFY(m_strange->listen(m_folder->filePath(QStringLiteral("nonsense"))));
    connect(m_strange.get(), &QLocalServer::newConnection, this,
            [this] { m_strange->nextPendingConnection()->write("HTTP/1.1 400\n"); });
    Client client;
    QSignalSpy ended(&client, &Client::ended);
    client.open(QFile::encodeName(m_strange->fullServerName()));
    QCOMPARE(codeOfEnd(ended), ErrorCode::Invalid);
}

void TestClient::aCommandTimesOutAndIsCancelled()
{
    FakeApi api;
    Server server(api, QStringLiteral("1"));
    QVERIFY(server.listen(m_location));
    Client client;
    QSignalSpy opened(&client, &Client::opened);
    client.open(m_location.entrance);
    QVERIFY(opened.wait());
    std::optional<Answer> answer;
    client.send(
        WaitInSync{QStringLiteral("docs")}, [&answer](const Answer &given) { answer = given; }, {},
        Milliseconds(50));
    QTRY_VERIFY(answer);
    QCOMPARE(answer->error().error.code, ErrorCode::TimedOut);
    QTRY_COMPARE(api.held.size(), 1);
    QTRY_VERIFY(api.held[0]->isCancelled());
    QVERIFY(client.isOpen());
}

void TestClient::askingWithoutAnEngineFailsLater()
{
    Client client;
    std::optional<Answer> answer;
    client.send(ListPeers{}, [&answer](const Answer &given) { answer = given; });
    QVERIFY(!answer);
    QTRY_VERIFY(answer);
    QCOMPARE(answer->error().error.code, ErrorCode::Disconnected);
}

void TestClient::afterTheEndItCanBeOpenedAgain()
{
    FakeApi api;
    auto server = std::make_unique<Server>(api, QStringLiteral("1"));
    QVERIFY(server->listen(m_location));
    Client client;
    QSignalSpy opened(&client, &Client::opened);
    QSignalSpy ended(&client, &Client::ended);
    client.open(m_location.entrance);
    QVERIFY(opened.wait());
    server.reset();
    QCOMPARE(codeOfEnd(ended), ErrorCode::Disconnected);
    server = std::make_unique<Server>(api, QStringLiteral("2"));
    QVERIFY(server->listen(m_location));
    client.open(m_location.entrance);
    QVERIFY(opened.wait());
    QCOMPARE(client.engineVersion(), QStringLiteral("2"));
    QCOMPARE(ended.size(), 1);
}

void TestClient::largeAnswersArrive()
{
    FakeApi api;
    api.answer = [](const Command &, const std::shared_ptr<Responder> &responder) {
        responder->finish(QString(5'000'000, u'x'));
    };
    Server server(api, QStringLiteral("1"));
    QVERIFY(server.listen(m_location));
    Client client;
    QSignalSpy opened(&client, &Client::opened);
    client.open(m_location.entrance);
    QVERIFY(opened.wait());
    std::optional<Answer> answer;
    client.send(ListPeers{}, [&answer](const Answer &given) { answer = given; });
    QTRY_VERIFY(answer);
    QCOMPARE((*answer)->toString().size(), 5'000'000);
}

QTEST_GUILESS_MAIN(TestClient)
#include "tst_client.moc"
