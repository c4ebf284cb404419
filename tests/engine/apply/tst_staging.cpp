#include "tests/engine/apply/stagesbench.h"

#include <QTest>

using namespace octopus;
using namespace octopus::apply;

class TestStaging : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void chunksBecomeASparseFile();
    void chunksOutOfOrderLoseTheStage();
    void anErrorIsToldAgainWhenTheStageIsNamed();
    void aSealedStageSurvivesAPowerLoss();
    void openStagesAreBounded();
    void clearingLeavesNothing();
};

static FastDigest digestOf(const QList<DataRange> &ranges, quint64 size)
{
    return contentDigest(ranges, size, testKey);
}

void TestStaging::chunksBecomeASparseFile()
{
    Stages stages;
    const QList<DataRange> chunks = {{0, "ab"}, {2, "cd"}, {100'000, "e"}};
    for (const DataRange &chunk : chunks)
        VERIFY_OK(stages.staging->add({StageId{1}, chunk.offset, chunk.bytes}));
    const auto extents = stages.staging->seal(StageId{1}, 200'000, digestOf(chunks, 200'000));
    VERIFY_OK(extents);
    QCOMPARE(*extents, (QList<Extent>{{0, 4}, {100'000, 1}}));
    const auto stat = stages.tree->stat(stages.staging->pathOf(StageId{1}));
    QCOMPARE(stat->size, 200'000u);
    QVERIFY(stat->allocatedBytes <= 8192);
    VERIFY_ERROR(stages.staging->seal(StageId{1}, 1, {}), ErrorCode::NotFound);
}

void TestStaging::chunksOutOfOrderLoseTheStage()
{
    Stages stages;
    VERIFY_OK(stages.staging->add({StageId{1}, 10, "abc"}));
    VERIFY_ERROR(stages.staging->add({StageId{1}, 12, "x"}), ErrorCode::Corrupt);
    QCOMPARE(stages.tree->list(layout::staging())->size(), 0);
    VERIFY_ERROR(stages.staging->add({StageId{2}, quint64(-1), "x"}), ErrorCode::Corrupt);
    VERIFY_OK(stages.staging->add({StageId{3}, 10, "abc"}));
    VERIFY_ERROR(stages.staging->seal(StageId{3}, 5, digestOf({{10, "abc"}}, 5)),
                 ErrorCode::Corrupt);
}

void TestStaging::anErrorIsToldAgainWhenTheStageIsNamed()
{
    Stages stages;
    stages.files.faults().add({.call = testing::FakeCall::Write, .code = ErrorCode::NoSpace});
    VERIFY_ERROR(stages.staging->add({StageId{1}, 0, "a"}), ErrorCode::NoSpace);
    VERIFY_OK(stages.staging->add({StageId{1}, 1, "b"})); // no second complaint
    VERIFY_ERROR(stages.staging->seal(StageId{1}, 2, {}), ErrorCode::NoSpace);
}

void TestStaging::aSealedStageSurvivesAPowerLoss()
{
    for (quint64 seed = 0; seed < 30; ++seed) {
        Stages stages;
        const QList<DataRange> chunks = {{0, QByteArray(10'000, 'a')}};
        VERIFY_OK(stages.staging->add({StageId{1}, 0, chunks[0].bytes}));
        VERIFY_OK(stages.staging->seal(StageId{1}, 12'000, digestOf(chunks, 12'000)));
        VERIFY_OK(stages.staging->sync());
        testing::SeededRandom random(seed);
        stages.files.crash(random);
        QCOMPARE(testing::readFile(*stages.tree, stages.staging->pathOf(StageId{1})),
                 chunks[0].bytes + QByteArray(2000, '\0'));
    }
}

void TestStaging::openStagesAreBounded()
{
    Stages stages;
    for (qsizetype i = 0; i < Staging::stageCap; ++i)
        VERIFY_OK(stages.staging->add({StageId(quint64(i) + 1), 0, "x"}));
    VERIFY_ERROR(stages.staging->add({StageId{9999}, 0, "x"}), ErrorCode::LimitReached);
    stages.staging->drop(StageId{1});
    VERIFY_OK(stages.staging->add({StageId{9999}, 0, "x"}));
}

void TestStaging::clearingLeavesNothing()
{
    Stages stages;
    VERIFY_OK(stages.staging->add({StageId{1}, 0, "x"}));
    VERIFY_OK(testing::writeFile(*stages.tree, stages.staging->freshPath(), "x"));
    VERIFY_OK(stages.staging->clearFresh());
    QCOMPARE(stages.tree->list(layout::staging())->size(), 1);
    VERIFY_OK(stages.staging->clear());
    QCOMPARE(stages.tree->list(layout::staging())->size(), 0);
    VERIFY_ERROR(stages.staging->seal(StageId{1}, 1, {}), ErrorCode::NotFound);
}

QTEST_APPLESS_MAIN(TestStaging)

#include "tst_staging.moc"
