#include "engine/apply/window.h"

// RULES. Redoing starts from a tree in which metadata changes are a prefix of those made, and the
// bytes of files written in the window may be old, new or zero. What follows from that:
//
//  put       (PutFile inline, MakeSymlink, MakeFifo, MakeDirectory) depends on nothing at its path:
//            it may follow anything there, unless the kind changes, or what it replaces is kept as a
//            version and was changed in place (redone upon a later content it would be a mixture),
//            or attributes went through a second name of what it replaces (they would be set on
//            the new file and not on the other name).
//  staged    (PutFile with a stage) is done once: the stage moves away. What was done before at the
//            path would be redone over it, so nothing may have been.
//  in place  (WriteRanges) depends on the bytes that it leaves alone; see put. Upon a file with other
//            names it copies, and the copied bytes may not change under a redo: the window ends.
//  Link      depends on which file `other` is: nothing may change that afterwards. Attributes set at
//            `path` before would be set on that file, when redone.
//  Rename    is done if `other` is gone. So `other` must be as at the checkpoint, or made anew by
//            the redo before; nothing may be at or have been at `path`, and nothing may come to
//            `other` afterwards.
//  Exchange  is told from the identities of the two: both as at the checkpoint, untouched afterwards.
//  Remove    (of a directory) takes away the place where what was made in it could be made again. A
//            file that was may have moved or been linked out, or be kept as a version: the window
//            ends.
namespace octopus::apply {

using Made = Touch::Made;
using Seal = Touch::Seal;

static bool changesKind(const Touch &touch, std::optional<EntryKind> newKind)
{
    return newKind && touch.kind != newKind;
}

const Touch *Window::touch(const RelPath &path) const
{
    const auto found = m_touched.find(path);
    return found == m_touched.end() ? nullptr : &found->second;
}

void Window::clear()
{
    m_touched.clear();
    m_sealed = 0;
    m_full = false;
}

// True if `path` or a directory above it may not be touched. Linking a second time is no harm.
bool Window::isSealed(const RelPath &path, bool forLinking) const
{
    if (m_sealed == 0)
        return false;
    for (RelPath at = path;; at = at.parent()) {
        const Touch *touched = touch(at);
        const bool allowed = !touched || touched->seal == Seal::None
            || (forLinking && touched->seal == Seal::LinkSource);
        if (!allowed)
            return true;
        if (at.isRoot())
            return false;
    }
}

bool Window::anyBelow(const RelPath &path) const
{
    const auto next = m_touched.upper_bound(path);
    return next != m_touched.end() && next->first.isWithin(path);
}

bool Window::hasPresentBelow(const RelPath &path) const
{
    for (auto it = m_touched.upper_bound(path); it != m_touched.end() && it->first.isWithin(path);
         ++it) {
        if (it->second.present && it->second.kind)
            return true;
    }
    return false;
}

// Something else, or nothing, takes the place of what is at `path`.
bool Window::rebindConflicts(const RelPath &path, std::optional<EntryKind> newKind,
                             const PathFacts &facts) const
{
    const Touch *touched = touch(path);
    if (touched)
        return touched->inPlace || touched->throughLink || changesKind(*touched, newKind);
    const bool kindChanges = newKind && facts.kind && facts.kind != newKind;
    return kindChanges && anyBelow(path);
}

bool Window::renameConflicts(const Operation &operation) const
{
    const RelPath &from = operation.other;
    const RelPath &to = operation.path;
    if (touch(to) || anyBelow(to) || anyBelow(from))
        return true;
    const Touch *source = touch(from);
    return source
        && (!source->present || source->kind == EntryKind::Directory || source->throughLink
            || source->made == Made::No);
}

bool Window::removalConflicts(const RelPath &path, const PathFacts &facts) const
{
    if (rebindConflicts(path, std::nullopt, facts))
        return true;
    for (auto it = m_touched.upper_bound(path); it != m_touched.end() && it->first.isWithin(path);
         ++it) {
        const Touch &below = it->second;
        if (below.filled || below.movedIn
            || (below.seal != Seal::None && below.seal != Seal::Source))
            return true;
    }
    return false;
}

bool Window::conflicts(const Operation &operation, const PathFacts &facts) const
{
    if (m_touched.empty() || operation.kind == OperationKind::Consistent)
        return false;
    if (m_full || isSealed(operation.path, false))
        return true;
    switch (operation.kind) {
    case OperationKind::PutFile:
        if (operation.stage != StageId{} && (touch(operation.path) || anyBelow(operation.path)))
            return true;
        return rebindConflicts(operation.path, EntryKind::File, facts);
    case OperationKind::MakeSymlink:
        return rebindConflicts(operation.path, EntryKind::Symlink, facts);
    case OperationKind::MakeFifo: return rebindConflicts(operation.path, EntryKind::Fifo, facts);
    case OperationKind::MakeDirectory:
        return rebindConflicts(operation.path, EntryKind::Directory, facts);
    case OperationKind::Link: {
        const Touch *source = touch(operation.other);
        const auto kind = source ? source->kind : facts.otherKind;
        const Touch *replaced = touch(operation.path);
        return isSealed(operation.other, true) || (replaced && replaced->attributes)
            || rebindConflicts(operation.path, kind, facts);
    }
    case OperationKind::Rename:
        return isSealed(operation.other, false) || renameConflicts(operation);
    case OperationKind::Exchange:
        return isSealed(operation.other, false) || touch(operation.path) || touch(operation.other)
            || anyBelow(operation.path) || anyBelow(operation.other);
    case OperationKind::Remove: return removalConflicts(operation.path, facts);
    case OperationKind::Adopt: return touch(operation.path) != nullptr; // it would be out of date
    default: return false;
    }
}

void Window::notePut(const RelPath &path, EntryKind kind, Made made, MonotonicTime now)
{
    Touch &touched = m_touched[path];
    touched.kind = kind;
    touched.present = true;
    touched.made = made;
    touched.filled |= kind != EntryKind::Directory && made == Made::Anew;
    touched.placedAt = now;
}

void Window::noteWrite(const Operation &operation, const PathFacts &facts)
{
    const auto [at, isNew] = m_touched.try_emplace(operation.path);
    Touch &touched = at->second;
    if (isNew)
        touched.kind = facts.kind;
    if (touched.made == Made::Staged)
        touched.made = Made::No;
    if (operation.kind == OperationKind::WriteRanges) {
        touched.inPlace |= touched.made == Made::No;
        m_full |= facts.linked;
    } else if (touched.made == Made::No) {
        touched.attributes = true;
        touched.throughLink |= facts.linked;
    }
}

void Window::seal(const RelPath &path, Seal seal)
{
    m_touched[path].seal = seal;
    ++m_sealed;
}

void Window::noteRename(const Operation &operation, const PathFacts &facts, MonotonicTime now)
{
    Touch &source = m_touched[operation.other];
    const bool anew = source.made == Made::Anew;
    if (!source.kind)
        source.kind = facts.otherKind;
    source.present = false;
    Touch &target = m_touched[operation.path];
    target.kind = source.kind;
    target.made = anew ? Made::Anew : Made::No;
    target.movedIn = anew;
    target.placedAt = now;
    seal(operation.other, anew ? Seal::AnewSource : Seal::Source);
}

void Window::note(const Operation &operation, const PathFacts &facts, MonotonicTime now)
{
    switch (operation.kind) {
    case OperationKind::MakeDirectory:
        notePut(operation.path, EntryKind::Directory, Made::Anew, now);
        return;
    case OperationKind::PutFile:
        notePut(operation.path, EntryKind::File,
                operation.stage == StageId{} ? Made::Anew : Made::Staged, now);
        return;
    case OperationKind::MakeSymlink:
        notePut(operation.path, EntryKind::Symlink, Made::Anew, now);
        return;
    case OperationKind::MakeFifo: notePut(operation.path, EntryKind::Fifo, Made::Anew, now); return;
    case OperationKind::WriteRanges:
    case OperationKind::SetAttributes: noteWrite(operation, facts); return;
    case OperationKind::Link: {
        const Touch *source = touch(operation.other);
        const auto kind = (source ? source->kind : facts.otherKind).value_or(EntryKind::File);
        notePut(operation.path, kind, Made::Anew, now);
        m_touched[operation.other].kind = kind;
        seal(operation.other, Seal::LinkSource);
        return;
    }
    case OperationKind::Rename: noteRename(operation, facts, now); return;
    case OperationKind::Exchange:
        seal(operation.path, Seal::Exchanged);
        seal(operation.other, Seal::Exchanged);
        return;
    case OperationKind::Remove: {
        const auto [at, isNew] = m_touched.try_emplace(operation.path);
        if (isNew)
            at->second.kind = facts.kind;
        at->second.present = false;
        at->second.made = Made::No;
        return;
    }
    case OperationKind::Adopt:
    case OperationKind::Consistent: return;
    }
}

} // namespace octopus::apply
