// Verification of a mirror in motion, by two peers in one thread: it finds what differs, by name,
// and nothing else; an interrupted one leaves no trace in the next.
#include "engine/mirror/verification.h"
#include "tests/support/resultcheck.h"
#include "tests/support/treebuilder.h"
#include "tests/support/twopeers.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::mirror;
using octopus::testing::TwoPeers;

class TestVerification : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void equalSidesAreIdentical();
    void aDifferenceHasItsName_data();
    void aDifferenceHasItsName();
    void aDifferenceIsAProblemUntilItIsGone();
    void repairingSendsItAgain();
    void oneThatOnlyLooksDoesNotTakeARepairBack();
    void foreignEntriesAreNotCompared();
    void filesInMotionAreNotReported();
    void aLargeFileIsReadInPieces();
    void aLostConnectionInterruptsIt();
    void theDigestIsThatOfTheReplica();
    void anInterruptionDoesNotSpoilTheNextDigest();
    void itWaitsForTheComparison();
};

static RelPath at(const QByteArray &path)
{
    return *RelPath::parse(path);
}

static QList<QByteArray> sample()
{
    return {"d/", "d/a=1", "d/b=22", "d/s/", "d/s/x=333", "e/", "l->d/a", "f=4444"};
}

// Two peers in sync.
static bool prepare(TwoPeers &peers)
{
    return testing::buildTree(peers.source(), sample()) && peers.settle();
}

static bool finish(TwoPeers &peers, quint64 count)
{
    for (int i = 0; i < 200'000 && peers.primary().verification().finished() < count; ++i) {
        if (!peers.isConnected())
            peers.connect();
        peers.step();
    }
    return peers.primary().verification().finished() == count && peers.failure().isEmpty();
}

static bool verify(TwoPeers &peers, bool repair = false)
{
    const quint64 before = peers.primary().verification().finished();
    peers.primary().verification().start(repair);
    return finish(peers, before + 1);
}

static std::map<QByteArray, QByteArray> different(TwoPeers &peers)
{
    std::map<QByteArray, QByteArray> out;
    for (const Difference &one : peers.primary().verification().report().different)
        out[one.path.bytes()] = one.what;
    return out;
}

using Differences = std::map<QByteArray, QByteArray>;

void TestVerification::equalSidesAreIdentical()
{
    TwoPeers peers(1);
    QVERIFY(prepare(peers));
    QVERIFY(!peers.primary().verification().isRunning());
    QVERIFY(verify(peers));
    QVERIFY(!peers.primary().verification().isRunning());
    const VerificationReport &report = peers.primary().verification().report();
    QVERIFY(report.complete);
    QCOMPARE(report.compared, 9u); // the root, too
    QCOMPARE(report.identical, 9u);
    QCOMPARE(report.bytesCompared, 10u);
    QVERIFY(report.different.isEmpty());
    QVERIFY(report.duration > Nanoseconds(0));
}

using Tamper = void (*)(TwoPeers &);

void TestVerification::aDifferenceHasItsName_data()
{
    QTest::addColumn<Tamper>("tamper");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("what");
    const auto row = [](const char *path, const char *what, Tamper tamper) {
        QTest::newRow(what) << tamper << QByteArray(path) << QByteArray(what);
    };
    row("d/b", "content",
        [](TwoPeers &p) { (void)p.replicaFiles().writeSilently("/replica/d/b", 0, "X"); });
    row("d/b", "size", [](TwoPeers &p) {
        (void)(*p.replica().open(at("d/b"), OpenMode::ReadWrite))->truncate(1);
    });
    row("d/b", "missing", [](TwoPeers &p) { (void)p.replica().removeFile(at("d/b")); });
    row("d/b", "attributes", [](TwoPeers &p) { (void)p.replica().setMode(at("d/b"), 0600); });
    row("d/b", "kind", [](TwoPeers &p) {
        (void)p.replica().removeFile(at("d/b"));
        (void)p.replica().makeDirectory(at("d/b"), 0755);
    });
    row("l", "link", [](TwoPeers &p) {
        (void)p.replica().removeFile(at("l"));
        (void)p.replica().makeSymlink("elsewhere", at("l"));
    });
    row("f", "extra", [](TwoPeers &p) {
        p.changes().setHeld(true); // nobody tells that it is gone
        (void)p.source().removeFile(at("f"));
    });
}

void TestVerification::aDifferenceHasItsName()
{
    QFETCH(Tamper, tamper);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, what);
    TwoPeers peers(1);
    QVERIFY(prepare(peers));
    tamper(peers);
    QVERIFY(verify(peers));
    const VerificationReport &report = peers.primary().verification().report();
    QVERIFY(report.complete);
    QVERIFY(different(peers).contains(path));
    QCOMPARE(different(peers)[path], what);
    for (const Difference &one : report.different) // its directory may have another time
        QVERIFY(one.path == at(path) || one.what == "attributes");
    QCOMPARE(report.compared, report.identical + quint64(report.different.size()));
}

void TestVerification::aDifferenceIsAProblemUntilItIsGone()
{
    TwoPeers peers(1);
    QVERIFY(prepare(peers));
    VERIFY_OK(peers.replicaFiles().writeSilently("/replica/f", 0, "X"));
    QVERIFY(verify(peers));
    const auto problems = peers.primary().status().problems;
    QCOMPARE(problems.size(), 1);
    QCOMPARE(problems.first().path, at("f"));
    QCOMPARE(problems.first().code, ProblemCode::Different);
    QVERIFY(!peers.primary().status().inSync);
    QCOMPARE(testing::readFile(peers.replica(), at("f")),
             QByteArray("X444")); // nothing was repaired
    VERIFY_OK(peers.replicaFiles().writeSilently("/replica/f", 0, "4"));
    QVERIFY(verify(peers));
    QVERIFY(peers.primary().status().problems.isEmpty());
    QVERIFY(peers.settle());
}

void TestVerification::repairingSendsItAgain()
{
    TwoPeers peers(1);
    QVERIFY(prepare(peers));
    VERIFY_OK(peers.replicaFiles().writeSilently("/replica/f", 0, "X"));
    VERIFY_OK(peers.replica().removeFile(at("d/a")));
    VERIFY_OK(peers.replica().setMode(at("d/b"), 0));
    QVERIFY(verify(peers, true));
    QVERIFY(different(peers).contains("f") && different(peers).contains("d/a")
            && different(peers).contains("d/b"));
    QVERIFY(peers.settle());
    QCOMPARE(testing::readFile(peers.replica(), at("f")), QByteArray("4444"));
    QVERIFY(verify(peers));
    QCOMPARE(different(peers), Differences());
    QVERIFY(peers.settle());
}

void TestVerification::oneThatOnlyLooksDoesNotTakeARepairBack()
{
    TwoPeers peers(1);
    QVERIFY(prepare(peers));
    VERIFY_OK(peers.replicaFiles().writeSilently("/replica/f", 0, "X"));
    peers.primary().verification().start(true);
    QVERIFY(verify(peers, false)); // the same comparison answers both
    QVERIFY(different(peers).contains("f"));
    QVERIFY(peers.settle());
    QCOMPARE(testing::readFile(peers.replica(), at("f")), QByteArray("4444"));
    VERIFY_OK(peers.replicaFiles().writeSilently("/replica/f", 0, "Y"));
    QVERIFY(verify(peers, false)); // it is over with the one that was asked for
    QCOMPARE(testing::readFile(peers.replica(), at("f")), QByteArray("Y444"));
}

void TestVerification::foreignEntriesAreNotCompared()
{
    TwoPeers peers(1);
    QVERIFY(prepare(peers));
    VERIFY_OK(testing::buildTree(peers.replica(), {"theirs=1", "t/", "t/x=2"}));
    VERIFY_OK(peers.replica().setModificationTime({}, peers.source().stat({})->mtimeNs));
    QVERIFY(verify(peers));
    QCOMPARE(different(peers), Differences());
    QCOMPARE(peers.primary().verification().report().compared, 9u);
}

void TestVerification::filesInMotionAreNotReported()
{
    for (quint64 seed = 0; seed < 10; ++seed) {
        TwoPeers peers(seed);
        QVERIFY(prepare(peers));
        peers.primary().verification().start(false);
        for (int i = 0; i < 200; ++i) {
            if (i % 10 == 0)
                VERIFY_OK(testing::writeFile(peers.source(), at("d/a"), QByteArray::number(i)));
            if (i % 40 == 5)
                VERIFY_OK(peers.source().rename(at("f"), at("g"), RenameMode::Replace));
            if (i % 40 == 25)
                VERIFY_OK(peers.source().rename(at("g"), at("f"), RenameMode::Replace));
            peers.step();
        }
        QVERIFY(finish(peers, 1));
        QVERIFY(peers.primary().verification().report().complete);
        QCOMPARE(different(peers), Differences());
        QVERIFY(peers.settle());
    }
}

void TestVerification::aLargeFileIsReadInPieces()
{
    constexpr qsizetype piece = 4 * 1024 * 1024;
    TwoPeers peers(1);
    QVERIFY(prepare(peers));
    VERIFY_OK(testing::writeFile(peers.source(), at("large"), QByteArray(5 * piece + 7, 'x')));
    QVERIFY(peers.settle());
    const Verification &verification = peers.primary().verification();
    peers.primary().verification().start(false);
    quint64 before = 0;
    for (int i = 0; i < 200'000 && verification.finished() == 0; ++i) {
        peers.step();
        const quint64 now = verification.current().bytesCompared;
        QVERIFY(now <= before + quint64(piece) || before == 0);
        before = now;
    }
    QVERIFY(verification.report().complete && verification.report().different.isEmpty());
    QVERIFY(verification.report().bytesCompared > quint64(5 * piece));
}

void TestVerification::aLostConnectionInterruptsIt()
{
    TwoPeers peers(1);
    QVERIFY(prepare(peers));
    VERIFY_OK(peers.replicaFiles().writeSilently("/replica/f", 0, "X"));
    peers.primary().verification().start(false);
    for (int i = 0; i < 8; ++i)
        peers.step();
    QVERIFY(peers.primary().verification().isRunning());
    peers.cut();
    if (peers.primary().verification().isRunning()) // it had not begun
        QVERIFY(finish(peers, 1));
    else
        QVERIFY(!peers.primary().verification().report().complete);
    QVERIFY(peers.settle() || peers.primary().status().problems.size() == 1);
    QVERIFY(verify(peers));
    QCOMPARE(different(peers), (Differences{{"f", "content"}}));
}

void TestVerification::theDigestIsThatOfTheReplica()
{
    TwoPeers peers(1);
    QVERIFY(prepare(peers));
    QVERIFY(verify(peers));
    const Sha256Digest first = peers.primary().verification().report().digest;
    QVERIFY(verify(peers));
    QCOMPARE(peers.primary().verification().report().digest, first);
    TwoPeers others(2);
    QVERIFY(prepare(others));
    VERIFY_OK(testing::writeFile(others.source(), at("f"), "4445"));
    QVERIFY(others.settle());
    QVERIFY(verify(others));
    QVERIFY(others.primary().verification().report().digest != first);
    VERIFY_OK(peers.replicaFiles().writeSilently("/replica/f", 3, "5"));
    QVERIFY(verify(peers));
    QVERIFY(peers.primary().verification().report().digest != first);
}

void TestVerification::anInterruptionDoesNotSpoilTheNextDigest()
{
    for (int steps = 0; steps < 120; steps += 4) {
        TwoPeers peers(3);
        QVERIFY(prepare(peers));
        QVERIFY(verify(peers));
        const Sha256Digest expected = peers.primary().verification().report().digest;
        peers.primary().verification().start(false);
        for (int i = 0; i < steps; ++i)
            peers.step();
        peers.cut();
        QVERIFY(peers.settle());
        if (peers.primary().verification().isRunning())
            QVERIFY(finish(peers, peers.primary().verification().finished() + 1));
        QVERIFY(verify(peers));
        QCOMPARE(peers.primary().verification().report().digest, expected);
    }
}

void TestVerification::itWaitsForTheComparison()
{
    TwoPeers peers(1);
    VERIFY_OK(testing::buildTree(peers.source(), sample()));
    QVERIFY(verify(peers)); // started before anything was connected
    QVERIFY(peers.primary().isCertain());
    QVERIFY(peers.primary().verification().report().complete);
    QCOMPARE(different(peers), Differences());
}

QTEST_APPLESS_MAIN(TestVerification)

#include "tst_verification.moc"
