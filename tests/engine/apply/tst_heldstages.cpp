// What is kept of contents that were sent ahead in part: over connections, restarts and power losses;
// bounded; and never taken for what it is not.
#include "tests/engine/apply/stagesbench.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::apply;
using namespace std::chrono_literals;

namespace {

StageToken token(int number)
{
    return *StageToken::fromBytes(QByteArray::number(number).rightJustified(16, 't'));
}

FastDigest digestOf(const QByteArray &content, HashKey key = testKey)
{
    ContentDigest digest(key, ContentDigest::Cuts::Joined);
    digest.add(0, content);
    return digest.finish(quint64(content.size()));
}

const QByteArray content = QByteArray(100'000, 'a') + QByteArray(50'000, 'b');

} // namespace

class TestHeldStages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void aStageGoesOnInTheNextConnection();
    void howTheBytesAreCutDoesNotMatter();
    void holesAreKeptWithinOneRun();
    void aStageSurvivesItsProcess();
    void aStageSurvivesAPowerLoss();
    void whatIsWrittenIsMadeDurableNowAndThen();
    void anotherKeyReadsItAgainInSteps();
    void aDamagedStageFailsItsCheck();
    void whatDoesNotGoOnIsLost_data();
    void whatDoesNotGoOnIsLost();
    void beginningAnewForgetsWhatIsHeld();
    void whatCouldNotBeRemovedIsInNobodysWay();
    void aStageWithoutABeginningIsNotKept();
    void atMostSixteenAreKept();
    void nothingIsKeptForLong();
    void noMoreIsKeptThanIsFree();
    void aFullDiskFreesWhatIsHeld();
    void strangeNamesAreCleared();

private:
    static void sendHalf(Stages &stages, int number = 1)
    {
        VERIFY_OK(stages.staging->begin({StageId{1}, token(number), 0}));
        VERIFY_OK(stages.staging->add({StageId{1}, 0, content.first(100'000)}));
    }
    // The rest of the content, as the primary sends it when told that half is held.
    static void sendRest(Stages &stages, HashKey key = testKey)
    {
        QCOMPARE(stages.staging->held().list(), QList{(HeldStage{token(1), 100'000})});
        VERIFY_OK(stages.staging->begin({StageId{2}, token(1), 100'000}));
        VERIFY_OK(stages.staging->add({StageId{2}, 100'000, content.sliced(100'000)}));
        VERIFY_OK(stages.staging->seal(StageId{2}, 150'000, digestOf(content, key)));
        const auto path = stages.staging->pathOf(StageId{2});
        QVERIFY(testing::readFile(*stages.tree, path) == content);
        QCOMPARE(stages.fileCount(), 1);
        QVERIFY(stages.staging->held().isEmpty());
    }
};

void TestHeldStages::aStageGoesOnInTheNextConnection()
{
    Stages stages;
    sendHalf(stages);
    stages.staging->part();
    sendRest(stages);
}

void TestHeldStages::howTheBytesAreCutDoesNotMatter()
{
    Stages stages;
    VERIFY_OK(stages.staging->begin({StageId{1}, token(1), 0}));
    for (qsizetype at = 0; at < content.size();) {
        const qsizetype length = std::min<qsizetype>(1 + at % 7001, content.size() - at);
        VERIFY_OK(stages.staging->add({StageId{1}, quint64(at), content.sliced(at, length)}));
        at += length;
    }
    VERIFY_OK(stages.staging->seal(StageId{1}, 150'000, digestOf(content)));
}

void TestHeldStages::holesAreKeptWithinOneRun()
{
    Stages stages;
    VERIFY_OK(stages.staging->begin({StageId{1}, token(1), 0}));
    VERIFY_OK(stages.staging->add({StageId{1}, 4096, "one"}));
    VERIFY_OK(stages.staging->add({StageId{1}, 50'000, "two"}));
    stages.staging->part();
    QCOMPARE(stages.staging->held().list(), QList{(HeldStage{token(1), 50'003})});
    stages.staging->setStream(StreamId{2}, HashKey{7}); // the primary was started anew
    VERIFY_OK(stages.staging->begin({StageId{1}, token(1), 50'003}));
    VERIFY_OK(stages.staging->add({StageId{1}, 60'000, "three"}));
    ContentDigest digest(HashKey{7}, ContentDigest::Cuts::Joined);
    digest.add(4096, "one");
    digest.add(50'000, "two");
    digest.add(60'000, "three");
    const auto extents = stages.staging->seal(StageId{1}, 70'000, digest.finish(70'000));
    VERIFY_OK(extents);
    QCOMPARE(*extents, (QList<Extent>{{4096, 3}, {50'000, 3}, {60'000, 5}}));
}

void TestHeldStages::aStageSurvivesItsProcess()
{
    Stages stages;
    sendHalf(stages);
    stages.staging->part();
    stages.kill();
    sendRest(stages);
}

void TestHeldStages::aStageSurvivesAPowerLoss()
{
    for (quint64 seed = 0; seed < 30; ++seed) {
        Stages stages;
        sendHalf(stages);
        stages.staging->part();
        VERIFY_OK(stages.root->syncDirectory(layout::staging()));
        stages.losePower(seed);
        sendRest(stages);
        // Without that, the name may be gone; what is listed is right all the same.
        Stages other;
        sendHalf(other);
        other.staging->part();
        other.losePower(seed);
        for (const HeldStage &held : other.staging->held().list()) {
            const auto path = HeldStages::pathOf(held.token, held.end);
            QVERIFY(testing::readFile(*other.tree, path)->first(qsizetype(held.end))
                    == content.first(qsizetype(held.end)));
        }
    }
}

void TestHeldStages::whatIsWrittenIsMadeDurableNowAndThen()
{
    Stages stages;
    sendHalf(stages);
    stages.kill(); // before anything was
    QVERIFY(stages.staging->held().isEmpty());
    QCOMPARE(stages.fileCount(), 0);

    VERIFY_OK(stages.staging->begin({StageId{1}, token(1), 0}));
    VERIFY_OK(stages.staging->add({StageId{1}, 0, content.first(60'000)}));
    stages.clock.advance(Staging::syncInterval);
    VERIFY_OK(stages.staging->add({StageId{1}, 60'000, content.sliced(60'000, 40'000)}));
    VERIFY_OK(stages.staging->add({StageId{1}, 100'000, "more"}));
    stages.kill();
    sendRest(stages);
}

void TestHeldStages::anotherKeyReadsItAgainInSteps()
{
    Stages stages;
    sendHalf(stages);
    stages.staging->part();
    stages.start(HashKey{9});
    VERIFY_OK(stages.staging->begin({StageId{5}, token(1), 100'000}));
    QVERIFY(stages.staging->catchUp(StageId{5}));
    stages.staging->part(); // and it is held again
    sendRest(stages, HashKey{9});
}

void TestHeldStages::aDamagedStageFailsItsCheck()
{
    Stages stages;
    sendHalf(stages);
    stages.staging->part();
    stages.kill();
    const auto file = stages.tree->open(HeldStages::pathOf(token(1), 100'000), OpenMode::ReadWrite);
    VERIFY_OK((*file)->write(50'000, "?"));
    VERIFY_OK(stages.staging->begin({StageId{2}, token(1), 100'000}));
    VERIFY_OK(stages.staging->add({StageId{2}, 100'000, content.sliced(100'000)}));
    VERIFY_ERROR(stages.staging->seal(StageId{2}, 150'000, digestOf(content)), ErrorCode::Corrupt);
    QVERIFY(stages.staging->held().isEmpty());
    QCOMPARE(stages.fileCount(), 0);
    // It is sent from the start, and a checkpoint in between does it no harm.
    VERIFY_OK(stages.staging->begin({StageId{3}, token(1), 0}));
    VERIFY_OK(stages.staging->add({StageId{3}, 0, content}));
    VERIFY_OK(stages.staging->removeRetired());
    VERIFY_OK(stages.staging->seal(StageId{3}, 150'000, digestOf(content)));
    QVERIFY(testing::readFile(*stages.tree, stages.staging->pathOf(StageId{3})) == content);
}

void TestHeldStages::whatDoesNotGoOnIsLost_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<quint64>("offset");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("nothing is held") << 2 << quint64(100'000) << ErrorCode::NotFound;
    QTest::newRow("before its end") << 1 << quint64(99'999) << ErrorCode::Corrupt;
    QTest::newRow("behind its end") << 1 << quint64(100'001) << ErrorCode::Corrupt;
}

void TestHeldStages::whatDoesNotGoOnIsLost()
{
    QFETCH(int, number);
    QFETCH(quint64, offset);
    QFETCH(ErrorCode, code);
    Stages stages;
    sendHalf(stages);
    stages.staging->part();
    VERIFY_ERROR(stages.staging->begin({StageId{2}, token(number), offset}), code);
    VERIFY_OK(stages.staging->add({StageId{2}, offset, "x"})); // no second complaint
    VERIFY_ERROR(stages.staging->seal(StageId{2}, offset + 1, {}), code);
    // Nor does one that is sent twice at once, or begins twice.
    VERIFY_OK(stages.staging->begin({StageId{3}, token(7), 0}));
    VERIFY_ERROR(stages.staging->begin({StageId{4}, token(7), 0}), ErrorCode::Corrupt);
    VERIFY_ERROR(stages.staging->begin({StageId{3}, token(8), 0}), ErrorCode::Corrupt);
}

void TestHeldStages::beginningAnewForgetsWhatIsHeld()
{
    Stages stages;
    sendHalf(stages);
    stages.staging->part();
    VERIFY_OK(stages.staging->begin({StageId{2}, token(1), 0}));
    QVERIFY(stages.staging->held().isEmpty());
    stages.staging->drop(StageId{2});
    QCOMPARE(stages.fileCount(), 0);
}

void TestHeldStages::whatCouldNotBeRemovedIsInNobodysWay()
{
    Stages stages;
    VERIFY_OK(stages.staging->begin({StageId{1}, token(1), 0}));
    stages.files.faults().add({.call = testing::FakeCall::RemoveFile});
    stages.staging->drop(StageId{1});
    QCOMPARE(stages.fileCount(), 1);
    VERIFY_OK(stages.staging->begin({StageId{2}, token(1), 0}));
    VERIFY_OK(stages.staging->add({StageId{2}, 0, content}));
    VERIFY_OK(stages.staging->seal(StageId{2}, 150'000, digestOf(content)));
}

void TestHeldStages::aStageWithoutABeginningIsNotKept()
{
    Stages stages;
    VERIFY_OK(stages.staging->add({StageId{1}, 0, "as before protocol 3"}));
    stages.staging->part();
    QVERIFY(stages.staging->held().isEmpty());
    QCOMPARE(stages.fileCount(), 0);
}

void TestHeldStages::atMostSixteenAreKept()
{
    Stages stages;
    for (int number = 0; number < 40; ++number) {
        sendHalf(stages, number);
        stages.clock.advance(1s);
        stages.staging->part();
    }
    for (int run = 0; run < 2; ++run) {
        const auto held = stages.staging->held().list();
        QCOMPARE(held.size(), HeldStages::cap);
        QCOMPARE(held.first().token, token(24)); // the oldest have gone
        QCOMPARE(held.last().token, token(39));
        QCOMPARE(stages.fileCount(), HeldStages::cap);
        stages.kill();
    }
}

void TestHeldStages::nothingIsKeptForLong()
{
    Stages stages;
    sendHalf(stages, 1);
    stages.staging->part();
    stages.clock.advance(HeldStages::longest - Nanoseconds(1s));
    sendHalf(stages, 2);
    stages.staging->part();
    QCOMPARE(stages.staging->held().list().size(), 2);
    stages.clock.advance(2s);
    stages.kill();
    QCOMPARE(stages.staging->held().list(), QList{(HeldStage{token(2), 100'000})});
    QCOMPARE(stages.fileCount(), 1);
}

void TestHeldStages::noMoreIsKeptThanIsFree()
{
    Stages stages;
    testing::FakeSettings small;
    small.capacity = 450'000;
    stages.files.configure(small);
    for (int number = 1; number <= 3; ++number) {
        sendHalf(stages, number);
        stages.staging->part();
    }
    QCOMPARE(stages.staging->held().list(),
             (QList<HeldStage>{{token(2), 100'000}, {token(3), 100'000}}));
}

void TestHeldStages::aFullDiskFreesWhatIsHeld()
{
    Stages stages;
    sendHalf(stages, 1);
    stages.staging->part();
    testing::FakeSettings small;
    small.capacity = 180'000;
    stages.files.configure(small);
    VERIFY_OK(stages.staging->begin({StageId{2}, token(2), 0}));
    VERIFY_OK(stages.staging->add({StageId{2}, 0, content}));
    QVERIFY(stages.staging->held().isEmpty());
    VERIFY_OK(stages.staging->seal(StageId{2}, 150'000, digestOf(content)));
}

void TestHeldStages::strangeNamesAreCleared()
{
    Stages stages;
    sendHalf(stages);
    stages.staging->part();
    const QByteArray good = HeldStages::pathOf(token(1), 100'000).name().toByteArray();
    const QList<QByteArray> names{"k",
                                  "kx",
                                  good + "0",
                                  good.toUpper().replace('K', 'k'),
                                  HeldStages::pathOf(token(2), 0).name().toByteArray(),
                                  HeldStages::pathOf(token(3), 5).name().toByteArray()};
    for (const QByteArray &name : names)
        (void)testing::writeFile(*stages.tree, *layout::staging().child(name), "shrt");
    (void)stages.tree->makeSymlink("/etc/passwd", HeldStages::pathOf(token(4), 3));
    stages.kill();
    sendRest(stages);
}

QTEST_APPLESS_MAIN(TestHeldStages)

#include "tst_heldstages.moc"
