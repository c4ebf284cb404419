#include "engine/wire/codec.h"

#include "engine/model/operationcodec.h"
#include "engine/wire/bulk.h"
#include "engine/wire/control.h"

#include <algorithm>

namespace octopus::wire {

QByteArray encode(const Message &message)
{
    QByteArray frame(frameHeaderSize, '\0');
    std::visit(
        [&]<typename T>(const T &content) {
            if constexpr (requires { encodeBulk(frame, content); })
                encodeBulk(frame, content);
            else
                frame += encodeControl(message);
        },
        message);
    finishFrame(frame, typeOf(message));
    return frame;
}

Result<Message> decode(quint8 type, QByteArrayView payload)
{
    const qsizetype cap = payloadCap(type);
    if (cap == 0)
        return failure(ErrorCode::Corrupt, "a frame has an unknown type");
    if (payload.size() > cap)
        return failure(ErrorCode::TooLong, "a frame is longer than allowed");
    return type < quint8(MessageType::Operations) ? decodeControl(MessageType(type), payload)
                                                  : decodeBulk(MessageType(type), payload);
}

quint64 contentBytes(const Message &message)
{
    if (const auto *chunk = std::get_if<StageChunk>(&message))
        return quint64(chunk->bytes.size());
    quint64 total = 0;
    if (const auto *batch = std::get_if<Operations>(&message)) {
        for (const Operation &operation : batch->operations)
            total += inlineBytes(operation);
    }
    return total;
}

// Below this, moving what is left to the front costs less than thinking about it.
static constexpr qsizetype compactAbove = 64 * 1024;

qsizetype footprint(const Message &message)
{
    qsizetype bytes = qsizetype(sizeof(Message));
    if (const auto *batch = std::get_if<Operations>(&message)) {
        for (const Operation &operation : batch->operations)
            bytes += qsizetype(sizeof(Operation)) + encodedBound(operation);
    } else if (const auto *listing = std::get_if<TreeListing>(&message)) {
        for (const TreeEntry &entry : listing->entries)
            bytes += qsizetype(sizeof(TreeEntry)) + treeEntryBound(entry);
    } else if (const auto *blocks = std::get_if<BlockHashes>(&message)) {
        bytes += blocks->hashes.size() * qsizetype(sizeof(quint64));
    } else if (const auto *chunk = std::get_if<StageChunk>(&message)) {
        bytes += chunk->bytes.size();
    }
    return bytes;
}

void FrameReader::append(QByteArrayView bytes)
{
    if (m_error)
        return;
    // Moves no more bytes than were consumed since the last time: linear over the whole stream.
    if (m_consumed == m_buffer.size()
        || (m_consumed > compactAbove && m_consumed > pendingBytes())) {
        m_buffer.remove(0, m_consumed);
        m_consumed = 0;
    }
    m_buffer.append(bytes);
}

Result<std::optional<Message>> FrameReader::next()
{
    if (m_error)
        return std::unexpected(*m_error);
    auto message = take();
    if (!message) {
        m_error = message.error();
        m_buffer = {};
        m_consumed = 0;
    }
    return message;
}

void FrameReader::acceptCompressed()
{
    if (!m_decompressor)
        m_decompressor.emplace();
}

Result<Message> FrameReader::unpack(const FrameHeader &header, QByteArrayView payload)
{
    const auto type = quint8(header.type);
    if (header.packing == Packing::Plain)
        return decode(type, payload);
    const auto content = m_decompressor->decompress(payload, std::min(m_cap, payloadCap(type)));
    return content ? decode(type, *content) : passOn(content);
}

Result<std::optional<Message>> FrameReader::take()
{
    const QByteArrayView bytes = QByteArrayView(m_buffer).sliced(m_consumed);
    if (bytes.size() < frameHeaderSize)
        return std::nullopt;
    const auto header = readHeader(bytes, m_cap);
    if (!header)
        return passOn(header);
    if (header->packing == Packing::Compressed && !m_decompressor)
        return failure(ErrorCode::Corrupt, "a frame is compressed where none may be");
    if (bytes.size() - frameHeaderSize < header->length)
        return std::nullopt;
    auto message = unpack(*header, bytes.sliced(frameHeaderSize, header->length));
    if (!message)
        return passOn(message);
    m_consumed += frameHeaderSize + header->length;
    return std::optional(std::move(*message));
}

} // namespace octopus::wire
