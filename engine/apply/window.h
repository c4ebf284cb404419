// Window: what the operations since the last checkpoint did, path by path, and whether a further one
// may join them. Pure; one thread.
//
// After a crash the operations since the checkpoint are redone in order, over a tree that may show
// any later one of them already, with the bytes of files in any state. That gives the right tree if
// no operation reads what an operation at or after it overwrites, unless an earlier one in the
// window has written it afresh (the condition for idempotent regions of de Kruijf et al., PLDI 2012;
// what each operation reads and overwrites: RULES in window.cpp). Where an operation would break
// that, conflicts() says so and the caller takes a checkpoint first.
#pragma once

#include "engine/base/clock.h"
#include "engine/model/operation.h"

#include <map>
#include <optional>

namespace octopus::apply {

// What the manifest says about an operation's paths before it, where the window knows nothing.
struct PathFacts {
    std::optional<EntryKind> kind;      // at path; nullopt: not own
    std::optional<EntryKind> otherKind; // at other
    bool linked = false;                // the file at path may have other own names
};

// What became of one path in the window.
struct Touch {
    enum class Made : quint8 {
        No,     // its content stems from before the window, or was changed since it was staged
        Anew,   // a redo makes it, whatever stands there before
        Staged, // moved in from a stage, once
    };
    enum class Seal : quint8 { None, Source, AnewSource, LinkSource, Exchanged };

    std::optional<EntryKind> kind; // of what is, or (absent) was, there
    bool present = true;
    Made made = Made::No;
    // The content that was there at the checkpoint was changed in place.
    bool inPlace = false;
    // Attributes were set on what was there at the checkpoint,
    bool attributes = false;
    // and that may have other names.
    bool throughLink = false;
    // A file or link was made here anew, whatever became of it.
    bool filled = false;
    // Something that a redo makes anew at another path was moved here.
    bool movedIn = false;
    // Nothing may touch it: it was moved away, linked from or exchanged.
    Seal seal = Seal::None;
    std::optional<MonotonicTime> placedAt; // when its content was put there, in this window
};

class Window
{
public:
    // True if a checkpoint must be taken before `operation` is journaled.
    [[nodiscard]] bool conflicts(const Operation &operation, const PathFacts &facts) const;
    // `operation` joins the window.
    void note(const Operation &operation, const PathFacts &facts, MonotonicTime now);
    // A checkpoint was taken.
    void clear();

    [[nodiscard]] const Touch *touch(const RelPath &path) const;
    // True if something that was touched is strictly below `path` now.
    [[nodiscard]] bool hasPresentBelow(const RelPath &path) const;
    [[nodiscard]] qsizetype size() const { return qsizetype(m_touched.size()); }

private:
    [[nodiscard]] bool isSealed(const RelPath &path, bool forLinking) const;
    [[nodiscard]] bool anyBelow(const RelPath &path) const;
    [[nodiscard]] bool rebindConflicts(const RelPath &path, std::optional<EntryKind> newKind,
                                       const PathFacts &facts) const;
    [[nodiscard]] bool renameConflicts(const Operation &operation) const;
    [[nodiscard]] bool removalConflicts(const RelPath &path, const PathFacts &facts) const;
    void noteWrite(const Operation &operation, const PathFacts &facts);
    void notePut(const RelPath &path, EntryKind kind, Touch::Made made, MonotonicTime now);
    void noteRename(const Operation &operation, const PathFacts &facts, MonotonicTime now);
    void seal(const RelPath &path, Touch::Seal seal);

    std::map<RelPath, Touch> m_touched;
    qsizetype m_sealed = 0;
    bool m_full = false; // any further operation conflicts
};

} // namespace octopus::apply
