// Manifest: the set of paths that Octopus put into a replica, with what must be known of each
// without asking the file system. What is not in it is foreign and never touched.
//
// In memory, ordered (a directory directly before everything below it); changes are collected and
// appended to `.octopus/manifest` by save() as one group, together with the point that they lead up
// to and the failures still open (FORMAT.md). One thread.
#pragma once

#include "engine/apply/failures.h"
#include "engine/base/fileio.h"
#include "engine/base/treeorder.h"
#include "engine/model/ids.h"

#include <map>

namespace octopus::apply {

struct OwnEntry {
    EntryKind kind = EntryKind::File;
    bool linked = false;    // may have further names among the own paths
    bool shared = false;    // was adopted with further names, which may be anybody's
    bool borrowed = false;  // a directory that was there already: used, never removed or moved
    quint16 mode = 0;       // of a directory, as the operations set it
    quint32 placedTick = 0; // when its content was put there, in Manifest ticks; not stored
    qint64 mtimeNs = 0;     // of a directory, as the operations set it
    friend bool operator==(const OwnEntry &, const OwnEntry &) = default;
};

// The point that a saved manifest stands for.
struct ManifestMark {
    StreamId stream{};
    Sequence sequence{};
    quint64 journal = 0; // journals of this and earlier generations are contained
    friend bool operator==(const ManifestMark &, const ManifestMark &) = default;
};

class Manifest
{
public:
    using Map = std::map<RelPath, OwnEntry, TreeOrder>;
    // Logs smaller than this are never rewritten.
    static constexpr quint64 smallLog = 1024 * 1024;

    // Durably writes an empty manifest in place of any other.
    [[nodiscard]] static Result<std::unique_ptr<Manifest>> create(Root &root);
    // NotFound; Corrupt: damaged.
    [[nodiscard]] static Result<std::unique_ptr<Manifest>> open(Root &root);

    [[nodiscard]] const OwnEntry *find(const RelPath &path) const;
    [[nodiscard]] bool hasBelow(const RelPath &path) const; // strictly below
    [[nodiscard]] const Map &entries() const { return m_entries; }
    [[nodiscard]] QList<RelPath> children(const RelPath &directory) const; // directly below
    [[nodiscard]] const ManifestMark &mark() const { return m_mark; }

    void put(const RelPath &path, const OwnEntry &entry);
    void drop(const RelPath &path); // the entry alone
    void dropSubtree(const RelPath &path);
    // Moves the entry at `from` and everything below it; what is at `to` itself is dropped.
    // TooLong, and nothing changed: a path would get too long.
    [[nodiscard]] Result<void> checkMove(const RelPath &from, const RelPath &to) const;
    void move(const RelPath &from, const RelPath &to);
    void swap(const RelPath &a, const RelPath &b);

    // The failures still open; stored with the next save().
    [[nodiscard]] Failures &failures() { return m_failures; }

    // Appends all changes and `mark`, durably; rewrites the log when most of it is outdated.
    [[nodiscard]] Result<void> save(const ManifestMark &mark);

private:
    explicit Manifest(Root &root) : m_root(root) {}
    [[nodiscard]] Result<void> load();
    [[nodiscard]] Result<void> replay(QByteArrayView group);
    [[nodiscard]] Result<void> rewrite();
    [[nodiscard]] QByteArray encodeEverything() const;
    [[nodiscard]] std::vector<Map::node_type> takeSubtree(const RelPath &path);
    void putBack(std::vector<Map::node_type> nodes, const RelPath &from, const RelPath &to);
    void place(const RelPath &path, const OwnEntry &entry);

    Root &m_root;
    Map m_entries;
    Failures m_failures;
    ManifestMark m_mark;
    QByteArray m_changes; // encoded records since the last save
    std::unique_ptr<File> m_log;
    quint64 m_end = 0;
    quint64 m_nextNumber = 0;
    quint64 m_liveBytes = 0; // what the entries would take, written anew
};

} // namespace octopus::apply
