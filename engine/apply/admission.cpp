#include "engine/apply/admission.h"

#include "engine/apply/layout.h"

namespace octopus::apply {

namespace {

bool hasContent(OperationKind kind)
{
    return kind == OperationKind::PutFile || kind == OperationKind::WriteRanges;
}

// Something may come to stand where nothing was.
bool fillsPlace(OperationKind kind)
{
    switch (kind) {
    case OperationKind::MakeDirectory:
    case OperationKind::PutFile:
    case OperationKind::MakeSymlink:
    case OperationKind::MakeFifo:
    case OperationKind::Link:
    case OperationKind::Rename: return true;
    default: return false;
    }
}

Result<void> checkPaths(const Operation &operation)
{
    if (operation.kind == OperationKind::Consistent)
        return {};
    const bool rootAllowed = operation.kind == OperationKind::MakeDirectory
        || operation.kind == OperationKind::SetAttributes;
    if (operation.path.isRoot() && !rootAllowed)
        return failure(ErrorCode::Invalid, "the operation does not apply to the root");
    if (isReserved(operation.path))
        return failure(ErrorCode::Refused,
                       "the path belongs to Octopus: " + operation.path.bytes());
    if (!hasOther(operation.kind))
        return {};
    if (operation.other.isRoot())
        return failure(ErrorCode::Invalid, "the operation does not apply to the root");
    if (isReserved(operation.other))
        return failure(ErrorCode::Refused,
                       "the path belongs to Octopus: " + operation.other.bytes());
    if (operation.path.isWithin(operation.other) || operation.other.isWithin(operation.path))
        return failure(ErrorCode::Invalid, "one path of the operation is within the other");
    return {};
}

} // namespace

void Admission::beginGroup()
{
    m_adopted.clear();
    m_vacated.clear();
    m_made.clear();
}

bool Admission::mustWait(const Operation &operation) const
{
    if (m_adopted.contains(operation.path) || m_adopted.contains(operation.other))
        return true;
    // A directory that was removed may still be there, for what is not ours in it.
    if (!fillsPlace(operation.kind) || !m_vacated.contains(operation.path))
        return false;
    const Touch *touched = m.window.touch(operation.path);
    return touched && touched->kind == EntryKind::Directory;
}

// The manifest learns where things are now when the operation is carried out.
bool Admission::endsGroup(const Operation &operation, const PathFacts &facts) const
{
    return operation.kind == OperationKind::Exchange
        || (operation.kind == OperationKind::Rename && facts.otherKind == EntryKind::Directory);
}

std::optional<EntryKind> Admission::kindAt(const RelPath &path) const
{
    if (path.isRoot())
        return EntryKind::Directory;
    if (const Touch *touched = m.window.touch(path); touched && touched->kind)
        return touched->present ? touched->kind : std::nullopt;
    if (const auto adopted = m_adopted.find(path); adopted != m_adopted.end())
        return adopted->second;
    const OwnEntry *entry = m.manifest->find(path);
    return entry ? std::optional(entry->kind) : std::nullopt;
}

bool Admission::hasEntries(const RelPath &directory) const
{
    const Manifest::Map &entries = m.manifest->entries();
    for (auto it = entries.upper_bound(directory);
         it != entries.end() && it->first.isWithin(directory); ++it) {
        if (kindAt(it->first))
            return true;
    }
    return m.window.hasPresentBelow(directory);
}

Result<EntryKind> Admission::requireOwn(const RelPath &path)
{
    if (const auto kind = kindAt(path))
        return *kind;
    if (m_vacated.contains(path) || !m.root.stat(path))
        return failure(ErrorCode::NotFound, "nothing is at " + path.bytes());
    return failure(ErrorCode::Refused, "a foreign entry is at " + path.bytes());
}

// Attributes are those of all names of a file. Where a name may be anybody's (somebody put a
// further one here by hand, or this one was adopted), they are changed only if all are own.
Result<void> Admission::requireOwnNames(const RelPath &path) const
{
    const Touch *touched = m.window.touch(path);
    if (touched && touched->filled)
        return {}; // made by the operations before this one, perhaps of this very group
    const OwnEntry *entry = m.manifest->find(path);
    const auto stat = m.root.stat(path);
    if (!entry || !stat || stat->kind == EntryKind::Directory || stat->links < 2
        || (entry->linked && !entry->shared))
        return {};
    quint32 own = 0;
    const auto count = [&](const RelPath &name) {
        const auto there = m.root.stat(name);
        own += there && there->identity == stat->identity;
    };
    for (const auto &[name, other] : m.manifest->entries()) {
        if (other.shared)
            count(name);
    }
    for (const auto &[name, kind] : m_adopted)
        count(name);
    if (own >= stat->links)
        return {};
    return failure(ErrorCode::Refused,
                   "the file has a name that Octopus did not put there: " + path.bytes());
}

// A directory in which another replica is kept is none to work in, foreign or not.
static Result<void> requireNoReplica(Root &root, const RelPath &directory)
{
    const auto record = layout::replica().rebased(RelPath(), directory);
    if (!record || !root.stat(*record))
        return {};
    return failure(ErrorCode::Refused, "another replica is kept at " + directory.bytes());
}

Result<PlannedOperation> Admission::admit(const Operation &operation, const PathFacts &facts)
{
    PlannedOperation planned{.operation = operation};
    const auto admitted = [&]() -> Result<void> {
        OCTOPUS_TRY(checkPaths(operation));
        OCTOPUS_TRY(admitSource(operation));
        OCTOPUS_TRY(admitPlace(planned));
        OCTOPUS_TRY(admitAdoption(planned));
        OCTOPUS_TRY(admitExchange(planned));
        return admitContent(planned);
    }();
    if (!admitted) {
        m.staging.drop(operation.stage);
        return passOn(admitted);
    }
    planned.keepOld = keepsOld(operation, facts);
    planned.heard = m.manifest->failures().heardBy(operation);
    if (operation.kind == OperationKind::Remove)
        m_vacated.insert(operation.path);
    else if (operation.kind == OperationKind::Rename)
        m_vacated.insert(operation.other);
    m_vacated.erase(fillsPlace(operation.kind) ? operation.path : RelPath());
    return planned;
}

Result<void> Admission::admitContent(PlannedOperation &planned)
{
    const Operation &operation = planned.operation;
    if (!hasContent(operation.kind))
        return {};
    if (operation.stage != StageId{}) {
        auto extents = m.staging.seal(operation.stage, operation.size, operation.digest);
        if (!extents)
            return passOn(extents);
        if (operation.kind == OperationKind::WriteRanges)
            planned.staged = std::move(*extents);
        return {};
    }
    for (const DataRange &range : operation.ranges) {
        if (range.offset > operation.size
            || quint64(range.bytes.size()) > operation.size - range.offset)
            return failure(ErrorCode::Corrupt, "the content exceeds the file's size");
    }
    if (contentDigest(operation.ranges, operation.size, m.record.key) != operation.digest)
        return failure(ErrorCode::Corrupt, "the content fails its check");
    return {};
}

// What the operation takes from, or changes, must be own.
Result<void> Admission::admitSource(const Operation &operation)
{
    switch (operation.kind) {
    case OperationKind::WriteRanges:
    case OperationKind::SetAttributes: {
        const auto kind = requireOwn(operation.path);
        if (!kind)
            return passOn(kind);
        if (operation.kind == OperationKind::WriteRanges && *kind != EntryKind::File)
            return failure(ErrorCode::IsDirectory, "no regular file: " + operation.path.bytes());
        return operation.kind == OperationKind::SetAttributes ? requireOwnNames(operation.path)
                                                              : Result<void>();
    }
    case OperationKind::Remove: {
        const auto kind = requireOwn(operation.path);
        if (!kind)
            return kind.error().code == ErrorCode::NotFound ? Result<void>() : passOn(kind);
        if (*kind == EntryKind::Directory && hasEntries(operation.path))
            return failure(ErrorCode::NotEmpty,
                           "the directory holds entries: " + operation.path.bytes());
        return {};
    }
    case OperationKind::Link:
    case OperationKind::Rename: {
        const auto kind = requireOwn(operation.other);
        if (!kind)
            return passOn(kind);
        if (*kind == EntryKind::Directory && operation.kind == OperationKind::Link)
            return failure(ErrorCode::IsDirectory, "a directory has one name");
        return {};
    }
    case OperationKind::Exchange: {
        const auto kind = requireOwn(operation.path);
        const auto other = requireOwn(operation.other);
        if (!kind || !other)
            return kind ? passOn(other) : passOn(kind);
        return {};
    }
    default: return {};
    }
}

Result<void> Admission::admitOver(const Operation &operation, EntryKind there)
{
    if (there == EntryKind::Directory && operation.kind != OperationKind::MakeDirectory)
        return failure(ErrorCode::IsDirectory, "a directory is at " + operation.path.bytes());
    return {};
}

// Something new stands in an own directory, in the place of something own or of nothing.
Result<void> Admission::admitPlace(PlannedOperation &planned)
{
    const Operation &operation = planned.operation;
    if (!fillsPlace(operation.kind) || operation.path.isRoot())
        return {};
    const auto directory = requireOwn(operation.path.parent());
    if (!directory)
        return passOn(directory);
    if (*directory != EntryKind::Directory)
        return failure(ErrorCode::NotDirectory,
                       "no directory is at " + operation.path.parent().bytes());
    if (const auto there = kindAt(operation.path))
        return admitOver(operation, *there);
    if (m_vacated.contains(operation.path))
        return {};
    const auto stat = m_made.contains(operation.path.parent())
        ? Result<EntryStat>(failure(ErrorCode::NotFound))
        : m.root.stat(operation.path);
    if (!stat) {
        if (operation.kind == OperationKind::MakeDirectory)
            m_made.insert(operation.path);
        return {}; // nothing is there, or carrying it out will tell
    }
    const bool usable = operation.kind == OperationKind::MakeDirectory
        && stat->kind == EntryKind::Directory && m.adopt;
    if (!usable)
        return failure(ErrorCode::Refused, "a foreign entry is at " + operation.path.bytes());
    OCTOPUS_TRY(requireNoReplica(m.root, operation.path));
    // An own directory whose removal failed stands there still, and stays an own one.
    const OwnEntry *entry = m.manifest->find(operation.path);
    planned.borrow = !entry || entry->kind != EntryKind::Directory;
    return {};
}

Result<void> Admission::admitAdoption(PlannedOperation &planned)
{
    const RelPath &path = planned.operation.path;
    if (planned.operation.kind != OperationKind::Adopt)
        return {};
    if (const OwnEntry *entry = m.manifest->find(path)) {
        planned.adopted = *entry;
        return {};
    }
    if (const auto directory = requireOwn(path.parent()); !directory)
        return passOn(directory);
    const auto stat = m.root.stat(path);
    if (!stat)
        return passOn(stat);
    if (stat->kind == EntryKind::Socket || stat->kind == EntryKind::Device)
        return failure(ErrorCode::Refused, "neither sockets nor devices are adopted");
    if (stat->kind == EntryKind::Directory)
        OCTOPUS_TRY(requireNoReplica(m.root, path));
    planned.adopted.kind = stat->kind;
    planned.adopted.linked = stat->kind != EntryKind::Directory && stat->links > 1;
    planned.adopted.shared = planned.adopted.linked;
    planned.adopted.mode = quint16(stat->mode);
    planned.adopted.mtimeNs = stat->mtimeNs;
    m_adopted.emplace(path, stat->kind);
    return {};
}

Result<void> Admission::admitExchange(PlannedOperation &planned)
{
    if (planned.operation.kind != OperationKind::Exchange)
        return {};
    const auto path = m.root.stat(planned.operation.path);
    if (!path)
        return passOn(path);
    const auto other = m.root.stat(planned.operation.other);
    if (!other)
        return passOn(other);
    if (path->identity == other->identity)
        return failure(ErrorCode::Invalid, "both paths name the same file");
    planned.pathIdentity = path->identity;
    planned.otherIdentity = other->identity;
    return {};
}

bool Admission::keepsOld(const Operation &operation, const PathFacts &facts) const
{
    const bool removes = operation.kind == OperationKind::Remove;
    if (!m.versions->keepsAnything() || (!removes && !fillsPlace(operation.kind)))
        return false;
    const Touch *touched = m.window.touch(operation.path);
    if (touched && !touched->present)
        return false;
    const auto kind = touched ? touched->kind : facts.kind;
    if (kind != EntryKind::File && kind != EntryKind::Symlink)
        return false;
    if (removes)
        return true;
    const MonotonicTime now = m.clock.monotonic();
    if (touched && touched->placedAt)
        return now - *touched->placedAt >= shortLife;
    const OwnEntry *entry = m.manifest->find(operation.path);
    const quint32 tick = entry ? entry->placedTick : 0;
    return tick == 0 || placedTick(now) - tick >= quint32(shortLife / Milliseconds(100));
}

} // namespace octopus::apply
