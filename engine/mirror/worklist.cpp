#include "engine/mirror/worklist.h"

#include <algorithm>
#include <vector>

namespace octopus::mirror {

static void merge(WorkItem &into, const WorkItem &item)
{
    into.capturedAt = std::min(into.capturedAt, item.capturedAt);
    into.attempts = std::max(into.attempts, item.attempts);
    into.rescan = into.rescan || item.rescan;
}

static void merge(MonotonicTime &into, MonotonicTime time)
{
    into = std::min(into, time);
}

static void merge(bool &into, bool disturbed)
{
    into = into || disturbed;
}

static void merge(Delayed &into, const Delayed &delayed)
{
    merge(into.item, delayed.item);
    into.due = std::min(into.due, delayed.due);
}

void Worklist::add(const RelPath &path, const WorkItem &item)
{
    const auto [it, inserted] = m_ready.try_emplace(path, item);
    if (!inserted)
        merge(it->second, item);
    if (const auto delayed = m_delayed.find(path); delayed != m_delayed.end()) {
        merge(it->second, delayed->second.item);
        m_delayed.erase(delayed);
    }
}

void Worklist::addLater(const RelPath &path, const WorkItem &item, MonotonicTime due)
{
    if (m_ready.contains(path)) {
        add(path, item);
        return;
    }
    const auto [it, inserted] = m_delayed.try_emplace(path, Delayed{item, due});
    if (!inserted)
        merge(it->second, {item, due});
    m_wakeAt = std::min(m_wakeAt.value_or(due), due);
}

void Worklist::addAbsent(const RelPath &path, MonotonicTime capturedAt)
{
    const auto [it, inserted] = m_absent.try_emplace(path, capturedAt);
    if (!inserted)
        it->second = std::min(it->second, capturedAt);
}

void Worklist::wake(MonotonicTime now)
{
    if (!m_wakeAt || *m_wakeAt > now)
        return;
    m_wakeAt.reset();
    for (auto it = m_delayed.begin(); it != m_delayed.end();) {
        if (it->second.due > now) {
            m_wakeAt = std::min(m_wakeAt.value_or(it->second.due), it->second.due);
            ++it;
            continue;
        }
        const auto [ready, inserted] = m_ready.try_emplace(it->first, it->second.item);
        if (!inserted)
            merge(ready->second, it->second.item);
        it = m_delayed.erase(it);
    }
}

std::optional<std::pair<RelPath, WorkItem>> Worklist::takeReady(MonotonicTime now)
{
    wake(now);
    if (m_ready.empty())
        return std::nullopt;
    const auto node = m_ready.extract(m_ready.begin());
    return std::pair(node.key(), node.mapped());
}

bool Worklist::hasReady(MonotonicTime now) const
{
    return !m_ready.empty()
        || std::ranges::any_of(m_delayed, [&](const auto &x) { return x.second.due <= now; });
}

void Worklist::addDirectory(const RelPath &path, bool disturbed)
{
    bool &known = m_directories[path];
    known = known || disturbed;
}

std::optional<std::pair<RelPath, bool>> Worklist::takeDirectory()
{
    if (m_directories.empty())
        return std::nullopt;
    const auto node = m_directories.extract(std::prev(m_directories.end()));
    return std::pair(node.key(), node.mapped());
}

template <typename Map> static void copyKeys(Map &map, const RelPath &from, const RelPath &to)
{
    std::vector<typename Map::value_type> copies;
    for (auto it = map.lower_bound(from); it != map.end() && it->first.isWithin(from); ++it) {
        if (const Result<RelPath> path = it->first.rebased(from, to))
            copies.emplace_back(*path, it->second);
    }
    for (const auto &[path, value] : copies) {
        const auto [at, inserted] = map.try_emplace(path, value);
        if (!inserted)
            merge(at->second, value);
    }
}

void Worklist::follow(const RelPath &from, const RelPath &to)
{
    copyKeys(m_ready, from, to);
    copyKeys(m_delayed, from, to);
    copyKeys(m_absent, from, to);
    copyKeys(m_directories, from, to);
}

void Worklist::clear()
{
    m_ready.clear();
    m_delayed.clear();
    m_absent.clear();
    m_directories.clear();
}

bool Worklist::hasOnly(const std::function<bool(const RelPath &)> &accept) const
{
    return m_ready.empty()
        && std::ranges::all_of(m_delayed, [&](const auto &x) { return accept(x.first); });
}

qsizetype Worklist::size() const
{
    return qsizetype(m_ready.size()) + qsizetype(m_delayed.size()) + qsizetype(m_absent.size());
}

std::optional<MonotonicTime> Worklist::oldest() const
{
    std::optional<MonotonicTime> oldest;
    const auto consider = [&](MonotonicTime time) {
        if (!oldest || time < *oldest)
            oldest = time;
    };
    for (const auto &[path, item] : m_ready)
        consider(item.capturedAt);
    for (const auto &[path, delayed] : m_delayed)
        consider(delayed.item.capturedAt);
    for (const auto &[path, time] : m_absent)
        consider(time);
    return oldest;
}

std::optional<MonotonicTime> Worklist::nextDue() const
{
    std::optional<MonotonicTime> due;
    for (const auto &[path, delayed] : m_delayed) {
        if (!due || delayed.due < *due)
            due = delayed.due;
    }
    return due;
}

} // namespace octopus::mirror
