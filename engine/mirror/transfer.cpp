#include "engine/mirror/transfer.h"

#include "engine/model/operationcodec.h"

#include <QtEndian>

#include <algorithm>

namespace octopus::mirror {

using index::BlockMap;
using index::IndexEntry;

Transfer::Transfer(Replication &replication, RelPath path, const WorkItem &item, StageId stage)
    : m(replication),
      m_path(std::move(path)),
      m_item(item),
      m_stage(stage),
      m_map(std::make_shared<BlockMap>()),
      m_digest(replication.key,
               replication.keepsStages ? ContentDigest::Cuts::Joined : ContentDigest::Cuts::Count)
{}

Result<std::unique_ptr<Transfer>> Transfer::begin(Replication &replication, const RelPath &path,
                                                  const WorkItem &item, StageId stage)
{
    std::unique_ptr<Transfer> transfer(new Transfer(replication, path, item, stage));
    auto file = replication.source.open(path, OpenMode::Read);
    if (!file)
        return passOn(file);
    transfer->m_file = std::move(*file);
    const auto stat = transfer->m_file->stat();
    if (!stat)
        return passOn(stat);
    transfer->m_stat = *stat;
    transfer->m_revision = replication.index.revisionOf(path);
    if (stat->kind != EntryKind::File || !transfer->fits())
        return failure(ErrorCode::Unstable, "it was replaced by something else");
    transfer->chooseMode();
    return transfer;
}

void Transfer::chooseMode()
{
    const IndexEntry *entry = m.index.find(m_path);
    m_map->blockSize = index::blockSizeFor(m_stat.size);
    if (!entry || entry->kind != EntryKind::File || !entry->blocks)
        return;
    m_old = entry->blocks;
    m_map->blockSize = m_old->blockSize;
    m_mode = Mode::Delta;
    const bool grown = m_stat.size > m_old->fileSize && m_old->fileSize > appendThreshold
        && entry->source == m_stat.identity;
    if (!grown)
        return;
    // The end of the old content must be what it was, or more than an append has happened.
    const quint64 rest = m_old->fileSize % m_old->blockSize;
    if (rest != 0) {
        const auto tail = m_file->read(m_old->fileSize - rest, qsizetype(rest));
        if (!tail || tail->size() != qsizetype(rest)
            || blockHash(*tail, m.key) != m_old->hashes.last())
            return;
    }
    m_mode = Mode::Append;
    m_map->fileSize = m_old->fileSize - rest;
    m_map->hashes = m_old->hashes.first(qsizetype(m_map->fileSize / m_map->blockSize));
}

// The length of the hole at `offset`, in whole blocks (the end of the file ends a block); 0: data.
Result<quint64> Transfer::holeAt(quint64 offset)
{
    if (m_stat.allocatedBytes >= m_stat.size)
        return 0;
    if (!m_data || offset >= m_data->offset + m_data->length) {
        auto data = m_file->nextData(offset);
        if (!data)
            return passOn(data);
        m_data = *data ? **data : Extent{m_stat.size, 0};
        m_data->offset = std::min(m_data->offset, m_stat.size);
    }
    if (m_data->offset <= offset)
        return 0;
    if (m_data->offset >= m_stat.size)
        return m_stat.size - offset;
    return (m_data->offset - offset) / m_map->blockSize * m_map->blockSize;
}

Result<bool> Transfer::step(quint64 most)
{
    const quint64 offset = m_map->fileSize;
    if (offset >= m_stat.size) {
        OCTOPUS_TRY(finish());
        return true;
    }
    const Result<quint64> hole = holeAt(offset);
    if (!hole)
        return passOn(hole);
    if (*hole > 0)
        passHole(offset, *hole);
    else
        OCTOPUS_TRY(readWindow(offset, most));
    if (m_map->fileSize < m_stat.size || m_staged)
        return false;
    OCTOPUS_TRY(finish());
    return true;
}

Result<void> Transfer::readWindow(quint64 offset, quint64 most)
{
    const quint64 block = m_map->blockSize;
    const bool isHeld = offset + stepBytes <= m_held;
    const quint64 wanted = isHeld ? stepBytes : std::min(most, stepBytes);
    const quint64 window = std::max(block, wanted / block * block);
    quint64 length = std::min(window, m_stat.size - offset);
    if (m_data && m_stat.allocatedBytes < m_stat.size) {
        // Not past the block in which this data ends: a hole may follow.
        const quint64 end = (m_data->offset + m_data->length + block - 1) / block * block;
        length = std::min(length, std::max(end, offset + block) - offset);
    }
    const auto bytes = m_file->read(offset, qsizetype(length));
    if (!bytes)
        return passOn(bytes);
    if (quint64(bytes->size()) != length)
        return failure(ErrorCode::Unstable, "the file shrank while it was read");
    index::appendBlocks(*m_map, *bytes, m.key);
    if (m_mode == Mode::Delta)
        compareBlocks(offset, *bytes);
    else
        emitRange(offset, *bytes);
    return {};
}

void Transfer::compareBlocks(quint64 offset, const QByteArray &bytes)
{
    const qsizetype block = m_map->blockSize;
    const qsizetype first = qsizetype(offset / quint64(block));
    qsizetype start = -1; // of a run of changed blocks
    for (qsizetype at = 0; at < bytes.size(); at += block) {
        const qsizetype i = first + at / block;
        const bool isEqual = i < m_old->hashes.size() && m_old->hashes[i] == m_map->hashes[i]
            && (i + 1 < m_old->hashes.size() || m_old->fileSize == m_stat.size
                || m_old->fileSize % quint64(block) == 0);
        if (isEqual && start >= 0)
            emitRange(offset + quint64(start), bytes.sliced(start, at - start));
        if (isEqual)
            start = -1;
        else if (start < 0)
            start = at;
    }
    if (start >= 0)
        emitRange(offset + quint64(start), bytes.sliced(start));
}

void Transfer::passHole(quint64 offset, quint64 length)
{
    const qsizetype first = m_map->hashes.size();
    index::appendZeroBlocks(*m_map, length, m.key);
    if (m_mode == Mode::Whole)
        return;
    for (qsizetype i = first; i < m_map->hashes.size(); ++i) {
        const quint64 start = quint64(i) * m_map->blockSize;
        const quint64 end = std::min(start + m_map->blockSize, offset + length);
        if (i < m_old->hashes.size() && m_old->hashes[i] == m_map->hashes[i])
            continue;
        if (m_holes.size() >= maximumRanges)
            emitRange(start, QByteArray(qsizetype(end - start), '\0'));
        else if (!m_holes.isEmpty() && m_holes.last().offset + m_holes.last().length == start)
            m_holes.last().length += end - start;
        else
            m_holes.append({start, end - start});
    }
}

void Transfer::emitRange(quint64 offset, QByteArray bytes)
{
    if (!m_staged && m_mode != Mode::Whole
        && m_bufferedBytes + quint64(bytes.size()) <= inlineLimit) {
        m_bufferedBytes += quint64(bytes.size());
        if (!m_ranges.isEmpty()
            && m_ranges.last().offset + quint64(m_ranges.last().bytes.size()) == offset)
            m_ranges.last().bytes.append(bytes);
        else
            m_ranges.append({offset, std::move(bytes)});
        return;
    }
    for (const DataRange &range : std::exchange(m_ranges, {}))
        sendChunk(range.offset, range.bytes);
    sendChunk(offset, bytes);
}

void Transfer::sendChunk(quint64 offset, const QByteArray &bytes)
{
    if (!std::exchange(m_staged, true) && m.keepsStages)
        beginStage();
    m_digest.add(offset, bytes);
    const quint64 end = offset + quint64(bytes.size());
    if (offset >= m_held)
        m.outbox.add(StageChunk{m_stage, offset, bytes});
    else if (end > m_held)
        m.outbox.add(StageChunk{m_stage, m_held, bytes.last(qsizetype(end - m_held))});
}

// The same as long as the file and what the transfer builds upon are the same, also in another run
// of this machine where it builds upon nothing.
StageToken Transfer::token() const
{
    QList<quint64> about{
        m_stat.identity.inode,   quint64(m_stat.identity.birthNs), m_stat.size,
        quint64(m_stat.mtimeNs), quint64(m_stat.ctimeNs),          quint64(m_mode)};
    if (m_mode != Mode::Whole)
        about << m_old->blockSize << m_old->fileSize << m_old->hashes;
    Sha256Hasher hasher;
    hasher.add(m_path.bytes());
    for (const quint64 number : std::as_const(about)) {
        const quint64 bytes = qToLittleEndian(number);
        hasher.add(QByteArrayView(reinterpret_cast<const char *>(&bytes), sizeof bytes));
    }
    return *StageToken::fromBytes(hasher.result().toByteArray().first(StageToken::size));
}

void Transfer::beginStage()
{
    const auto known = m.held.extract(token());
    m_held = known.empty() ? 0 : known.mapped();
    m.outbox.add(wire::Message(StageBegin{m_stage, token(), m_held}));
}

void Transfer::abandon()
{
    if (m_staged)
        m.outbox.add(wire::Message(wire::StageDrop{m_stage}));
}

// True if the replica's state at the path is the one that the transfer began with, and takes a file.
bool Transfer::fits() const
{
    const IndexEntry *entry = m.index.find(m_path);
    const IndexEntry *parent = m.index.find(m_path.parent());
    return m.index.revisionOf(m_path) == m_revision && parent
        && parent->kind == EntryKind::Directory && !parent->foreign
        && (!entry || (entry->kind == EntryKind::File && !entry->foreign));
}

Result<void> Transfer::finish()
{
    const auto after = m_file->stat();
    if (!after)
        return passOn(after);
    const auto there = m.source.stat(m_path);
    if (!there)
        return passOn(there);
    if (!fits())
        return failure(ErrorCode::Unstable, "its place has changed meanwhile");
    if (there->identity != m_stat.identity || after->size != m_stat.size
        || after->mtimeNs != m_stat.mtimeNs || after->ctimeNs != m_stat.ctimeNs)
        return failure(ErrorCode::Unstable, "the file changed while it was read");
    auto attributes = sourceAttributes(m, m_path, m_stat);
    if (!attributes)
        return passOn(attributes);
    sendResult(std::move(*attributes));
    m.problems.clear(m_path);
    return {};
}

void Transfer::sendResult(EntryAttributes attributes)
{
    IndexEntry entry;
    entry.attributes = attributes;
    entry.size = m_stat.size;
    entry.source = m_stat.identity;
    entry.sourceCtimeNs = m_stat.ctimeNs;
    entry.blocks = m_map;
    if (m_mode == Mode::Append) {
        entry.sourceCtimeNs = 0; // only the appended part was looked at
        const MonotonicTime now = m.clock.monotonic();
        m.work.addLater(m_path, {now, 0, false}, now + std::chrono::seconds(1));
    }
    Operation operation;
    operation.path = m_path;
    operation.attributes = std::move(attributes);
    const bool changed = m_staged || !m_ranges.isEmpty() || !m_holes.isEmpty()
        || m_mode == Mode::Whole || m_old->fileSize != m_stat.size;
    if (changed) {
        operation.kind =
            m_mode == Mode::Whole ? OperationKind::PutFile : OperationKind::WriteRanges;
        operation.size = m_stat.size;
        operation.holes = std::move(m_holes);
        operation.stage = m_staged ? m_stage : StageId{};
        operation.digest =
            m_staged ? m_digest.finish(m_stat.size) : contentDigest(m_ranges, m_stat.size, m.key);
        operation.ranges = std::move(m_ranges);
    } else if (const IndexEntry *same = m.index.find(m_path)) {
        entry.linkGroup = same->linkGroup; // it is still one with its other names there
    }
    const IndexEntry *prior = m.index.find(m_path);
    if (prior && prior->source != m_stat.identity) // since it was examined
        examineOtherNames(m, m_path, prior->source, m_item.capturedAt);
    const bool attributesDiffer = prior && prior->attributes != operation.attributes;
    if (changed || attributesDiffer)
        sendEntry(m, std::move(operation), std::move(entry), m_item.capturedAt);
    else
        m.index.set(m_path, std::move(entry));
    // Of a file that is as it was, too: another of its names may have been sent whole meanwhile.
    if (m_stat.links > 1)
        sendLinks(m, m_path, m_item.capturedAt);
}

} // namespace octopus::mirror
