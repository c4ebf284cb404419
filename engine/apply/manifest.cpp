#include "engine/apply/manifest.h"

#include "engine/apply/layout.h"
#include "engine/archive/grouplog.h"
#include "engine/model/operationcodec.h"

namespace octopus::apply {

namespace {

constexpr QByteArrayView magic("OCTOPUS MANIFEST"); // 16 bytes
constexpr quint32 formatVersion = 1;
constexpr quint64 firstGroup = 64;
constexpr quint64 onlyGeneration = 1; // a rewritten log is a new file
constexpr quint64 entryOverhead = 16; // of one entry besides its path, on average

enum class Record : quint8 { Put = 1, Drop, Move, Swap, Failures, Mark };

QByteArray fileHead()
{
    QByteArray head;
    {
        ByteWriter writer(head, qsizetype(firstGroup));
        writer.raw(magic);
        writer.u32(formatVersion);
    }
    head.resize(qsizetype(firstGroup), '\0');
    return head;
}

void encodePut(ByteWriter &writer, const RelPath &path, const OwnEntry &entry)
{
    writer.u8(quint8(Record::Put));
    writer.sized(path.bytes());
    writer.u8(quint8(entry.kind));
    writer.u8(quint8((entry.linked ? 1 : 0) | (entry.borrowed ? 2 : 0) | (entry.shared ? 4 : 0)));
    if (entry.kind != EntryKind::Directory)
        return;
    writer.varint(entry.mode);
    writer.u64(quint64(entry.mtimeNs));
}

OwnEntry decodeEntry(ByteReader &reader)
{
    OwnEntry entry;
    entry.kind = EntryKind(reader.u8());
    const quint8 flags = reader.u8();
    entry.linked = flags & 1;
    entry.borrowed = flags & 2;
    entry.shared = flags & 4;
    if (entry.kind < EntryKind::File || entry.kind > EntryKind::Fifo || flags > 7)
        reader.fail();
    if (entry.kind == EntryKind::Directory) {
        entry.mode = quint16(reader.varint(07777));
        entry.mtimeNs = qint64(reader.u64());
    }
    return entry;
}

void encodeMark(ByteWriter &writer, const ManifestMark &mark)
{
    writer.u8(quint8(Record::Mark));
    writer.u64(number(mark.stream));
    writer.u64(number(mark.sequence));
    writer.u64(mark.journal);
}

quint64 cost(const RelPath &path)
{
    return entryOverhead + quint64(path.bytes().size());
}

bool isStoredAlike(const OwnEntry &a, const OwnEntry &b)
{
    return a.kind == b.kind && a.linked == b.linked && a.borrowed == b.borrowed
        && a.shared == b.shared && a.mode == b.mode && a.mtimeNs == b.mtimeNs;
}

} // namespace

Result<std::unique_ptr<Manifest>> Manifest::create(Root &root)
{
    std::unique_ptr<Manifest> manifest(new Manifest(root));
    OCTOPUS_TRY(manifest->rewrite());
    return manifest;
}

Result<std::unique_ptr<Manifest>> Manifest::open(Root &root)
{
    auto log = root.open(layout::manifest(), OpenMode::ReadWrite);
    if (!log)
        return passOn(log);
    std::unique_ptr<Manifest> manifest(new Manifest(root));
    manifest->m_log = std::move(*log);
    OCTOPUS_TRY(manifest->load());
    // What a crash cut off must not be found behind a later, shorter group.
    OCTOPUS_TRY(manifest->m_log->truncate(manifest->m_end));
    return manifest;
}

Result<void> Manifest::load()
{
    const auto head = m_log->read(0, qsizetype(firstGroup));
    if (!head)
        return passOn(head);
    if (*head != fileHead())
        return failure(ErrorCode::Corrupt, "the manifest is damaged or of a later release");
    const auto end = archive::readGroups(*m_log, firstGroup, onlyGeneration,
                                         [&](QByteArrayView group) { return replay(group); });
    if (!end)
        return passOn(end);
    m_end = end->position;
    m_nextNumber = end->number;
    // A manifest is written with its first group; without one it was cut.
    if (m_nextNumber == 0)
        return failure(ErrorCode::Corrupt, "the manifest is damaged");
    m_changes.clear();
    (void)m_failures.takeChanged();
    return {};
}

Result<void> Manifest::replay(QByteArrayView group)
{
    ByteReader reader(group);
    while (reader.ok() && !reader.atEnd()) {
        switch (Record(reader.u8())) {
        case Record::Put: {
            const RelPath path = readPath(reader);
            place(path, decodeEntry(reader));
            break;
        }
        case Record::Drop: drop(readPath(reader)); break;
        case Record::Move: {
            const RelPath from = readPath(reader);
            const RelPath to = readPath(reader);
            if (!reader.ok() || !checkMove(from, to))
                return failure(ErrorCode::Corrupt, "the manifest is damaged");
            move(from, to);
            break;
        }
        case Record::Swap: {
            const RelPath a = readPath(reader);
            swap(a, readPath(reader));
            break;
        }
        case Record::Failures: m_failures.decode(reader); break;
        case Record::Mark:
            m_mark.stream = StreamId(reader.u64());
            m_mark.sequence = Sequence(reader.u64());
            m_mark.journal = reader.u64();
            break;
        default: reader.fail();
        }
        m_changes.clear();
    }
    if (!reader.ok())
        return failure(ErrorCode::Corrupt, "the manifest is damaged");
    return {};
}

const OwnEntry *Manifest::find(const RelPath &path) const
{
    const auto found = m_entries.find(path);
    return found == m_entries.end() ? nullptr : &found->second;
}

bool Manifest::hasBelow(const RelPath &path) const
{
    const auto next = m_entries.upper_bound(path);
    return next != m_entries.end() && next->first.isWithin(path);
}

void Manifest::place(const RelPath &path, const OwnEntry &entry)
{
    const auto [at, isNew] = m_entries.insert_or_assign(path, entry);
    if (isNew)
        m_liveBytes += cost(path);
}

void Manifest::put(const RelPath &path, const OwnEntry &entry)
{
    const auto [at, isNew] = m_entries.try_emplace(path, entry);
    if (isNew)
        m_liveBytes += cost(path);
    else if (isStoredAlike(std::exchange(at->second, entry), entry))
        return;
    ByteWriter writer(m_changes, path.bytes().size() + 24);
    encodePut(writer, path, entry);
}

void Manifest::drop(const RelPath &path)
{
    if (m_entries.erase(path) == 0)
        return;
    m_liveBytes -= cost(path);
    ByteWriter writer(m_changes, path.bytes().size() + 4);
    writer.u8(quint8(Record::Drop));
    writer.sized(path.bytes());
}

void Manifest::dropSubtree(const RelPath &path)
{
    QList<RelPath> paths;
    for (auto it = m_entries.lower_bound(path); it != m_entries.end() && it->first.isWithin(path);
         ++it)
        paths.append(it->first);
    for (const RelPath &each : paths)
        drop(each);
}

QList<RelPath> Manifest::children(const RelPath &directory) const
{
    QList<RelPath> paths;
    forEachChild(m_entries, directory, [&](const RelPath &path) {
        if (path.parent() == directory)
            paths.append(path);
    });
    return paths;
}

Result<void> Manifest::checkMove(const RelPath &from, const RelPath &to) const
{
    if (from == to || from.isWithin(to) || to.isWithin(from))
        return failure(ErrorCode::Invalid, "an entry cannot move into itself");
    for (auto it = m_entries.upper_bound(from); it != m_entries.end() && it->first.isWithin(from);
         ++it) {
        if (const auto rebased = it->first.rebased(from, to); !rebased)
            return passOn(rebased);
    }
    return {};
}

std::vector<Manifest::Map::node_type> Manifest::takeSubtree(const RelPath &path)
{
    std::vector<Map::node_type> nodes;
    for (auto it = m_entries.lower_bound(path);
         it != m_entries.end() && it->first.isWithin(path);) {
        m_liveBytes -= cost(it->first);
        nodes.push_back(m_entries.extract(it++));
    }
    return nodes;
}

void Manifest::putBack(std::vector<Map::node_type> nodes, const RelPath &from, const RelPath &to)
{
    for (auto &node : nodes) {
        node.key() = *node.key().rebased(from, to); // checked before
        m_liveBytes += cost(node.key());
        m_entries.insert(std::move(node));
    }
}

void Manifest::move(const RelPath &from, const RelPath &to)
{
    drop(to);
    putBack(takeSubtree(from), from, to);
    ByteWriter writer(m_changes, from.bytes().size() + to.bytes().size() + 8);
    writer.u8(quint8(Record::Move));
    writer.sized(from.bytes());
    writer.sized(to.bytes());
}

void Manifest::swap(const RelPath &a, const RelPath &b)
{
    auto atA = takeSubtree(a);
    putBack(takeSubtree(b), b, a);
    putBack(std::move(atA), a, b);
    ByteWriter writer(m_changes, a.bytes().size() + b.bytes().size() + 8);
    writer.u8(quint8(Record::Swap));
    writer.sized(a.bytes());
    writer.sized(b.bytes());
}

Result<void> Manifest::save(const ManifestMark &mark)
{
    QByteArray payload = std::move(m_changes);
    m_changes = {};
    m_mark = mark;
    {
        const bool failuresChanged = m_failures.takeChanged();
        ByteWriter writer(payload, 64);
        if (failuresChanged) {
            writer.u8(quint8(Record::Failures));
            m_failures.encode(writer);
        }
        encodeMark(writer, mark);
    }
    const quint64 logSize = m_end + quint64(payload.size());
    if (logSize > smallLog && logSize > 2 * m_liveBytes)
        return rewrite();
    const QByteArray group = archive::encodeGroup(onlyGeneration, m_nextNumber, payload);
    OCTOPUS_TRY(m_log->write(m_end, group));
    OCTOPUS_TRY(m_log->syncData());
    m_end += quint64(group.size());
    ++m_nextNumber;
    return {};
}

QByteArray Manifest::encodeEverything() const
{
    QByteArray payload;
    {
        ByteWriter writer(payload, qsizetype(m_liveBytes) + 64);
        for (const auto &[path, entry] : m_entries)
            encodePut(writer, path, entry);
        writer.u8(quint8(Record::Failures));
        m_failures.encode(writer);
        encodeMark(writer, m_mark);
    }
    return payload;
}

Result<void> Manifest::rewrite()
{
    const QByteArray content =
        fileHead() + archive::encodeGroup(onlyGeneration, 0, encodeEverything());
    auto log = writeFresh(m_root, layout::manifest(), content);
    if (!log)
        return passOn(log);
    OCTOPUS_TRY(publishFresh(m_root, layout::manifest()));
    m_log = std::move(*log);
    m_end = quint64(content.size());
    m_nextNumber = 1;
    return {};
}

} // namespace octopus::apply
