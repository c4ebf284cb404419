// The proof of I1 at the target: whatever happens at whatever call, the replica is what the model
// says, without the primary. OCTOPUS_CRASH_SCRIPTS and OCTOPUS_CRASH_SEED widen the search.
#include "tests/crash/crashrun.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::crash;

class TestCrash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }
    void everyScriptPlaysThrough();
    void afterAKillAtAnyCallTheReplicaIsAPrefix();
    void afterAPowerLossAtAnyCallTheReplicaIsAPrefix();
    void afterACrashInALongHistoryTheReplicaIsAPrefix();

private:
    void check(const Script &script, quint64 seed, const Crash &crash);
};

static quint64 setting(const char *name, quint64 otherwise)
{
    bool isSet = false;
    const quint64 value = qEnvironmentVariable(name).toULongLong(&isSet);
    return isSet ? value : otherwise;
}

static quint64 firstSeed()
{
    return setting("OCTOPUS_CRASH_SEED", 1);
}

static quint64 scripts(quint64 otherwise)
{
    return setting("OCTOPUS_CRASH_SCRIPTS", otherwise);
}

static QByteArray report(const Script &script, quint64 seed, const QByteArray &complaint)
{
    return "script " + QByteArray::number(seed) + ":\n" + script.text() + complaint;
}

void TestCrash::check(const Script &script, quint64 seed, const Crash &crash)
{
    const QByteArray complaint = CrashRun(script).playWithCrash(crash);
    const QByteArray where = "crash after call " + QByteArray::number(crash.afterCalls) + ", seed "
        + QByteArray::number(crash.seed) + ": ";
    QVERIFY2(complaint.isEmpty(), report(script, seed, where + complaint).constData());
}

void TestCrash::everyScriptPlaysThrough()
{
    for (quint64 seed = firstSeed(); seed < firstSeed() + scripts(400); ++seed) {
        const Script script = makeScript(seed, {.operations = 40});
        const QByteArray complaint = CrashRun(script).playThrough();
        QVERIFY2(complaint.isEmpty(), report(script, seed, complaint).constData());
    }
}

void TestCrash::afterAKillAtAnyCallTheReplicaIsAPrefix()
{
    for (quint64 seed = firstSeed(); seed < firstSeed() + scripts(40); ++seed) {
        const Script script = makeScript(seed, {.operations = 8});
        CrashRun whole(script);
        const QByteArray complaint = whole.playThrough();
        QVERIFY2(complaint.isEmpty(), report(script, seed, complaint).constData());
        for (quint64 call = 0; call <= whole.calls(); ++call) {
            check(script, seed, {call, Death::Kill, seed * 1000 + call});
            if (QTest::currentTestFailed())
                return;
        }
    }
}

void TestCrash::afterAPowerLossAtAnyCallTheReplicaIsAPrefix()
{
    for (quint64 seed = firstSeed(); seed < firstSeed() + scripts(60); ++seed) {
        const Script script = makeScript(seed + 1'000'000, {.operations = 8});
        CrashRun whole(script);
        const QByteArray complaint = whole.playThrough();
        QVERIFY2(complaint.isEmpty(), report(script, seed, complaint).constData());
        for (quint64 call = 0; call <= whole.calls(); ++call) {
            for (quint64 subset = 0; subset < 3; ++subset) {
                check(script, seed, {call, Death::PowerLoss, seed * 1000 + call * 7 + subset});
                if (QTest::currentTestFailed())
                    return;
            }
        }
    }
}

void TestCrash::afterACrashInALongHistoryTheReplicaIsAPrefix()
{
    for (quint64 seed = firstSeed(); seed < firstSeed() + scripts(150); ++seed) {
        testing::SeededRandom random(seed);
        const Script script = makeScript(seed + 2'000'000,
                                         {.operations = 60,
                                          .names = 2 + qsizetype(random.below(3)),
                                          .checkpointOneIn = random.below(2) == 0 ? 15 : 1000});
        CrashRun whole(script);
        const QByteArray complaint = whole.playThrough();
        QVERIFY2(complaint.isEmpty(), report(script, seed, complaint).constData());
        for (int trial = 0; trial < 12; ++trial) {
            const Death death = trial % 4 == 0 ? Death::Kill : Death::PowerLoss;
            check(script, seed, {random.below(whole.calls() + 1), death, random.next64()});
            if (QTest::currentTestFailed())
                return;
        }
    }
}

QTEST_APPLESS_MAIN(TestCrash)

#include "tst_crash.moc"
