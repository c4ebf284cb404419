#include "engine/mirror/outbox.h"

#include "engine/model/operationcodec.h"
#include "engine/wire/codec.h"

#include <algorithm>

namespace octopus::mirror {

// A batch is closed at this many operations, so that the target can start on it.
static constexpr qsizetype batchOperations = 512;
// Nothing is cut smaller than this, for the sake of what each message adds.
static constexpr qsizetype leastPiece = 1024;
static constexpr qsizetype leastBatch = 4 * 1024;

// Bytes prepared ahead of the connection's pull.
static qsizetype prepared(qint64 pace)
{
    return 2 * std::clamp<qsizetype>(pace, leastBatch, wire::batchTarget);
}

void Outbox::begin(Sequence last, quint64 credit)
{
    m_last = last;
    m_acknowledged = last;
    m_credit = credit;
    m_contentSent = 0;
    m_pendingBytes = 0;
    m_sent.clear();
    discardMessages();
}

void Outbox::discardMessages()
{
    m_messages.clear();
    m_batch.operations.clear();
    m_batchBytes = 0;
    m_batchChunks = 0;
    m_queuedBytes = 0;
    m_bulk.clear();
    m_bulkBytes = 0;
    m_pieceBegin = 0;
    m_chunksTaken = m_chunksAdded;
    m_staged.clear();
}

void Outbox::raiseCredit(quint64 credit)
{
    m_credit = std::max(m_credit, credit);
}

// The caps of a message are for its bytes and for its pieces, of two bytes at least.
static qsizetype weight(const Operation &operation)
{
    const qsizetype pieces = operation.ranges.size() + operation.holes.size()
        + qsizetype(operation.attributes.xattrs.size());
    return encodedBound(operation) + 2 * pieces;
}

// A directory's time follows from what changes in it: nobody is told of that.
static bool isEcho(const Operation &operation, const index::IndexEntry *prior)
{
    if (!prior || prior->kind != EntryKind::Directory)
        return false;
    EntryAttributes before = prior->attributes;
    before.mtimeNs = operation.attributes.mtimeNs;
    return before == operation.attributes;
}

// What people are told of an operation.
static std::optional<ActivityKind> activityOf(const Operation &operation,
                                              const index::IndexEntry *prior, quint64 firstOffset)
{
    switch (operation.kind) {
    case OperationKind::MakeDirectory:
        if (isEcho(operation, prior))
            return std::nullopt;
        return prior && prior->kind == EntryKind::Directory ? ActivityKind::Attributes
                                                            : ActivityKind::Created;
    case OperationKind::WriteRanges:
        return prior && operation.holes.isEmpty() && operation.size > prior->size
                && firstOffset >= prior->size
            ? ActivityKind::Appended
            : ActivityKind::Changed;
    case OperationKind::PutFile:
    case OperationKind::MakeSymlink:
    case OperationKind::MakeFifo:
    case OperationKind::Link: return prior ? ActivityKind::Changed : ActivityKind::Created;
    case OperationKind::Rename:
    case OperationKind::Exchange: return ActivityKind::Moved;
    case OperationKind::Remove: return ActivityKind::Removed;
    case OperationKind::SetAttributes:
        if (isEcho(operation, prior))
            return std::nullopt;
        return ActivityKind::Attributes;
    case OperationKind::Adopt:
    case OperationKind::Consistent: return std::nullopt;
    }
    return std::nullopt;
}

void Outbox::describe(Sent &sent, const Operation &operation)
{
    Staged content{sent.bytes, operation.ranges.isEmpty() ? 0 : operation.ranges.first().offset};
    if (const auto staged = m_staged.find(operation.stage); staged != m_staged.end()) {
        content = staged->second;
        m_staged.erase(staged);
    }
    sent.carried = content.bytes;
    sent.what = activityOf(operation, sent.prior ? &*sent.prior : nullptr, content.first);
}

void Outbox::add(Operation operation, std::optional<index::IndexEntry> entry,
                 MonotonicTime capturedAt)
{
    m_last = next(m_last);
    operation.sequence = m_last;
    const quint64 bytes = inlineBytes(operation);
    Sent sent{m_last,          operation.kind, operation.path,
              operation.other, std::nullopt,   capturedAt,
              bytes,           std::nullopt,   0};
    if (const index::IndexEntry *prior = m_index.find(operation.path))
        sent.prior = *prior;
    describe(sent, operation);
    switch (operation.kind) {
    case OperationKind::Rename: m_index.rename(operation.other, operation.path); break;
    case OperationKind::Exchange: m_index.exchange(operation.other, operation.path); break;
    case OperationKind::Remove: m_index.erase(operation.path); break;
    case OperationKind::Consistent: break;
    default: m_index.set(operation.path, std::move(*entry));
    }
    m_contentSent += bytes;
    m_pendingBytes += bytes;
    ++m_operations;
    m_sent.push_back(std::move(sent));
    const qsizetype operationWeight = weight(operation);
    const bool isStaged = operation.stage != StageId{};
    const qsizetype target = std::clamp<qsizetype>(m_pace, leastBatch, wire::batchTarget);
    if (m_batchBytes + operationWeight > target || isStaged)
        closeBatch(); // those before it wait for no chunk
    if (isStaged)
        m_batchChunks = m_chunksAdded;
    m_batch.operations.append(std::move(operation));
    m_batchBytes += operationWeight;
    m_queuedBytes += operationWeight;
    if (m_batch.operations.size() >= batchOperations)
        closeBatch();
}

void Outbox::add(StageChunk chunk)
{
    m_contentSent += quint64(chunk.bytes.size());
    m_bulkBytes += chunk.bytes.size();
    ++m_chunksAdded;
    const auto [staged, isFirst] = m_staged.try_emplace(chunk.stage, Staged{0, chunk.offset});
    staged->second.bytes += quint64(chunk.bytes.size());
    m_bulk.push_back(std::move(chunk));
}

void Outbox::add(wire::Message control)
{
    closeBatch();
    if (const auto *drop = std::get_if<wire::StageDrop>(&control)) {
        m_staged.erase(drop->stage);
        discardBulk(drop->stage);
    }
    m_messages.push_back({std::move(control), 0});
}

// What waits of a stage that is dropped is not sent at all; what was sent of it comes before that.
void Outbox::discardBulk(StageId stage)
{
    while (!m_bulk.empty() && m_bulk.back().stage == stage) {
        const bool isFirst = m_bulk.size() == 1;
        const qsizetype left = m_bulk.back().bytes.size() - (isFirst ? m_pieceBegin : 0);
        m_contentSent -= quint64(left);
        m_bulkBytes -= left;
        --m_chunksAdded;
        m_bulk.pop_back();
        if (isFirst)
            m_pieceBegin = 0;
    }
}

void Outbox::closeBatch()
{
    if (m_batch.operations.isEmpty())
        return;
    m_messages.push_back({std::exchange(m_batch, {}), std::exchange(m_batchChunks, 0)});
    m_batchBytes = 0;
}

bool Outbox::hasRoom() const
{
    return m_contentSent < m_credit && m_queuedBytes < prepared(m_pace);
}

bool Outbox::hasBulkRoom() const
{
    return m_contentSent < m_credit && m_bulkBytes < prepared(m_pace);
}

// The next piece of the chunk that is first.
StageChunk Outbox::takePiece()
{
    StageChunk &chunk = m_bulk.front();
    const qsizetype left = chunk.bytes.size() - m_pieceBegin;
    const qsizetype size = std::min(left, std::max<qsizetype>(m_pace, leastPiece));
    m_bulkBytes -= size;
    StageChunk piece{chunk.stage, chunk.offset + quint64(m_pieceBegin), {}};
    piece.bytes = size == chunk.bytes.size() ? std::move(chunk.bytes)
                                             : chunk.bytes.sliced(m_pieceBegin, size);
    m_pieceBegin += size;
    if (size == left) {
        m_bulk.pop_front();
        m_pieceBegin = 0;
        ++m_chunksTaken;
    }
    return piece;
}

std::optional<wire::Message> Outbox::take()
{
    closeBatch();
    if (m_messages.empty() || m_messages.front().chunks > m_chunksTaken) {
        if (m_bulk.empty())
            return std::nullopt;
        return wire::Message(takePiece());
    }
    wire::Message message = std::move(m_messages.front().message);
    m_messages.pop_front();
    if (const auto *batch = std::get_if<wire::Operations>(&message)) {
        for (const Operation &operation : batch->operations)
            m_queuedBytes -= weight(operation);
    }
    return message;
}

Result<void> Outbox::acknowledge(Sequence applied, const std::function<void(const Carried &)> &tell)
{
    if (applied > m_last || applied < m_acknowledged)
        return failure(ErrorCode::Corrupt, "the target acknowledges what was never sent");
    m_acknowledged = applied;
    while (!m_sent.empty() && m_sent.front().sequence <= applied) {
        const Sent &sent = m_sent.front();
        m_pendingBytes -= sent.bytes;
        if (tell && sent.what)
            tell({*sent.what, sent.path, sent.other, sent.carried});
        m_sent.pop_front();
    }
    return {};
}

std::deque<Outbox::Sent>::iterator Outbox::findSent(Sequence sequence)
{
    const auto found = std::ranges::lower_bound(m_sent, sequence, std::less(), &Sent::sequence);
    return found != m_sent.end() && found->sequence == sequence ? found : m_sent.end();
}

void Outbox::markFailed(Sequence sequence)
{
    if (const auto found = findSent(sequence); found != m_sent.end())
        found->what.reset();
}

void Outbox::undo(const Sent &sent)
{
    switch (sent.kind) {
    case OperationKind::Rename: m_index.rename(sent.path, sent.other); break;
    case OperationKind::Exchange: m_index.exchange(sent.path, sent.other); return;
    case OperationKind::Consistent: return;
    default: break;
    }
    if (!sent.prior) {
        m_index.erase(sent.path);
        return;
    }
    index::IndexEntry prior = *sent.prior;
    // It is a file of its own there, whatever it is at the source: it is to be joined again.
    if (sent.kind == OperationKind::Link)
        prior.source = {};
    m_index.set(sent.path, std::move(prior));
}

void Outbox::undoOtherNames(const Sent &sent, QList<Undone> &undone)
{
    for (const RelPath &name : otherNames(sent, sent.path)) {
        index::IndexEntry entry = *m_index.find(name);
        entry.attributes = sent.prior->attributes;
        m_index.set(name, std::move(entry));
        undone.append({name, sent.capturedAt, false, std::nullopt});
    }
}

QList<Undone> Outbox::undoAfter(Sequence applied)
{
    QList<Undone> undone;
    while (!m_sent.empty() && m_sent.back().sequence > applied) {
        const Sent &sent = m_sent.back();
        const index::IndexEntry *entry = m_index.find(sent.path);
        const bool attributesOnly = sent.kind == OperationKind::SetAttributes && entry
            && entry->kind == EntryKind::Directory;
        undone.append({sent.path, sent.capturedAt, attributesOnly, std::nullopt});
        if (isMove(sent.kind))
            undone.last().back = Move{sent.path, sent.other, sent.kind == OperationKind::Exchange};
        if (hasOther(sent.kind))
            undone.append({sent.other, sent.capturedAt, false, std::nullopt});
        undo(sent);
        if (sent.kind == OperationKind::SetAttributes && sent.prior)
            undoOtherNames(sent, undone);
        m_sent.pop_back();
    }
    m_sent.clear();
    m_pendingBytes = 0;
    discardMessages();
    return undone;
}

QList<RelPath> Outbox::pathsOf(Sequence sequence) const
{
    const auto found = std::ranges::lower_bound(m_sent, sequence, std::less(), &Sent::sequence);
    if (found == m_sent.end() || found->sequence != sequence)
        return {};
    QList<RelPath> paths{found->path};
    if (!found->other.isRoot())
        paths.append(found->other);
    for (const Sent &later : std::ranges::subrange(std::next(found), m_sent.end())) {
        if (!isMove(later.kind))
            continue;
        const Move move{later.other, later.path, later.kind == OperationKind::Exchange};
        for (RelPath &path : paths)
            path = move.applied(path);
    }
    if (found->kind == OperationKind::SetAttributes && found->prior)
        paths += otherNames(*found, paths.first());
    return paths;
}

// The attributes of a file are those of all its names.
QList<RelPath> Outbox::otherNames(const Sent &sent, const RelPath &path) const
{
    if (sent.prior->kind == EntryKind::Directory || sent.prior->source.inode == 0)
        return {};
    QList<RelPath> names = m_index.pathsOf(sent.prior->source);
    names.removeOne(path);
    return names;
}

std::optional<MonotonicTime> Outbox::oldest() const
{
    std::optional<MonotonicTime> oldest;
    for (const Sent &sent : m_sent) {
        if (!oldest || sent.capturedAt < *oldest)
            oldest = sent.capturedAt;
    }
    return oldest;
}

} // namespace octopus::mirror
