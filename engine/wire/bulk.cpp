#include "engine/wire/bulk.h"

#include "engine/model/operationcodec.h"

namespace octopus::wire {

namespace {

constexpr quint8 foreignFlag = 1;
constexpr quint8 contentFlag = 2;
constexpr quint8 doubtFlag = 4;
constexpr qsizetype hashSize = 8;
// Length of the path, kind, flags, size, link group, length of the link target, digest.
constexpr qsizetype entryFixedBound = 2 + 1 + 1 + 10 + 10 + 2 + 32;

qsizetype pieces(const Operation &operation)
{
    return operation.ranges.size() + operation.holes.size()
        + qsizetype(operation.attributes.xattrs.size());
}

void writeEntry(ByteWriter &writer, const TreeEntry &entry)
{
    writer.sized(entry.path.bytes());
    writer.u8(quint8(entry.kind));
    writer.u8(quint8((entry.foreign ? foreignFlag : 0) | (entry.content ? contentFlag : 0)
                     | (entry.inDoubt ? doubtFlag : 0)));
    writeAttributes(writer, entry.attributes);
    writer.varint(entry.size);
    writer.varint(entry.linkGroup);
    if (entry.kind == EntryKind::Symlink)
        writer.sized(entry.linkTarget);
    if (entry.content)
        writer.raw(entry.content->bytes);
}

TreeEntry readEntry(ByteReader &reader)
{
    TreeEntry entry;
    entry.path = readPath(reader);
    const quint8 kind = reader.u8();
    const quint8 flags = reader.u8();
    if (kind < quint8(EntryKind::File) || kind > quint8(EntryKind::Device)
        || flags > (foreignFlag | contentFlag | doubtFlag))
        reader.fail();
    entry.kind = EntryKind(kind);
    entry.foreign = flags & foreignFlag;
    entry.inDoubt = flags & doubtFlag;
    entry.attributes = readAttributes(reader);
    entry.size = reader.varint(maximumFileSize);
    entry.linkGroup = reader.varint();
    if (entry.kind == EntryKind::Symlink)
        entry.linkTarget = readLinkTarget(reader);
    if (flags & contentFlag) {
        if (entry.kind != EntryKind::File)
            reader.fail();
        Sha256Digest digest;
        const QByteArrayView bytes = reader.raw(qsizetype(digest.bytes.size()));
        std::ranges::copy(bytes, digest.bytes.begin());
        entry.content = digest;
    }
    return entry;
}

Result<Message> corrupt()
{
    return failure(ErrorCode::Corrupt, "a bulk message is malformed");
}

Result<Message> decodeOperations(QByteArrayView payload)
{
    Operations message;
    Sequence last{};
    qsizetype total = 0;
    while (!payload.isEmpty()) {
        auto operation = decodeOperation(payload);
        if (!operation)
            return passOn(operation);
        total += pieces(*operation);
        if (operation->sequence <= last || total > maximumPieces
            || message.operations.size() == maximumOperations)
            return corrupt();
        last = operation->sequence;
        message.operations.append(std::move(*operation));
    }
    if (message.operations.isEmpty())
        return corrupt();
    return message;
}

Result<Message> decodeTreeListing(QByteArrayView payload)
{
    ByteReader reader(payload);
    TreeListing message;
    message.request = reader.u32();
    qsizetype total = 0;
    while (reader.ok() && !reader.atEnd()) {
        TreeEntry entry = readEntry(reader);
        total += qsizetype(entry.attributes.xattrs.size());
        const bool ascending =
            message.entries.isEmpty() || message.entries.constLast().path < entry.path;
        if (!ascending || total > maximumPieces || message.entries.size() == maximumTreeEntries)
            return corrupt();
        message.entries.append(std::move(entry));
    }
    if (!reader.ok())
        return corrupt();
    return message;
}

Result<Message> decodeBlockHashes(QByteArrayView payload)
{
    ByteReader reader(payload);
    BlockHashes message;
    message.request = reader.u32();
    message.size = reader.varint(maximumFileSize);
    const quint8 last = reader.u8();
    const QByteArrayView hashes = reader.rest();
    if (!reader.ok() || last > 1 || hashes.size() % hashSize != 0
        || hashes.size() / hashSize > maximumHashes)
        return corrupt();
    message.last = last != 0;
    message.hashes.reserve(hashes.size() / hashSize);
    while (!reader.atEnd())
        message.hashes.append(reader.u64());
    return message;
}

Result<Message> decodeStageChunk(QByteArrayView payload)
{
    ByteReader reader(payload);
    StageChunk message;
    message.stage = StageId(reader.varint());
    message.offset = reader.varint(maximumFileSize);
    const QByteArrayView bytes = reader.rest();
    if (!reader.ok() || message.stage == StageId{} || bytes.isEmpty()
        || quint64(bytes.size()) > maximumFileSize - message.offset)
        return corrupt();
    message.bytes = bytes.toByteArray();
    return message;
}

} // namespace

qsizetype treeEntryBound(const TreeEntry &entry)
{
    return entryFixedBound + entry.path.bytes().size() + entry.linkTarget.size()
        + attributesBound(entry.attributes);
}

void encodeBulk(QByteArray &out, const Operations &message)
{
    qsizetype bound = 0;
    for (const Operation &operation : message.operations)
        bound += encodedBound(operation);
    out.reserve(out.size() + bound);
    for (const Operation &operation : message.operations)
        encodeOperation(out, operation);
}

void encodeBulk(QByteArray &out, const TreeListing &message)
{
    qsizetype bound = 4;
    for (const TreeEntry &entry : message.entries)
        bound += treeEntryBound(entry);
    ByteWriter writer(out, bound);
    writer.u32(message.request);
    for (const TreeEntry &entry : message.entries)
        writeEntry(writer, entry);
}

void encodeBulk(QByteArray &out, const BlockHashes &message)
{
    ByteWriter writer(out, 4 + maximumVarintSize + 1 + message.hashes.size() * hashSize);
    writer.u32(message.request);
    writer.varint(message.size);
    writer.u8(message.last ? 1 : 0);
    for (const quint64 hash : message.hashes)
        writer.u64(hash);
}

void encodeBulk(QByteArray &out, const StageChunk &message)
{
    ByteWriter writer(out, 2 * maximumVarintSize + message.bytes.size());
    writer.varint(number(message.stage));
    writer.varint(message.offset);
    writer.raw(message.bytes);
}

Result<Message> decodeBulk(MessageType type, QByteArrayView payload)
{
    switch (type) {
    case MessageType::Operations: return decodeOperations(payload);
    case MessageType::TreeListing: return decodeTreeListing(payload);
    case MessageType::BlockHashes: return decodeBlockHashes(payload);
    case MessageType::StageChunk: return decodeStageChunk(payload);
    default: return corrupt();
    }
}

} // namespace octopus::wire
