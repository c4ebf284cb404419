// WatchTree: which directories are watched, by path and by the kernel's watch descriptor.
//
// A tree of names, so that moving a watched subtree is one step however large it is, and the path
// of a watch costs its depth. Directories on the way that are not watched themselves are there as
// long as something below them is. A watch descriptor has exactly one place. Functions that end
// watches return their descriptors: the caller tells the kernel. Knows no kernel itself; one thread.
#pragma once

#include "engine/base/fileio.h"
#include "engine/base/relpath.h"

#include <QHash>
#include <QList>

#include <memory>
#include <optional>

namespace octopus::capture {

class WatchTree
{
public:
    // Where a watch is. Not exact: its path is longer or deeper than a RelPath may be, and `path`
    // is the nearest directory above it that has one.
    struct Location {
        RelPath path;
        bool exact = true;
    };

    WatchTree();
    ~WatchTree();
    Q_DISABLE_COPY_MOVE(WatchTree)

    // Puts `watch` at `path`. If it was elsewhere, everything below it moves along. Returns the
    // watches that were at or below `path` before: they belong to a directory that is no longer
    // there.
    [[nodiscard]] QList<int> place(const RelPath &path, int watch, const FileIdentity &identity);
    // Forgets `path` and everything below it; returns the watches.
    [[nodiscard]] QList<int> remove(const RelPath &path);
    // The kernel ended this watch; what is below it stays.
    void expire(int watch);

    [[nodiscard]] bool contains(int watch) const { return m_nodes.contains(watch); }
    [[nodiscard]] qsizetype size() const { return m_nodes.size(); }
    // Nothing is watched, and no directory on the way to anything is kept.
    [[nodiscard]] bool isEmpty() const;
    // For a watch that is contained:
    [[nodiscard]] Location locate(int watch) const;
    [[nodiscard]] FileIdentity identity(int watch) const;
    // The watch of the directory `name` in the directory of `watch`.
    [[nodiscard]] std::optional<int> childOf(int watch, const QByteArray &name) const;

private:
    struct Node;
    using Owned = std::unique_ptr<Node>;

    [[nodiscard]] Node *find(const RelPath &path) const;
    [[nodiscard]] Node *make(const RelPath &path);
    [[nodiscard]] Owned detach(Node *node);
    void prune(Node *node);
    QList<int> dismantle(Owned subtree);

    Owned m_root;
    QHash<int, Node *> m_nodes;
};

} // namespace octopus::capture
