#include "engine/capture/coalescer.h"

#include <utility>

namespace octopus::capture {

void Coalescer::add(ChangeKind kind, const RelPath &path, MonotonicTime at)
{
    if (kind == ChangeKind::Lost || kind == ChangeKind::RootGone) {
        std::optional<MonotonicTime> &since = kind == ChangeKind::Lost ? m_lost : m_rootGone;
        since = since.value_or(at);
        return;
    }
    // Most changes come in runs (create, write, close): those need no look-up.
    qsizetype position = m_changes.size() - 1;
    if (position < 0 || m_changes.at(position).path != path) {
        const auto known = m_positions.constFind(path);
        if (known == m_positions.cend()) {
            m_positions.insert(path, m_changes.size());
            m_changes.append(Change{kind, path, at});
            return;
        }
        position = known.value();
    }
    if (kind == ChangeKind::Subtree)
        m_changes[position].kind = kind;
}

QList<Change> Coalescer::take()
{
    QList<Change> changes = std::exchange(m_changes, {});
    m_positions.clear();
    if (const auto at = std::exchange(m_rootGone, std::nullopt))
        changes.prepend(Change{ChangeKind::RootGone, RelPath(), *at});
    if (const auto at = std::exchange(m_lost, std::nullopt))
        changes.prepend(Change{ChangeKind::Lost, RelPath(), *at});
    return changes;
}

} // namespace octopus::capture
