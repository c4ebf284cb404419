// Worklist: the paths that have to be looked at, each with the time its change was captured. The
// only queue of a primary; a path is in it at most once, so its size is bounded by the tree.
// Belongs to the thread of its mirror.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/relpath.h"

#include <QList>

#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace octopus::mirror {

struct WorkItem {
    MonotonicTime capturedAt; // of the oldest change behind it
    int attempts = 0;         // how often it had to be put off
    bool rescan = false;      // a directory: look at everything below it, too
};

struct Delayed {
    WorkItem item;
    MonotonicTime due;
};

class Worklist
{
public:
    // Adds or merges: the older capture time and the higher number of attempts stay.
    void add(const RelPath &path, const WorkItem &item);
    // The same, but not before `due`.
    void addLater(const RelPath &path, const WorkItem &item, MonotonicTime due);
    // A path whose entry is gone from the source: removed at the target once nothing else is ready,
    // because it may turn up under another name.
    void addAbsent(const RelPath &path, MonotonicTime capturedAt);

    // The first ready path in tree order (a directory before its content), taken out of the list.
    [[nodiscard]] std::optional<std::pair<RelPath, WorkItem>> takeReady(MonotonicTime now);
    [[nodiscard]] bool hasReady(MonotonicTime now) const;
    [[nodiscard]] const std::map<RelPath, MonotonicTime> &absent() const { return m_absent; }
    [[nodiscard]] std::map<RelPath, MonotonicTime> takeAbsent()
    {
        return std::exchange(m_absent, {});
    }

    // Directories whose own attributes must be looked at once their entries are settled; `disturbed`:
    // operations on the entries have changed its times at the target, so they must be set again.
    void addDirectory(const RelPath &path, bool disturbed = true);
    [[nodiscard]] std::optional<std::pair<RelPath, bool>>
    takeDirectory(); // last in tree order first
    [[nodiscard]] bool hasDirectories() const { return !m_directories.empty(); }

    // What was at `from` and below is called `to` now: what is to be looked at there is to be looked
    // at under both names, for it is not known which changes came before the move.
    void follow(const RelPath &from, const RelPath &to);
    void clear();

    // True if nothing is ready and everything put off satisfies `accept`.
    [[nodiscard]] bool hasOnly(const std::function<bool(const RelPath &)> &accept) const;
    // Ready or put off.
    [[nodiscard]] bool contains(const RelPath &path) const
    {
        return m_ready.contains(path) || m_delayed.contains(path);
    }
    [[nodiscard]] qsizetype size() const;
    [[nodiscard]] std::optional<MonotonicTime> oldest() const;
    [[nodiscard]] std::optional<MonotonicTime> nextDue() const;

private:
    void wake(MonotonicTime now);

    std::map<RelPath, WorkItem> m_ready;
    std::map<RelPath, Delayed> m_delayed;
    std::optional<MonotonicTime> m_wakeAt; // nothing put off is due before; nullopt: nothing is
    std::map<RelPath, MonotonicTime> m_absent;
    std::map<RelPath, bool> m_directories;
};

} // namespace octopus::mirror
