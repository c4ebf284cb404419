#include "engine/apply/failures.h"

#include "engine/model/operationcodec.h"

#include <algorithm>
#include <vector>

namespace octopus::apply {

static constexpr qsizetype detailCap = 1024;

// True if a failure of this operation leaves its path in doubt.
static bool decidesContent(OperationKind kind)
{
    switch (kind) {
    case OperationKind::SetAttributes:
    case OperationKind::Remove:
    case OperationKind::Adopt:
    case OperationKind::Consistent: return false;
    default: return true;
    }
}

FailedOperation failureOf(const Operation &operation, const Error &error, bool applied)
{
    return {.sequence = operation.sequence,
            .path = operation.path,
            .other = isMove(operation.kind) && !applied ? operation.other : RelPath(),
            .error = error,
            .applied = applied,
            .inDoubt = !applied && decidesContent(operation.kind)};
}

void Failures::add(const FailedOperation &failed)
{
    FailedOperation one = failed;
    one.other = {};
    open(one);
    if (failed.other.isRoot())
        return;
    one.path = failed.other;
    open(std::move(one));
}

void Failures::open(FailedOperation failed)
{
    const auto before = m_failed.find(failed.path);
    failed.inDoubt |= before != m_failed.end() && before->second.inDoubt;
    m_failed[failed.path] = std::move(failed);
    m_changed = true;
}

bool Failures::forget(const RelPath &path)
{
    const bool wasOpen = m_failed.erase(path) > 0;
    m_changed |= wasOpen;
    return wasOpen;
}

void Failures::hear(const RelPath &path)
{
    const auto found = m_failed.find(path);
    if (found == m_failed.end())
        return;
    m_changed = true;
    if (found->second.inDoubt)
        found->second.heard = true;
    else
        m_failed.erase(found);
}

void Failures::hearAll()
{
    for (const FailedOperation &failed : all())
        hear(failed.path);
}

bool Failures::isInDoubt(const RelPath &path) const
{
    const auto found = m_failed.find(path);
    return found != m_failed.end() && found->second.inDoubt;
}

// Everything at and below `from`; nothing is at or below `to`.
void Failures::move(const RelPath &from, const RelPath &to)
{
    std::vector<std::map<RelPath, FailedOperation>::node_type> nodes;
    for (auto it = m_failed.lower_bound(from); it != m_failed.end() && it->first.isWithin(from);)
        nodes.push_back(m_failed.extract(it++));
    for (auto &node : nodes) {
        if (auto rebased = node.key().rebased(from, to)) {
            node.key() = *rebased;
            node.mapped().path = *rebased;
            m_failed.insert(std::move(node));
        }
    }
    m_changed |= !nodes.empty();
}

void Failures::settle(const Operation &operation)
{
    if (m_failed.empty())
        return;
    switch (operation.kind) {
    case OperationKind::Exchange: {
        const RelPath aside = RelPath::of(".octopus/aside"); // no operation can name it
        move(operation.path, aside);
        move(operation.other, operation.path);
        move(aside, operation.other);
        return;
    }
    case OperationKind::Rename:
        forget(operation.path);
        move(operation.other, operation.path);
        return;
    case OperationKind::SetAttributes: {
        // Allowed only where nothing is in doubt, or where the primary found that the content is right.
        forget(operation.path);
        return;
    }
    case OperationKind::Consistent: return;
    default: forget(operation.path); return;
    }
}

// The doubt about the content that `operation` builds upon.
Failures::Map::const_iterator Failures::doubtUnder(const Operation &operation) const
{
    const bool builds = operation.kind == OperationKind::WriteRanges
        || operation.kind == OperationKind::SetAttributes || operation.kind == OperationKind::Link;
    if (m_failed.empty() || !builds)
        return m_failed.end();
    const auto found =
        m_failed.find(operation.kind == OperationKind::Link ? operation.other : operation.path);
    return found != m_failed.end() && found->second.inDoubt ? found : m_failed.end();
}

const FailedOperation *Failures::obstacle(const Operation &operation) const
{
    const auto doubt = doubtUnder(operation);
    return doubt != m_failed.end() && !doubt->second.heard ? &doubt->second : nullptr;
}

Sequence Failures::heardBy(const Operation &operation) const
{
    const auto doubt = doubtUnder(operation);
    return doubt != m_failed.end() && doubt->second.heard ? doubt->second.sequence : Sequence{};
}

void Failures::hear(const Operation &operation, Sequence failure)
{
    const auto doubt = doubtUnder(operation);
    if (doubt != m_failed.end() && doubt->second.sequence == failure)
        hear(doubt->first);
}

QList<FailedOperation> Failures::all() const
{
    QList<FailedOperation> out;
    for (const auto &[path, failed] : m_failed)
        out.append(failed);
    std::ranges::stable_sort(out, {}, &FailedOperation::sequence);
    return out;
}

void encodeFailure(ByteWriter &writer, const FailedOperation &failed)
{
    writer.varint(number(failed.sequence));
    writer.sized(failed.path.bytes());
    writer.u8(quint8(failed.error.code));
    writer.sized(
        QByteArrayView(failed.error.detail).first(std::min(failed.error.detail.size(), detailCap)));
    writer.u32(quint32(failed.error.systemError));
    const bool moves = !failed.other.isRoot();
    writer.u8(quint8((failed.applied ? 1 : 0) | (failed.inDoubt ? 2 : 0) | (failed.heard ? 4 : 0)
                     | (moves ? 8 : 0) | (failed.made ? 16 : 0)));
    if (moves)
        writer.sized(failed.other.bytes());
}

FailedOperation decodeFailure(ByteReader &reader)
{
    FailedOperation failed;
    failed.sequence = Sequence(reader.varint());
    failed.path = readPath(reader);
    failed.error.code = ErrorCode(reader.u8());
    failed.error.detail = reader.sized(detailCap).toByteArray();
    failed.error.systemError = int(reader.u32());
    const quint8 flags = reader.u8();
    failed.applied = flags & 1;
    failed.inDoubt = flags & 2;
    failed.heard = flags & 4;
    failed.made = flags & 16;
    if (flags & 8)
        failed.other = readPath(reader);
    if (failed.error.code < ErrorCode::NotFound || failed.error.code > ErrorCode::Other)
        reader.fail();
    return failed;
}

void Failures::encode(ByteWriter &writer) const
{
    writer.varint(quint64(m_failed.size()));
    for (const auto &[path, failed] : m_failed)
        encodeFailure(writer, failed);
}

void Failures::decode(ByteReader &reader)
{
    m_failed.clear();
    const qsizetype count = reader.count(4 * cap, 8);
    for (qsizetype i = 0; i < count && reader.ok(); ++i) {
        FailedOperation failed = decodeFailure(reader);
        m_failed[failed.path] = std::move(failed);
    }
    m_changed = false;
}

} // namespace octopus::apply
