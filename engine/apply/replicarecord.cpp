#include "engine/apply/replicarecord.h"

#include "engine/apply/layout.h"
#include "engine/model/bytes.h"

namespace octopus::apply {

static constexpr QByteArrayView magic("OCTOPUS REPLICA\n"); // 16 bytes
static constexpr quint32 formatVersion = 1;
static constexpr qsizetype largest = 4096;

static QByteArray encode(const ReplicaRecord &record)
{
    QByteArray out;
    {
        ByteWriter writer(out, 160);
        writer.raw(magic);
        writer.u32(formatVersion);
        writer.sized(record.vault.bytes());
        writer.sized(record.primary.bytes());
        writer.u64(number(record.epoch));
        writer.u64(number(record.stream));
        writer.u64(record.key.seed);
        writer.u8(record.consistent ? 1 : 0);
        writer.u64(quint64(record.consistentSince.nanoseconds));
    }
    const quint64 check = checksum(out);
    ByteWriter(out, 8).u64(check);
    return out;
}

static Result<ReplicaRecord> decode(QByteArrayView bytes)
{
    const auto damaged = failure(ErrorCode::Corrupt, "the replica's record is damaged");
    if (bytes.size() < magic.size() + 12 || !bytes.startsWith(magic))
        return damaged;
    ByteReader tail(bytes.last(8));
    if (checksum(bytes.chopped(8)) != tail.u64())
        return damaged;
    ByteReader reader(bytes.chopped(8).sliced(magic.size()));
    if (reader.u32() != formatVersion)
        return failure(ErrorCode::VersionMismatch, "the replica was written by a later release");
    ReplicaRecord record;
    const auto vault = VaultId::fromBytes(reader.sized(64).toByteArray());
    const auto primary = MachineId::fromBytes(reader.sized(64).toByteArray());
    record.epoch = Epoch(reader.u64());
    record.stream = StreamId(reader.u64());
    record.key.seed = reader.u64();
    record.consistent = reader.u8() != 0;
    record.consistentSince.nanoseconds = qint64(reader.u64());
    if (!reader.ok() || !reader.atEnd() || !vault || !primary)
        return damaged;
    record.vault = *vault;
    record.primary = *primary;
    return record;
}

Result<std::optional<ReplicaRecord>> readReplicaRecord(Root &root, const RelPath &folder)
{
    const auto path = layout::replica().rebased(RelPath(), folder);
    if (!path)
        return passOn(path);
    const auto file = root.open(*path, OpenMode::Read);
    if (!file && file.error().code == ErrorCode::NotFound)
        return std::optional<ReplicaRecord>();
    if (!file)
        return passOn(file);
    const auto bytes = (*file)->read(0, largest);
    if (!bytes)
        return passOn(bytes);
    auto record = decode(*bytes);
    if (!record)
        return passOn(record);
    return std::optional(std::move(*record));
}

Result<void> writeReplicaRecord(Root &root, const ReplicaRecord &record)
{
    const auto file = writeFresh(root, layout::replica(), encode(record));
    if (!file)
        return passOn(file);
    return publishFresh(root, layout::replica());
}

} // namespace octopus::apply
