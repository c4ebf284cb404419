// The desktop on D-Bus, with a bus of the test's own and an engine that does what the test says.
#include "app/desktop/bus/busservice.h"
#include "tests/app/desktop/enginebench.h"

#include <QDBusConnectionInterface>
#include <QDBusMetaType>
#include <QDBusReply>
#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>

using namespace octopus;
using namespace octopus::desktop;

namespace {

const QString busName = QStringLiteral("org.octopusmirror.Octopus");
const QString objectPath = QStringLiteral("/org/octopusmirror/Octopus");

} // namespace

// The PropertiesChanged signals, as a desktop shell receives them.
class Listener : public QObject
{
    Q_OBJECT

public:
    QList<QVariantMap> changes;
    QList<qint64> times; // ms
    QElapsedTimer clock;

public Q_SLOTS:
    void hear(const QString &interface, const QVariantMap &changed, const QStringList &)
    {
        if (interface != busName)
            return;
        changes.append(changed);
        times.append(clock.elapsed());
    }
};

class TestBus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();
    void withoutABusNothingHappens();
    void theStateIsToldInWords();
    void theWorstLagIsUnknownWhileAnyIs();
    void theLagIsNeverZeroWhereSomethingIsNotInSync();
    void anEngineThatIsGoneMakesEverythingUnknown();
    void withoutVaultsTheEngineIsToldOfToo();
    void eachVaultIsToldOf();
    void changesAreSignalledAndNotTooOften();
    void showAsksForTheWindow();
    void everythingCanBePausedResumedAndSynchronized();
    void withoutAnEngineACommandIsRefused();
    void aSecondInstanceWaitsForTheName();
    void theDescriptionIsTheOneThatIsInstalled();

private:
    [[nodiscard]] QDBusConnection connection(const char *name) const;
    [[nodiscard]] QVariant property(const char *name) const;
    void setStatus(const std::function<void(control::EngineStatus &)> &change);

    QProcess m_daemon;
    QString m_address;
    std::unique_ptr<EngineBench> m_bench;
    std::unique_ptr<VaultModel> m_model;
    std::unique_ptr<QWidget> m_window;
    std::unique_ptr<VaultActions> m_actions;
    std::unique_ptr<BusService> m_service;
};

void TestBus::initTestCase()
{
    m_daemon.start(QStringLiteral("dbus-daemon"),
                   {QStringLiteral("--session"), QStringLiteral("--nofork"),
                    QStringLiteral("--print-address")});
    QVERIFY2(m_daemon.waitForReadyRead(20'000), "no dbus-daemon");
    m_address = QString::fromUtf8(m_daemon.readLine()).trimmed();
    qDBusRegisterMetaType<QList<QVariantMap>>();
}

void TestBus::cleanupTestCase()
{
    m_daemon.terminate();
    QVERIFY(m_daemon.waitForFinished(20'000));
}

QDBusConnection TestBus::connection(const char *name) const
{
    return QDBusConnection::connectToBus(m_address, QLatin1StringView(name));
}

void TestBus::init()
{
    m_bench = std::make_unique<EngineBench>();
    QVERIFY(m_bench->isConnected());
    m_model = std::make_unique<VaultModel>();
    m_model->setRows(rowsOf(m_bench->api.current));
    m_window = std::make_unique<QWidget>();
    m_actions = std::make_unique<VaultActions>(m_bench->link, *m_model, m_window.get());
    m_service =
        std::make_unique<BusService>(*m_model, m_bench->link, *m_actions, connection("service"));
}

void TestBus::cleanup()
{
    m_service.reset();
    QDBusConnection::disconnectFromBus(QStringLiteral("service"));
    QDBusConnection::disconnectFromBus(QStringLiteral("shell"));
    m_actions.reset();
    m_window.reset();
    m_model.reset();
    m_bench.reset();
}

QVariant TestBus::property(const char *name) const
{
    QDBusMessage question = QDBusMessage::createMethodCall(
        busName, objectPath, QStringLiteral("org.freedesktop.DBus.Properties"),
        QStringLiteral("Get"));
    question << busName << QString::fromLatin1(name);
    const QDBusPendingCall call = connection("shell").asyncCall(question);
    QDBusPendingCallWatcher watcher(call);
    QSignalSpy finished(&watcher, &QDBusPendingCallWatcher::finished);
    (void)(watcher.isFinished() || finished.wait(10'000));
    const QDBusReply<QVariant> reply = call;
    return reply.isValid() ? reply.value() : QVariant(reply.error().message());
}

void TestBus::setStatus(const std::function<void(control::EngineStatus &)> &change)
{
    change(m_bench->api.current);
    m_model->setRows(rowsOf(m_bench->api.current));
}

void TestBus::withoutABusNothingHappens()
{
    BusService service(*m_model, m_bench->link, *m_actions,
                       QDBusConnection(QStringLiteral("no such connection")));
    m_model->setStale(true);
    QCOMPARE(service.worstLagMs(), -1);
}

void TestBus::theStateIsToldInWords()
{
    QTRY_COMPARE(property("State").toString(), QStringLiteral("working")); // "photos" is copied
    setStatus([](control::EngineStatus &status) { status.vaults.removeLast(); });
    QTRY_COMPARE(property("State").toString(), QStringLiteral("in-sync"));
}

void TestBus::theWorstLagIsUnknownWhileAnyIs()
{
    QTRY_COMPARE(property("WorstLagMs"), QVariant(qlonglong(-1)));
    setStatus([](control::EngineStatus &status) { status.vaults.removeLast(); });
    QTRY_COMPARE(property("WorstLagMs"), QVariant(qlonglong(12))); // the replica's
    setStatus([](control::EngineStatus &status) { status.replicas.clear(); });
    QTRY_COMPARE(property("WorstLagMs"), QVariant(qlonglong(0)));
    setStatus([](control::EngineStatus &status) { status.vaults.clear(); });
    QTRY_COMPARE(property("WorstLagMs"), QVariant(qlonglong(-1)));
    QCOMPARE(property("State").toString(), QStringLiteral("nothing"));
}

void TestBus::theLagIsNeverZeroWhereSomethingIsNotInSync()
{
    setStatus([](control::EngineStatus &status) {
        status.vaults.removeLast();
        status.replicas.clear();
        status.vaults.first().targets.first().inSync = false;
    });
    QTRY_COMPARE(property("WorstLagMs"), QVariant(qlonglong(-1)));
    QCOMPARE(property("State").toString(), QStringLiteral("working"));
}

void TestBus::anEngineThatIsGoneMakesEverythingUnknown()
{
    setStatus([](control::EngineStatus &status) { status.vaults.removeLast(); });
    m_model->setStale(true);
    QTRY_COMPARE(property("State").toString(), QStringLiteral("offline"));
    QCOMPARE(property("WorstLagMs"), QVariant(qlonglong(-1)));
    const auto vaults = qdbus_cast<QList<QVariantMap>>(property("Vaults").value<QDBusArgument>());
    QVERIFY(!vaults.isEmpty());
    for (const QVariantMap &vault : vaults) {
        QCOMPARE(vault[QStringLiteral("phase")].toString(), QStringLiteral("unknown"));
        QCOMPARE(vault[QStringLiteral("inSync")], QVariant(false));
        QCOMPARE(vault[QStringLiteral("lagMs")], QVariant(qlonglong(-1)));
    }
}

void TestBus::withoutVaultsTheEngineIsToldOfToo()
{
    m_model->setStale(true);
    m_model->setRows({});
    QTRY_COMPARE(property("State").toString(), QStringLiteral("offline"));
    m_model->setStale(false);
    QTRY_COMPARE(property("State").toString(), QStringLiteral("nothing"));
}

void TestBus::eachVaultIsToldOf()
{
    const auto vaults = qdbus_cast<QList<QVariantMap>>(property("Vaults").value<QDBusArgument>());
    QCOMPARE(vaults.size(), 3);
    const QVariantMap docs{{QStringLiteral("name"), QStringLiteral("docs")},
                           {QStringLiteral("peer"), QStringLiteral("beta")},
                           {QStringLiteral("direction"), QStringLiteral("outgoing")},
                           {QStringLiteral("phase"), QStringLiteral("mirroring")},
                           {QStringLiteral("inSync"), true},
                           {QStringLiteral("lagMs"), qlonglong(0)},
                           {QStringLiteral("problems"), 0}};
    QCOMPARE(vaults.first(), docs);
    QCOMPARE(vaults.last()[QStringLiteral("direction")].toString(), QStringLiteral("incoming"));
}

void TestBus::changesAreSignalledAndNotTooOften()
{
    Listener listener;
    QDBusConnection shell = connection("shell");
    QVERIFY(shell.connect(busName, objectPath, QStringLiteral("org.freedesktop.DBus.Properties"),
                          QStringLiteral("PropertiesChanged"), &listener,
                          SLOT(hear(QString, QVariantMap, QStringList))));
    (void)property("State"); // the match is there now
    listener.clock.start();
    for (int lag = 1; lag <= 60; ++lag) {
        setStatus([lag](control::EngineStatus &status) {
            status.replicas.first().lag = Milliseconds(1000 + lag);
            status.vaults.resize(1);
        });
        QTest::qWait(20);
    }
    const qint64 took = listener.clock.elapsed();
    QTRY_VERIFY(!listener.changes.isEmpty()
                && listener.changes.last()[QStringLiteral("WorstLagMs")] == 1060);
    QVERIFY2(listener.changes.size() <= took / 250 + 2,
             qPrintable(QString::number(listener.changes.size())));
    QVERIFY(listener.changes.first().contains(QStringLiteral("State")));
    // Nothing is told where nothing changed.
    const qsizetype told = listener.changes.size();
    for (int i = 0; i < 10; ++i) {
        Q_EMIT m_model->dataChanged({}, {});
        QTest::qWait(60);
    }
    QCOMPARE(listener.changes.size(), told);
}

void TestBus::showAsksForTheWindow()
{
    QSignalSpy wanted(m_service.get(), &BusService::windowWanted);
    connection("shell").send(
        QDBusMessage::createMethodCall(busName, objectPath, busName, QStringLiteral("Show")));
    QTRY_COMPARE(wanted.size(), 1);
}

void TestBus::everythingCanBePausedResumedAndSynchronized()
{
    const auto call = [this](const char *method) {
        connection("shell").send(QDBusMessage::createMethodCall(busName, objectPath, busName,
                                                                QString::fromLatin1(method)));
    };
    call("PauseAll");
    QTRY_COMPARE(m_bench->sent.size(), 2);
    QCOMPARE(m_bench->last<control::Pause>().vault, QStringLiteral("photos"));
    call("SynchronizeAll");
    QTRY_COMPARE(m_bench->sent.size(), 4);
    QCOMPARE(m_bench->last<control::Synchronize>().vault, QStringLiteral("photos"));
    setStatus([](control::EngineStatus &status) {
        status.vaults.first().targets.first().phase = Phase::Paused;
    });
    call("ResumeAll");
    QTRY_COMPARE(m_bench->sent.size(), 5);
    QCOMPARE(m_bench->last<control::Resume>().vault, QStringLiteral("docs"));
}

void TestBus::withoutAnEngineACommandIsRefused()
{
    m_bench->link.fail({ErrorCode::Other, "gone", 0});
    const QDBusPendingCall call = connection("shell").asyncCall(
        QDBusMessage::createMethodCall(busName, objectPath, busName, QStringLiteral("PauseAll")));
    QDBusPendingCallWatcher watcher(call);
    QSignalSpy finished(&watcher, &QDBusPendingCallWatcher::finished);
    QVERIFY(watcher.isFinished() || finished.wait(10'000));
    QCOMPARE(call.error().name(), QStringLiteral("org.octopusmirror.Octopus.Error.NoEngine"));
    QVERIFY(m_bench->sent.isEmpty());
}

void TestBus::aSecondInstanceWaitsForTheName()
{
    const auto owner = [this] {
        return connection("shell").interface()->serviceOwner(busName).value();
    };
    QTRY_COMPARE(owner(), connection("service").baseService());
    {
        const BusService second(*m_model, m_bench->link, *m_actions, connection("second"));
        QCOMPARE(owner(), connection("service").baseService());
        m_service.reset();
        QTRY_COMPARE(owner(), connection("second").baseService());
    }
    QDBusConnection::disconnectFromBus(QStringLiteral("second"));
    QTRY_COMPARE(owner(), QString());
}

void TestBus::theDescriptionIsTheOneThatIsInstalled()
{
    const QDBusPendingCall call = connection("shell").asyncCall(QDBusMessage::createMethodCall(
        busName, objectPath, QStringLiteral("org.freedesktop.DBus.Introspectable"),
        QStringLiteral("Introspect")));
    QDBusPendingCallWatcher watcher(call);
    QSignalSpy finished(&watcher, &QDBusPendingCallWatcher::finished);
    QVERIFY(watcher.isFinished() || finished.wait(10'000));
    const QString told = QDBusReply<QString>(call).value();
    for (const char *part : {"name=\"State\"", "name=\"WorstLagMs\"", "type=\"aa{sv}\"",
                             "<method name=\"Show\"/>", "<method name=\"PauseAll\"/>",
                             "<method name=\"ResumeAll\"/>", "<method name=\"SynchronizeAll\"/>"})
        QVERIFY2(told.contains(QLatin1StringView(part)), part);
}

QTEST_MAIN(TestBus)
#include "tst_bus.moc"
