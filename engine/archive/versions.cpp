#include "engine/archive/versions.h"

#include "engine/archive/grouplog.h"
#include "engine/model/bytes.h"

#include <algorithm>
#include <map>

namespace octopus::archive {

namespace {

constexpr QByteArrayView indexMagic("OCTOPUS VERSIONS"); // 16 bytes
constexpr quint32 indexVersion = 1;
constexpr quint64 firstGroup = 64;
constexpr quint64 onlyGeneration = 1; // a rewritten index is a new file

RelPath below(const RelPath &folder, QByteArrayView name)
{
    return *folder.child(name); // both are ours: always valid
}

void encode(ByteWriter &writer, const Version &version)
{
    writer.u64(number(version.id.stream));
    writer.u64(number(version.id.sequence));
    writer.u8(quint8(version.kind));
    writer.u8(quint8(version.why));
    writer.u64(quint64(version.keptAt.nanoseconds));
    writer.sized(version.path.bytes());
}

Result<Version> decode(ByteReader &reader)
{
    Version version;
    version.id.stream = StreamId(reader.u64());
    version.id.sequence = Sequence(reader.u64());
    version.kind = EntryKind(reader.u8());
    version.why = KeptBecause(reader.u8());
    version.keptAt.nanoseconds = qint64(reader.u64());
    auto path = RelPath::parse(reader.sized(RelPath::maximumLength));
    const bool knownKind = version.kind == EntryKind::File || version.kind == EntryKind::Symlink;
    const bool knownWhy = version.why >= KeptBecause::Replaced && version.why <= KeptBecause::Found;
    if (!reader.ok() || !path || !knownKind || !knownWhy)
        return failure(ErrorCode::Corrupt, "the index of kept versions is damaged");
    version.path = std::move(*path);
    return version;
}

QByteArray indexHead()
{
    QByteArray head;
    {
        ByteWriter writer(head, qsizetype(firstGroup));
        writer.raw(indexMagic);
        writer.u32(indexVersion);
    }
    head.resize(qsizetype(firstGroup), '\0');
    return head;
}

QByteArray encodeAll(const QList<Version> &versions)
{
    QByteArray payload;
    {
        ByteWriter writer(payload, versions.size() * 80);
        for (const Version &version : versions)
            encode(writer, version);
    }
    return payload;
}

// The last entry of an id counts: a redo repeats what it finds kept already.
QList<Version> lastOfEach(const QList<Version> &versions)
{
    std::map<VersionId, qsizetype> last;
    for (qsizetype i = 0; i < versions.size(); ++i)
        last[versions[i].id] = i;
    QList<Version> out;
    for (qsizetype i = 0; i < versions.size(); ++i) {
        if (last[versions[i].id] == i)
            out.append(versions[i]);
    }
    return out;
}

Result<void> tolerateAbsence(Result<void> result)
{
    if (!result && result.error().code == ErrorCode::NotFound)
        return {};
    return result;
}

} // namespace

Versions::Versions(Root &root, RelPath folder, const Clock &clock, Milliseconds retention)
    : m_root(root),
      m_folder(std::move(folder)),
      m_indexPath(below(m_folder, "index")),
      m_clock(clock),
      m_retention(retention)
{}

Result<std::unique_ptr<Versions>> Versions::open(Root &root, const RelPath &folder,
                                                 const Clock &clock, Milliseconds retention)
{
    if (auto made = root.makeDirectory(folder, 0700);
        !made && made.error().code != ErrorCode::Exists)
        return passOn(made);
    std::unique_ptr<Versions> versions(new Versions(root, folder, clock, retention));
    auto index = root.open(versions->m_indexPath, OpenMode::ReadWrite);
    if (!index && index.error().code == ErrorCode::NotFound)
        return versions;
    if (!index)
        return passOn(index);
    versions->m_index = std::move(*index);
    const auto known = versions->readIndex();
    if (!known)
        return passOn(known);
    for (const Version &version : *known)
        versions->m_oldest = std::min(versions->m_oldest.value_or(version.keptAt), version.keptAt);
    // What a crash cut off must not be found behind a later, shorter group.
    OCTOPUS_TRY(versions->m_index->truncate(versions->m_end));
    return versions;
}

Result<QList<Version>> Versions::readIndex()
{
    QList<Version> versions;
    if (!m_index)
        return versions;
    const auto head = m_index->read(0, qsizetype(firstGroup));
    if (!head)
        return passOn(head);
    if (*head != indexHead())
        return failure(ErrorCode::Corrupt, "not an index of kept versions that this release knows");
    const auto end = readGroups(*m_index, firstGroup, onlyGeneration, [&](QByteArrayView payload) {
        ByteReader reader(payload);
        while (!reader.atEnd()) {
            auto version = decode(reader);
            if (!version)
                return Result<void>(passOn(version));
            versions.append(std::move(*version));
        }
        return Result<void>();
    });
    if (!end)
        return passOn(end);
    m_end = end->position;
    m_nextNumber = end->number;
    return lastOfEach(versions);
}

RelPath Versions::fileOf(const VersionId &id) const
{
    const auto hex = [](quint64 value) {
        return QByteArray::number(value, 16).rightJustified(16, '0');
    };
    return below(m_folder, hex(number(id.stream)) + '-' + hex(number(id.sequence)));
}

Result<bool> Versions::exists(const VersionId &id)
{
    const auto stat = m_root.stat(fileOf(id));
    if (stat)
        return true;
    if (stat.error().code == ErrorCode::NotFound)
        return false;
    return passOn(stat);
}

Result<void> Versions::keepByMove(const RelPath &original, const RelPath &kept)
{
    const auto stat = m_root.stat(original);
    if (!stat)
        return passOn(stat);
    if (stat->kind == EntryKind::Directory)
        return failure(ErrorCode::Refused, "a directory is not kept as a version");
    // Two names of one file: rename() would leave both.
    OCTOPUS_TRY(tolerateAbsence(m_root.removeFile(kept)));
    return m_root.rename(original, kept, RenameMode::Replace);
}

Result<void> Versions::keepByLink(const RelPath &original, const RelPath &kept)
{
    auto linked = m_root.link(original, kept);
    if (!linked && linked.error().code == ErrorCode::Exists) {
        OCTOPUS_TRY(m_root.removeFile(kept));
        linked = m_root.link(original, kept);
    }
    if (linked)
        return {};
    switch (linked.error().code) {
    case ErrorCode::NotFound:
    case ErrorCode::NoSpace:
    case ErrorCode::ReadOnly:
    case ErrorCode::InputOutput: return linked;
    default: return keepByMove(original, kept); // no hard links here, or too many of this file
    }
}

Result<void> Versions::keep(Version version, KeepBy how)
{
    const RelPath kept = fileOf(version.id);
    OCTOPUS_TRY(how == KeepBy::Link ? keepByLink(version.path, kept)
                                    : keepByMove(version.path, kept));
    remember(std::move(version));
    return {};
}

void Versions::remember(Version version)
{
    version.keptAt = m_clock.wall();
    m_oldest = std::min(m_oldest.value_or(version.keptAt), version.keptAt);
    m_pending.append(std::move(version));
}

Result<void> Versions::createIndex()
{
    return rewriteIndex({});
}

Result<void> Versions::flush()
{
    if (m_pending.isEmpty())
        return {};
    if (!m_index)
        OCTOPUS_TRY(createIndex());
    const QByteArray group = encodeGroup(onlyGeneration, m_nextNumber, encodeAll(m_pending));
    OCTOPUS_TRY(m_index->write(m_end, group));
    OCTOPUS_TRY(m_index->syncData());
    m_end += quint64(group.size());
    ++m_nextNumber;
    m_pending.clear();
    return {};
}

Result<void> Versions::rewriteIndex(const QList<Version> &versions)
{
    const RelPath fresh = below(m_folder, "index.new");
    OCTOPUS_TRY(tolerateAbsence(m_root.removeFile(fresh)));
    auto file = m_root.open(fresh, OpenMode::CreateNew);
    if (!file)
        return passOn(file);
    QByteArray bytes = indexHead();
    if (!versions.isEmpty())
        bytes += encodeGroup(onlyGeneration, 0, encodeAll(versions));
    OCTOPUS_TRY((*file)->write(0, bytes));
    OCTOPUS_TRY((*file)->syncData());
    OCTOPUS_TRY(m_root.rename(fresh, m_indexPath, RenameMode::Replace));
    OCTOPUS_TRY(m_root.syncDirectory(m_folder));
    m_index = std::move(*file);
    m_end = quint64(bytes.size());
    m_nextNumber = versions.isEmpty() ? 0 : 1;
    return {};
}

Result<QList<Version>> Versions::listAll()
{
    auto versions = readIndex();
    if (!versions)
        return versions;
    versions->append(m_pending);
    QList<Version> out = lastOfEach(*versions);
    std::ranges::stable_sort(out, {}, &Version::keptAt);
    return out;
}

Result<QList<Version>> Versions::list(const RelPath &path)
{
    auto versions = listAll();
    if (versions)
        versions->removeIf([&](const Version &version) { return version.path != path; });
    return versions;
}

bool Versions::isExpired(const Version &version) const
{
    const Nanoseconds age(m_clock.wall().nanoseconds - version.keptAt.nanoseconds);
    return age >= m_retention;
}

Result<qsizetype> Versions::purge()
{
    if (!m_oldest
        || m_clock.wall().nanoseconds - m_oldest->nanoseconds < Nanoseconds(m_retention).count())
        return 0;
    OCTOPUS_TRY(flush());
    const auto versions = readIndex();
    if (!versions)
        return passOn(versions);
    QList<Version> rest;
    qsizetype removed = 0;
    m_oldest.reset();
    for (const Version &version : *versions) {
        if (removed < purgeStep && isExpired(version)) {
            OCTOPUS_TRY(tolerateAbsence(m_root.removeFile(fileOf(version.id))));
            ++removed;
            continue;
        }
        rest.append(version);
        m_oldest = std::min(m_oldest.value_or(version.keptAt), version.keptAt);
    }
    OCTOPUS_TRY(rewriteIndex(rest));
    return removed;
}

} // namespace octopus::archive
