// Index: what the primary knows of one replica, path by path: the state that the target has reached
// or will have reached when every operation sent so far is applied.
//
// In memory only; it is filled from the target's own listing whenever it cannot be trusted, so there
// is no database that could be damaged or out of date. Entries are ordered, a directory directly
// before everything below it. Belongs to the thread of its mirror.
#pragma once

#include "engine/base/fileio.h"
#include "engine/base/treeorder.h"
#include "engine/index/blockmap.h"
#include "engine/model/operation.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace octopus::index {

struct IndexEntry {
    EntryKind kind = EntryKind::File;
    EntryAttributes attributes;
    quint64 size = 0;
    QByteArray linkTarget;                  // of a symbolic link
    FileIdentity source;                    // the source's object behind it; all zero: not known
    qint64 sourceCtimeNs = 0;               // its ctime when it was read
    quint64 linkGroup = 0;                  // the target's own link group, from its listing
    std::optional<FastDigest> content;      // of a small file, where known
    std::shared_ptr<const BlockMap> blocks; // of a large file, where known
    bool foreign = false;                   // stands there, but Octopus did not put it there
    bool replaceWhole = false;              // what stands there is of no use for a new content
    quint64 revision = 0;                   // given by Index::set(), never the same twice
};

class Index
{
public:
    using Map = std::map<RelPath, IndexEntry, TreeOrder>;

    [[nodiscard]] const IndexEntry *find(const RelPath &path) const;
    // The revision of the entry; 0: there is none. Equal: nothing was set at the path meanwhile.
    [[nodiscard]] quint64 revisionOf(const RelPath &path) const;
    [[nodiscard]] bool contains(const RelPath &path) const { return find(path) != nullptr; }
    [[nodiscard]] qsizetype size() const { return qsizetype(m_entries.size()); }
    [[nodiscard]] quint64 files() const { return m_files; }
    [[nodiscard]] quint64 bytes() const { return m_bytes; } // sum of the files' sizes

    void set(const RelPath &path, IndexEntry entry);
    void erase(const RelPath &path);        // the entry alone
    void eraseSubtree(const RelPath &path); // the entry and everything below it
    void clear();

    // Moves an entry and everything below it; nothing may be at `to` or below it.
    void rename(const RelPath &from, const RelPath &to);
    void exchange(const RelPath &a, const RelPath &b);

    // Some path whose source object is `identity` and for which `accept` holds.
    [[nodiscard]] std::optional<RelPath> pathOf(
        const FileIdentity &identity, const std::function<bool(const RelPath &)> &accept) const;
    [[nodiscard]] QList<RelPath> pathsOf(const FileIdentity &identity) const;

    // The names directly below a directory, in order.
    [[nodiscard]] QList<QByteArray> children(const RelPath &directory) const;
    // The path itself (if there) and everything below it, a directory before its content.
    [[nodiscard]] QList<RelPath> subtree(const RelPath &path) const;
    [[nodiscard]] const Map &entries() const { return m_entries; }

private:
    using Node = Map::value_type;
    struct IdentityHash {
        size_t operator()(const FileIdentity &identity) const;
    };
    void forget(const Node &node);
    void remember(Node &node);
    std::vector<Map::node_type> takeSubtree(const RelPath &path);
    void putBack(std::vector<Map::node_type> nodes, const RelPath &from, const RelPath &to);

    Map m_entries;
    std::unordered_multimap<FileIdentity, const Node *, IdentityHash> m_bySource;
    quint64 m_files = 0;
    quint64 m_bytes = 0;
    quint64 m_lastRevision = 0;
};

} // namespace octopus::index
