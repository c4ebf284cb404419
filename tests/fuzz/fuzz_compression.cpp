// Compressed payloads from the network: what comes out is as long as was declared, within its cap and
// ratio, and compresses and comes out again. The input is a list of payloads on one connection, each
// behind its length (u16).
#include "engine/wire/codec.h"
#include "tests/fuzz/property.h"

#include <QtEndian>

using namespace octopus;
using namespace octopus::wire;

static void claimComesBack(Compressor &compressor, Decompressor &decompressor,
                           const QByteArray &content, int level)
{
    QByteArray frame = QByteArray(frameHeaderSize, '\0') + content;
    finishFrame(frame, MessageType::StageChunk);
    const QByteArray carried = compressor.compress(frame, level);
    if (carried == frame)
        return;
    const auto back =
        decompressor.decompress(QByteArrayView(carried).sliced(frameHeaderSize), dataFrameCap);
    fuzz::claim(back && *back == content, "a content survives");
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    constexpr qsizetype lengthSize = 2;
    QByteArrayView rest = fuzz::inputOf(data, size);
    Decompressor hostile;
    Compressor compressor;
    Decompressor own;
    while (rest.size() >= lengthSize) {
        const qsizetype length =
            std::min<qsizetype>(qFromLittleEndian<quint16>(rest.data()), rest.size() - lengthSize);
        const QByteArrayView payload = rest.sliced(lengthSize, length);
        rest = rest.sliced(lengthSize + length);
        const auto content = hostile.decompress(payload, dataFrameCap);
        if (!content)
            break;
        fuzz::claim(content->size() == qsizetype(qFromLittleEndian<quint32>(payload.data())),
                    "it is as long as it says");
        fuzz::claim(content->size() <= ratioCap * payload.size(), "the ratio is bounded");
        claimComesBack(compressor, own, *content, 1 + int(length % 9));
    }
    return 0;
}
