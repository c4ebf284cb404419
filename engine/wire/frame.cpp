#include "engine/wire/frame.h"

#include "engine/wire/codec.h"

#include <QtEndian>

#include <algorithm>

namespace octopus::wire {

static constexpr char compressedFlag = 1;

qsizetype payloadCap(quint8 type)
{
    if (type >= quint8(MessageType::Hello) && type <= quint8(MessageType::StageBegin))
        return controlFrameCap;
    if (type == quint8(MessageType::GrantsRequest) || type == quint8(MessageType::Grants))
        return unauthenticatedCap;
    if (type >= quint8(MessageType::PairCommit) && type <= quint8(MessageType::PairConfirm))
        return unauthenticatedCap;
    if (type >= quint8(MessageType::Operations) && type <= quint8(MessageType::StageChunk))
        return dataFrameCap;
    return 0;
}

void finishFrame(QByteArray &frame, MessageType type, Packing packing)
{
    Q_ASSERT(frame.size() >= frameHeaderSize);
    Q_ASSERT(frame.size() - frameHeaderSize <= payloadCap(quint8(type)));
    char *header = frame.data();
    qToLittleEndian(quint32(frame.size() - frameHeaderSize), header);
    header[4] = char(type);
    header[5] = packing == Packing::Compressed ? compressedFlag : '\0';
    std::fill_n(header + 6, 2, '\0');
}

Result<FrameHeader> readHeader(QByteArrayView bytes, qsizetype cap)
{
    Q_ASSERT(bytes.size() >= frameHeaderSize);
    const auto length = qsizetype(qFromLittleEndian<quint32>(bytes.data()));
    const auto type = quint8(bytes[4]);
    const qsizetype typeCap = payloadCap(type);
    if (typeCap == 0)
        return failure(ErrorCode::Corrupt, "a frame has an unknown type");
    const bool isCompressed = bytes[5] == compressedFlag && type >= quint8(MessageType::Operations);
    if ((bytes[5] != '\0' && !isCompressed) || bytes[6] != '\0' || bytes[7] != '\0')
        return failure(ErrorCode::Corrupt, "a frame has unknown flags");
    if (length > std::min(cap, typeCap))
        return failure(ErrorCode::TooLong, "a frame is longer than allowed");
    return FrameHeader{MessageType(type), length,
                       isCompressed ? Packing::Compressed : Packing::Plain};
}

} // namespace octopus::wire
