// What a front end can do to the engine's control socket when it misbehaves: be dropped.
#include "engine/control/client.h"
#include "engine/control/server.h"
#include "tests/engine/control/fakeapi.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace octopus;
using namespace octopus::control;

class TestCaps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void whatIsNoJsonEndsTheConnection_data();
    void whatIsNoJsonEndsTheConnection();
    void aRequestInPiecesIsUnderstood();
    void aRequestThatIsTooLongEndsTheConnection();
    void aRequestWithoutEndIsNotCollected();
    void oneClientTooManyIsTurnedAway();
    void tooManyCommandsAtOnceAreRefused();
    void aUsedIdIsRefused();
    void aClientThatDoesNotReadIsDropped();
    void aClientThatReadsNothingForLongIsDropped();
    void aClientThatIsBehindGetsTheNewestStatus();

private:
    void listen(const ServerCaps &caps);
    [[nodiscard]] std::unique_ptr<QLocalSocket> rawSocket() const;
    [[nodiscard]] QJsonObject nextMessage(QLocalSocket &socket) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    Location m_location;
    std::unique_ptr<FakeApi> m_api;
    std::unique_ptr<Server> m_server;
};

void TestCaps::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const QByteArray state = QFile::encodeName(m_folder->path());
    m_location = {state, state + "/run/control.sock", state + "/run/control.sock"};
    m_api = std::make_unique<FakeApi>();
    m_api->current = exampleStatus();
}

void TestCaps::cleanup()
{
    m_server.reset();
    m_api.reset();
    m_folder.reset();
}

void TestCaps::listen(const ServerCaps &caps)
{
    m_server = std::make_unique<Server>(*m_api, QStringLiteral("1"), caps);
    QVERIFY(m_server->listen(m_location));
}

std::unique_ptr<QLocalSocket> TestCaps::rawSocket() const
{
    auto socket = std::make_unique<QLocalSocket>();
    socket->connectToServer(QFile::decodeName(m_location.socket));
    return socket;
}

QJsonObject TestCaps::nextMessage(QLocalSocket &socket) const
{
    if (!QTest::qWaitFor([&socket] { return socket.canReadLine(); }))
        return {};
    return QJsonDocument::fromJson(socket.readLine()).object();
}

void TestCaps::whatIsNoJsonEndsTheConnection_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("text") << QByteArray("hello\n");
    QTest::newRow("array") << QByteArray("[1]\n");
    QTest::newRow("empty") << QByteArray("\n");
    QTest::newRow("deep") << QByteArray(200'000, '[') + '\n';
    QTest::newRow("bytes") << QByteArray("\xff\xfe\n");
}

void TestCaps::whatIsNoJsonEndsTheConnection()
{
    QFETCH(QByteArray, line);
    listen({});
    const auto socket = rawSocket();
    QTRY_COMPARE(m_server->clients(), 1);
    socket->write(line);
    QTRY_COMPARE(m_server->clients(), 0);
    QVERIFY(m_api->commands.isEmpty());
}

void TestCaps::aRequestInPiecesIsUnderstood()
{
    listen({});
    const auto socket = rawSocket();
    QCOMPARE(nextMessage(*socket)[u"protocol"].toInt(), controlProtocol);
    for (const char byte : QByteArray(R"({"id":7,"command":"peers"}{)").chopped(1) + "\n") {
        socket->write(&byte, 1);
        QVERIFY(socket->flush() || socket->bytesToWrite() == 0);
        QTest::qWait(1);
    }
    QTRY_COMPARE(m_api->held.size(), 1);
    m_api->held[0]->finish(QJsonArray());
    QCOMPARE(nextMessage(*socket)[u"id"].toInt(), 7);
}

void TestCaps::aRequestThatIsTooLongEndsTheConnection()
{
    ServerCaps caps;
    caps.lines.incoming = 1000;
    listen(caps);
    const auto socket = rawSocket();
    QTRY_COMPARE(m_server->clients(), 1);
    socket->write(R"({"id":1,"command":"peers","arguments":{"x":")" + QByteArray(1000, 'x')
                  + "\"}}\n");
    QTRY_COMPARE(m_server->clients(), 0);
    QVERIFY(m_api->commands.isEmpty());
}

void TestCaps::aRequestWithoutEndIsNotCollected()
{
    ServerCaps caps;
    caps.lines.incoming = 1000;
    listen(caps);
    const auto socket = rawSocket();
    QTRY_COMPARE(m_server->clients(), 1);
    socket->write(QByteArray(5000, ' '));
    QTRY_COMPARE(m_server->clients(), 0);
}

void TestCaps::oneClientTooManyIsTurnedAway()
{
    ServerCaps caps;
    caps.clients = 2;
    listen(caps);
    const auto first = rawSocket();
    const auto second = rawSocket();
    QTRY_COMPARE(m_server->clients(), 2);
    Client third;
    QSignalSpy ended(&third, &Client::ended);
    third.open(m_location.socket);
    QVERIFY(ended.wait());
    QCOMPARE(ended[0][0].value<Error>().code, ErrorCode::LimitReached);
    QCOMPARE(m_server->clients(), 2);
    first->abort();
    QTRY_COMPARE(m_server->clients(), 1);
    QSignalSpy opened(&third, &Client::opened);
    third.open(m_location.socket);
    QVERIFY(opened.wait());
}

void TestCaps::tooManyCommandsAtOnceAreRefused()
{
    ServerCaps caps;
    caps.commandsPerClient = 3;
    listen(caps);
    const auto socket = rawSocket();
    QVERIFY(!nextMessage(*socket).isEmpty());
    for (int id = 1; id <= 4; ++id)
        socket->write(R"({"id":)" + QByteArray::number(id) + R"(,"command":"peers"})" + "\n");
    const QJsonObject refusal = nextMessage(*socket);
    QCOMPARE(refusal[u"id"].toInt(), 4);
    QCOMPARE(refusal[u"error"][u"code"].toString(), QStringLiteral("limit-reached"));
    QCOMPARE(m_api->held.size(), 3);
}

void TestCaps::aUsedIdIsRefused()
{
    listen({});
    const auto socket = rawSocket();
    QVERIFY(!nextMessage(*socket).isEmpty());
    socket->write("{\"id\":1,\"command\":\"peers\"}\n{\"id\":1,\"command\":\"peers\"}\n");
    QCOMPARE(nextMessage(*socket)[u"error"][u"code"].toString(), QStringLiteral("invalid"));
    QCOMPARE(m_api->held.size(), 1);
}

void TestCaps::aClientThatDoesNotReadIsDropped()
{
    ServerCaps caps;
    caps.lines.waiting = 100'000;
    listen(caps);
    const auto socket = rawSocket();
    socket->setReadBufferSize(1); // as if it did not read: the rest stays with the server
    QTRY_COMPARE(m_server->clients(), 1);
    for (int id = 0; id < 5000 && m_server->clients() > 0; ++id) {
        socket->write(R"({"id":)" + QByteArray::number(id) + R"(,"command":"status"})" + "\n");
        if (id % 50 == 0)
            QTest::qWait(1);
    }
    QTRY_COMPARE(m_server->clients(), 0);
}

void TestCaps::aClientThatReadsNothingForLongIsDropped()
{
    ServerCaps caps;
    caps.lines.stall = Milliseconds(100);
    listen(caps);
    m_api->answer = [](const Command &, const std::shared_ptr<Responder> &responder) {
        responder->finish(QString(1'000'000, u'x'));
    };
    const auto socket = rawSocket();
    socket->setReadBufferSize(1);
    QTRY_COMPARE(m_server->clients(), 1);
    socket->write("{\"id\":1,\"command\":\"peers\"}\n");
    QTRY_COMPARE(m_api->commands.size(), 1);
    QTRY_COMPARE(m_server->clients(), 0);
}

void TestCaps::aClientThatIsBehindGetsTheNewestStatus()
{
    ServerCaps caps;
    caps.statusInterval = Milliseconds(1);
    listen(caps);
    EngineStatus status = exampleStatus();
    status.machine.address = QString(50'000, u'x'); // a document that fills the kernel's buffer
    m_api->current = status;
    const auto socket = rawSocket();
    socket->setReadBufferSize(1);
    socket->write("{\"id\":1,\"command\":\"subscribe\"}\n");
    QTRY_COMPARE(m_server->clients(), 1);
    for (int i = 1; i <= 200; ++i) {
        status.machine.name = QString::number(i);
        m_api->setStatus(status);
        QTest::qWait(2);
    }
    socket->setReadBufferSize(0);
    QString last;
    int documents = 0;
    while (last != u"200") {
        const QJsonObject message = nextMessage(*socket);
        QVERIFY(!message.isEmpty());
        last = message[u"progress"][u"machine"][u"name"].toString();
        ++documents;
    }
    QVERIFY2(documents < 100, qPrintable(QString::number(documents)));
}

QTEST_GUILESS_MAIN(TestCaps)
#include "tst_caps.moc"
