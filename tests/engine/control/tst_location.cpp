// Where state and control socket lie: the same answer for every program.
#include "engine/control/location.h"

#include <QMap>
#include <QTest>

using namespace octopus;
using namespace octopus::control;

class TestLocation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stateAndSocketFollowOptionAndEnvironment_data();
    void stateAndSocketFollowOptionAndEnvironment();
    void withoutHomeOrOptionItAsksForOne();
    void aRelativeOptionIsBelowTheCurrentFolder();
};

namespace {

Environment environmentOf(const QByteArray &text)
{
    QMap<QByteArray, QByteArray> variables;
    for (const QByteArray &pair : text.split(' ')) {
        const qsizetype equals = pair.indexOf('=');
        if (equals > 0)
            variables.insert(pair.left(equals), pair.mid(equals + 1));
    }
    return [variables](const char *name) { return variables.value(QByteArray(name)); };
}

} // namespace

void TestLocation::stateAndSocketFollowOptionAndEnvironment_data()
{
    QTest::addColumn<QByteArray>("option");
    QTest::addColumn<QByteArray>("environment");
    QTest::addColumn<QByteArray>("state");
    QTest::addColumn<QByteArray>("socket");
    const auto row = [](const char *what, const char *option, const char *environment,
                        const char *state, const char *socket) {
        QTest::newRow(what) << QByteArray(option) << QByteArray(environment) << QByteArray(state)
                            << QByteArray(socket);
    };
    row("option", "/s/", "HOME=/h OCTOPUS_STATE=/e", "/s", "/s/run/control.sock");
    row("variable", "", "HOME=/h OCTOPUS_STATE=/e", "/e", "/e/run/control.sock");
    row("state home", "", "HOME=/h XDG_STATE_HOME=/x", "/x/octopus", "/x/octopus/run/control.sock");
    row("home", "", "HOME=/h", "/h/.local/state/octopus",
        "/h/.local/state/octopus/run/control.sock");
    row("runtime directory", "", "HOME=/h XDG_RUNTIME_DIR=/run/user/1", "/h/.local/state/octopus",
        "/run/user/1/octopus/control.sock");
    row("the usual folder by name", "/h/.local/./state//octopus/",
        "HOME=/h XDG_RUNTIME_DIR=/run/user/1", "/h/.local/state/octopus",
        "/run/user/1/octopus/control.sock");
    row("another folder", "/s", "HOME=/h XDG_RUNTIME_DIR=/run/user/1", "/s", "/s/run/control.sock");
    row("relative variables do not count", "", "HOME=/h XDG_STATE_HOME=x XDG_RUNTIME_DIR=run",
        "/h/.local/state/octopus", "/h/.local/state/octopus/run/control.sock");
    row("raw bytes", "/s\xff", "", "/s\xff", "/s\xff/run/control.sock");
}

void TestLocation::stateAndSocketFollowOptionAndEnvironment()
{
    QFETCH(QByteArray, option);
    QFETCH(QByteArray, environment);
    QFETCH(QByteArray, state);
    QFETCH(QByteArray, socket);
    const Result<Location> location = locate(option, environmentOf(environment));
    QVERIFY(location);
    QCOMPARE(location->stateDirectory, state);
    QCOMPARE(location->socket, socket);
    QCOMPARE(location->entrance, state + "/run/control.sock");
}

void TestLocation::withoutHomeOrOptionItAsksForOne()
{
    const Result<Location> location = locate({}, environmentOf({}));
    QVERIFY(!location);
    QCOMPARE(location.error().code, ErrorCode::Invalid);
    QVERIFY(location.error().detail.contains("--state"));
}

void TestLocation::aRelativeOptionIsBelowTheCurrentFolder()
{
    const Result<Location> location = locate("some/state", environmentOf({}));
    QVERIFY(location);
    QVERIFY(location->stateDirectory.startsWith('/'));
    QVERIFY(location->stateDirectory.endsWith("/some/state"));
}

QTEST_APPLESS_MAIN(TestLocation)
#include "tst_location.moc"
