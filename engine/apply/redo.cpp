#include "engine/apply/redo.h"

#include "engine/apply/treewriter.h"

#include <map>

namespace octopus::apply {

namespace {

// Which paths are changed how late in the journal.
class Sequel
{
public:
    explicit Sequel(const QList<JournalRecord> &records)
    {
        for (const JournalRecord &record : records) {
            if (const auto *planned = std::get_if<PlannedOperation>(&record))
                note(planned->operation);
        }
    }

    // True if a later operation takes away, moves or replaces what `operation` is about, so that it
    // may find its paths in a state of the future.
    [[nodiscard]] bool overtakes(const Operation &operation) const
    {
        return isOvertaken(operation.path, operation.sequence)
            || (!operation.other.isRoot() && isOvertaken(operation.other, operation.sequence));
    }

private:
    void note(const Operation &operation)
    {
        switch (operation.kind) {
        case OperationKind::Rename:
        case OperationKind::Exchange:
            m_moved[operation.other] = operation.sequence;
            m_moved[operation.path] = operation.sequence;
            return;
        case OperationKind::Remove: m_moved[operation.path] = operation.sequence; return;
        case OperationKind::SetAttributes:
        case OperationKind::WriteRanges:
        case OperationKind::Adopt:
        case OperationKind::Consistent: return;
        default: m_replaced[operation.path] = operation.sequence;
        }
    }

    static bool isAfter(const std::map<RelPath, Sequence> &last, const RelPath &path, Sequence than)
    {
        const auto found = last.find(path);
        return found != last.end() && found->second > than;
    }

    [[nodiscard]] bool isOvertaken(const RelPath &path, Sequence than) const
    {
        if (isAfter(m_replaced, path, than))
            return true;
        for (RelPath at = path; !at.isRoot(); at = at.parent()) {
            if (isAfter(m_moved, at, than))
                return true;
        }
        return false;
    }

    std::map<RelPath, Sequence> m_moved;    // with everything below
    std::map<RelPath, Sequence> m_replaced; // the path alone
};

std::map<Sequence, const FailedOperation *> failuresIn(const QList<JournalRecord> &records)
{
    std::map<Sequence, const FailedOperation *> failures;
    for (const JournalRecord &record : records) {
        if (const auto *failed = std::get_if<FailedOperation>(&record))
            failures[failed->sequence] = failed;
    }
    return failures;
}

// True for what the whole replica suffers from.
bool concernsReplica(ErrorCode code)
{
    return code == ErrorCode::NoSpace || code == ErrorCode::ReadOnly
        || code == ErrorCode::InputOutput || code == ErrorCode::Disconnected;
}

Result<void> redoOne(Replica &replica, TreeWriter &writer, const PlannedOperation &planned,
                     const Sequel &sequel)
{
    const Operation &operation = planned.operation;
    const PathFacts facts = factsFor(*replica.manifest, operation);
    replica.manifest->failures().hear(operation, planned.heard);
    const auto done = writer.carryOut({planned, true});
    if (done)
        replica.window.note(operation, facts, replica.clock.monotonic());
    if (done && !*done)
        return {};
    const Error error = done ? **done : done.error();
    if (!done && concernsReplica(error.code))
        return std::unexpected(error);
    if (!done && isStructural(error.code) && sequel.overtakes(operation))
        return {};
    replica.manifest->failures().add(failureOf(operation, error, done.has_value()));
    return {};
}

// What came into the directory since was acknowledged. Where it cannot be made, the failure says enough.
Result<void> makeAgain(Replica &replica, TreeWriter &writer, const PlannedOperation &planned)
{
    const PathFacts facts = factsFor(*replica.manifest, planned.operation);
    const auto made = writer.makeAgain(planned);
    if (made)
        replica.window.note(planned.operation, facts, replica.clock.monotonic());
    return made || !concernsReplica(made.error().code) ? Result<void>() : made;
}

} // namespace

Result<void> redo(Replica &replica, const QList<JournalRecord> &records)
{
    const Sequel sequel(records);
    auto failed = failuresIn(records);
    TreeWriter writer(replica);
    for (const JournalRecord &record : records) {
        const auto *planned = std::get_if<PlannedOperation>(&record);
        const Sequence sequence =
            planned ? planned->operation.sequence : std::get<FailedOperation>(record).sequence;
        if (const auto mark = failed.find(sequence); mark != failed.end()) {
            // As it went the first time, and at that point.
            if (const auto *failure = std::exchange(mark->second, nullptr)) {
                if (planned && failure->made)
                    OCTOPUS_TRY(makeAgain(replica, writer, *planned));
                replica.manifest->failures().add(*failure);
            }
        } else {
            OCTOPUS_TRY(redoOne(replica, writer, *planned, sequel));
        }
        replica.applied = std::max(replica.applied, sequence);
    }
    writer.settle(true);
    return {};
}

} // namespace octopus::apply
