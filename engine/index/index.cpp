#include "engine/index/index.h"

#include <algorithm>

namespace octopus::index {

size_t Index::IdentityHash::operator()(const FileIdentity &identity) const
{
    return qHashMulti(0, identity.device, identity.inode, identity.birthNs);
}

static bool isKnown(const FileIdentity &identity)
{
    return identity.inode != 0;
}

void Index::forget(const Node &node)
{
    if (node.second.kind == EntryKind::File) {
        --m_files;
        m_bytes -= node.second.size;
    }
    if (!isKnown(node.second.source))
        return;
    const auto [begin, end] = m_bySource.equal_range(node.second.source);
    const auto it = std::find_if(begin, end, [&](const auto &x) { return x.second == &node; });
    if (it != end)
        m_bySource.erase(it);
}

void Index::remember(Node &node)
{
    if (node.second.kind == EntryKind::File) {
        ++m_files;
        m_bytes += node.second.size;
    }
    if (isKnown(node.second.source))
        m_bySource.emplace(node.second.source, &node);
}

const IndexEntry *Index::find(const RelPath &path) const
{
    const auto it = m_entries.find(path);
    return it == m_entries.end() ? nullptr : &it->second;
}

quint64 Index::revisionOf(const RelPath &path) const
{
    const IndexEntry *entry = find(path);
    return entry ? entry->revision : 0;
}

void Index::set(const RelPath &path, IndexEntry entry)
{
    const auto [it, inserted] = m_entries.try_emplace(path);
    if (!inserted)
        forget(*it);
    it->second = std::move(entry);
    it->second.revision = ++m_lastRevision;
    remember(*it);
}

void Index::erase(const RelPath &path)
{
    const auto it = m_entries.find(path);
    if (it == m_entries.end())
        return;
    forget(*it);
    m_entries.erase(it);
}

void Index::eraseSubtree(const RelPath &path)
{
    auto it = m_entries.lower_bound(path);
    while (it != m_entries.end() && it->first.isWithin(path)) {
        forget(*it);
        it = m_entries.erase(it);
    }
}

void Index::clear()
{
    m_entries.clear();
    m_bySource.clear();
    m_files = 0;
    m_bytes = 0;
}

// Nodes keep their address when they are taken out and put back under another key, so m_bySource
// needs no change.
std::vector<Index::Map::node_type> Index::takeSubtree(const RelPath &path)
{
    std::vector<Map::node_type> nodes;
    auto it = m_entries.lower_bound(path);
    while (it != m_entries.end() && it->first.isWithin(path))
        nodes.emplace_back(m_entries.extract(it++));
    return nodes;
}

void Index::putBack(std::vector<Map::node_type> nodes, const RelPath &from, const RelPath &to)
{
    for (Map::node_type &node : nodes) {
        const Result<RelPath> path = node.key().rebased(from, to);
        if (!path) { // too long at its new place: it stays, and the comparison that follows removes it
            m_entries.insert(std::move(node));
            continue;
        }
        node.key() = *path;
        m_entries.insert(std::move(node));
    }
}

void Index::rename(const RelPath &from, const RelPath &to)
{
    eraseSubtree(to);
    putBack(takeSubtree(from), from, to);
}

void Index::exchange(const RelPath &a, const RelPath &b)
{
    std::vector<Map::node_type> first = takeSubtree(a);
    std::vector<Map::node_type> second = takeSubtree(b);
    putBack(std::move(first), a, b);
    putBack(std::move(second), b, a);
}

std::optional<RelPath> Index::pathOf(const FileIdentity &identity,
                                     const std::function<bool(const RelPath &)> &accept) const
{
    const auto [begin, end] = m_bySource.equal_range(identity);
    for (auto it = begin; it != end; ++it) {
        if (accept(it->second->first))
            return it->second->first;
    }
    return std::nullopt;
}

QList<RelPath> Index::pathsOf(const FileIdentity &identity) const
{
    QList<RelPath> paths;
    const auto [begin, end] = m_bySource.equal_range(identity);
    for (auto it = begin; it != end; ++it)
        paths.append(it->second->first);
    std::ranges::sort(paths);
    return paths;
}

QList<QByteArray> Index::children(const RelPath &directory) const
{
    QList<QByteArray> names;
    forEachChild(m_entries, directory,
                 [&](const RelPath &path) { names.append(path.name().toByteArray()); });
    return names;
}

QList<RelPath> Index::subtree(const RelPath &path) const
{
    QList<RelPath> paths;
    for (auto it = m_entries.lower_bound(path); it != m_entries.end() && it->first.isWithin(path);
         ++it)
        paths.append(it->first);
    return paths;
}

} // namespace octopus::index
