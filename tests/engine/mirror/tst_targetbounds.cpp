// What a hostile primary cannot make a target do or keep (I7, I9, I11).
#include "tests/engine/mirror/targetbench.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::mirror;

class TargetBounds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void nothingIsTakenAfterARefusal();
    void tinyOperationsCountWithTheirMemory();
    void operationsWaitForWhoeverDoesNotRead();
    void nothingIsHashedForWhoeverIsGone();
    void requestsEndWithTheirConnection_data();
    void requestsEndWithTheirConnection();
    void aRequestOfAnotherRunBeginsNoStream();
    void aConnectionHasCreditForItsOwnContent();
    void theControlFolderIsNotHashed();
};

void TargetBounds::nothingIsTakenAfterARefusal()
{
    TargetBench bench;
    VERIFY_OK(bench.start());
    bench.connect(1, 5);
    VERIFY_OK(bench.answers());
    VERIFY_OK(bench.ask(wire::ListTree{1, {}, false, false}));
    bench.connect(2, 4);
    QCOMPARE(only<wire::Refusal>(bench.answers()).size(), 1);
    // An earlier writer that goes on as if nothing had been said (I7).
    VERIFY_ERROR(bench.target->receive(bench.batch({apply::makeDirectory("late")})),
                 ErrorCode::VersionMismatch);
    VERIFY_ERROR(bench.tree->stat(at("late")), ErrorCode::NotFound);
}

void TargetBounds::tinyOperationsCountWithTheirMemory()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    const QList<Operation> many(10'000, apply::operation(OperationKind::Remove, "none"));
    int messages = 0;
    for (; !bench.target->isFull(); ++messages)
        VERIFY_OK(bench.target->receive(bench.batch(many)));
    QCOMPARE_LT(messages, 20); // not a thousand, for they are only a few bytes each on the wire
    QVERIFY(!bench.target->hasRoom());
    VERIFY_OK(bench.answers());
    QVERIFY(bench.target->hasRoom());
}

void TargetBounds::operationsWaitForWhoeverDoesNotRead()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    const QList<Operation> failing(2'000, apply::operation(OperationKind::SetAttributes, "none"));
    for (int i = 0; i < 5; ++i)
        VERIFY_OK(bench.target->receive(bench.batch(failing)));
    for (int step = 0; step < 100; ++step)
        VERIFY_OK(bench.target->work());
    QCOMPARE(number(bench.target->applier().applied()), 4'000); // one batch of what waits
    QCOMPARE(only<wire::OperationFailed>(bench.answers()).size(), 10'000); // who reads gets on
}

void TargetBounds::nothingIsHashedForWhoeverIsGone()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    VERIFY_OK(bench.ask(bench.batch({apply::put("f", QByteArray(9'000'000, 'f'))})));
    VERIFY_OK(bench.target->receive(wire::BlocksRequest{1, at("f"), 4096}));
    VERIFY_OK(bench.target->receive(wire::ListTree{2, {}, true, true}));
    VERIFY_OK(bench.target->work());
    VERIFY_OK(bench.target->work());
    bench.target->disconnected();
    const auto more = bench.target->work();
    VERIFY_OK(more);
    QVERIFY(!*more);
}

void TargetBounds::requestsEndWithTheirConnection_data()
{
    QTest::addColumn<bool>("noticed");
    QTest::newRow("which ends") << true;
    QTest::newRow("which a later one replaces") << false;
}

// Whoever comes next would wait for what it did not ask, and take answers for its own by their
// numbers.
void TargetBounds::requestsEndWithTheirConnection()
{
    QFETCH(bool, noticed);
    TargetBench bench;
    VERIFY_OK(bench.begin());
    VERIFY_OK(bench.ask(bench.batch({apply::put("f", "1"), apply::makeDirectory("d")})));
    VERIFY_OK(bench.target->receive(wire::BlocksRequest{1, at("f"), 4096}));
    VERIFY_OK(bench.target->receive(wire::ListTree{2, at("d"), false, false}));
    VERIFY_OK(bench.target->receive(bench.batch({apply::put("g", "2")})));
    VERIFY_OK(bench.target->receive(wire::ListTree{3, {}, true, true}));
    VERIFY_OK(bench.target->receive(wire::CloseMirror{true}));
    if (noticed) {
        bench.target->disconnected();
        VERIFY_OK(bench.target->work()); // what waits is one batch, and no request
        QVERIFY(testing::readFile(*bench.tree, at("g")) == QByteArray("2"));
    }
    bench.connect(1);
    const auto said = bench.answers();
    VERIFY_OK(said);
    QCOMPARE(said->size(), 1);
    QCOMPARE(only<wire::MirrorState>(said).value(0).applied, Sequence{3});
    QVERIFY(bench.target->hasRoom());
    QVERIFY(!bench.target->isErased());
}

void TargetBounds::aRequestOfAnotherRunBeginsNoStream()
{
    TargetBench bench;
    VERIFY_OK(bench.start());
    bench.connect(1);
    VERIFY_OK(bench.answers());
    VERIFY_OK(bench.target->receive(wire::ListTree{1, {}, false, false}));
    bench.connect(2);
    QCOMPARE(only<wire::MirrorState>(bench.answers()).value(0).stream, StreamId{});
}

// What the last connection left is consumed on this one, and was paid for on that one. Else an honest
// primary could send more than there is room for.
void TargetBounds::aConnectionHasCreditForItsOwnContent()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    const QByteArray piece(1024 * 1024, 'x');
    for (quint64 i = 0; i < 16; ++i)
        VERIFY_OK(bench.target->receive(StageChunk{StageId{1}, i * quint64(piece.size()), piece}));
    bench.connect(1);
    QCOMPARE(only<wire::MirrorState>(bench.answers()).value(0).credit, Target::window);
    const auto said = only<wire::Acknowledgement>(bench.ask(StageChunk{StageId{2}, 0, piece}));
    QVERIFY(!said.isEmpty());
    QCOMPARE(said.last().credit, Target::window + quint64(piece.size()));
}

void TargetBounds::theControlFolderIsNotHashed()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    const auto hashes =
        only<wire::BlockHashes>(bench.ask(wire::BlocksRequest{1, at(".octopus/replica"), 4096}));
    QCOMPARE(hashes, (QList{wire::BlockHashes{1, 0, true, {}}}));
}

QTEST_APPLESS_MAIN(TargetBounds)
#include "tst_targetbounds.moc"
