// The desktop's way to the engine: found, missing, silent, gone and back.
#include "app/desktop/enginelink.h"
#include "engine/control/server.h"
#include "tests/engine/control/fakeapi.h"

#include <QFile>
#include <QLocalServer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace octopus;
using namespace octopus::desktop;

class TestLink : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aRunningEngineIsUsed();
    void aMissingEngineIsAskedFor();
    void anEngineThatStartedLaterIsUsed();
    void anEngineThatFailedToStartIsSaid();
    void anEngineThatStartedInBetweenIsFound();
    void anEngineThatGoesAwayIsNoticed();
    void aSilentEngineIsNoticed();

private:
    void serve();

    std::unique_ptr<QTemporaryDir> m_folder;
    control::Location m_location;
    std::unique_ptr<control::FakeApi> m_api;
    std::unique_ptr<control::Server> m_server;
};

void TestLink::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const QByteArray state = QFile::encodeName(m_folder->path());
    m_location = {state, state + "/run/control.sock", state + "/run/control.sock"};
    m_api = std::make_unique<control::FakeApi>();
    m_api->current = control::exampleStatus();
}

void TestLink::cleanup()
{
    m_server.reset();
    m_api.reset();
    m_folder.reset();
}

void TestLink::serve()
{
    m_server = std::make_unique<control::Server>(*m_api, QStringLiteral("1"));
    QVERIFY(m_server->listen(m_location));
}

void TestLink::aRunningEngineIsUsed()
{
    serve();
    EngineLink link(m_location);
    QSignalSpy missing(&link, &EngineLink::engineMissing);
    QSignalSpy arrived(&link, &EngineLink::statusArrived);
    link.open();
    QTRY_COMPARE(link.state(), LinkState::Connected);
    QVERIFY(!arrived.isEmpty());
    QCOMPARE(arrived[0][0].value<control::EngineStatus>().vaults.size(), 2);
    QVERIFY(missing.isEmpty());
}

void TestLink::aMissingEngineIsAskedFor()
{
    EngineLink link(m_location);
    QSignalSpy missing(&link, &EngineLink::engineMissing);
    link.open();
    QTRY_COMPARE(missing.size(), 1);
    QCOMPARE(link.state(), LinkState::Connecting);
}

void TestLink::anEngineThatStartedLaterIsUsed()
{
    EngineLink link(m_location);
    connect(&link, &EngineLink::engineMissing, this, [this, &link] {
        serve(); // as the host does
        link.open();
    });
    link.open();
    QTRY_COMPARE(link.state(), LinkState::Connected);
}

void TestLink::anEngineThatFailedToStartIsSaid()
{
    EngineLink link(m_location);
    connect(&link, &EngineLink::engineMissing, this,
            [&link] { link.fail({ErrorCode::NoSpace, "the disk is full", 0}); });
    link.open();
    QTRY_COMPARE(link.state(), LinkState::Failed);
    QCOMPARE(link.reason().detail, QByteArray("the disk is full"));
}

void TestLink::anEngineThatStartedInBetweenIsFound()
{
    EngineLink link(m_location);
    connect(&link, &EngineLink::engineMissing, this, [this, &link] {
        serve(); // somebody else
        link.fail({ErrorCode::Busy, "another engine has it", 0});
    });
    link.open();
    QTRY_COMPARE(link.state(), LinkState::Connected);
}

void TestLink::anEngineThatGoesAwayIsNoticed()
{
    serve();
    EngineLink link(m_location);
    link.open();
    QTRY_COMPARE(link.state(), LinkState::Connected);
    QSignalSpy missing(&link, &EngineLink::engineMissing);
    m_server.reset();
    QTRY_VERIFY(link.state() != LinkState::Connected);
    QTRY_VERIFY(!missing.isEmpty()); // so that one is started again
    serve();
    link.open();
    QTRY_COMPARE(link.state(), LinkState::Connected);
}

void TestLink::aSilentEngineIsNoticed()
{
    QLocalServer strange; // accepts, and never says a word
    QDir(m_folder->path()).mkdir(QStringLiteral("run"));
    QVERIFY(strange.listen(QFile::decodeName(m_location.socket)));
    EngineLink link(m_location, Milliseconds(200));
    link.open();
    QTRY_COMPARE(link.state(), LinkState::NotAnswering);
}

QTEST_MAIN(TestLink)
#include "tst_link.moc"
