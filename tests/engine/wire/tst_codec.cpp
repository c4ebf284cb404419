// Every message survives its encoding; damaged, cut and oversized ones do not get through.
#include "engine/model/operationcodec.h"
#include "engine/wire/codec.h"
#include "engine/wire/control.h"
#include "tests/engine/wire/messagegenerator.h"

#include <QTest>

using namespace octopus;
using namespace octopus::wire;

namespace {

constexpr size_t messageKinds = std::variant_size_v<Message>;

void addMessageRows()
{
    static const char *const names[] = {
        "Hello",           "PairRequest", "PairAccepted", "Refusal",      "OpenMirror",
        "MirrorState",     "ListTree",    "TreeListing",  "TreeEnd",      "BlocksRequest",
        "BlockHashes",     "Operations",  "StageChunk",   "StageDrop",    "Acknowledgement",
        "OperationFailed", "Heartbeat",   "CloseMirror",  "MirrorClosed", "StageBegin",
        "GrantsRequest",   "Grants",      "PairCommit",   "PairNonce",    "PairReveal",
        "PairConfirm"};
    static_assert(std::size(names) == messageKinds);
    QTest::addColumn<quint64>("kind");
    for (size_t kind = 0; kind < messageKinds; ++kind)
        QTest::newRow(names[kind]) << quint64(kind);
}

QByteArray payloadOf(const Message &message)
{
    return encode(message).sliced(frameHeaderSize);
}

Result<Message> decoded(const Message &like, QByteArrayView payload)
{
    return decode(quint8(typeOf(like)), payload);
}

Operation smallWrite(quint64 sequence)
{
    Operation operation;
    operation.sequence = Sequence(sequence);
    operation.kind = OperationKind::Remove;
    operation.path = RelPath::of("f");
    return operation;
}

// Lists are open-ended: a prefix that ends between two of their items is a valid shorter message.
bool isOpenEnded(const Message &message)
{
    return typeOf(message) >= MessageType::Operations;
}

} // namespace

class TestCodec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyMessageSurvivesTheRoundTrip_data() { addMessageRows(); }
    void everyMessageSurvivesTheRoundTrip();
    void theHeaderIsTheDocumentedOne();
    void everyTruncationIsRefused_data() { addMessageRows(); }
    void everyTruncationIsRefused();
    void aChangedByteGivesAnErrorOrAValidMessage_data() { addMessageRows(); }
    void aChangedByteGivesAnErrorOrAValidMessage();
    void trailingBytesAreRefused_data() { addMessageRows(); }
    void trailingBytesAreRefused();
    void typesAreNotMistakenForEachOther_data() { addMessageRows(); }
    void typesAreNotMistakenForEachOther();
    void unknownTypesAreRefused();
    void payloadsBeyondTheirCapAreRefused();
    void sequencesMustAscend();
    void batchesAreNeverEmptyNorTooLong();
    void piecesOfABatchAreBounded();
    void listingsAreInOrder();
    void hashesThatAreCutAreRefused();
    void chunksHaveAStageAndBytesAndAnEnd();
    void sayingWhyNeverFails();
    void contentIsWeighed();
    void entryBoundsAreNeverExceeded();
};

void TestCodec::everyMessageSurvivesTheRoundTrip()
{
    QFETCH(quint64, kind);
    MessageGenerator generator(kind + 1);
    for (int round = 0; round < 200; ++round) {
        const Message message = generator.message(kind);
        const QByteArray payload = payloadOf(message);
        const auto back = decoded(message, payload);
        QVERIFY2(back, qPrintable(QString::number(round)));
        QVERIFY(*back == message);
        QCOMPARE(payloadOf(*back), payload);
    }
}

void TestCodec::theHeaderIsTheDocumentedOne()
{
    QCOMPARE(encode(Heartbeat{}).toHex(), QByteArray("010000000d000000a0"));
    QCOMPARE(encode(StageDrop{StageId(300)}).toHex(), QByteArray("050000000a000000a10019012c"));
    QCOMPARE(encode(StageChunk{StageId(1), 300, "xyz"}).toHex(),
             QByteArray("060000004300000001ac0278797a"));
}

void TestCodec::everyTruncationIsRefused()
{
    QFETCH(quint64, kind);
    MessageGenerator generator(kind + 100);
    for (int round = 0; round < 30; ++round) {
        const Message message = generator.message(kind);
        const QByteArray payload = payloadOf(message);
        const qsizetype step = std::max<qsizetype>(1, payload.size() / 300);
        for (qsizetype length = 0; length < payload.size(); length += step) {
            const auto back = decoded(message, QByteArrayView(payload).first(length));
            if (!back)
                continue;
            QVERIFY2(isOpenEnded(message), qPrintable(QString::number(length)));
            QVERIFY(*back != message);
            QCOMPARE(payloadOf(*back), payload.first(length));
        }
    }
}

void TestCodec::aChangedByteGivesAnErrorOrAValidMessage()
{
    QFETCH(quint64, kind);
    MessageGenerator generator(kind + 200);
    OperationGenerator &any = generator.any();
    for (int round = 0; round < 30; ++round) {
        const Message message = generator.message(kind);
        QByteArray payload = payloadOf(message);
        for (int change = 0; change < 200; ++change) {
            const auto at = qsizetype(any.below(quint64(payload.size())));
            const char before = std::exchange(payload[at], char(any.below(256)));
            if (const auto back = decoded(message, payload)) {
                const auto again = decoded(*back, payloadOf(*back));
                QVERIFY(again);
                QVERIFY(*again == *back);
            }
            payload[at] = before;
        }
    }
}

void TestCodec::trailingBytesAreRefused()
{
    QFETCH(quint64, kind);
    MessageGenerator generator(kind + 300);
    for (int round = 0; round < 30; ++round) {
        const Message message = generator.message(kind);
        const bool takesAll =
            std::holds_alternative<StageChunk>(message); // to the end of the frame
        for (const char byte : {'\0', '\x01', '\xa0', '\xff'})
            QCOMPARE(decoded(message, payloadOf(message) + byte).has_value(), takesAll);
    }
}

void TestCodec::typesAreNotMistakenForEachOther()
{
    QFETCH(quint64, kind);
    MessageGenerator generator(kind + 400);
    const Message message = generator.message(kind);
    for (int type = 0; type < 256; ++type) {
        const auto back = decode(quint8(type), payloadOf(message));
        if (back)
            QCOMPARE(int(typeOf(*back)), type);
    }
}

void TestCodec::unknownTypesAreRefused()
{
    for (int type = 0; type < 256; ++type) {
        const bool known = (type >= 1 && type <= 16) || (type >= 24 && type <= 27) || type == 40
            || type == 41 || (type >= 64 && type <= 67);
        QCOMPARE(payloadCap(quint8(type)) > 0, known);
        if (!known)
            QCOMPARE(decode(quint8(type), "\xa0").error().code, ErrorCode::Corrupt);
    }
}

void TestCodec::payloadsBeyondTheirCapAreRefused()
{
    const auto hello = quint8(MessageType::Hello);
    QCOMPARE(decode(hello, QByteArray(controlFrameCap, '\xa0')).error().code, ErrorCode::Corrupt);
    QCOMPARE(decode(hello, QByteArray(controlFrameCap + 1, '\xa0')).error().code,
             ErrorCode::TooLong);
    const auto chunk = quint8(MessageType::StageChunk);
    QVERIFY(decode(chunk, QByteArray(dataFrameCap, '\x01')));
    QCOMPARE(decode(chunk, QByteArray(dataFrameCap + 1, '\x01')).error().code, ErrorCode::TooLong);
}

void TestCodec::sequencesMustAscend()
{
    const auto batch = [](const QList<quint64> &sequences) {
        Operations operations;
        for (const quint64 sequence : sequences)
            operations.operations.append(smallWrite(sequence));
        return decoded(operations, payloadOf(operations)).has_value();
    };
    QVERIFY(batch({1}));
    QVERIFY(batch({1, 2, 9}));
    QVERIFY(batch({~quint64(0)}));
    QVERIFY(!batch({0}));
    QVERIFY(!batch({1, 1}));
    QVERIFY(!batch({2, 1}));
    QVERIFY(!batch({~quint64(0), 0}));
}

void TestCodec::batchesAreNeverEmptyNorTooLong()
{
    Operations batch;
    QVERIFY(!decoded(batch, payloadOf(batch)));
    for (qsizetype i = 1; i <= maximumOperations; ++i)
        batch.operations.append(smallWrite(quint64(i)));
    QVERIFY(decoded(batch, payloadOf(batch)));
    batch.operations.append(smallWrite(quint64(maximumOperations) + 1));
    QVERIFY(!decoded(batch, payloadOf(batch)));

    TreeListing listing;
    QVERIFY(decoded(listing, payloadOf(listing)));
    for (qsizetype i = 0; i < maximumTreeEntries; ++i) {
        TreeEntry entry;
        entry.path = RelPath::parse(QByteArray::number(100'000 + i)).value();
        listing.entries.append(entry);
    }
    QVERIFY(decoded(listing, payloadOf(listing)));
    listing.entries.append(TreeEntry{.path = RelPath::of("x"), .attributes = {}});
    QVERIFY(!decoded(listing, payloadOf(listing)));
}

void TestCodec::piecesOfABatchAreBounded()
{
    Operation operation = smallWrite(1);
    operation.kind = OperationKind::WriteRanges;
    for (quint64 i = 0; i < maximumRanges; ++i)
        operation.holes.append({2 * i, 1});
    operation.size = 2 * maximumRanges;
    Operations batch;
    for (quint64 i = 1; i <= maximumPieces / maximumRanges; ++i) {
        operation.sequence = Sequence(i);
        batch.operations.append(operation);
    }
    QVERIFY(decoded(batch, payloadOf(batch)));
    operation.sequence = Sequence(100);
    operation.holes = {{0, 1}};
    batch.operations.append(operation);
    QVERIFY(!decoded(batch, payloadOf(batch)));

    operation.holes.clear();
    for (quint64 i = 0; i <= maximumRanges; ++i)
        operation.holes.append({2 * i, 1});
    operation.size *= 2;
    batch.operations = {operation};
    QVERIFY(!decoded(batch, payloadOf(batch)));
}

void TestCodec::listingsAreInOrder()
{
    const auto listing = [](const QList<const char *> &paths) {
        TreeListing message;
        for (const char *path : paths)
            message.entries.append(TreeEntry{.path = RelPath::of(path), .attributes = {}});
        return decoded(message, payloadOf(message)).has_value();
    };
    QVERIFY(listing({"", "a", "a/b", "a-", "b"}));
    QVERIFY(!listing({"a", "a"}));
    QVERIFY(!listing({"b", "a"}));
    QVERIFY(!listing({"a-", "a/b"}));
    QVERIFY(!listing({"a", ""}));
}

void TestCodec::hashesThatAreCutAreRefused()
{
    const BlockHashes message{1, 100, true, {1, 2, 3}};
    const QByteArray payload = payloadOf(message);
    for (qsizetype cut = 1; cut < payload.size(); ++cut) {
        const QByteArrayView rest = QByteArrayView(payload).chopped(cut);
        QCOMPARE(decoded(message, rest).has_value(), cut <= 24 && cut % 8 == 0);
    }
    QByteArray last = payload;
    last[5] = '\x02';
    QVERIFY(!decoded(message, last));
}

void TestCodec::chunksHaveAStageAndBytesAndAnEnd()
{
    const auto chunk = [](const StageChunk &message) {
        return decoded(message, payloadOf(message)).has_value();
    };
    QVERIFY(chunk({StageId(1), 0, "x"}));
    QVERIFY(!chunk({StageId(0), 0, "x"}));
    QVERIFY(!chunk({StageId(1), 0, ""}));
    QVERIFY(chunk({StageId(1), maximumFileSize - 2, "xy"}));
    QVERIFY(!chunk({StageId(1), maximumFileSize - 1, "xy"}));
    QVERIFY(!chunk({StageId(1), maximumFileSize + 1, "x"}));
    QVERIFY(!chunk({StageId(1), ~quint64(0), "x"}));
}

void TestCodec::sayingWhyNeverFails()
{
    Refusal refusal{ErrorCode::NoSpace, QByteArray(10'000, 'd'), {}};
    for (int i = 0; i < 500; ++i)
        refusal.paths.append(QByteArray(5000, 'p'));
    const auto back = decoded(refusal, payloadOf(refusal));
    QVERIFY(back);
    QCOMPARE(std::get<Refusal>(*back).detail.size(), maximumDetail);
    QCOMPARE(std::get<Refusal>(*back).paths.size(), maximumListedPaths);
    QCOMPARE(std::get<Refusal>(*back).paths.constFirst().size(), RelPath::maximumLength);
    QVERIFY(payloadOf(refusal).size() <= controlFrameCap);
}

void TestCodec::contentIsWeighed()
{
    Operation put = smallWrite(1);
    put.kind = OperationKind::PutFile;
    put.ranges = {{0, "abc"}, {10, "de"}};
    QCOMPARE(contentBytes(Operations{{put, smallWrite(2), put}}), quint64(10));
    QCOMPARE(contentBytes(StageChunk{StageId(1), 0, "four"}), quint64(4));
    QCOMPARE(contentBytes(Heartbeat{}), quint64(0));
}

void TestCodec::entryBoundsAreNeverExceeded()
{
    MessageGenerator generator(77);
    for (int round = 0; round < 200; ++round) {
        const Message message = generator.message(7);
        qsizetype bound = 4;
        for (const TreeEntry &entry : std::get<TreeListing>(message).entries)
            bound += treeEntryBound(entry);
        QVERIFY(payloadOf(message).size() <= bound);
    }
}

QTEST_APPLESS_MAIN(TestCodec)
#include "tst_codec.moc"
