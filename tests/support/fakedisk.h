// FakeDisk: a file system in memory that knows what a power loss would leave of it.
//
// Changes of metadata (names, attributes, sizes) go through a FakeJournal and survive as a prefix;
// unsynced content survives block by block (FakeContent). Syncing a file commits the changes up to
// the last one of its size or blocks, syncing a directory those up to its last one: the least that
// ext4 and XFS promise. Inode numbers are given again, lowest first, as ext4 does. It checks
// nothing: FakeRoot and FakeFile know the rules of the calls. One thread.
#pragma once

#include "engine/base/clock.h"
#include "tests/support/fakejournal.h"
#include "tests/support/fakenode.h"

#include <set>
#include <vector>

namespace octopus::testing {

class FakeDisk
{
public:
    explicit FakeDisk(const Clock &clock);

    [[nodiscard]] const FakeNodePointer &root() const { return m_root; }

    // A node without a name yet, owned like its future parent's file system says.
    [[nodiscard]] FakeNodePointer makeNode(EntryKind kind, quint32 mode, quint64 device);
    void addName(const FakeNodePointer &parent, const QByteArray &name,
                 const FakeNodePointer &node);
    void removeName(const FakeNamePointer &entry);
    // Moves the entry, over what is there, in one change.
    void moveName(const FakeNamePointer &entry, const FakeNodePointer &parent,
                  const QByteArray &name);
    void exchangeNames(const FakeNamePointer &one, const FakeNamePointer &two);
    // Also sets the time of the change.
    void setAttributes(const FakeNodePointer &node, FakeAttributes attributes);

    [[nodiscard]] Result<void> write(const FakeNodePointer &node, quint64 offset,
                                     QByteArrayView bytes);
    void resize(const FakeNodePointer &node, quint64 size);
    void punch(const FakeNodePointer &node, Extent range);
    void clone(const FakeNodePointer &node, const FakeNode &source);

    void syncData(const FakeNodePointer &file);
    void syncNames(const FakeNodePointer &directory);
    void syncAll();
    [[nodiscard]] quint64 unsyncedChanges() const { return m_journal.pending(); }

    // Keeps the first `kept` unsynced changes of metadata (all, if there are fewer).
    void losePower(quint64 kept, UnsyncedData data, Random &random);
    // Every process that had files open is gone.
    void closeAll();
    // Puts an empty directory of another device over the one at `entry`, or takes it away again, as
    // unmounting and mounting do.
    void hide(const FakeNamePointer &entry);
    void reveal(const FakeNamePointer &entry);
    void fileClosed(const FakeNodePointer &node);

    [[nodiscard]] Space space() const;
    struct Settings {
        quint64 capacity = quint64(1) << 40; // bytes of content
        Nanoseconds tick{0};                 // of timestamps; 0: each change has a time of its own
        quint32 uid = 0;                     // of new entries
        quint32 gid = 0;
    };
    Settings settings;

private:
    struct Before; // of one node
    struct Slot;   // of one name in a directory
    struct WayBack;

    [[nodiscard]] qint64 stamp();
    [[nodiscard]] WayBack before(const std::vector<FakeNodePointer> &nodes,
                                 std::vector<Slot> slots) const;
    quint64 record(WayBack way);
    void recordWrite(const FakeNodePointer &node, bool grows);
    template <typename Change>
    void changeContent(const FakeNodePointer &node, FakeContent::Saved saved, Change change);
    void dropLink(const FakeNamePointer &entry);
    void nodeUnused(const FakeNode &node);
    [[nodiscard]] bool isFull() const;

    const Clock &m_clock;
    qint64 m_lastStamp = 0;
    quint64 m_nextSerial = 1;
    quint64 m_nextInode = 2;
    std::set<quint64> m_freeInodes;
    quint64 m_usedBlocks = 0;
    FakeJournal m_journal;
    std::map<quint64, FakeNodePointer> m_unsynced; // by serial
    std::map<FakeNamePointer, FakeNodePointer> m_hidden;
    FakeNodePointer m_root;

    // The newest change, if it was a write: more of the same need no change of their own.
    struct {
        quint64 number = 0;
        quint64 serial = 0;
        bool grew = false;
    } m_lastWrite;
};

} // namespace octopus::testing
