// Coalescer: merges what a change source reads into one change a path, oldest first.
//
// A path keeps the place and the time of its first change, since lag is the age of the oldest; a
// Subtree swallows an Entry of the same path. Lost comes before everything else and RootGone next,
// so that nobody acts on an absence before he knows that it proves nothing. One thread.
#pragma once

#include "engine/capture/changesource.h"

#include <QHash>

#include <optional>

namespace octopus::capture {

class Coalescer
{
public:
    // The path of Lost and RootGone is always the root.
    void add(ChangeKind kind, const RelPath &path, MonotonicTime at);
    // Paths with a change; Lost and RootGone do not count.
    [[nodiscard]] qsizetype size() const { return m_changes.size(); }
    // Everything so far; the coalescer is empty afterwards.
    [[nodiscard]] QList<Change> take();

private:
    QList<Change> m_changes;
    QHash<RelPath, qsizetype> m_positions; // in m_changes
    std::optional<MonotonicTime> m_lost;
    std::optional<MonotonicTime> m_rootGone;
};

} // namespace octopus::capture
