#include "engine/wire/compression.h"

#include <QtEndian>

#include <zstd.h>

#include <algorithm>

namespace octopus::wire {

namespace {

constexpr qsizetype lengthSize = 4;
constexpr qsizetype looseBlock = 512; // a block takes four bytes or more: within the ratio's cap
static_assert(looseBlock / 4 <= ratioCap);

struct FreeCompression {
    void operator()(ZSTD_CCtx *context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompression {
    void operator()(ZSTD_DCtx *context) const { ZSTD_freeDCtx(context); }
};

// The end of everything that compressed frames have held.
class History
{
public:
    void add(QByteArrayView payload)
    {
        if (payload.size() >= historySize) {
            m_bytes = payload.last(historySize).toByteArray();
            return;
        }
        m_bytes.remove(0, std::max<qsizetype>(0, m_bytes.size() + payload.size() - historySize));
        m_bytes.append(payload);
    }
    [[nodiscard]] const QByteArray &bytes() const { return m_bytes; }

private:
    QByteArray m_bytes;
};

} // namespace

struct Compressor::State {
    [[nodiscard]] bool begin(int level, qsizetype size);
    [[nodiscard]] qsizetype whole(QByteArrayView payload, char *out, qsizetype room, int level);
    [[nodiscard]] qsizetype loose(QByteArrayView payload, char *out, qsizetype room, int level);

    std::unique_ptr<ZSTD_CCtx, FreeCompression> context{ZSTD_createCCtx()};
    History history;
};

Compressor::Compressor() : m_state(std::make_unique<State>()) {}
Compressor::~Compressor() = default;
Compressor::Compressor(Compressor &&) noexcept = default;
Compressor &Compressor::operator=(Compressor &&) noexcept = default;

bool Compressor::State::begin(int level, qsizetype size)
{
    ZSTD_CCtx *zstd = context.get();
    const QByteArray &before = history.bytes();
    return zstd && !ZSTD_isError(ZSTD_CCtx_reset(zstd, ZSTD_reset_session_and_parameters))
        && !ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, level))
        && !ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(zstd, size_t(size)))
        && !ZSTD_isError(ZSTD_CCtx_refPrefix(zstd, before.constData(), size_t(before.size())));
}

// Both give the size of what they wrote; 0 where it does not fit, or cannot be done.
qsizetype Compressor::State::whole(QByteArrayView payload, char *out, qsizetype room, int level)
{
    if (!begin(level, payload.size()))
        return 0;
    const size_t size =
        ZSTD_compress2(context.get(), out, size_t(room), payload.data(), size_t(payload.size()));
    return ZSTD_isError(size) ? 0 : qsizetype(size);
}

// In small blocks, for what would otherwise exceed the ratio's cap.
qsizetype Compressor::State::loose(QByteArrayView payload, char *out, qsizetype room, int level)
{
    if (!begin(level, payload.size()))
        return 0;
    ZSTD_outBuffer output{out, size_t(room), 0};
    for (qsizetype at = 0; at < payload.size(); at += looseBlock) {
        const qsizetype length = std::min(looseBlock, payload.size() - at);
        const bool isLast = at + length == payload.size();
        ZSTD_inBuffer input{payload.data() + at, size_t(length), 0};
        const size_t left = ZSTD_compressStream2(context.get(), &output, &input,
                                                 isLast ? ZSTD_e_end : ZSTD_e_flush);
        if (left != 0) // an error, or no room
            return 0;
    }
    return qsizetype(output.pos);
}

QByteArray Compressor::compress(const QByteArray &frame, int level)
{
    const QByteArrayView payload = QByteArrayView(frame).sliced(frameHeaderSize);
    const auto type = MessageType(quint8(frame[4]));
    if (type < MessageType::Operations || payload.size() < leastCompressed)
        return frame;
    // Room for what is worth while; less than that is left as it is.
    QByteArray packed(frame.size() - frame.size() / 32, Qt::Uninitialized);
    char *out = packed.data() + frameHeaderSize + lengthSize;
    const qsizetype room = packed.size() - frameHeaderSize - lengthSize;
    qsizetype size = m_state->whole(payload, out, room, level);
    if (size > 0 && payload.size() > ratioCap * (size + lengthSize))
        size = m_state->loose(payload, out, room, level);
    if (size == 0)
        return frame;
    packed.truncate(frameHeaderSize + lengthSize + size);
    qToLittleEndian(quint32(payload.size()), packed.data() + frameHeaderSize);
    finishFrame(packed, type, Packing::Compressed);
    m_state->history.add(payload);
    return packed;
}

struct Decompressor::State {
    std::unique_ptr<ZSTD_DCtx, FreeDecompression> context{ZSTD_createDCtx()};
    History history;
};

Decompressor::Decompressor() : m_state(std::make_unique<State>()) {}
Decompressor::~Decompressor() = default;
Decompressor::Decompressor(Decompressor &&) noexcept = default;
Decompressor &Decompressor::operator=(Decompressor &&) noexcept = default;

// True for exactly one frame of zstd's present format that needs no dictionary, tells its length,
// and tells this one.
static bool isOneFrame(QByteArrayView packed, qsizetype length)
{
    const auto size = size_t(packed.size());
    return size >= 4 && qFromLittleEndian<quint32>(packed.data()) == ZSTD_MAGICNUMBER
        && ZSTD_getFrameContentSize(packed.data(), size) == quint64(length)
        && ZSTD_getDictID_fromFrame(packed.data(), size) == 0
        && ZSTD_findFrameCompressedSize(packed.data(), size) == size;
}

Result<QByteArray> Decompressor::decompress(QByteArrayView payload, qsizetype cap)
{
    if (payload.size() <= lengthSize)
        return failure(ErrorCode::Corrupt, "a compressed frame is empty");
    const auto length = qsizetype(qFromLittleEndian<quint32>(payload.data()));
    if (length > std::min(cap, ratioCap * payload.size()))
        return failure(ErrorCode::TooLong, "a compressed frame holds more than allowed");
    const QByteArrayView packed = payload.sliced(lengthSize);
    if (length == 0 || !isOneFrame(packed, length))
        return failure(ErrorCode::Corrupt, "a compressed frame is malformed");
    const QByteArray &before = m_state->history.bytes();
    ZSTD_DCtx *zstd = m_state->context.get();
    QByteArray content(length, Qt::Uninitialized);
    const bool isDone = zstd && !ZSTD_isError(ZSTD_DCtx_reset(zstd, ZSTD_reset_session_only))
        && !ZSTD_isError(ZSTD_DCtx_refPrefix(zstd, before.constData(), size_t(before.size())))
        && ZSTD_decompressDCtx(zstd, content.data(), size_t(length), packed.data(),
                               size_t(packed.size()))
            == size_t(length);
    if (!isDone)
        return failure(ErrorCode::Corrupt, "a compressed frame is malformed");
    m_state->history.add(content);
    return content;
}

} // namespace octopus::wire
