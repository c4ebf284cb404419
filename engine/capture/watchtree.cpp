#include "engine/capture/watchtree.h"

#include <map>
#include <utility>
#include <vector>

namespace octopus::capture {

static constexpr int noWatch = -1;

struct WatchTree::Node {
    int watch = noWatch;
    FileIdentity identity;
    Node *parent = nullptr; // null only for the root
    QByteArray name;
    std::map<QByteArray, Owned> children;
};

WatchTree::WatchTree() : m_root(std::make_unique<Node>()) {}

WatchTree::~WatchTree()
{
    dismantle(std::move(m_root));
}

static QList<QByteArray> namesOf(const RelPath &path)
{
    return path.isRoot() ? QList<QByteArray>() : path.bytes().split('/');
}

WatchTree::Node *WatchTree::find(const RelPath &path) const
{
    Node *node = m_root.get();
    for (const QByteArray &name : namesOf(path)) {
        const auto child = node->children.find(name);
        if (child == node->children.end())
            return nullptr;
        node = child->second.get();
    }
    return node;
}

WatchTree::Node *WatchTree::make(const RelPath &path)
{
    Node *node = m_root.get();
    for (const QByteArray &name : namesOf(path)) {
        Owned &child = node->children[name];
        if (!child) {
            child = std::make_unique<Node>();
            child->parent = node;
            child->name = name;
        }
        node = child.get();
    }
    return node;
}

// Takes the node out of the tree, with everything below it; the root leaves an empty one behind.
WatchTree::Owned WatchTree::detach(Node *node)
{
    if (node == m_root.get())
        return std::exchange(m_root, std::make_unique<Node>());
    Node *parent = std::exchange(node->parent, nullptr);
    auto extracted = parent->children.extract(node->name);
    prune(parent);
    return std::move(extracted.mapped());
}

// Removes the node, and those above it, as far as nothing is watched there or below.
void WatchTree::prune(Node *node)
{
    while (node->parent && node->watch == noWatch && node->children.empty()) {
        Node *parent = node->parent;
        parent->children.erase(QByteArray(node->name));
        node = parent;
    }
}

// Takes a subtree that was taken out of the tree apart, and its watches out of the table.
QList<int> WatchTree::dismantle(Owned subtree)
{
    // Not recursive: how deep directories are nested on the disk is not ours to say.
    QList<int> watches;
    std::vector<Owned> waiting;
    waiting.push_back(std::move(subtree));
    while (!waiting.empty()) {
        const Owned node = std::move(waiting.back());
        waiting.pop_back();
        if (node->watch != noWatch) {
            watches.append(node->watch);
            m_nodes.remove(node->watch);
        }
        for (auto &[name, child] : node->children)
            waiting.push_back(std::move(child));
    }
    return watches;
}

QList<int> WatchTree::place(const RelPath &path, int watch, const FileIdentity &identity)
{
    Owned moved;
    if (Node *known = m_nodes.value(watch)) {
        if (known == find(path)) {
            known->identity = identity;
            return {};
        }
        // Out first: the new path may lead through the place where it was.
        moved = detach(known);
    } else {
        moved = std::make_unique<Node>();
        moved->watch = watch;
    }
    moved->identity = identity;
    Node *parent = path.isRoot() ? nullptr : make(path.parent());
    Owned &slot = parent ? parent->children[path.name().toByteArray()] : m_root;
    moved->parent = parent;
    moved->name = path.name().toByteArray();
    m_nodes.insert(watch, moved.get());
    Owned displaced = std::exchange(slot, std::move(moved));
    return displaced ? dismantle(std::move(displaced)) : QList<int>();
}

QList<int> WatchTree::remove(const RelPath &path)
{
    Node *node = find(path);
    return node ? dismantle(detach(node)) : QList<int>();
}

void WatchTree::expire(int watch)
{
    if (Node *node = m_nodes.take(watch)) {
        node->watch = noWatch;
        prune(node);
    }
}

bool WatchTree::isEmpty() const
{
    return m_nodes.isEmpty() && m_root->children.empty();
}

WatchTree::Location WatchTree::locate(int watch) const
{
    QList<const Node *> line;
    for (const Node *node = m_nodes.value(watch); node->parent; node = node->parent)
        line.prepend(node);
    Location location;
    for (const Node *node : std::as_const(line)) {
        auto path = location.path.child(node->name);
        if (!path) {
            location.exact = false;
            break;
        }
        location.path = *std::move(path);
    }
    return location;
}

FileIdentity WatchTree::identity(int watch) const
{
    return m_nodes.value(watch)->identity;
}

std::optional<int> WatchTree::childOf(int watch, const QByteArray &name) const
{
    const Node *node = m_nodes.value(watch);
    const auto child = node->children.find(name);
    if (child == node->children.end() || child->second->watch == noWatch)
        return std::nullopt;
    return child->second->watch;
}

} // namespace octopus::capture
