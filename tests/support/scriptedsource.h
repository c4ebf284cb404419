// ScriptedSource: a ChangeSource that a test feeds. Nothing happens by itself: a change is told when
// the test pushes it, in the batches that the test wants, with the time of the clock handed in.
// Merges like InotifySource (one change a path in one poll, Lost first). One thread.
#pragma once

#include "engine/capture/changesource.h"

#include <QMap>

#include <optional>
#include <set>

namespace octopus::testing {

class ScriptedSource final : public ChangeSource
{
public:
    // `clock` must outlive the source.
    explicit ScriptedSource(const Clock &clock) : m_clock(clock) {}

    // ChangeSource. watch() fails as setWatchLimit() and failWatch() say; a path once watched may
    // be watched again.
    [[nodiscard]] Result<void> watch(const RelPath &path) override;
    void unwatch(const RelPath &path) override;
    [[nodiscard]] QList<Change> poll() override;
    void setNotifier(std::function<void()> notifier) override;

    // Tells a change, and calls the notifier at once (unless held).
    void push(ChangeKind kind, const RelPath &path);
    void lose() { push(ChangeKind::Lost, RelPath()); }
    // A directory moved between watched directories: Entry and Subtree; the watches at and below
    // `from` go along.
    void pushMove(const RelPath &from, const RelPath &to);
    // A directory was removed: an Entry; the watches at and below it end.
    void pushRemoval(const RelPath &directory);

    // Realistic: a change in a directory that is not watched (nor is itself) is never told.
    void setSelective(bool selective) { m_selective = selective; }
    // Held: poll() returns nothing and the notifier is not called, as if nobody had told yet.
    void setHeld(bool held);
    // poll() takes at most so many pushed changes; 0: all.
    void setBatch(qsizetype most) { m_batch = most; }
    // So many directories can be watched; further ones fail with LimitReached. -1: any number.
    void setWatchLimit(qsizetype limit) { m_watchLimit = limit; }
    // watch(path) fails with `code` from now on; nullopt: no longer.
    void failWatch(const RelPath &path, std::optional<ErrorCode> code);

    [[nodiscard]] const std::set<RelPath> &watched() const { return m_watched; }
    // Every path that watch() was called for, in order, however it ended.
    [[nodiscard]] const QList<RelPath> &watchCalls() const { return m_watchCalls; }

private:
    [[nodiscard]] bool isSeen(const Change &change) const;
    void notify();

    const Clock &m_clock;
    std::function<void()> m_notifier;
    QList<Change> m_pending;
    std::set<RelPath> m_watched;
    QList<RelPath> m_watchCalls;
    QMap<RelPath, ErrorCode> m_failures;
    qsizetype m_watchLimit = -1;
    qsizetype m_batch = 0;
    bool m_selective = false;
    bool m_held = false;
};

} // namespace octopus::testing
