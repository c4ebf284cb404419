// Compressed frames give the same messages, take less, and hostile ones take nothing.
#include "engine/wire/codec.h"
#include "tests/engine/wire/messagegenerator.h"

#include <QTest>
#include <QtEndian>

#include <zstd.h>

using namespace octopus;
using namespace octopus::wire;

namespace {

constexpr qsizetype cap = dataFrameCap;

// Compresses as zstd does by itself, with a declared length.
QByteArray packed(QByteArrayView content, quint32 declared, int level = 3)
{
    QByteArray out(4 + qsizetype(ZSTD_compressBound(size_t(content.size()))), '\0');
    qToLittleEndian(declared, out.data());
    const size_t size = ZSTD_compress(out.data() + 4, size_t(out.size() - 4), content.data(),
                                      size_t(content.size()), level);
    out.truncate(4 + qsizetype(size));
    return out;
}

QByteArray packed(QByteArrayView content)
{
    return packed(content, quint32(content.size()));
}

// Without the length of the content in the frame.
QByteArray packedUnknown(QByteArrayView content)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    (void)ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    QByteArray out(4 + qsizetype(ZSTD_compressBound(size_t(content.size()))), '\0');
    qToLittleEndian(quint32(content.size()), out.data());
    const size_t size = ZSTD_compress2(context, out.data() + 4, size_t(out.size() - 4),
                                       content.data(), size_t(content.size()));
    ZSTD_freeCCtx(context);
    out.truncate(4 + qsizetype(size));
    return out;
}

// Words of a small language: compresses, but not to nothing.
QByteArray textOf(qsizetype size, quint64 seed)
{
    OperationGenerator any(seed);
    QList<QByteArray> words;
    for (int i = 0; i < 300; ++i) {
        QByteArray word(3 + qsizetype(any.below(7)), ' ');
        for (qsizetype at = 0; at + 1 < word.size(); ++at)
            word[at] = char('a' + any.below(26));
        words.append(word);
    }
    QByteArray text;
    while (text.size() < size)
        text += words[qsizetype(any.below(quint64(words.size())))];
    return text.first(size);
}

QByteArray chunkFrame(const QByteArray &bytes)
{
    return encode(StageChunk{StageId(1), 0, bytes});
}

bool isCompressed(const QByteArray &frame)
{
    return frame[5] == 1;
}

} // namespace

class TestCompression : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void messagesSurvive();
    void smallPiecesShareTheirHistory();
    void whatDoesNotCompressIsSentAsItIs();
    void whatCompressesToNothingKeepsTheRatio();
    void controlMessagesAreNeverCompressed();
    void hostilePayloadsAreRefused_data();
    void hostilePayloadsAreRefused();
    void anotherHistoryIsRefusedOrHarmless();
    void nothingIsTakenBeforeItIsAgreed();
    void aFlaggedControlMessageIsRefused();
    void theLengthIsCheckedAgainstTheReadersCap();
    void whatIsInsideIsDecodedAsStrictly();
};

void TestCompression::messagesSurvive()
{
    for (quint64 seed = 0; seed < 300; ++seed) {
        MessageGenerator generator(seed);
        Compressor compressor;
        QList<Message> sent;
        QByteArray stream;
        for (int i = 0; i < 20; ++i) {
            sent.append(generator.message());
            const QByteArray frame = encode(sent.last());
            // Some go plain, as where the line was measured to be fast in between.
            const int level = int(generator.any().below(12));
            stream += level > 0 ? compressor.compress(frame, level) : frame;
        }
        FrameReader reader;
        reader.acceptCompressed();
        QList<Message> read;
        for (qsizetype at = 0; at < stream.size(); at += 7919) {
            reader.append(QByteArrayView(stream).sliced(at).first(
                std::min<qsizetype>(7919, stream.size() - at)));
            for (auto message = reader.next(); message && *message; message = reader.next())
                read.append(**message);
        }
        QVERIFY(read == sent);
    }
}

void TestCompression::smallPiecesShareTheirHistory()
{
    const QByteArray text = textOf(64 * 1024, 1);
    Compressor compressor;
    qsizetype alone = 0;
    qsizetype together = 0;
    for (qsizetype at = 0; at < text.size(); at += 2048) {
        const QByteArray frame = chunkFrame(text.sliced(at, 2048));
        together += compressor.compress(frame, 9).size();
        alone += Compressor().compress(frame, 9).size();
    }
    QVERIFY2(together < alone * 8 / 10, QByteArray::number(100 * together / alone).constData());
    QVERIFY(together < text.size() / 2);
}

void TestCompression::whatDoesNotCompressIsSentAsItIs()
{
    OperationGenerator any(5);
    const QByteArray frame = chunkFrame(any.bytes(200'000, 200'000));
    Compressor compressor;
    for (const int level : {1, 3, 6, 9})
        QCOMPARE(compressor.compress(frame, level), frame);
    const QByteArray little = chunkFrame("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    QCOMPARE(compressor.compress(little, 9), little);
}

void TestCompression::whatCompressesToNothingKeepsTheRatio()
{
    Compressor compressor;
    FrameReader reader;
    reader.acceptCompressed();
    for (const qsizetype size : {100, 12'800, 100'000, 1'048'576, 4'000'000}) {
        const QByteArray frame = chunkFrame(QByteArray(size, '\0'));
        const QByteArray small = compressor.compress(frame, 1);
        QVERIFY(isCompressed(small));
        QVERIFY(small.size() <= frame.size() / 2);
        QVERIFY(frame.size() <= ratioCap * small.size());
        reader.append(small);
        const auto message = reader.next();
        QVERIFY2(message && *message, message ? "nothing" : message.error().detail.constData());
        QCOMPARE(std::get<StageChunk>(**message).bytes, QByteArray(size, '\0'));
    }
}

void TestCompression::controlMessagesAreNeverCompressed()
{
    const QByteArray frame = encode(Refusal{ErrorCode::Refused, QByteArray(4000, 'a'), {}});
    QCOMPARE(Compressor().compress(frame, 9), frame);
}

void TestCompression::hostilePayloadsAreRefused_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<ErrorCode>("code");
    const QByteArray text = textOf(10'000, 3);
    const QByteArray good = packed(text);
    const auto row = [](const char *name, const QByteArray &payload, ErrorCode code) {
        QTest::newRow(name) << payload << code;
    };
    row("as it must be", good, ErrorCode{});
    row("nothing", {}, ErrorCode::Corrupt);
    row("a length alone", good.first(4), ErrorCode::Corrupt);
    row("a length of nothing", packed(text, 0), ErrorCode::Corrupt);
    row("less than it holds", packed(text, 9'999), ErrorCode::Corrupt);
    row("more than it holds", packed(text, 10'001), ErrorCode::Corrupt);
    row("truncated", good.chopped(1), ErrorCode::Corrupt);
    row("half of it", good.first(good.size() / 2), ErrorCode::Corrupt);
    row("a byte behind it", good + '\0', ErrorCode::Corrupt);
    row("two frames", good + good.sliced(4), ErrorCode::Corrupt);
    row("an empty frame behind it", good + packed({}).sliced(4), ErrorCode::Corrupt);
    const QByteArray skippable = QByteArray::fromHex("502a4d1804000000") + "skip";
    row("a skippable frame alone", good.first(4) + skippable, ErrorCode::TooLong);
    row("a skippable frame before it", good.first(4) + skippable + good.sliced(4),
        ErrorCode::Corrupt);
    row("a skippable frame behind it", good + skippable, ErrorCode::Corrupt);
    row("no length in the frame", packedUnknown(text), ErrorCode::Corrupt);
    QByteArray broken = good;
    broken[good.size() / 2] = char(broken[good.size() / 2] ^ 0x55);
    broken[good.size() / 3] = char(broken[good.size() / 3] ^ 0xaa);
    row("no zstd", good.first(4) + QByteArray(200, 'x'), ErrorCode::Corrupt);
    row("broken", broken, ErrorCode::Corrupt);
    row("a bomb", packed(QByteArray(4'000'000, '\0')), ErrorCode::TooLong);
    row("longer than any frame", packed(text, quint32(cap) + 1), ErrorCode::TooLong);
    row("as long as a number can be", packed(text, 0xffffffff), ErrorCode::TooLong);
}

void TestCompression::hostilePayloadsAreRefused()
{
    QFETCH(QByteArray, payload);
    QFETCH(ErrorCode, code);
    const auto content = Decompressor().decompress(payload, cap);
    QCOMPARE(content ? ErrorCode{} : content.error().code, code);
}

// Frames that refer to what this side never had.
void TestCompression::anotherHistoryIsRefusedOrHarmless()
{
    Compressor compressor;
    const QByteArray text = textOf(4000, 8);
    (void)compressor.compress(chunkFrame(text), 9);
    const QByteArray second = compressor.compress(chunkFrame(text), 9);
    QVERIFY(isCompressed(second));
    QVERIFY(second.size() < 200);
    FrameReader reader;
    reader.acceptCompressed();
    reader.append(second);
    QVERIFY(!reader.next());
}

void TestCompression::nothingIsTakenBeforeItIsAgreed()
{
    const QByteArray frame = Compressor().compress(chunkFrame(textOf(4000, 8)), 9);
    QVERIFY(isCompressed(frame));
    FrameReader reader;
    reader.append(frame.first(frameHeaderSize)); // nor waited for
    const auto message = reader.next();
    QVERIFY(!message);
    QCOMPARE(message.error().code, ErrorCode::Corrupt);
}

void TestCompression::aFlaggedControlMessageIsRefused()
{
    QByteArray frame = encode(Heartbeat{});
    frame[5] = 1;
    FrameReader reader;
    reader.acceptCompressed();
    reader.append(frame);
    QVERIFY(!reader.next());
    for (const char flags : {2, 3, 4, -128, -1}) {
        QByteArray other = chunkFrame("x");
        other[5] = flags;
        FrameReader strict;
        strict.acceptCompressed();
        strict.append(other);
        QVERIFY(!strict.next());
    }
}

void TestCompression::theLengthIsCheckedAgainstTheReadersCap()
{
    FrameReader reader(unauthenticatedCap);
    reader.acceptCompressed();
    reader.append(Compressor().compress(chunkFrame(textOf(unauthenticatedCap, 1)), 9));
    const auto message = reader.next();
    QVERIFY(!message);
    QCOMPARE(message.error().code, ErrorCode::TooLong);
}

void TestCompression::whatIsInsideIsDecodedAsStrictly()
{
    QByteArray frame = encode(BlockHashes{1, 100, true, QList<quint64>(40, 7)});
    frame.append("..."); // no whole hash
    QByteArray payload = packed(QByteArrayView(frame).sliced(frameHeaderSize));
    QByteArray sent = QByteArray(frameHeaderSize, '\0') + payload;
    finishFrame(sent, MessageType::BlockHashes, Packing::Compressed);
    FrameReader reader;
    reader.acceptCompressed();
    reader.append(sent);
    QVERIFY(!reader.next());
}

QTEST_APPLESS_MAIN(TestCompression)

#include "tst_compression.moc"
