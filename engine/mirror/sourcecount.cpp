#include "engine/mirror/sourcecount.h"

#include <utility>

namespace octopus::mirror {

void SourceCount::start(MonotonicTime at)
{
    stop();
    m_due = at;
}

void SourceCount::stop()
{
    m_due.reset();
    m_frames.clear();
    m_entered = false;
    m_complete = false;
    m_bytes = 0;
}

std::optional<quint64> SourceCount::bytes() const
{
    return m_complete ? std::optional(m_bytes) : std::nullopt;
}

void SourceCount::work(MonotonicTime now)
{
    if (!m_due || now < *m_due)
        return;
    m_due = now + interval;
    if (!std::exchange(m_entered, true))
        enter(RelPath());
    for (int looked = 0; looked < stepEntries && !m_frames.empty();) {
        Frame &frame = m_frames.back();
        if (frame.position == frame.entries.size()) {
            m_frames.pop_back();
            continue;
        }
        const auto path = frame.directory.child(frame.entries[frame.position++].name);
        if (path && *path != RelPath::of(".octopus"))
            look(*path);
        ++looked;
    }
    if (!m_frames.empty())
        return;
    m_complete = true;
    m_due.reset();
}

void SourceCount::look(const RelPath &path)
{
    const auto stat = m_source.stat(path);
    if (!stat || !m_rules.includes(path, stat->kind))
        return;
    if (stat->kind == EntryKind::File)
        m_bytes += stat->size;
    else if (stat->kind == EntryKind::Directory)
        enter(path);
}

void SourceCount::enter(const RelPath &directory)
{
    if (auto entries = m_source.list(directory))
        m_frames.push_back({directory, std::move(*entries), 0});
}

} // namespace octopus::mirror
