#include "tests/engine/mirror/fixture.h"

#include <QTest>

using namespace octopus;
using namespace octopus::mirror;

class TestOutbox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void operationsAreNumberedInOrder();
    void messagesKeepTheirOrder();
    void whatIsDroppedIsNotSentAnyMore();
    void operationsOvertakeContentButNotTheirOwn();
    void aSlowLineGetsSmallPieces();
    void contentLeavesRoomForOperations();
    void theIndexShowsTheStateAfterEverything();
    void whatWasNotAppliedIsTakenBack();
    void anyHistoryIsTakenBackExactly();
    void aLinkThatIsTakenBackLeavesAFileOfItsOwn();
    void theAttributesOfAFileConcernAllItsNames();
    void whatIsTakenBackIsNamed();
    void acknowledgementsAreCumulative();
    void aFalseAcknowledgementIsAnError_data();
    void aFalseAcknowledgementIsAnError();
    void contentRespectsTheCredit();
    void whatIsPreparedIsBounded();
    void everyMessageFitsItsFrame_data();
    void everyMessageFitsItsFrame();
    void aLostConnectionForgetsMessagesNotOperations();
    void aNewBeginningForgetsEverything();
};

namespace {

MonotonicTime ms(qint64 count)
{
    return {Milliseconds(count)};
}

index::IndexEntry entryOf(const Operation &operation)
{
    index::IndexEntry entry;
    entry.attributes = operation.attributes;
    entry.size = operation.size;
    entry.linkTarget = operation.linkTarget;
    if (operation.kind == OperationKind::MakeDirectory)
        entry.kind = EntryKind::Directory;
    return entry;
}

struct Bed {
    Bed() { outbox.begin(Sequence{}, quint64(1) << 40); }
    void add(const Operation &operation, MonotonicTime capturedAt = ms(1))
    {
        const bool moves = operation.kind == OperationKind::Rename
            || operation.kind == OperationKind::Exchange || operation.kind == OperationKind::Remove
            || operation.kind == OperationKind::Consistent;
        outbox.add(operation, moves ? std::nullopt : std::optional(entryOf(operation)), capturedAt);
    }
    QList<wire::Message> takeAll()
    {
        QList<wire::Message> out;
        while (auto message = outbox.take())
            out.append(std::move(*message));
        return out;
    }
    // Path and size of everything in the index.
    std::map<QByteArray, quint64> state() const
    {
        std::map<QByteArray, quint64> out;
        for (const auto &[path, entry] : index.entries())
            out[path.bytes()] = entry.size;
        return out;
    }

    index::Index index;
    Outbox outbox{index};
};

using State = std::map<QByteArray, quint64>;

} // namespace

void TestOutbox::operationsAreNumberedInOrder()
{
    Bed bed;
    bed.outbox.begin(Sequence{41}, 1 << 20);
    bed.add(apply::put("a", "1"));
    bed.add(apply::put("b", "2"));
    bed.add(apply::removal("a"));
    QList<quint64> sequences;
    for (const wire::Message &message : bed.takeAll()) {
        for (const Operation &operation : std::get<wire::Operations>(message).operations)
            sequences.append(number(operation.sequence));
    }
    QCOMPARE(sequences, (QList<quint64>{42, 43, 44}));
    QCOMPARE(bed.outbox.last(), Sequence{44});
    QCOMPARE(bed.outbox.operations(), 3u);
    QVERIFY(bed.outbox.isEmpty());
}

void TestOutbox::messagesKeepTheirOrder()
{
    Bed bed;
    QVERIFY(bed.outbox.isEmpty());
    QVERIFY(!bed.outbox.take());
    bed.add(apply::put("a", "1"));
    bed.outbox.add(StageChunk{StageId{1}, 0, "x"});
    bed.add(apply::put("b", "1"));
    bed.add(apply::put("c", "1"));
    bed.outbox.add(wire::Message(wire::StageDrop{StageId{1}}));
    bed.add(apply::put("d", "1"));
    QVERIFY(!bed.outbox.isEmpty());
    QByteArray order;
    for (const wire::Message &message : bed.takeAll()) {
        if (const auto *batch = std::get_if<wire::Operations>(&message)) {
            for (const Operation &operation : batch->operations)
                order += operation.path.bytes();
        } else {
            order += std::holds_alternative<StageChunk>(message) ? '<' : '!';
        }
    }
    QCOMPARE(order, "abc!d"); // content that is dropped is not sent any more
}

void TestOutbox::whatIsDroppedIsNotSentAnyMore()
{
    Bed bed;
    bed.outbox.begin({}, 20'000);
    bed.outbox.setPace(4096);
    bed.outbox.add(StageChunk{StageId{1}, 0, QByteArray(10'000, 'x')});
    bed.outbox.add(StageChunk{StageId{1}, 10'000, QByteArray(10'000, 'y')});
    QVERIFY(!bed.outbox.hasBulkRoom()); // the credit is used up
    QCOMPARE(std::get<StageChunk>(*bed.outbox.take()).bytes.size(), 4096);
    bed.outbox.add(wire::Message(wire::StageDrop{StageId{1}}));
    QVERIFY(!bed.outbox.hasBulk());
    QVERIFY(bed.outbox.hasBulkRoom());
    bed.outbox.add(StageChunk{StageId{2}, 0, "z"});
    QVERIFY(std::holds_alternative<wire::StageDrop>(*bed.outbox.take()));
    QCOMPARE(std::get<StageChunk>(*bed.outbox.take()).bytes, "z");
    QVERIFY(bed.outbox.isEmpty());
}

void TestOutbox::operationsOvertakeContentButNotTheirOwn()
{
    Bed bed;
    bed.outbox.add(StageChunk{StageId{1}, 0, "x"});
    bed.outbox.add(StageChunk{StageId{1}, 1, "y"});
    bed.add(apply::put("before", "1"));
    Operation staged = apply::put("large", "");
    staged.stage = StageId{1};
    bed.add(staged);
    bed.outbox.add(StageChunk{StageId{2}, 0, "z"});
    bed.add(apply::put("after", "1"));
    QByteArray order;
    quint64 last = 0;
    for (const wire::Message &message : bed.takeAll()) {
        if (const auto *chunk = std::get_if<StageChunk>(&message)) {
            order += chunk->bytes;
            continue;
        }
        for (const Operation &operation : std::get<wire::Operations>(message).operations) {
            order += '[' + operation.path.bytes() + ']';
            QCOMPARE(number(operation.sequence), ++last);
        }
    }
    QCOMPARE(order, "[before]xy[large][after]z");
}

void TestOutbox::aSlowLineGetsSmallPieces()
{
    Bed bed;
    bed.outbox.setPace(100);
    const QByteArray content = QByteArray(3000, 'a') + QByteArray(500, 'b');
    bed.outbox.add(StageChunk{StageId{1}, 7, content});
    bed.outbox.add(StageChunk{StageId{1}, 7 + 3500, "c"});
    QByteArray carried;
    for (const wire::Message &message : bed.takeAll()) {
        const auto &chunk = std::get<StageChunk>(message);
        QVERIFY(chunk.bytes.size() <= 1024);
        QCOMPARE(chunk.offset, quint64(7 + carried.size()));
        carried += chunk.bytes;
    }
    QCOMPARE(carried, content + 'c');
    // Neither do operations gather to a large batch.
    for (int i = 0; i < 10; ++i)
        bed.add(apply::put("f" + QByteArray::number(i), QByteArray(3000, 'x')));
    for (const wire::Message &message : bed.takeAll())
        QCOMPARE(std::get<wire::Operations>(message).operations.size(), 1);
}

void TestOutbox::contentLeavesRoomForOperations()
{
    Bed bed;
    bed.outbox.setPace(2048);
    while (bed.outbox.hasBulkRoom())
        bed.outbox.add(StageChunk{StageId{1}, 0, QByteArray(4096, 'x')});
    QVERIFY(bed.outbox.hasBulk());
    QVERIFY(bed.outbox.hasRoom());
    bed.outbox.discardMessages();
    QVERIFY(!bed.outbox.hasBulk() && bed.outbox.hasBulkRoom() && bed.outbox.isEmpty());
}

void TestOutbox::theIndexShowsTheStateAfterEverything()
{
    Bed bed;
    bed.add(apply::put("a", "1"));
    bed.add(apply::put("b", "22"));
    QCOMPARE(bed.state(), (State{{"a", 1}, {"b", 2}}));
    bed.add(apply::renaming("a", "c"));
    QCOMPARE(bed.state(), (State{{"b", 2}, {"c", 1}}));
    bed.add(apply::operation(OperationKind::Exchange, "b", "c"));
    QCOMPARE(bed.state(), (State{{"b", 1}, {"c", 2}}));
    bed.add(apply::removal("b"));
    QCOMPARE(bed.state(), (State{{"c", 2}}));
    bed.add(apply::operation(OperationKind::Consistent, ""));
    QCOMPARE(bed.state(), (State{{"c", 2}}));
}

void TestOutbox::whatWasNotAppliedIsTakenBack()
{
    Bed bed;
    bed.add(apply::put("a", "1"));
    bed.add(apply::put("a", "22"));
    bed.add(apply::put("b", "333"));
    bed.add(apply::renaming("a", "b"));
    QCOMPARE(bed.state(), (State{{"b", 2}}));
    (void)bed.outbox.undoAfter(Sequence{2});
    QCOMPARE(bed.state(), (State{{"a", 2}}));
    QCOMPARE(bed.outbox.pending(), 0);
    QCOMPARE(bed.outbox.pendingBytes(), 0u);
    QVERIFY(bed.outbox.isEmpty());
}

void TestOutbox::anyHistoryIsTakenBackExactly()
{
    const QList<QByteArray> names = {"a", "b", "c", "d/x", "d/y"};
    for (quint64 seed = 0; seed < 300; ++seed) {
        testing::SeededRandom random(seed);
        Bed bed;
        QList<State> states = {bed.state()};
        for (int i = 0; i < 20; ++i) {
            const auto any = [&] { return names[qsizetype(random.below(quint64(names.size())))]; };
            const QByteArray one = any();
            const QByteArray other = any();
            const bool both = bed.index.contains(at(one)) && bed.index.contains(at(other));
            const quint64 which = random.below(6);
            if (which == 0 && bed.index.contains(at(one)))
                bed.add(apply::removal(one));
            else if (which == 1 && one != other && bed.index.contains(at(one)))
                bed.add(apply::renaming(one, other));
            else if (which == 2 && one != other && both)
                bed.add(apply::operation(OperationKind::Exchange, one, other));
            else if (which == 3)
                bed.add(apply::operation(OperationKind::Consistent, ""));
            else
                bed.add(apply::put(one, QByteArray(qsizetype(random.below(50)), 'x')));
            states.append(bed.state());
        }
        const quint64 acknowledged = random.below(20);
        VERIFY_OK(bed.outbox.acknowledge(Sequence{acknowledged}));
        const quint64 applied = acknowledged + random.below(21 - acknowledged);
        (void)bed.outbox.undoAfter(Sequence{applied});
        QCOMPARE(bed.state(), states[qsizetype(applied)]);
    }
}

// Two names of one source file; the target has a file for each of them.
static index::IndexEntry oneOfTwo(const QByteArray &content)
{
    index::IndexEntry entry = entryOf(apply::put("a", content));
    entry.source = {1, 7, 99};
    return entry;
}

void TestOutbox::aLinkThatIsTakenBackLeavesAFileOfItsOwn()
{
    Bed bed;
    bed.outbox.add(apply::put("a", "1"), oneOfTwo("1"), ms(1));
    bed.outbox.add(apply::put("b", "1"), oneOfTwo("1"), ms(1));
    bed.outbox.add(apply::linking("b", "a"), oneOfTwo("1"), ms(2));
    (void)bed.outbox.undoAfter(Sequence{2});
    QVERIFY(bed.index.contains(at("a"))); // and whoever looks at it joins the two
    QCOMPARE(bed.index.pathsOf(oneOfTwo("1").source), QList{at("b")});
}

void TestOutbox::theAttributesOfAFileConcernAllItsNames()
{
    Bed bed;
    bed.outbox.add(apply::put("a", "1"), oneOfTwo("1"), ms(1));
    bed.outbox.add(apply::linking("a", "b"), oneOfTwo("1"), ms(1));
    bed.outbox.add(apply::operation(OperationKind::SetAttributes, "b"), oneOfTwo("1"), ms(2));
    QCOMPARE(bed.outbox.pathsOf(Sequence{3}), (QList{at("b"), at("a")}));
}

void TestOutbox::whatIsTakenBackIsNamed()
{
    Bed bed;
    bed.add(apply::makeDirectory("d"), ms(1));
    bed.add(apply::put("a", "1"), ms(2));
    VERIFY_OK(bed.outbox.acknowledge(Sequence{2}));
    bed.add(apply::renaming("a", "b"), ms(3));
    Operation attributes = apply::operation(OperationKind::SetAttributes, "d");
    index::IndexEntry directory = entryOf(apply::makeDirectory("d"));
    bed.outbox.add(attributes, directory, ms(4));
    bed.add(apply::linking("b", "c"), ms(5));
    std::map<RelPath, MonotonicTime> whole;
    std::map<RelPath, MonotonicTime> onlyAttributes;
    for (const Undone &undone : bed.outbox.undoAfter(Sequence{2}))
        (undone.directoryAttributes ? onlyAttributes : whole)
            .emplace(undone.path, undone.capturedAt);
    // The oldest change that is behind a path may come with either of its operations.
    QCOMPARE(whole.size(), 3u);
    QVERIFY(whole.contains(at("a")) && whole.contains(at("b")) && whole.contains(at("c")));
    QCOMPARE(whole.at(at("c")), ms(5));
    QCOMPARE(whole.at(at("a")), ms(3));
    QCOMPARE(onlyAttributes, (std::map<RelPath, MonotonicTime>{{at("d"), ms(4)}}));
}

void TestOutbox::acknowledgementsAreCumulative()
{
    Bed bed;
    bed.add(apply::put("a", "1"), ms(5));
    bed.add(apply::put("b", "22"), ms(3));
    bed.add(apply::renaming("b", "c"), ms(9));
    QCOMPARE(bed.outbox.pending(), 3);
    QCOMPARE(bed.outbox.pendingBytes(), 3u);
    QCOMPARE(bed.outbox.oldest(), ms(3));
    QCOMPARE(bed.outbox.pathsOf(Sequence{1}), QList{at("a")});
    QCOMPARE(bed.outbox.pathsOf(Sequence{3}), (QList{at("c"), at("b")}));
    (void)bed.takeAll();
    QCOMPARE(bed.outbox.pending(), 3); // sent is not applied
    VERIFY_OK(bed.outbox.acknowledge(Sequence{2}));
    QCOMPARE(bed.outbox.pending(), 1);
    QCOMPARE(bed.outbox.pendingBytes(), 0u);
    QCOMPARE(bed.outbox.oldest(), ms(9));
    QCOMPARE(bed.outbox.pathsOf(Sequence{1}), QList<RelPath>());
    VERIFY_OK(bed.outbox.acknowledge(Sequence{2})); // as a heartbeat does
    VERIFY_OK(bed.outbox.acknowledge(Sequence{3}));
    QCOMPARE(bed.outbox.oldest(), std::nullopt);
    QCOMPARE(bed.outbox.acknowledged(), Sequence{3});
}

void TestOutbox::aFalseAcknowledgementIsAnError_data()
{
    QTest::addColumn<quint64>("applied");
    QTest::newRow("never sent") << quint64(4);
    QTest::newRow("far away") << ~quint64(0);
    QTest::newRow("back") << quint64(1);
    QTest::newRow("nothing") << quint64(0);
}

void TestOutbox::aFalseAcknowledgementIsAnError()
{
    QFETCH(quint64, applied);
    Bed bed;
    for (const char *path : {"a", "b", "c"})
        bed.add(apply::put(path, "1"));
    VERIFY_OK(bed.outbox.acknowledge(Sequence{2}));
    QVERIFY(!bed.outbox.acknowledge(Sequence{applied}));
    QCOMPARE(bed.outbox.pending(), 1);
    QCOMPARE(bed.outbox.acknowledged(), Sequence{2});
}

void TestOutbox::contentRespectsTheCredit()
{
    Bed bed;
    bed.outbox.begin(Sequence{}, 10);
    QVERIFY(bed.outbox.hasRoom());
    bed.add(apply::put("a", "1234"));
    QVERIFY(bed.outbox.hasRoom());
    bed.outbox.add(StageChunk{StageId{1}, 0, "123456"});
    QVERIFY(!bed.outbox.hasRoom());
    (void)bed.takeAll(); // taking does not make room over there
    QVERIFY(!bed.outbox.hasRoom());
    bed.outbox.raiseCredit(9);
    bed.outbox.raiseCredit(10);
    QVERIFY(!bed.outbox.hasRoom());
    bed.outbox.raiseCredit(11);
    QVERIFY(bed.outbox.hasRoom());
    bed.outbox.raiseCredit(5); // an older answer
    QVERIFY(bed.outbox.hasRoom());
}

void TestOutbox::whatIsPreparedIsBounded()
{
    for (const qsizetype size : {qsizetype(0), qsizetype(3000), qsizetype(100'000)}) {
        Bed bed;
        int added = 0;
        while (bed.outbox.hasRoom() && ++added < 1'000'000)
            bed.add(apply::put("a" + QByteArray::number(added), QByteArray(size, 'x')));
        QVERIFY(added < 1'000'000);
        quint64 bytes = 0;
        for (const wire::Message &message : bed.takeAll())
            bytes += quint64(wire::encode(message).size());
        QVERIFY(bytes < 2 * quint64(wire::dataFrameCap));
        QVERIFY(bed.outbox.hasRoom());
    }
}

static Operation heavyAttributes(int i)
{
    Operation out = apply::operation(OperationKind::SetAttributes, "a" + QByteArray::number(i));
    for (int j = 0; j < 4; ++j)
        out.attributes.xattrs["user.x" + QByteArray::number(j)] = QByteArray(60'000, 'v');
    return out;
}

static Operation manyHoles(int i)
{
    Operation out = apply::ranges("a" + QByteArray::number(i), 0, "x", quint64(1) << 40);
    for (quint64 hole = 1; hole <= 60'000; ++hole)
        out.holes.append({hole << 20, 4096});
    return out;
}

void TestOutbox::everyMessageFitsItsFrame_data()
{
    QTest::addColumn<Operation (*)(int)>("make");
    QTest::addColumn<int>("count");
    QTest::newRow("small") << +[](int i) { return apply::put("a" + QByteArray::number(i), "x"); }
                           << 2000;
    QTest::newRow("content") << +[](int i) {
        return apply::put("a" + QByteArray::number(i), QByteArray(qsizetype(inlineLimit), 'x'));
    } << 60;
    QTest::newRow("long paths") << +[](int i) {
        QByteArray path = QByteArray::number(i);
        for (int depth = 0; depth < 15; ++depth)
            path += '/' + QByteArray(250, 'p');
        Operation rename;
        rename.kind = OperationKind::Rename;
        rename.path = at(path + "/to");
        rename.other = at(path + "/from");
        return rename;
    } << 2000;
    QTest::newRow("attributes") << +heavyAttributes << 40;
    QTest::newRow("holes") << +manyHoles << 40;
}

void TestOutbox::everyMessageFitsItsFrame()
{
    using Make = Operation (*)(int);
    QFETCH(Make, make);
    QFETCH(int, count);
    Bed bed;
    for (int i = 0; i < count; ++i)
        bed.add(make(i));
    qsizetype operations = 0;
    for (const wire::Message &message : bed.takeAll()) {
        operations += std::get<wire::Operations>(message).operations.size();
        const QByteArray frame = wire::encode(message);
        QVERIFY2(frame.size() <= wire::dataFrameCap, QByteArray::number(frame.size()).constData());
        wire::FrameReader reader;
        reader.append(frame);
        const auto read = reader.next();
        VERIFY_OK(read);
        QVERIFY(*read == message);
    }
    QCOMPARE(operations, count);
}

void TestOutbox::aLostConnectionForgetsMessagesNotOperations()
{
    Bed bed;
    bed.add(apply::put("a", "1"));
    bed.outbox.add(wire::Message(wire::Heartbeat{}));
    bed.outbox.discardMessages();
    QVERIFY(bed.outbox.isEmpty());
    QVERIFY(!bed.outbox.take());
    QCOMPARE(bed.outbox.pending(), 1);
    QCOMPARE(bed.state(), (State{{"a", 1}}));
    QCOMPARE(bed.outbox.undoAfter(Sequence{0}).size(), 1);
    QCOMPARE(bed.state(), State());
}

void TestOutbox::aNewBeginningForgetsEverything()
{
    Bed bed;
    bed.outbox.begin(Sequence{}, 1);
    bed.add(apply::put("a", "1"));
    QVERIFY(!bed.outbox.hasRoom());
    bed.outbox.begin(Sequence{7}, 1);
    QVERIFY(bed.outbox.hasRoom()); // content is counted from here
    QVERIFY(bed.outbox.isEmpty());
    QCOMPARE(bed.outbox.pending(), 0);
    QCOMPARE(bed.outbox.pendingBytes(), 0u);
    QCOMPARE(bed.outbox.last(), Sequence{7});
    QCOMPARE(bed.outbox.acknowledged(), Sequence{7});
    QVERIFY(bed.outbox.undoAfter(Sequence{7}).isEmpty());
}

QTEST_APPLESS_MAIN(TestOutbox)

#include "tst_outbox.moc"
