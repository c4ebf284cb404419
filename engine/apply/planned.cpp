#include "engine/apply/planned.h"

#include "engine/model/operationcodec.h"

namespace octopus::apply {

namespace {

enum class Record : quint8 { Operation = 1, Failure };
enum Flag : quint8 { KeepOld = 1, Borrow = 2, Heard = 4 };

constexpr qsizetype identityBytes = 24;
constexpr qsizetype fixedBound = 2 + 2 * identityBytes + 16 + maximumVarintSize;

void writeIdentity(ByteWriter &writer, const FileIdentity &identity)
{
    writer.u64(identity.device);
    writer.u64(identity.inode);
    writer.u64(quint64(identity.birthNs));
}

FileIdentity readIdentity(ByteReader &reader)
{
    FileIdentity identity;
    identity.device = reader.u64();
    identity.inode = reader.u64();
    identity.birthNs = qint64(reader.u64());
    return identity;
}

void writeAdopted(ByteWriter &writer, const OwnEntry &entry)
{
    writer.u8(quint8(entry.kind));
    writer.u8(entry.linked ? 1 : 0);
    writer.varint(entry.mode);
    writer.u64(quint64(entry.mtimeNs));
}

OwnEntry readAdopted(ByteReader &reader)
{
    OwnEntry entry;
    entry.kind = EntryKind(reader.u8());
    entry.linked = reader.u8() != 0;
    entry.shared = entry.linked;
    entry.mode = quint16(reader.varint(07777));
    entry.mtimeNs = qint64(reader.u64());
    if (entry.kind < EntryKind::File || entry.kind > EntryKind::Fifo)
        reader.fail();
    return entry;
}

void writeExtents(ByteWriter &writer, const QList<Extent> &extents)
{
    writer.varint(quint64(extents.size()));
    for (const Extent &extent : extents) {
        writer.varint(extent.offset);
        writer.varint(extent.length);
    }
}

QList<Extent> readExtents(ByteReader &reader)
{
    const qsizetype count = reader.count(std::numeric_limits<qint32>::max(), 2);
    QList<Extent> extents;
    extents.reserve(count);
    for (qsizetype i = 0; i < count; ++i) {
        const quint64 offset = reader.varint(maximumFileSize);
        extents.append({offset, reader.varint(maximumFileSize - offset)});
    }
    return extents;
}

// Behind the operation, whose kind says what there is to read.
void writeDecisions(ByteWriter &writer, const PlannedOperation &planned)
{
    const bool heard = planned.heard != Sequence{};
    writer.u8(quint8((planned.keepOld ? KeepOld : 0) | (planned.borrow ? Borrow : 0)
                     | (heard ? Heard : 0)));
    if (heard)
        writer.varint(number(planned.heard));
    switch (planned.operation.kind) {
    case OperationKind::Exchange:
        writeIdentity(writer, planned.pathIdentity);
        writeIdentity(writer, planned.otherIdentity);
        return;
    case OperationKind::Adopt: writeAdopted(writer, planned.adopted); return;
    case OperationKind::WriteRanges: writeExtents(writer, planned.staged); return;
    default: return;
    }
}

void readDecisions(ByteReader &reader, PlannedOperation &planned)
{
    const quint8 flags = reader.u8();
    planned.keepOld = flags & KeepOld;
    planned.borrow = flags & Borrow;
    if (flags & Heard)
        planned.heard = Sequence(reader.varint());
    switch (planned.operation.kind) {
    case OperationKind::Exchange:
        planned.pathIdentity = readIdentity(reader);
        planned.otherIdentity = readIdentity(reader);
        return;
    case OperationKind::Adopt: planned.adopted = readAdopted(reader); return;
    case OperationKind::WriteRanges: planned.staged = readExtents(reader); return;
    default: return;
    }
}

Result<PlannedOperation> readPlanned(ByteReader &reader)
{
    QByteArrayView rest = reader.rest();
    auto operation = decodeOperation(rest);
    if (!operation)
        return passOn(operation);
    PlannedOperation planned;
    planned.operation = std::move(*operation);
    reader = ByteReader(rest);
    readDecisions(reader, planned);
    return planned;
}

} // namespace

qsizetype recordBound(const PlannedOperation &planned)
{
    return encodedBound(planned.operation) + fixedBound
        + planned.staged.size() * 2 * maximumVarintSize;
}

void encodeRecord(QByteArray &out, const PlannedOperation &planned)
{
    out.append(char(Record::Operation));
    encodeOperation(out, planned.operation);
    ByteWriter writer(out, fixedBound + planned.staged.size() * 2 * maximumVarintSize);
    writeDecisions(writer, planned);
}

void encodeRecord(QByteArray &out, const FailedOperation &failed)
{
    ByteWriter writer(out, 64);
    writer.u8(quint8(Record::Failure));
    encodeFailure(writer, failed);
}

Result<QList<JournalRecord>> decodeRecords(QByteArrayView group)
{
    QList<JournalRecord> records;
    ByteReader reader(group);
    while (reader.ok() && !reader.atEnd()) {
        switch (Record(reader.u8())) {
        case Record::Operation: {
            auto planned = readPlanned(reader);
            if (!planned)
                return passOn(planned);
            records.append(std::move(*planned));
            break;
        }
        case Record::Failure: records.append(decodeFailure(reader)); break;
        default: reader.fail();
        }
    }
    if (!reader.ok())
        return failure(ErrorCode::Corrupt, "the journal holds a record that is none");
    return records;
}

} // namespace octopus::apply
