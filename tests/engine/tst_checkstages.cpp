// What a check says: every fact has a stage, a sentence of its own, and advice where it is in the way.
#include "engine/checkstages.h"

#include <QTest>

#include <cerrno>

using namespace octopus;
using namespace octopus::control;
using link::CallFailure;
using link::SessionState;

Q_DECLARE_METATYPE(octopus::control::CheckStage)

namespace {

MachineId machine(char byte)
{
    return *MachineId::fromBytes(QByteArray(32, byte));
}

const QString beta = QStringLiteral("beta");

CallFailure failure(ErrorCode code, SessionState reached, int number = 0)
{
    return {{code, "why", number}, reached, {QStringLiteral("192.0.2.7"), 17290}, {}, {}};
}

CheckStage ended(const CallFailure &failure)
{
    return stages::notReached(beta, failure, machine('s'));
}

CheckStage endedOver(const char *transport, const char *why)
{
    CallFailure vain = failure(ErrorCode::Unreachable, SessionState::Connecting, ECONNREFUSED);
    vain.error.detail = why;
    vain.transport = Transports::parse(QString::fromLatin1(transport))->list().first();
    return ended(vain);
}

wire::Hello hello(const char *version)
{
    wire::Hello hello;
    hello.name = beta;
    hello.version = QString::fromLatin1(version);
    return hello;
}

wire::Grants grants(quint64 free, ErrorCode fault = ErrorCode{})
{
    return {0, {"/srv/a", "/srv/b"}, {free, free}, {quint64(fault), quint64(fault)}};
}

Peer peer(char byte)
{
    Peer peer;
    peer.id = machine(byte);
    peer.name = QStringLiteral("gamma");
    return peer;
}

CheckStage ownMachine()
{
    CallFailure own = failure(ErrorCode::Refused, SessionState::Securing);
    own.presented = machine('s');
    return ended(own);
}

} // namespace

class TestCheckStages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyObstacleHasItsOwnWords_data();
    void everyObstacleHasItsOwnWords();
    void whatIsInOrderNeedsNoAdvice_data();
    void whatIsInOrderNeedsNoAdvice();
    void noTwoObstaclesAreToldAlike();
    void theGrantIsTheOneForTheDestination();
};

static QList<std::tuple<const char *, CheckStage, const char *, const char *>> obstacles()
{
    constexpr auto timedOut = ErrorCode::TimedOut;
    constexpr auto unreachable = ErrorCode::Unreachable;
    return {
        {"wrong name", ended(failure(ErrorCode::NotFound, SessionState::Idle)), "resolve",
         "no machine is called"},
        {"slow name server", ended(failure(timedOut, SessionState::Idle)), "resolve",
         "looked up in time"},
        {"port closed", ended(failure(unreachable, SessionState::Connecting, ECONNREFUSED)),
         "reach", "nothing listens"},
        {"host down, or dropped", ended(failure(timedOut, SessionState::Connecting)), "reach",
         "nothing answers"},
        {"no route", ended(failure(unreachable, SessionState::Connecting)), "reach",
         "cannot be reached"},
        {"something else listens", ended(failure(ErrorCode::Refused, SessionState::Securing)),
         "tls", "is not Octopus"},
        {"something silent", ended(failure(timedOut, SessionState::Securing)), "tls",
         "is not Octopus"},
        {"hung up", ended(failure(ErrorCode::Disconnected, SessionState::Securing)), "tls",
         "hung up"},
        {"this machine", ownMachine(), "identity", "this very machine"},
        {"another machine", stages::identified(machine('x'), beta, peer('y')), "identity",
         "another machine"},
        {"no common version", ended(failure(ErrorCode::VersionMismatch, SessionState::Greeting)),
         "version", "no common version"},
        {"proxy that is not there", endedOver("socks5://proxy", "no proxy"), "reach", "no proxy"},
        {"tunnel that is not there", endedOver("unix:/run/x", "no socket"), "reach", "no socket"},
        {"mute", ended(failure(timedOut, SessionState::Greeting)), "version", "introduce itself"},
        {"too old", stages::versioned(hello("0.1"), 1, 0), "version", "too old"},
        {"older than before", stages::versioned(hello("0.1"), 1, 2), "version", "than was spoken"},
        {"not paired here", stages::notPairedHere(beta), "pairing", "is not paired"},
        {"not paired there", stages::notAnswered(beta, {ErrorCode::NotPaired, "x", 0}), "pairing",
         "no longer paired"},
        {"no answer", stages::notAnswered(beta, {timedOut, "x", 0}), "pairing", "did not say"},
        {"nothing granted", stages::granted(beta, {}, {}).stage, "grant",
         "granted this machine no"},
        {"not granted there", stages::granted(beta, grants(1), "/home/x").stage, "grant",
         "below no folder"},
        {"disk full", stages::spaced(grants(1 << 20), 0), "space", "full"},
        {"folder gone", stages::spaced(grants(0, ErrorCode::NotFound), 0), "space", "missing"},
        {"read-only", stages::spaced(grants(0, ErrorCode::PermissionDenied), 0), "space",
         "may not write"},
        {"broken disk", stages::spaced(grants(0, ErrorCode::InputOutput), 0), "space",
         "cannot be used"},
        {"clock ahead", stages::clocked(std::chrono::minutes(2)), "clock", "120.0 s ahead"},
        {"clock behind", stages::clocked(std::chrono::minutes(-2)), "clock", "120.0 s behind"},
    };
}

void TestCheckStages::everyObstacleHasItsOwnWords_data()
{
    QTest::addColumn<CheckStage>("stage");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("words");
    for (const auto &[what, stage, name, words] : obstacles())
        QTest::newRow(what) << stage << QByteArray(name) << QByteArray(words);
}

void TestCheckStages::everyObstacleHasItsOwnWords()
{
    QFETCH(CheckStage, stage);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, words);
    QVERIFY(!stage.ok);
    QCOMPARE(stage.stage, name);
    QVERIFY2(stage.detail.contains(words), stage.detail.constData());
    QVERIFY(!stage.advice.isEmpty());
}

void TestCheckStages::whatIsInOrderNeedsNoAdvice_data()
{
    QTest::addColumn<CheckStage>("stage");
    QTest::addColumn<QByteArray>("name");
    const link::Endpoint endpoint{QStringLiteral("192.0.2.7"), 17290};
    const auto row = [](const char *name, const CheckStage &stage) {
        QTest::newRow(name) << stage << QByteArray(name);
    };
    row("resolve", stages::resolved(beta, {endpoint}, {}));
    row("reach", stages::reached(endpoint, {}));
    const auto over = [](const char *text) {
        return Transports::parse(QString::fromLatin1(text))->list().first();
    };
    QTest::newRow("resolve, by the proxy")
        << stages::resolved(beta, {endpoint}, over("socks5://proxy")) << QByteArray("resolve");
    QTest::newRow("resolve, a socket")
        << stages::resolved(beta, {link::Endpoint()}, over("unix:/run/x")) << QByteArray("resolve");
    QTest::newRow("reach, a socket")
        << stages::reached(link::Endpoint(), over("unix:/run/x")) << QByteArray("reach");
    row("tls", stages::secured());
    row("identity", stages::identified(machine('x'), beta, peer('x')));
    row("version", stages::versioned(hello("1.0"), 2, 2));
    row("pairing", stages::paired(beta));
    row("grant", stages::granted(beta, grants(1), {}).stage);
    row("space", stages::spaced(grants(quint64(1) << 40), 0));
    row("clock", stages::clocked(Milliseconds(-1500)));
}

void TestCheckStages::whatIsInOrderNeedsNoAdvice()
{
    QFETCH(CheckStage, stage);
    QFETCH(QByteArray, name);
    QVERIFY(stage.ok);
    QCOMPARE(stage.stage, name);
    QVERIFY(!stage.detail.isEmpty());
    QVERIFY(stage.advice.isEmpty());
}

void TestCheckStages::noTwoObstaclesAreToldAlike()
{
    QSet<QByteArray> seen;
    for (const auto &[what, stage, name, words] : obstacles()) {
        // Silence and a wrong answer are both just not Octopus.
        if (QByteArray(what) == "something silent")
            continue;
        QVERIFY2(!seen.contains(stage.detail), what);
        seen.insert(stage.detail);
    }
}

void TestCheckStages::theGrantIsTheOneForTheDestination()
{
    QCOMPARE(stages::granted(beta, grants(1), {}).folder, 0);
    QCOMPARE(stages::granted(beta, grants(1), "docs").folder, 0);
    QCOMPARE(stages::granted(beta, grants(1), "/srv/b/docs").folder, 1);
    QVERIFY(!stages::granted(beta, grants(1), "/srv/bb").folder);
}

QTEST_APPLESS_MAIN(TestCheckStages)
#include "tst_checkstages.moc"
