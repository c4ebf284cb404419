// A stream gives the same messages however it is cut; a hostile one ends at once.
#include "engine/wire/codec.h"
#include "tests/engine/wire/messagegenerator.h"

#include <QElapsedTimer>
#include <QTest>
#include <QtEndian>

using namespace octopus;
using namespace octopus::wire;

namespace {

QByteArray header(quint32 length, MessageType type)
{
    QByteArray bytes(frameHeaderSize, '\0');
    qToLittleEndian(length, bytes.data());
    bytes[4] = char(type);
    return bytes;
}

// Everything that can be read now; stops at an error.
QList<Message> drain(FrameReader &reader)
{
    QList<Message> messages;
    while (true) {
        auto message = reader.next();
        if (!message || !*message)
            return messages;
        messages.append(std::move(**message));
    }
}

ErrorCode failureOf(const QByteArray &bytes, qsizetype cap = dataFrameCap)
{
    FrameReader reader(cap);
    reader.append(bytes);
    const auto message = reader.next();
    return message ? ErrorCode{} : message.error().code;
}

} // namespace

class TestFrameReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theStreamMayBeCutAnywhere();
    void piecesOfAnySizeGiveTheSameMessages();
    void anUnfinishedFrameIsWaitedFor();
    void lengthsAreCheckedBeforeThePayloadArrives_data();
    void lengthsAreCheckedBeforeThePayloadArrives();
    void theCapOfTheReaderComesFirst();
    void flagsAndReservedBytesMustBeZero();
    void anErrorIsForGood();
    void messagesBeforeAnErrorAreGivenOut();
    void manySmallMessagesTakeLinearTime();
    void aLargeFrameInSmallPiecesTakesLinearTime();
};

void TestFrameReader::theStreamMayBeCutAnywhere()
{
    MessageGenerator generator(1);
    QList<Message> messages;
    QByteArray stream;
    for (size_t kind = 0; kind < std::variant_size_v<Message>; ++kind) {
        messages.append(generator.message(kind));
        stream += encode(messages.constLast());
    }
    const qsizetype step = std::max<qsizetype>(1, stream.size() / 4000);
    for (qsizetype cut = 0; cut <= stream.size(); cut += step) {
        FrameReader reader;
        reader.append(QByteArrayView(stream).first(cut));
        QList<Message> got = drain(reader);
        reader.append(QByteArrayView(stream).sliced(cut));
        got += drain(reader);
        QVERIFY2(got == messages, qPrintable(QString::number(cut)));
        QCOMPARE(reader.pendingBytes(), 0);
    }
}

void TestFrameReader::piecesOfAnySizeGiveTheSameMessages()
{
    MessageGenerator generator(2);
    QList<Message> messages;
    QByteArray stream;
    for (int i = 0; i < 400; ++i) {
        messages.append(generator.message());
        stream += encode(messages.constLast());
    }
    for (const quint64 most : {1, 7, 100, 5000, 300'000}) {
        FrameReader reader;
        QList<Message> got;
        for (qsizetype at = 0; at < stream.size();) {
            const auto wish = qsizetype(1 + generator.any().below(most));
            const qsizetype piece = std::min(stream.size() - at, wish);
            reader.append(QByteArrayView(stream).sliced(at, piece));
            got += drain(reader);
            at += piece;
        }
        QVERIFY(got == messages);
    }
}

void TestFrameReader::anUnfinishedFrameIsWaitedFor()
{
    const QByteArray frame = encode(PairAccepted{QStringLiteral("machine")});
    FrameReader reader;
    for (const char byte : frame.chopped(1)) {
        reader.append({&byte, 1});
        const auto message = reader.next();
        QVERIFY(message && !*message);
    }
    QCOMPARE(reader.pendingBytes(), frame.size() - 1);
    reader.append(QByteArrayView(frame).last(1));
    QCOMPARE(drain(reader).size(), 1);
}

void TestFrameReader::lengthsAreCheckedBeforeThePayloadArrives_data()
{
    QTest::addColumn<quint32>("length");
    QTest::addColumn<int>("type");
    const auto control = int(MessageType::Refusal);
    const auto bulk = int(MessageType::StageChunk);
    QTest::newRow("control cap + 1") << quint32(controlFrameCap + 1) << control;
    QTest::newRow("data cap + 1") << quint32(dataFrameCap + 1) << bulk;
    QTest::newRow("data cap as control") << quint32(dataFrameCap) << control;
    QTest::newRow("2^31 - 1") << quint32(0x7fffffff) << bulk;
    QTest::newRow("2^31") << quint32(0x80000000) << bulk;
    QTest::newRow("-8, as an int") << quint32(0xfffffff8) << bulk;
    QTest::newRow("2^32 - 1") << quint32(0xffffffff) << bulk;
    QTest::newRow("2^32 - 1, control") << quint32(0xffffffff) << control;
}

void TestFrameReader::lengthsAreCheckedBeforeThePayloadArrives()
{
    QFETCH(quint32, length);
    QFETCH(int, type);
    QCOMPARE(failureOf(header(length, MessageType(type))), ErrorCode::TooLong);
}

void TestFrameReader::theCapOfTheReaderComesFirst()
{
    const QByteArray frame = header(unauthenticatedCap + 1, MessageType::Hello);
    QCOMPARE(failureOf(frame), ErrorCode{});
    QCOMPARE(failureOf(frame, unauthenticatedCap), ErrorCode::TooLong);

    FrameReader reader(unauthenticatedCap);
    reader.setCap(dataFrameCap);
    reader.append(encode(StageChunk{StageId(1), 0, QByteArray(100'000, 'x')}));
    QCOMPARE(drain(reader).size(), 1);

    QCOMPARE(failureOf(header(0, MessageType::Hello)), ErrorCode::Corrupt); // no map
}

void TestFrameReader::flagsAndReservedBytesMustBeZero()
{
    for (const qsizetype at : {5, 6, 7}) {
        for (const char bit : {'\x01', '\x80'}) {
            QByteArray frame = encode(Heartbeat{});
            frame[at] = bit;
            QCOMPARE(failureOf(frame), ErrorCode::Corrupt);
        }
    }
}

void TestFrameReader::anErrorIsForGood()
{
    FrameReader reader;
    reader.append(header(1, MessageType(200)));
    const auto first = reader.next();
    QVERIFY(!first);
    reader.append(encode(Heartbeat{}));
    const auto second = reader.next();
    QVERIFY(!second);
    QCOMPARE(second.error(), first.error());
    QCOMPARE(reader.pendingBytes(), 0);
}

void TestFrameReader::messagesBeforeAnErrorAreGivenOut()
{
    FrameReader reader;
    reader.append(encode(Heartbeat{}) + encode(CloseMirror{true}) + QByteArray(8, '\xff'));
    QCOMPARE(drain(reader).size(), 2);
    QVERIFY(!reader.next());
}

// A million messages in one go: quadratic copying would take minutes.
void TestFrameReader::manySmallMessagesTakeLinearTime()
{
    const QByteArray frame = encode(StageChunk{StageId(1), 0, "x"});
    FrameReader reader;
    reader.append(frame.repeated(1'000'000));
    QElapsedTimer timer;
    timer.start();
    qsizetype count = 0;
    while (true) {
        const auto message = reader.next();
        QVERIFY(message);
        if (!*message)
            break;
        if (++count % 1000 == 0)
            reader.append(QByteArrayView(frame).first(0));
    }
    QCOMPARE(count, 1'000'000);
    QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
}

void TestFrameReader::aLargeFrameInSmallPiecesTakesLinearTime()
{
    const QByteArray frame = encode(StageChunk{StageId(1), 0, QByteArray(dataFrameCap - 20, 'x')});
    FrameReader reader;
    QElapsedTimer timer;
    timer.start();
    qsizetype messages = 0;
    for (qsizetype at = 0; at < frame.size(); at += 64) {
        reader.append(QByteArrayView(frame).sliced(at, std::min<qsizetype>(64, frame.size() - at)));
        messages += drain(reader).size();
    }
    QCOMPARE(messages, 1);
    QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
}

QTEST_APPLESS_MAIN(TestFrameReader)
#include "tst_framereader.moc"
