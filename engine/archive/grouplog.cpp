#include "engine/archive/grouplog.h"

#include "engine/base/digest.h"
#include "engine/model/bytes.h"

#include <algorithm>

namespace octopus::archive {

namespace {

constexpr quint32 magic = 0x50524731; // "1GRP" in the file
constexpr qsizetype checkedFrom = 8;  // the checksum covers everything behind itself
constexpr qsizetype scanStep = 1024 * 1024;

struct GroupHeader {
    quint64 check = 0;
    quint32 length = 0;
    quint64 generation = 0;
    quint64 number = 0;
};

quint64 padded(quint64 size)
{
    return (size + groupAlignment - 1) / groupAlignment * groupAlignment;
}

std::optional<GroupHeader> decodeHeader(QByteArrayView bytes)
{
    ByteReader reader(bytes);
    GroupHeader header;
    header.check = reader.u64();
    const bool known = reader.u32() == magic;
    header.length = reader.u32();
    header.generation = reader.u64();
    header.number = reader.u64();
    if (!reader.ok() || !known || qsizetype(header.length) > groupCap)
        return std::nullopt;
    return header;
}

struct Group {
    GroupHeader header;
    QByteArray bytes; // with the header
};

// The valid group at `position`; nullopt when there is none.
Result<std::optional<Group>> groupAt(File &file, quint64 position, quint64 fileSize)
{
    if (position > fileSize || fileSize - position < quint64(groupHeaderSize))
        return std::optional<Group>();
    const auto head = file.read(position, groupHeaderSize);
    if (!head)
        return passOn(head);
    const auto header = decodeHeader(*head);
    if (!header || fileSize - position - quint64(groupHeaderSize) < header->length)
        return std::optional<Group>();
    auto bytes = file.read(position, groupHeaderSize + qsizetype(header->length));
    if (!bytes)
        return passOn(bytes);
    if (bytes->size() != groupHeaderSize + qsizetype(header->length)
        || checksum(QByteArrayView(*bytes).sliced(checkedFrom)) != header->check)
        return std::optional<Group>();
    return std::optional(Group{*header, std::move(*bytes)});
}

// True if a valid group of `generation` with a number above `expected` lies behind `position`.
Result<bool> hasLaterGroup(File &file, quint64 position, quint64 fileSize, quint64 generation,
                           quint64 expected)
{
    for (quint64 at = position + groupAlignment; at < fileSize;) {
        const auto bytes = file.read(at, scanStep + groupHeaderSize);
        if (!bytes)
            return passOn(bytes);
        const qsizetype last = std::min(scanStep, bytes->size() - groupHeaderSize + 1);
        for (qsizetype i = 0; i < last; i += qsizetype(groupAlignment)) {
            const auto header = decodeHeader(QByteArrayView(*bytes).sliced(i, groupHeaderSize));
            if (!header || header->generation != generation || header->number <= expected)
                continue;
            const auto group = groupAt(file, at + quint64(i), fileSize);
            if (!group)
                return passOn(group);
            if (*group)
                return true;
        }
        at += quint64(scanStep);
    }
    return false;
}

} // namespace

QByteArray encodeGroup(quint64 generation, quint64 number, QByteArrayView payload)
{
    QByteArray out;
    const qsizetype size = qsizetype(padded(quint64(groupHeaderSize + payload.size())));
    {
        ByteWriter writer(out, size);
        writer.u64(0);
        writer.u32(magic);
        writer.u32(quint32(payload.size()));
        writer.u64(generation);
        writer.u64(number);
        writer.raw(payload);
    }
    qToLittleEndian(checksum(QByteArrayView(out).sliced(checkedFrom)), out.data());
    out.resize(size, '\0');
    return out;
}

Result<GroupEnd> readGroups(File &file, quint64 from, quint64 generation, const GroupVisitor &visit)
{
    const auto stat = file.stat();
    if (!stat)
        return passOn(stat);
    GroupEnd end{from, 0};
    for (;;) {
        const auto group = groupAt(file, end.position, stat->size);
        if (!group)
            return passOn(group);
        if (!*group || (*group)->header.generation != generation
            || (*group)->header.number != end.number)
            break;
        OCTOPUS_TRY(visit(QByteArrayView((*group)->bytes).sliced(groupHeaderSize)));
        end.position += padded(quint64((*group)->bytes.size()));
        ++end.number;
    }
    const auto later = hasLaterGroup(file, end.position, stat->size, generation, end.number);
    if (!later)
        return passOn(later);
    if (*later)
        return failure(ErrorCode::Corrupt, "a group of records is damaged");
    return end;
}

Result<std::optional<quint64>> groupGenerationAt(File &file, quint64 position)
{
    const auto stat = file.stat();
    if (!stat)
        return passOn(stat);
    const auto group = groupAt(file, position, stat->size);
    if (!group)
        return passOn(group);
    if (!*group)
        return std::optional<quint64>();
    return std::optional((*group)->header.generation);
}

} // namespace octopus::archive
