#include "engine/mirror/target.h"

#include "engine/base/log.h"
#include "engine/index/blockmap.h"
#include "engine/wire/codec.h"

#include <algorithm>

namespace octopus::mirror {

// The journal is folded into the tree after this much quiet.
static constexpr Milliseconds idleCheckpoint(2000);
// Operations and bytes applied as one batch at most.
static constexpr qsizetype batchOperations = 4096;
static constexpr quint64 batchBytes = 8 * 1024 * 1024;
// Messages prepared ahead of the connection's pull.
static constexpr qsizetype preparedMessages = 4;
// Operations wait while the primary does not take this many answers.
static constexpr size_t mostAnswers = 1024;
// Messages, and their bytes in memory, taken from the connection ahead of the work. The content for
// which there is credit fits in.
static constexpr size_t mostWaiting = 1024;
static constexpr qsizetype mostFootprint = 2 * qsizetype(Target::window);
static constexpr qsizetype mostRequests = 64;
static constexpr quint64 hashStep = 4 * 1024 * 1024;

Target::Target(Root &root, std::unique_ptr<apply::Applier> applier, const Clock &clock,
               QByteArray destination)
    : m_root(root),
      m_applier(std::move(applier)),
      m_clock(clock),
      m_destination(std::move(destination)),
      m_received(m_applier->applied()),
      m_lastWork(clock.monotonic())
{}

void Target::connected(const wire::OpenMirror &open)
{
    m_open = open;
    m_stateDue = true;
    m_connected = true;
    m_refusal.reset();
    forgetRequests();
}

void Target::disconnected()
{
    m_connected = false;
    m_open.reset();
    forgetRequests();
}

// Nobody waits for the answers any more.
void Target::forgetRequests()
{
    m_outbox.clear();
    m_lister.reset();
    m_listings.clear();
    m_hashing.reset();
    m_hashings.clear();
    std::erase_if(m_inbox, [this](const wire::Message &message) {
        const bool isRequest = std::holds_alternative<wire::ListTree>(message)
            || std::holds_alternative<wire::BlocksRequest>(message)
            || std::holds_alternative<wire::CloseMirror>(message);
        if (isRequest)
            m_inboxFootprint -= wire::footprint(message);
        return isRequest;
    });
}

bool Target::isFull() const
{
    return m_inbox.size() >= mostWaiting || m_inboxFootprint >= mostFootprint;
}

bool Target::hasRoom() const
{
    return m_inbox.size() < mostWaiting / 2 && m_inboxFootprint < mostFootprint / 2;
}

Result<void> Target::receive(wire::Message message)
{
    const bool expected = std::holds_alternative<wire::Operations>(message)
        || std::holds_alternative<StageBegin>(message)
        || std::holds_alternative<StageChunk>(message)
        || std::holds_alternative<wire::StageDrop>(message)
        || std::holds_alternative<wire::ListTree>(message)
        || std::holds_alternative<wire::BlocksRequest>(message)
        || std::holds_alternative<wire::CloseMirror>(message);
    if (std::holds_alternative<wire::Heartbeat>(message))
        return {};
    if (!expected || !m_connected || m_stateDue)
        return failure(ErrorCode::Corrupt, "the primary sent a message out of place");
    if (m_refusal) // it may not have read that yet
        return std::unexpected(*m_refusal);
    const quint64 bytes = wire::contentBytes(message);
    if (m_inboxBytes + bytes > 2 * window)
        return failure(ErrorCode::Corrupt, "the primary sent more than it may");
    if (const auto *batch = std::get_if<wire::Operations>(&message)) {
        for (const Operation &operation : batch->operations) {
            if (operation.sequence != octopus::next(m_received))
                return failure(ErrorCode::Corrupt, "the primary skipped an operation");
            m_received = operation.sequence;
        }
    }
    m_inboxBytes += bytes;
    m_inboxFootprint += wire::footprint(message);
    m_inbox.push_back(std::move(message));
    return {};
}

Result<bool> Target::work()
{
    if (m_erased)
        return false;
    if (!m_inbox.empty()) {
        const bool isUnread = m_connected && !m_stateDue && m_outbox.size() >= mostAnswers;
        m_lastWork = m_clock.monotonic();
        return isUnread ? Result<bool>(true) : takeInbox();
    }
    if (m_stateDue) {
        m_lastWork = m_clock.monotonic();
        sendState();
        return true;
    }
    if (!m_connected && m_applier->hasOpenStages()) {
        m_applier->partStages(); // durable now, not when the primary comes again
        return true;
    }
    if (m_outbox.size() < preparedMessages && stepHashing())
        return true;
    if (!m_lister && !m_listings.empty()) {
        m_lister = std::make_unique<TreeLister>(m_root, *m_applier, m_listings.front());
        m_listings.pop_front();
    }
    if (m_lister && m_outbox.size() < preparedMessages) {
        if (auto message = m_lister->step())
            m_outbox.push_back(std::move(*message));
        if (m_lister->isDone())
            m_lister.reset();
        return true;
    }
    const bool isQuiet = m_clock.monotonic() - m_lastWork >= idleCheckpoint;
    if (m_applier->checkpointDue() || (isQuiet && m_applier->checkpointUseful()))
        OCTOPUS_TRY(m_applier->checkpoint());
    return false;
}

void Target::sendState()
{
    m_stateDue = false;
    m_consumed = 0;   // what the last connection left is none of this one's credit
    m_outbox.clear(); // acknowledgements of it
    const apply::ReplicaRecord &record = m_applier->record();
    if (m_open->epoch < record.epoch) {
        refuse({ErrorCode::VersionMismatch, "a later writer of this vault is known here", 0});
        return;
    }
    m_applier->partStages();
    m_received = m_applier->applied();
    wire::MirrorState state;
    state.epoch = record.epoch;
    // Failures that the primary may not have heard of: only a comparison tells what is where.
    const bool inDoubt = record.stream == m_open->stream && !m_applier->failures().isEmpty();
    state.stream = inDoubt ? StreamId{} : record.stream;
    state.applied = m_applier->applied();
    state.consistent = record.consistent;
    state.canSetOwner = m_root.canSetOwner();
    state.destination = m_destination;
    state.credit = window;
    state.held = m_applier->heldStages();
    m_outbox.emplace_back(state);
}

void Target::refuse(const Error &error)
{
    m_refusal = error;
    m_outbox.emplace_back(wire::Refusal{error.code, error.detail, {}});
}

wire::Message Target::popInbox()
{
    m_inboxFootprint -= wire::footprint(m_inbox.front());
    m_inboxBytes -= wire::contentBytes(m_inbox.front());
    wire::Message message = std::move(m_inbox.front());
    m_inbox.pop_front();
    return message;
}

// Takes everything up to and including the operations that wait, or one other message.
Result<bool> Target::takeInbox()
{
    if (std::holds_alternative<wire::Operations>(m_inbox.front())) {
        OCTOPUS_TRY(applyWaiting());
        return true;
    }
    if (const auto *chunk = std::get_if<StageChunk>(&m_inbox.front());
        chunk && !m_applier->catchUpStage(chunk->stage))
        return true;
    const wire::Message message = popInbox();
    if (const auto *begun = std::get_if<StageBegin>(&message)) {
        if (const auto opened = m_applier->beginStage(*begun); !opened)
            qCInfo(logApply) << "cannot go on with content sent ahead:" << opened.error().detail;
    } else if (const auto *chunk = std::get_if<StageChunk>(&message)) {
        // A failure surfaces with the operation that names the stage.
        if (const auto added = m_applier->addChunk(*chunk); !added)
            qCInfo(logApply) << "cannot keep content sent ahead:" << added.error().detail;
        m_consumed += quint64(chunk->bytes.size());
        acknowledge();
    } else if (const auto *drop = std::get_if<wire::StageDrop>(&message)) {
        m_applier->dropStage(drop->stage);
    } else if (const auto *list = std::get_if<wire::ListTree>(&message)) {
        OCTOPUS_TRY(take(*list));
    } else if (const auto *blocks = std::get_if<wire::BlocksRequest>(&message)) {
        take(*blocks);
    } else if (const auto *close = std::get_if<wire::CloseMirror>(&message)) {
        OCTOPUS_TRY(take(*close));
    }
    return true;
}

Result<void> Target::applyWaiting()
{
    QList<Operation> batch;
    quint64 bytes = 0;
    while (!m_inbox.empty()) {
        const auto *next = std::get_if<wire::Operations>(&m_inbox.front());
        const quint64 weight = next ? wire::contentBytes(m_inbox.front()) : 0;
        const bool fits = batch.isEmpty()
            || (next && bytes + weight <= batchBytes
                && batch.size() + next->operations.size() <= batchOperations);
        if (!next || !fits)
            break;
        bytes += weight;
        QList<Operation> more = std::get<wire::Operations>(popInbox()).operations;
        if (batch.isEmpty())
            batch = std::move(more);
        else
            batch.append(std::move(more));
    }
    const auto failed = m_applier->apply(batch);
    if (!failed)
        return passOn(failed);
    for (const apply::FailedOperation &one : *failed) {
        // Unsupported means on the wire: carried out, but an attribute was lost.
        ErrorCode code =
            one.error.code == ErrorCode::Unsupported ? ErrorCode::Other : one.error.code;
        if (one.applied)
            code = ErrorCode::Unsupported;
        m_outbox.emplace_back(wire::OperationFailed{one.sequence, code, one.error.detail});
    }
    m_lastApplied = m_clock.wall();
    m_consumed += bytes;
    acknowledge();
    if (m_applier->checkpointDue())
        OCTOPUS_TRY(m_applier->checkpoint());
    return {};
}

void Target::acknowledge()
{
    const wire::Acknowledgement now{m_received, m_applier->durable(), m_applier->applied(),
                                    m_consumed + window};
    // Cumulative: a later one replaces an earlier one that is still waiting.
    if (!m_outbox.empty()) {
        if (auto *waiting = std::get_if<wire::Acknowledgement>(&m_outbox.back())) {
            *waiting = now;
            return;
        }
    }
    m_outbox.emplace_back(now);
}

Result<void> Target::take(const wire::ListTree &request)
{
    if (m_listings.size() >= mostRequests
        || request.path.isWithin(RelPath::of(apply::controlFolder)))
        return {}; // nobody of ours asks for so much, or for that
    if (request.path.isRoot() && !request.forVerification && m_open) {
        if (m_applier->record().stream != m_open->stream) {
            OCTOPUS_TRY(m_applier->beginStream(m_open->epoch, m_open->stream, m_open->key));
            m_received = m_applier->applied();
        }
        OCTOPUS_TRY(m_applier->markInconsistent());
    }
    if (!request.forVerification) {
        OCTOPUS_TRY(m_applier->checkpoint());
        for (const apply::FailedOperation &failed : m_applier->failures()) {
            if (failed.path.isWithin(request.path))
                m_applier->forgive(failed.path); // the primary learns what is there
        }
    }
    m_listings.push_back(request);
    return {};
}

void Target::take(const wire::BlocksRequest &request)
{
    if (m_hashings.size() < mostRequests)
        m_hashings.push_back(request);
}

bool Target::stepHashing()
{
    if (!m_hashing) {
        if (m_hashings.empty())
            return false;
        const wire::BlocksRequest request = m_hashings.front();
        m_hashings.pop_front();
        auto file = request.path.isWithin(RelPath::of(apply::controlFolder))
            ? Result<std::unique_ptr<File>>(failure(ErrorCode::Refused))
            : m_root.open(request.path, OpenMode::Read);
        const auto stat = file ? (*file)->stat() : Result<EntryStat>(passOn(file));
        if (!stat) {
            m_outbox.emplace_back(wire::BlockHashes{request.request, 0, true, {}});
            return true;
        }
        m_hashing = Hashing{request, std::move(*file), stat->size, 0};
    }
    const auto bytes = m_hashing->file->read(m_hashing->offset, hashStep);
    if (!bytes) {
        m_outbox.emplace_back(wire::BlockHashes{m_hashing->request.request, 0, true, {}});
        m_hashing.reset();
        return true;
    }
    index::BlockMap piece;
    piece.blockSize = m_hashing->request.blockSize;
    index::appendBlocks(piece, *bytes, m_applier->record().key);
    m_hashing->offset += quint64(bytes->size());
    const bool last = m_hashing->offset >= m_hashing->size || bytes->size() < qsizetype(hashStep);
    m_outbox.emplace_back(wire::BlockHashes{m_hashing->request.request, m_hashing->size, last,
                                            std::move(piece.hashes)});
    if (last)
        m_hashing.reset();
    return true;
}

Result<void> Target::take(const wire::CloseMirror &close)
{
    if (close.erase)
        OCTOPUS_TRY(m_applier->eraseReplica());
    else
        OCTOPUS_TRY(m_applier->checkpoint());
    m_erased = close.erase;
    m_outbox.emplace_back(wire::MirrorClosed{});
    return {};
}

std::optional<wire::Message> Target::next()
{
    if (!m_connected || m_stateDue || m_outbox.empty())
        return std::nullopt; // the state comes first
    wire::Message message = std::move(m_outbox.front());
    m_outbox.pop_front();
    return message;
}

std::optional<MonotonicTime> Target::nextDue() const
{
    if (!m_applier->checkpointUseful())
        return std::nullopt;
    return m_lastWork + idleCheckpoint;
}

} // namespace octopus::mirror
