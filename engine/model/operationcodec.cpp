#include "engine/model/operationcodec.h"

namespace octopus {

namespace {

constexpr qsizetype leastXattrBytes = 3; // length, one byte of name, length
constexpr qsizetype leastRangeBytes = 3; // offset, length, one byte
constexpr qsizetype leastHoleBytes = 2;  // offset, length
constexpr qsizetype attributesFixedBound = 5 + 5 + 5 + 8 + 3;
// Kind, sequence, two path lengths, size, stage, two counts, digest, length of the link target.
constexpr qsizetype operationFixedBound = 1 + 10 + 2 * 2 + 10 + 10 + 2 * 3 + 16 + 2;

// The namespaces that entries are reproduced with. Any other (security.*, trusted.*) would let a
// peer change what the system itself believes about a file.
bool isReproducedXattr(QByteArrayView name)
{
    return (name.startsWith("user.") && name.size() > 5) || name == "system.posix_acl_access"
        || name == "system.posix_acl_default";
}

void writeRanges(ByteWriter &writer, const QList<DataRange> &ranges)
{
    writer.varint(quint64(ranges.size()));
    for (const DataRange &range : ranges) {
        writer.varint(range.offset);
        writer.sized(range.bytes);
    }
}

void writeHoles(ByteWriter &writer, const QList<Extent> &holes)
{
    writer.varint(quint64(holes.size()));
    for (const Extent &hole : holes) {
        writer.varint(hole.offset);
        writer.varint(hole.length);
    }
}

// Takes the run (offset, length), which must not be empty, lie behind `end` and stay within `size`.
bool follows(quint64 offset, quint64 length, quint64 size, quint64 &end)
{
    if (length == 0 || offset < end || offset > size || length > size - offset)
        return false;
    end = offset + length;
    return true;
}

QList<DataRange> readRanges(ByteReader &reader, quint64 size)
{
    const qsizetype count = reader.count(maximumRanges, leastRangeBytes);
    QList<DataRange> ranges;
    ranges.reserve(count);
    quint64 end = 0;
    for (qsizetype i = 0; i < count; ++i) {
        const quint64 offset = reader.varint();
        const QByteArrayView bytes = reader.sized(reader.rest().size());
        if (!follows(offset, quint64(bytes.size()), size, end)) {
            reader.fail();
            return {};
        }
        ranges.emplaceBack(offset, bytes.toByteArray());
    }
    return ranges;
}

QList<Extent> readHoles(ByteReader &reader, quint64 size)
{
    const qsizetype count = reader.count(maximumRanges, leastHoleBytes);
    QList<Extent> holes;
    holes.reserve(count);
    quint64 end = 0;
    for (qsizetype i = 0; i < count; ++i) {
        const quint64 offset = reader.varint();
        const quint64 length = reader.varint();
        if (!follows(offset, length, size, end)) {
            reader.fail();
            return {};
        }
        holes.emplaceBack(offset, length);
    }
    return holes;
}

void writeContent(ByteWriter &writer, const Operation &operation)
{
    writer.varint(operation.size);
    if (operation.kind == OperationKind::WriteRanges)
        writeHoles(writer, operation.holes);
    writer.varint(number(operation.stage));
    if (operation.stage == StageId{})
        writeRanges(writer, operation.ranges);
    writer.u64(operation.digest.low);
    writer.u64(operation.digest.high);
}

void readContent(ByteReader &reader, Operation &operation)
{
    operation.size = reader.varint(maximumFileSize);
    if (operation.kind == OperationKind::WriteRanges)
        operation.holes = readHoles(reader, operation.size);
    operation.stage = StageId(reader.varint());
    if (operation.stage == StageId{})
        operation.ranges = readRanges(reader, operation.size);
    operation.digest.low = reader.u64();
    operation.digest.high = reader.u64();
}

// The root itself can be made and given attributes, nothing else.
RelPath readEntryPath(ByteReader &reader)
{
    RelPath path = readPath(reader);
    if (path.isRoot())
        reader.fail();
    return path;
}

void readFields(ByteReader &reader, Operation &operation)
{
    switch (operation.kind) {
    case OperationKind::MakeDirectory:
    case OperationKind::SetAttributes:
        operation.path = readPath(reader);
        operation.attributes = readAttributes(reader);
        return;
    case OperationKind::PutFile:
    case OperationKind::WriteRanges:
        operation.path = readEntryPath(reader);
        operation.attributes = readAttributes(reader);
        readContent(reader, operation);
        return;
    case OperationKind::MakeSymlink:
        operation.path = readEntryPath(reader);
        operation.attributes = readAttributes(reader);
        operation.linkTarget = readLinkTarget(reader);
        return;
    case OperationKind::MakeFifo:
        operation.path = readEntryPath(reader);
        operation.attributes = readAttributes(reader);
        return;
    case OperationKind::Link:
    case OperationKind::Rename:
    case OperationKind::Exchange:
        operation.path = readEntryPath(reader);
        operation.other = readEntryPath(reader);
        return;
    case OperationKind::Remove:
    case OperationKind::Adopt: operation.path = readEntryPath(reader); return;
    case OperationKind::Consistent: return;
    }
    reader.fail(); // no kind that we know
}

void writeFields(ByteWriter &writer, const Operation &operation)
{
    switch (operation.kind) {
    case OperationKind::MakeDirectory:
    case OperationKind::SetAttributes:
    case OperationKind::MakeFifo:
        writer.sized(operation.path.bytes());
        writeAttributes(writer, operation.attributes);
        return;
    case OperationKind::PutFile:
    case OperationKind::WriteRanges:
        writer.sized(operation.path.bytes());
        writeAttributes(writer, operation.attributes);
        writeContent(writer, operation);
        return;
    case OperationKind::MakeSymlink:
        writer.sized(operation.path.bytes());
        writeAttributes(writer, operation.attributes);
        writer.sized(operation.linkTarget);
        return;
    case OperationKind::Link:
    case OperationKind::Rename:
    case OperationKind::Exchange:
        writer.sized(operation.path.bytes());
        writer.sized(operation.other.bytes());
        return;
    case OperationKind::Remove:
    case OperationKind::Adopt: writer.sized(operation.path.bytes()); return;
    case OperationKind::Consistent: return;
    }
}

} // namespace

Result<void> checkAttributes(const EntryAttributes &attributes)
{
    qsizetype total = 0;
    for (const auto &[name, value] : attributes.xattrs) {
        total += name.size() + value.size();
        if (name.size() > RelPath::maximumNameLength || value.size() > maximumXattrValue)
            return failure(ErrorCode::TooLong, "the extended attribute " + name + " is too long");
    }
    if (total > maximumXattrBytes)
        return failure(ErrorCode::TooLong, "all extended attributes together are too long");
    return {};
}

void writeAttributes(ByteWriter &writer, const EntryAttributes &attributes)
{
    writer.varint(attributes.mode);
    writer.varint(attributes.uid);
    writer.varint(attributes.gid);
    writer.u64(quint64(attributes.mtimeNs));
    writer.varint(quint64(attributes.xattrs.size()));
    for (const auto &[name, value] : attributes.xattrs) {
        writer.sized(name);
        writer.sized(value);
    }
}

qsizetype attributesBound(const EntryAttributes &attributes)
{
    qsizetype bound = attributesFixedBound;
    for (const auto &[name, value] : attributes.xattrs)
        bound += 2 + name.size() + 3 + value.size();
    return bound;
}

EntryAttributes readAttributes(ByteReader &reader)
{
    EntryAttributes attributes;
    attributes.mode = quint32(reader.varint(07777));
    attributes.uid = quint32(reader.varint(std::numeric_limits<quint32>::max()));
    attributes.gid = quint32(reader.varint(std::numeric_limits<quint32>::max()));
    attributes.mtimeNs = qint64(reader.u64());
    const qsizetype count = reader.count(maximumXattrBytes / leastXattrBytes, leastXattrBytes);
    qsizetype total = 0;
    for (qsizetype i = 0; i < count; ++i) {
        const QByteArrayView name = reader.sized(RelPath::maximumNameLength);
        const QByteArrayView value = reader.sized(maximumXattrValue);
        total += name.size() + value.size();
        const bool ascending =
            attributes.xattrs.empty() || name > attributes.xattrs.rbegin()->first;
        if (!reader.ok() || !ascending || !isReproducedXattr(name) || name.contains('\0')
            || total > maximumXattrBytes) {
            reader.fail();
            return {};
        }
        attributes.xattrs.emplace_hint(attributes.xattrs.end(), name.toByteArray(),
                                       value.toByteArray());
    }
    return attributes;
}

RelPath readPath(ByteReader &reader)
{
    auto path = RelPath::parse(reader.sized(RelPath::maximumLength));
    if (path)
        return std::move(*path);
    reader.fail();
    return {};
}

QByteArray readLinkTarget(ByteReader &reader)
{
    const QByteArrayView target = reader.sized(maximumLinkTarget);
    if (target.isEmpty() || target.contains('\0')) {
        reader.fail();
        return {};
    }
    return target.toByteArray();
}

qsizetype encodedBound(const Operation &operation)
{
    qsizetype bound = operationFixedBound + operation.path.bytes().size()
        + operation.other.bytes().size() + operation.linkTarget.size()
        + operation.holes.size() * 2 * maximumVarintSize + attributesBound(operation.attributes);
    for (const DataRange &range : operation.ranges)
        bound += maximumVarintSize + 5 + range.bytes.size();
    return bound;
}

void encodeOperation(QByteArray &out, const Operation &operation)
{
    ByteWriter writer(out, encodedBound(operation));
    writer.u8(quint8(operation.kind));
    writer.varint(number(operation.sequence));
    writeFields(writer, operation);
}

Result<Operation> decodeOperation(QByteArrayView &in)
{
    ByteReader reader(in);
    Operation operation;
    operation.kind = OperationKind(reader.u8());
    operation.sequence = Sequence(reader.varint());
    readFields(reader, operation);
    if (!reader.ok())
        return failure(ErrorCode::Corrupt, "the bytes are no valid operation");
    in = reader.rest();
    return operation;
}

} // namespace octopus
