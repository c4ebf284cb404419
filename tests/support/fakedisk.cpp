#include "tests/support/fakedisk.h"

#include <algorithm>

namespace octopus::testing {

// A directory entry as it was before a change.
struct FakeDisk::Slot {
    FakeNodePointer parent;
    QByteArray name;
    FakeNamePointer entry; // null: none
};

struct FakeDisk::Before {
    FakeNodePointer node;
    FakeAttributes attributes;
    quint32 links = 0;
};

struct FakeDisk::WayBack {
    std::vector<Before> nodes;
    std::vector<Slot> slots;

    void take();
};

static void place(const FakeNodePointer &parent, const QByteArray &name,
                  const FakeNamePointer &entry)
{
    entry->parent = parent;
    entry->name = name;
    entry->linked = true;
    if (entry->node->kind == EntryKind::Directory)
        entry->node->where = entry;
    parent->entries[name] = entry;
}

static void displace(const FakeNodePointer &parent, const QByteArray &name)
{
    const auto at = parent->entries.find(name);
    if (at == parent->entries.end())
        return;
    at->second->linked = false;
    parent->entries.erase(at);
}

void FakeDisk::WayBack::take()
{
    for (const Slot &slot : slots)
        displace(slot.parent, slot.name);
    for (const Slot &slot : slots) {
        if (slot.entry)
            place(slot.parent, slot.name, slot.entry);
    }
    for (Before &before : nodes) {
        before.node->attributes = before.attributes;
        before.node->links = before.links;
    }
}

FakeDisk::FakeDisk(const Clock &clock) : m_clock(clock)
{
    m_root = makeNode(EntryKind::Directory, 0755, 1);
    m_root->links = 2;
}

qint64 FakeDisk::stamp()
{
    const qint64 now = m_clock.wall().nanoseconds;
    const qint64 tick = settings.tick.count();
    // A clock that was set back shows in the times, as it does on a real one.
    if (tick > 0)
        return now - now % tick;
    const bool wentBack = now < m_lastStamp - 1'000'000'000;
    m_lastStamp = wentBack ? now : std::max(now, m_lastStamp + 1);
    return m_lastStamp;
}

FakeNodePointer FakeDisk::makeNode(EntryKind kind, quint32 mode, quint64 device)
{
    quint64 inode = m_nextInode;
    if (m_freeInodes.empty())
        ++m_nextInode;
    else
        inode = m_freeInodes.extract(m_freeInodes.begin()).value();
    auto node = std::make_shared<FakeNode>();
    const qint64 now = stamp();
    node->serial = m_nextSerial++;
    node->identity = {device, inode, now};
    node->kind = kind;
    node->attributes = {mode, settings.uid, settings.gid, now, now, {}};
    return node;
}

FakeDisk::WayBack FakeDisk::before(const std::vector<FakeNodePointer> &nodes,
                                   std::vector<Slot> slots) const
{
    WayBack way;
    for (const FakeNodePointer &node : nodes)
        way.nodes.push_back({node, node->attributes, node->links});
    for (Slot &slot : slots) {
        const auto at = slot.parent->entries.find(slot.name);
        slot.entry = at == slot.parent->entries.end() ? nullptr : at->second;
    }
    way.slots = std::move(slots);
    return way;
}

// Records a change of names and gives everything concerned its new times.
quint64 FakeDisk::record(WayBack way)
{
    const qint64 now = stamp();
    for (const Before &before : way.nodes)
        before.node->attributes.ctimeNs = now;
    for (const Slot &slot : way.slots)
        slot.parent->attributes.mtimeNs = now;
    std::vector<FakeNodePointer> parents;
    parents.reserve(way.slots.size());
    for (const Slot &slot : way.slots)
        parents.push_back(slot.parent);
    const quint64 number = m_journal.add([way = std::move(way)]() mutable { way.take(); });
    for (const FakeNodePointer &parent : parents)
        parent->nameChange = number;
    return number;
}

void FakeDisk::addName(const FakeNodePointer &parent, const QByteArray &name,
                       const FakeNodePointer &node)
{
    WayBack way = before({parent, node}, {{parent, name, {}}});
    const auto entry = std::make_shared<FakeName>();
    entry->node = node;
    place(parent, name, entry);
    if (node->kind == EntryKind::Directory) {
        node->links = 2;
        ++parent->links;
    } else {
        ++node->links;
    }
    const bool isNew = node->links == 1 || node->kind == EntryKind::Directory;
    const quint64 number = record(std::move(way));
    if (isNew)
        node->dataChange = node->nameChange = number;
}

// Counts one name less; the entry is taken out by the caller.
void FakeDisk::dropLink(const FakeNamePointer &entry)
{
    const FakeNodePointer node = entry->node;
    if (node->kind == EntryKind::Directory) {
        node->links = 0;
        --entry->parent.lock()->links;
    } else {
        --node->links;
    }
    nodeUnused(*node);
}

void FakeDisk::nodeUnused(const FakeNode &node)
{
    if (node.links > 0 || node.openFiles > 0)
        return;
    m_freeInodes.insert(node.identity.inode);
    m_usedBlocks -= node.content.blockCount();
}

void FakeDisk::removeName(const FakeNamePointer &entry)
{
    const FakeNodePointer parent = entry->parent.lock();
    const QByteArray name = entry->name;
    WayBack way = before({parent, entry->node}, {{parent, name, {}}});
    dropLink(entry);
    displace(parent, name);
    record(std::move(way));
}

void FakeDisk::moveName(const FakeNamePointer &entry, const FakeNodePointer &parent,
                        const QByteArray &name)
{
    const FakeNodePointer oldParent = entry->parent.lock();
    const QByteArray oldName = entry->name;
    const auto at = parent->entries.find(name);
    const FakeNamePointer replaced = at == parent->entries.end() ? nullptr : at->second;
    std::vector<FakeNodePointer> nodes = {oldParent, parent, entry->node};
    if (replaced)
        nodes.push_back(replaced->node);
    WayBack way = before(nodes, {{oldParent, oldName, {}}, {parent, name, {}}});
    if (replaced)
        dropLink(replaced);
    displace(parent, name);
    displace(oldParent, oldName);
    place(parent, name, entry);
    if (entry->node->kind == EntryKind::Directory) {
        --oldParent->links;
        ++parent->links;
    }
    record(std::move(way));
}

void FakeDisk::exchangeNames(const FakeNamePointer &one, const FakeNamePointer &two)
{
    const FakeNodePointer oneParent = one->parent.lock();
    const FakeNodePointer twoParent = two->parent.lock();
    const QByteArray oneName = one->name;
    const QByteArray twoName = two->name;
    WayBack way = before({oneParent, twoParent, one->node, two->node},
                         {{oneParent, oneName, {}}, {twoParent, twoName, {}}});
    displace(oneParent, oneName);
    displace(twoParent, twoName);
    place(twoParent, twoName, one);
    place(oneParent, oneName, two);
    const auto isDirectory = [](const FakeNamePointer &entry) {
        return quint32(entry->node->kind == EntryKind::Directory);
    };
    oneParent->links += isDirectory(two) - isDirectory(one);
    twoParent->links += isDirectory(one) - isDirectory(two);
    record(std::move(way));
}

void FakeDisk::setAttributes(const FakeNodePointer &node, FakeAttributes attributes)
{
    attributes.ctimeNs = stamp();
    m_journal.add([node, old = node->attributes] { node->attributes = old; });
    node->attributes = std::move(attributes);
    if (node->kind == EntryKind::Directory)
        node->nameChange = m_journal.last();
}

bool FakeDisk::isFull() const
{
    return (m_usedBlocks + 1) * FakeContent::blockSize > settings.capacity;
}

void FakeDisk::recordWrite(const FakeNodePointer &node, bool grows)
{
    const bool isSame = m_journal.pending() > 0 && m_lastWrite.number == m_journal.last()
        && m_lastWrite.serial == node->serial && (m_lastWrite.grew || !grows);
    if (!isSame && grows) {
        auto saved = node->content.save(node->content.size() / FakeContent::blockSize);
        m_journal.add([node, old = node->attributes, saved = std::move(saved)] {
            node->attributes = old;
            node->content.restore(saved);
        });
    } else if (!isSame) {
        m_journal.add([node, old = node->attributes] { node->attributes = old; });
    }
    if (!isSame)
        m_lastWrite = {m_journal.last(), node->serial, grows};
    node->attributes.mtimeNs = node->attributes.ctimeNs = stamp();
}

Result<void> FakeDisk::write(const FakeNodePointer &node, quint64 offset, QByteArrayView bytes)
{
    FakeContent &content = node->content;
    while (!bytes.isEmpty()) {
        const quint64 index = offset / FakeContent::blockSize;
        const quint64 room = FakeContent::blockSize - offset % FakeContent::blockSize;
        const qsizetype step = qsizetype(std::min(room, quint64(bytes.size())));
        const bool allocates = !content.hasBlock(index);
        if (allocates && isFull())
            return failure(ErrorCode::NoSpace, "the fake disk is full");
        const bool grows = offset + quint64(step) > content.size();
        recordWrite(node, grows);
        content.writeInBlock(offset, bytes.first(step));
        m_unsynced.try_emplace(node->serial, node);
        m_usedBlocks += allocates ? 1 : 0;
        if (allocates || grows)
            node->dataChange = m_journal.last();
        offset += quint64(step);
        bytes = bytes.sliced(step);
    }
    return {};
}

// Changes size or blocks at once: unlike written bytes, that is metadata.
template <typename Change>
void FakeDisk::changeContent(const FakeNodePointer &node, FakeContent::Saved saved, Change change)
{
    m_usedBlocks -= node->content.blockCount();
    m_journal.add([node, old = node->attributes, saved = std::move(saved)] {
        node->attributes = old;
        node->content.restore(saved);
    });
    change(node->content);
    node->attributes.mtimeNs = node->attributes.ctimeNs = stamp();
    node->dataChange = m_journal.last();
    m_usedBlocks += node->content.blockCount();
    if (node->content.isUnsynced())
        m_unsynced.try_emplace(node->serial, node);
}

void FakeDisk::resize(const FakeNodePointer &node, quint64 size)
{
    const quint64 first = std::min(size, node->content.size()) / FakeContent::blockSize;
    changeContent(node, node->content.save(first),
                  [=](FakeContent &content) { content.resize(size); });
}

void FakeDisk::punch(const FakeNodePointer &node, Extent range)
{
    const quint64 first = range.offset / FakeContent::blockSize;
    const quint64 last = (range.offset + range.length) / FakeContent::blockSize;
    changeContent(node, node->content.save(first, last),
                  [=](FakeContent &content) { content.punch(range); });
}

void FakeDisk::clone(const FakeNodePointer &node, const FakeNode &source)
{
    changeContent(node, node->content.save(0),
                  [&](FakeContent &content) { content = source.content; });
}

void FakeDisk::syncData(const FakeNodePointer &file)
{
    file->content.markSynced();
    m_unsynced.erase(file->serial);
    m_journal.commit(file->dataChange);
}

void FakeDisk::syncNames(const FakeNodePointer &directory)
{
    m_journal.commit(directory->nameChange);
}

void FakeDisk::syncAll()
{
    for (auto &[serial, node] : m_unsynced)
        node->content.markSynced();
    m_unsynced.clear();
    m_journal.commit(m_journal.last());
}

void FakeDisk::losePower(quint64 kept, UnsyncedData data, Random &random)
{
    m_journal.rollBack(kept);
    for (auto &[serial, node] : m_unsynced)
        node->content.losePower(data, random);
    m_unsynced.clear();
    m_journal.commit(m_journal.last());
    m_lastWrite = {};
    closeAll();
}

void FakeDisk::fileClosed(const FakeNodePointer &node)
{
    --node->openFiles;
    nodeUnused(*node);
}

// What is reachable is in use, by nobody; everything else is free.
void FakeDisk::closeAll()
{
    std::set<quint64> used;
    std::set<const FakeNode *> seen;
    std::vector<FakeNodePointer> open = {m_root};
    for (const auto &[entry, node] : m_hidden)
        open.push_back(node);
    const bool nothingPending = m_journal.pending() == 0;
    m_usedBlocks = 0;
    while (!open.empty()) {
        const FakeNodePointer node = open.back();
        open.pop_back();
        if (!seen.insert(node.get()).second)
            continue;
        used.insert(node->identity.inode);
        m_usedBlocks += node->content.blockCount();
        node->openFiles = 0;
        node->isLocked = false;
        if (nothingPending) // numbers of changes that a power loss took are given again
            node->dataChange = node->nameChange = 0;
        for (const auto &[name, entry] : node->entries)
            open.push_back(entry->node);
    }
    m_freeInodes.clear();
    for (quint64 inode = 2; inode < m_nextInode; ++inode) {
        if (!used.contains(inode))
            m_freeInodes.insert(inode);
    }
}

void FakeDisk::hide(const FakeNamePointer &entry)
{
    if (m_hidden.contains(entry))
        return;
    m_hidden[entry] = entry->node;
    entry->node = makeNode(EntryKind::Directory, 0755, entry->node->identity.device + 1000);
    entry->node->links = 2;
    entry->node->where = entry;
}

void FakeDisk::reveal(const FakeNamePointer &entry)
{
    if (const auto hidden = m_hidden.extract(entry))
        entry->node = hidden.mapped();
}

Space FakeDisk::space() const
{
    const quint64 used = m_usedBlocks * FakeContent::blockSize;
    return {settings.capacity - std::min(used, settings.capacity), settings.capacity};
}

} // namespace octopus::testing
