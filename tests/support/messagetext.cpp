#include "tests/support/messagetext.h"

#include <iterator>
#include <type_traits>

namespace octopus::testing {

static QByteArray shown(const RelPath &path)
{
    return path.displayText().toUtf8();
}

QByteArray text(const Operation &operation)
{
    static constexpr const char *names[] = {
        "?",      "MakeDirectory", "PutFile", "WriteRanges",   "MakeSymlink", "MakeFifo",  "Link",
        "Rename", "Exchange",      "Remove",  "SetAttributes", "Adopt",       "Consistent"};
    QByteArray line = QByteArray::number(number(operation.sequence)) + ' '
        + names[std::min(size_t(operation.kind), std::size(names) - 1)] + ' '
        + shown(operation.path);
    if (!operation.other.isRoot())
        line += " from " + shown(operation.other);
    if (operation.kind == OperationKind::PutFile || operation.kind == OperationKind::WriteRanges)
        line += " size " + QByteArray::number(operation.size)
            + (operation.stage == StageId{} ? QByteArray(" inline") : QByteArray(" staged"));
    return line;
}

namespace {

struct Describe {
    QByteArray operator()(const wire::Operations &batch) const
    {
        QByteArray line;
        for (const Operation &operation : batch.operations)
            line += (line.isEmpty() ? "" : "; ") + text(operation);
        return line;
    }
    QByteArray operator()(const wire::OpenMirror &open) const
    {
        return "OpenMirror stream " + QByteArray::number(quint64(open.stream), 16);
    }
    QByteArray operator()(const wire::MirrorState &state) const
    {
        return "MirrorState stream " + QByteArray::number(quint64(state.stream), 16) + " applied "
            + QByteArray::number(number(state.applied));
    }
    QByteArray operator()(const wire::ListTree &list) const
    {
        return "ListTree " + QByteArray::number(list.request) + ' ' + shown(list.path);
    }
    QByteArray operator()(const wire::TreeListing &listing) const
    {
        QByteArray line = "TreeListing " + QByteArray::number(listing.request);
        for (const wire::TreeEntry &entry : listing.entries)
            line += ' ' + shown(entry.path) + (entry.foreign ? "(foreign)" : "");
        return line;
    }
    QByteArray operator()(const wire::TreeEnd &end) const
    {
        return "TreeEnd " + QByteArray::number(end.request);
    }
    QByteArray operator()(const wire::BlocksRequest &request) const
    {
        return "BlocksRequest " + shown(request.path);
    }
    QByteArray operator()(const StageBegin &begin) const
    {
        return "StageBegin " + QByteArray::number(quint64(begin.stage)) + ' '
            + begin.token.bytes().toHex().first(8) + " at " + QByteArray::number(begin.offset);
    }
    QByteArray operator()(const StageChunk &chunk) const
    {
        return "StageChunk " + QByteArray::number(quint64(chunk.stage)) + " at "
            + QByteArray::number(chunk.offset);
    }
    QByteArray operator()(const wire::Acknowledgement &progress) const
    {
        return "Acknowledgement received " + QByteArray::number(number(progress.received))
            + " durable " + QByteArray::number(number(progress.durable)) + " applied "
            + QByteArray::number(number(progress.applied));
    }
    QByteArray operator()(const wire::OperationFailed &failed) const
    {
        return "OperationFailed " + QByteArray::number(number(failed.sequence)) + ' '
            + failed.detail;
    }
    QByteArray operator()(const wire::Refusal &refusal) const
    {
        return "Refusal " + refusal.detail;
    }
    template <typename Other> QByteArray operator()(const Other &) const
    {
        if constexpr (std::is_same_v<Other, wire::BlockHashes>)
            return "BlockHashes";
        return "another message";
    }
};

} // namespace

QByteArray text(const wire::Message &message)
{
    return std::visit(Describe(), message);
}

QByteArray text(const FakeEvent &event)
{
    switch (event.kind) {
    case FakeEventKind::Changed: return "changed " + shown(event.path);
    case FakeEventKind::Created: return "created " + shown(event.path);
    case FakeEventKind::Removed: return "removed " + shown(event.path);
    case FakeEventKind::Moved: return "moved " + shown(event.from) + " to " + shown(event.path);
    }
    return {};
}

} // namespace octopus::testing
