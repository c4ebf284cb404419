#include "tests/support/scriptedsource.h"

#include "engine/capture/coalescer.h"

#include <algorithm>
#include <utility>

namespace octopus::testing {

Result<void> ScriptedSource::watch(const RelPath &path)
{
    m_watchCalls.append(path);
    if (const auto failing = m_failures.constFind(path); failing != m_failures.cend())
        return failure(failing.value(), path.bytes());
    if (m_watched.contains(path))
        return {};
    if (m_watchLimit >= 0 && qsizetype(m_watched.size()) >= m_watchLimit)
        return failure(ErrorCode::LimitReached, path.bytes());
    m_watched.insert(path);
    return {};
}

void ScriptedSource::unwatch(const RelPath &path)
{
    std::erase_if(m_watched, [&](const RelPath &watched) { return watched.isWithin(path); });
}

QList<Change> ScriptedSource::poll()
{
    if (m_held)
        return {};
    const qsizetype count = m_batch > 0 ? std::min(m_batch, m_pending.size()) : m_pending.size();
    capture::Coalescer merged;
    for (const Change &change : m_pending.first(count))
        merged.add(change.kind, change.path, change.at);
    m_pending.remove(0, count);
    return merged.take();
}

void ScriptedSource::setNotifier(std::function<void()> notifier)
{
    m_notifier = std::move(notifier);
}

// As inotify sees it: a directory that is watched itself tells of its own attributes.
bool ScriptedSource::isSeen(const Change &change) const
{
    const bool global = change.kind == ChangeKind::Lost || change.kind == ChangeKind::RootGone;
    return !m_selective || global || m_watched.contains(change.path)
        || (!change.path.isRoot() && m_watched.contains(change.path.parent()));
}

void ScriptedSource::push(ChangeKind kind, const RelPath &path)
{
    const Change change{kind, path, m_clock.monotonic()};
    if (!isSeen(change))
        return;
    m_pending.append(change);
    notify();
}

void ScriptedSource::pushMove(const RelPath &from, const RelPath &to)
{
    push(ChangeKind::Entry, from);
    std::set<RelPath> moved;
    for (const RelPath &path : m_watched) {
        if (!path.isWithin(from))
            continue;
        if (const auto rebased = path.rebased(from, to))
            moved.insert(*rebased);
    }
    unwatch(from);
    unwatch(to); // what was there is replaced
    m_watched.merge(moved);
    push(ChangeKind::Subtree, to);
}

void ScriptedSource::pushRemoval(const RelPath &directory)
{
    push(ChangeKind::Entry, directory);
    unwatch(directory);
}

void ScriptedSource::setHeld(bool held)
{
    m_held = held;
    if (!m_pending.isEmpty())
        notify();
}

void ScriptedSource::failWatch(const RelPath &path, std::optional<ErrorCode> code)
{
    if (code)
        m_failures.insert(path, *code);
    else
        m_failures.remove(path);
}

void ScriptedSource::notify()
{
    if (m_notifier && !m_held)
        m_notifier();
}

} // namespace octopus::testing
