#include "engine/mirror/scan.h"

#include <algorithm>
#include <utility>

namespace octopus::mirror {

void Scan::enter(const RelPath &directory, MonotonicTime capturedAt)
{
    if (!m_waiting.insert(directory).second)
        return;
    m_frames.push_back({directory, capturedAt, false, {}, 0});
}

void Scan::clear()
{
    m_frames.clear();
    m_waiting.clear();
    m_rootEmptied = false;
}

bool Scan::list(Frame &frame)
{
    m_waiting.erase(frame.directory);
    frame.listed = true;
    const Result<void> watched = m_changes.watch(frame.directory);
    if (watched) {
        m_unwatched.erase(frame.directory);
        m.problems.clear(frame.directory, ProblemCode::NotWatched);
    } else if (watched.error().code == ErrorCode::LimitReached) {
        m_unwatched.insert(frame.directory);
        m.setProblem(frame.directory, ProblemCode::NotWatched, watched.error().detail);
    } // any other error is one of the directory itself, which list() meets too
    const auto entries = m.source.list(frame.directory);
    if (!entries) {
        // What cannot be listed is not absent. The directory is looked at again.
        const WorkItem item{frame.capturedAt, 0, true};
        if (entries.error().code == ErrorCode::NotFound
            || entries.error().code == ErrorCode::NotDirectory) {
            m.work.add(frame.directory, {frame.capturedAt, 0, false});
        } else {
            m.setProblem(frame.directory, ProblemCode::CannotRead, entries.error().detail);
            m.work.addLater(frame.directory, item, m.clock.monotonic() + std::chrono::seconds(2));
        }
        return false;
    }
    QList<QByteArray> known = m.index.children(frame.directory);
    if (frame.directory.isRoot() && entries->isEmpty() && !known.isEmpty()
        && !std::exchange(m_emptyAllowed, false)) {
        m_rootEmptied = true;
        return false;
    }
    QList<QByteArray> present;
    for (const DirectoryEntry &entry : *entries)
        present.append(entry.name);
    std::ranges::sort(known);
    std::ranges::set_union(present, known, std::back_inserter(frame.names));
    return true;
}

std::optional<std::pair<RelPath, MonotonicTime>> Scan::next()
{
    while (!m_frames.empty()) {
        if (!m_frames.back().listed) {
            Frame frame = std::move(m_frames.back());
            m_frames.pop_back();
            if (list(frame))
                m_frames.push_back(std::move(frame));
            continue;
        }
        Frame &frame = m_frames.back();
        if (frame.position == frame.names.size()) {
            m_frames.pop_back();
            continue;
        }
        const QByteArray &name = frame.names[frame.position++];
        const Result<RelPath> path = frame.directory.child(name);
        if (path)
            return std::pair(*path, frame.capturedAt);
        m.setProblem(frame.directory, ProblemCode::CannotRead, path.error().detail);
    }
    return std::nullopt;
}

void Scan::enterUnwatched(MonotonicTime now)
{
    for (const RelPath &path : m_unwatched)
        enter(path, now);
}

void Scan::forgetUnwatched(const RelPath &path)
{
    auto it = m_unwatched.lower_bound(path);
    while (it != m_unwatched.end() && it->isWithin(path))
        it = m_unwatched.erase(it);
}

} // namespace octopus::mirror
