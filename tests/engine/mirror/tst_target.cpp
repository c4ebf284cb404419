// The target's half of the protocol: what it answers, what it refuses, and what it never says too
// early (I2, I7, I9, I11).
#include "engine/index/blockmap.h"
#include "tests/engine/mirror/targetbench.h"
#include "tests/engine/wire/messagegenerator.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::mirror;
using octopus::testing::FakeCall;

class TestTarget : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void theStateComesFirst();
    void aListingBeginsTheStream();
    void aVerificationChangesNothing();
    void whatSomebodyRemovedIsNotOursAnyMore();
    void operationsAreAcknowledgedWhenTheyAreDurable();
    void creditGrowsWithWhatWasConsumed();
    void moreThanTheCreditIsRefused();
    void sequencesWithAGapAreRefused_data();
    void sequencesWithAGapAreRefused();
    void messagesOutOfPlaceAreRefused_data();
    void messagesOutOfPlaceAreRefused();
    void nothingIsTakenBeforeTheState();
    void anOlderEpochIsRefused();
    void aFailureIsToldBeforeItsAcknowledgement();
    void aLostAttributeIsToldAsSuch();
    void whatArrivedIsAppliedAlthoughTheConnectionEnded();
    void anUntoldFailureEndsTheStream();
    void stagesOfALostConnectionAreDropped();
    void blocksAreHashedWithTheKey_data();
    void blocksAreHashedWithTheKey();
    void unreadableBlocksAreToldAsNone();
    void closingKeepsOrErases();
    void theJournalIsFoldedWhenItIsQuiet();
    void aFailingDiskEndsIt();
    void anyMessagesAreSurvived();
};

void TestTarget::theStateComesFirst()
{
    TargetBench bench;
    VERIFY_OK(bench.start());
    QVERIFY(!bench.target->next());
    bench.connect(7, 3);
    QVERIFY(!bench.target->next());
    const auto said = bench.answers();
    VERIFY_OK(said);
    QCOMPARE(said->size(), 1);
    const auto states = only<wire::MirrorState>(said);
    QCOMPARE(states.size(), 1);
    QCOMPARE(states[0].stream, StreamId{});
    QCOMPARE(states[0].applied, Sequence{});
    QCOMPARE(states[0].destination, "/replica");
    QCOMPARE(states[0].credit, Target::window);
    QVERIFY(states[0].canSetOwner && !states[0].consistent);
    QVERIFY(!bench.target->refusal());
}

void TestTarget::aListingBeginsTheStream()
{
    TargetBench bench;
    VERIFY_OK(bench.begin(7));
    QCOMPARE(bench.target->applier().record().stream, StreamId{7});
    VERIFY_OK(bench.ask(bench.batch({apply::operation(OperationKind::Consistent, "")})));
    QVERIFY(bench.target->applier().record().consistent);
    // Of a part: an operation failed there. The rest is as it was.
    const auto part = bench.ask(wire::ListTree{2, at("d"), false, false});
    QCOMPARE(only<wire::TreeEnd>(part).size(), 1);
    QVERIFY(bench.target->applier().record().consistent);
    const auto all = bench.ask(wire::ListTree{3, {}, false, false});
    QCOMPARE(only<wire::TreeEnd>(all).value(0).request, 3u);
    QVERIFY(!bench.target->applier().record().consistent);
    QCOMPARE(bench.target->applier().applied(), Sequence{1}); // the numbering goes on
}

void TestTarget::aVerificationChangesNothing()
{
    TargetBench bench;
    VERIFY_OK(bench.begin(7));
    VERIFY_OK(bench.ask(bench.batch({apply::operation(OperationKind::Consistent, "")})));
    bench.target->disconnected();
    bench.connect(8);
    VERIFY_OK(bench.answers());
    const auto listed = bench.ask(wire::ListTree{1, {}, true, true});
    QCOMPARE(only<wire::TreeEnd>(listed).size(), 1);
    QVERIFY(bench.target->applier().record().consistent);
    QCOMPARE(bench.target->applier().record().stream, StreamId{7});
}

void TestTarget::operationsAreAcknowledgedWhenTheyAreDurable()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    QVERIFY(!bench.target->lastApplied());
    const auto answers = bench.ask(bench.batch({apply::put("a", "1"), apply::put("b", "2")}));
    const auto acknowledged = only<wire::Acknowledgement>(answers);
    QCOMPARE(acknowledged.size(), 1);
    QCOMPARE(acknowledged[0].received, Sequence{2});
    QCOMPARE(acknowledged[0].durable, Sequence{2});
    QCOMPARE(acknowledged[0].applied, Sequence{2});
    QCOMPARE(bench.target->lastApplied(), bench.clock.wall());
    bench.files.crash(testing::PowerLoss{});
    VERIFY_OK(bench.start());
    bench.connect(1);
    QCOMPARE(only<wire::MirrorState>(bench.answers()).value(0).applied, Sequence{2});
    QCOMPARE(testing::readFile(*bench.tree, at("b")), QByteArray("2"));
}

void TestTarget::creditGrowsWithWhatWasConsumed()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    const auto creditOf = [](const auto &answers) {
        const auto all = only<wire::Acknowledgement>(answers);
        return all.isEmpty() ? 0 : all.last().credit;
    };
    QCOMPARE(creditOf(bench.ask(bench.batch({apply::put("a", QByteArray(100, 'x'))}))),
             Target::window + 100);
    QCOMPARE(creditOf(bench.ask(StageChunk{StageId{1}, 0, QByteArray(1000, 'x')})),
             Target::window + 1100);
    // Bytes that fail are consumed as well.
    Operation damaged = apply::put("b", "12345");
    damaged.digest.low ^= 1;
    QCOMPARE(creditOf(bench.ask(bench.batch({damaged}))), Target::window + 1105);
    QCOMPARE(creditOf(bench.ask(StageChunk{StageId{1}, 5, "late"})), Target::window + 1109);
    bench.target->disconnected();
    bench.connect(1);
    QCOMPARE(only<wire::MirrorState>(bench.answers()).value(0).credit, Target::window);
}

void TestTarget::moreThanTheCreditIsRefused()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    const QByteArray mebi(1024 * 1024, 'x');
    Result<void> taken;
    quint64 sent = 0;
    for (; taken && sent < 10 * Target::window; sent += quint64(mebi.size()))
        taken = bench.target->receive(StageChunk{StageId{1}, sent, mebi});
    VERIFY_ERROR(taken, ErrorCode::Corrupt);
    QVERIFY(sent > Target::window); // what the credit allows was taken
}

void TestTarget::sequencesWithAGapAreRefused_data()
{
    QTest::addColumn<QList<quint64>>("sequences");
    QTest::newRow("skipped") << QList<quint64>{4};
    QTest::newRow("again") << QList<quint64>{2};
    QTest::newRow("zero") << QList<quint64>{0};
    QTest::newRow("gap inside") << QList<quint64>{3, 5};
    QTest::newRow("backwards") << QList<quint64>{4, 3};
    QTest::newRow("twice") << QList<quint64>{3, 3};
}

void TestTarget::sequencesWithAGapAreRefused()
{
    QFETCH(QList<quint64>, sequences);
    TargetBench bench;
    VERIFY_OK(bench.begin());
    VERIFY_OK(bench.ask(bench.batch({apply::put("a", "1"), apply::put("b", "2")})));
    wire::Operations batch;
    for (const quint64 sequence : sequences) {
        batch.operations.append(apply::put("c", "3"));
        batch.operations.last().sequence = Sequence{sequence};
    }
    VERIFY_ERROR(bench.target->receive(batch), ErrorCode::Corrupt);
    VERIFY_OK(bench.answers());
    QVERIFY(!bench.tree->stat(at("c")));
    QCOMPARE(bench.target->applier().applied(), Sequence{2});
}

void TestTarget::messagesOutOfPlaceAreRefused_data()
{
    QTest::addColumn<int>("index");
    for (int i = 0; i < int(std::variant_size_v<wire::Message>); ++i)
        QTest::addRow("message %d", i) << i;
}

void TestTarget::messagesOutOfPlaceAreRefused()
{
    QFETCH(int, index);
    using wire::Message;
    wire::MessageGenerator any(1);
    const Message message = any.message(size_t(index));
    const bool isOurs = std::holds_alternative<wire::ListTree>(message)
        || std::holds_alternative<wire::BlocksRequest>(message)
        || std::holds_alternative<wire::Operations>(message)
        || std::holds_alternative<StageBegin>(message)
        || std::holds_alternative<StageChunk>(message)
        || std::holds_alternative<wire::StageDrop>(message)
        || std::holds_alternative<wire::Heartbeat>(message)
        || std::holds_alternative<wire::CloseMirror>(message);
    TargetBench bench;
    VERIFY_OK(bench.begin());
    if (!isOurs)
        VERIFY_ERROR(bench.target->receive(message), ErrorCode::Corrupt);
    else if (!std::holds_alternative<wire::Operations>(message)) // whose numbers are by chance
        VERIFY_OK(bench.target->receive(message));
}

void TestTarget::nothingIsTakenBeforeTheState()
{
    TargetBench bench;
    VERIFY_OK(bench.start());
    VERIFY_ERROR(bench.target->receive(wire::ListTree{1, {}, false, false}), ErrorCode::Corrupt);
    bench.connect(1);
    VERIFY_ERROR(bench.target->receive(bench.batch({apply::put("a", "1")})), ErrorCode::Corrupt);
    VERIFY_OK(bench.answers());
    VERIFY_OK(bench.target->receive(wire::ListTree{1, {}, false, false}));
    bench.target->disconnected();
    VERIFY_ERROR(bench.target->receive(wire::ListTree{1, {}, false, false}), ErrorCode::Corrupt);
    VERIFY_OK(bench.answers());
    QVERIFY(!bench.tree->stat(at("a")));
}

void TestTarget::anOlderEpochIsRefused()
{
    TargetBench bench;
    VERIFY_OK(bench.start());
    bench.connect(1, 5);
    VERIFY_OK(bench.answers());
    VERIFY_OK(bench.ask(wire::ListTree{1, {}, false, false}));
    bench.target->disconnected();
    bench.connect(2, 4);
    const auto said = bench.answers();
    QCOMPARE(only<wire::MirrorState>(said).size(), 0);
    QCOMPARE(only<wire::Refusal>(said).value(0).code, ErrorCode::VersionMismatch);
    QVERIFY(bench.target->refusal());
    bench.target->disconnected();
    bench.connect(3, 5);
    QCOMPARE(only<wire::MirrorState>(bench.answers()).size(), 1);
    QVERIFY(!bench.target->refusal());
}

void TestTarget::aFailureIsToldBeforeItsAcknowledgement()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    const auto answers = bench.ask(
        bench.batch({apply::put("a", "1"), apply::removal("d"), apply::ranges("x", 0, "1", 1)}));
    VERIFY_OK(answers);
    QCOMPARE(answers->size(), 2);
    const auto *failed = std::get_if<wire::OperationFailed>(&answers->at(0));
    QVERIFY(failed);
    QCOMPARE(failed->sequence, Sequence{3});
    QCOMPARE(failed->code, ErrorCode::NotFound);
    QVERIFY(!failed->detail.isEmpty());
    QCOMPARE(only<wire::Acknowledgement>(answers).value(0).applied, Sequence{3});
}

void TestTarget::aLostAttributeIsToldAsSuch()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    Operation with = apply::put("a", "1");
    with.attributes.xattrs = {{"user.one", "1"}};
    bench.files.faults().add({.call = FakeCall::SetXattr, .code = ErrorCode::TooLong});
    const auto answers = bench.ask(bench.batch({with}));
    QCOMPARE(only<wire::OperationFailed>(answers).value(0).code, ErrorCode::Unsupported);
    QCOMPARE(testing::readFile(*bench.tree, at("a")), QByteArray("1"));
}

void TestTarget::whatArrivedIsAppliedAlthoughTheConnectionEnded()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    VERIFY_OK(bench.target->receive(bench.batch({apply::put("a", "1")})));
    bench.target->disconnected();
    bench.connect(1);
    const auto said = bench.answers();
    QCOMPARE(testing::readFile(*bench.tree, at("a")), QByteArray("1"));
    QVERIFY(said && std::holds_alternative<wire::MirrorState>(said->first()));
    QCOMPARE(only<wire::MirrorState>(said).value(0).applied, Sequence{1});
    QCOMPARE(only<wire::MirrorState>(said).value(0).stream, StreamId{1});
}

void TestTarget::anUntoldFailureEndsTheStream()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    VERIFY_OK(bench.target->receive(bench.batch({apply::ranges("x", 0, "1", 1)})));
    bench.target->disconnected(); // before the primary heard
    bench.connect(1);
    QCOMPARE(only<wire::MirrorState>(bench.answers()).value(0).stream, StreamId{});
    // It compares everything and goes on with its numbers.
    VERIFY_OK(bench.ask(wire::ListTree{1, {}, false, false}));
    const auto answers = bench.ask(bench.batch({apply::put("x", "2")}));
    QCOMPARE(only<wire::OperationFailed>(answers).size(), 0);
    bench.target->disconnected();
    bench.connect(1);
    QCOMPARE(only<wire::MirrorState>(bench.answers()).value(0).stream, StreamId{1});
}

void TestTarget::stagesOfALostConnectionAreDropped()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    VERIFY_OK(bench.ask(StageChunk{StageId{1}, 0, "x"}));
    VERIFY_OK(bench.ask(StageChunk{StageId{2}, 0, "x"}));
    VERIFY_OK(bench.ask(wire::StageDrop{StageId{2}}));
    QCOMPARE(bench.tree->list(at(".octopus/staging"))->size(), 1);
    bench.target->disconnected();
    bench.connect(1);
    VERIFY_OK(bench.answers());
    QCOMPARE(bench.tree->list(at(".octopus/staging"))->size(), 0);
}

void TestTarget::blocksAreHashedWithTheKey_data()
{
    QTest::addColumn<qsizetype>("size");
    for (const qsizetype size : {1, 4096, 4097, 100'000, 9 * 1024 * 1024 + 5})
        QTest::addRow("%lld bytes", qlonglong(size)) << size;
}

void TestTarget::blocksAreHashedWithTheKey()
{
    QFETCH(qsizetype, size);
    TargetBench bench;
    VERIFY_OK(bench.begin());
    VERIFY_OK(bench.ask(bench.batch({apply::put("f", "")})));
    QByteArray content(size, 'x');
    for (qsizetype i = 0; i < size; i += 1000)
        content[i] = char(i / 1000);
    VERIFY_OK(testing::writeFile(*bench.tree, at("f"), content));
    for (const quint32 blockSize : {quint32(4096), quint32(65536)}) {
        index::BlockMap expected{blockSize, 0, {}};
        index::appendBlocks(expected, content, apply::testKey);
        const auto pieces =
            only<wire::BlockHashes>(bench.ask(wire::BlocksRequest{9, at("f"), blockSize}));
        QList<quint64> hashes;
        for (const wire::BlockHashes &piece : pieces) {
            QCOMPARE(piece.request, 9u);
            QCOMPARE(piece.size, quint64(size));
            QVERIFY(piece.last == (&piece == &pieces.last()));
            hashes += piece.hashes;
        }
        QCOMPARE(hashes, expected.hashes);
    }
}

void TestTarget::unreadableBlocksAreToldAsNone()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    VERIFY_OK(testing::buildTree(*bench.tree, {"d/", "l->d", "p|", "f=1"}));
    bench.files.faults().add({.call = FakeCall::Read, .below = "/replica/f"});
    for (const char *path : {"none", "d", "l", "p", "l/x", "f"}) {
        const auto answers = bench.ask(wire::BlocksRequest{9, at(path), 4096});
        QCOMPARE(only<wire::BlockHashes>(answers), (QList{wire::BlockHashes{9, 0, true, {}}}));
    }
}

void TestTarget::closingKeepsOrErases()
{
    for (const bool erase : {false, true}) {
        TargetBench bench;
        VERIFY_OK(bench.begin());
        VERIFY_OK(bench.ask(bench.batch({apply::put("a", "1")})));
        VERIFY_OK(testing::writeFile(*bench.tree, at("theirs"), "2"));
        const auto answers = bench.ask(wire::CloseMirror{erase});
        QCOMPARE(only<wire::MirrorClosed>(answers).size(), 1);
        QCOMPARE(bench.target->isErased(), erase);
        QCOMPARE(bench.tree->stat(at("a")).has_value(), !erase);
        QCOMPARE(bench.tree->stat(at(".octopus")).has_value(), !erase);
        QVERIFY(bench.tree->stat(at("theirs")));
        QCOMPARE(bench.target->work(), false);
    }
}

void TestTarget::theJournalIsFoldedWhenItIsQuiet()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    VERIFY_OK(bench.ask(bench.batch({apply::put("a", "1")})));
    QVERIFY(bench.target->applier().checkpointUseful());
    const auto due = bench.target->nextDue();
    QVERIFY(due && *due > bench.clock.monotonic());
    bench.clock.advance(*due - bench.clock.monotonic());
    VERIFY_OK(bench.answers());
    QVERIFY(!bench.target->applier().checkpointUseful());
    QVERIFY(!bench.target->nextDue());
}

void TestTarget::aFailingDiskEndsIt()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    VERIFY_OK(bench.target->receive(bench.batch({apply::put("a", "1")})));
    bench.files.faults().add({.call = FakeCall::SyncData, .times = -1});
    VERIFY_ERROR(bench.answers(), ErrorCode::InputOutput);
    QVERIFY(!bench.tree->stat(at("a")));
}

// What decoded well may still come in any order from a peer that means harm.
void TestTarget::anyMessagesAreSurvived()
{
    for (quint64 seed = 0; seed < 40; ++seed) {
        wire::MessageGenerator any(seed);
        TargetBench bench;
        VERIFY_OK(testing::writeFile(*bench.files.bypass("/outside"), at("f"), "canary"));
        VERIFY_OK(bench.start(true));
        VERIFY_OK(testing::writeFile(*bench.tree, at("theirs"), "1"));
        bench.connect(1);
        VERIFY_OK(bench.answers());
        VERIFY_OK(bench.ask(wire::ListTree{1, {}, false, false}));
        for (int i = 0; i < 200; ++i) {
            wire::Message message = any.message();
            if (auto *batch = std::get_if<wire::Operations>(&message)) {
                bench.renumber(number(bench.target->applier().applied()));
                message = bench.batch(batch->operations);
            }
            if (std::holds_alternative<wire::CloseMirror>(message))
                continue;
            (void)bench.target->receive(std::move(message));
            VERIFY_OK(bench.answers());
        }
        QCOMPARE(testing::readFile(*bench.tree, at("theirs")), QByteArray("1"));
        QCOMPARE(testing::readFile(*bench.files.bypass("/outside"), at("f")), QByteArray("canary"));
    }
}

void TestTarget::whatSomebodyRemovedIsNotOursAnyMore()
{
    TargetBench bench;
    VERIFY_OK(bench.begin());
    VERIFY_OK(bench.ask(bench.batch({apply::makeDirectory("d"), apply::put("d/a", "1"),
                                     apply::put("b", "1"), apply::put("c", "1")})));
    VERIFY_OK(testing::removeTree(*bench.tree, at("d")));
    VERIFY_OK(bench.tree->removeFile(at("b")));
    const auto listed = bench.ask(wire::ListTree{2, {}, false, false}); // told as absent
    QCOMPARE(only<wire::TreeEnd>(listed).value(0).entries, 2u);
    VERIFY_OK(testing::buildTree(*bench.tree, {"d/", "d/a=theirs", "b=theirs"}));
    const auto answers =
        bench.ask(bench.batch({apply::put("b", "2"), apply::removal("d/a"), apply::put("c", "2")}));
    QCOMPARE(only<wire::OperationFailed>(answers).size(), 2);
    QCOMPARE(testing::readFile(*bench.tree, at("b")), QByteArray("theirs"));
    QCOMPARE(testing::readFile(*bench.tree, at("d/a")), QByteArray("theirs"));
    QCOMPARE(testing::readFile(*bench.tree, at("c")), QByteArray("2"));
}

QTEST_APPLESS_MAIN(TestTarget)

#include "tst_target.moc"
