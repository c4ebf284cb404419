// InotifySource: a ChangeSource over inotify(7) for one held root.
// Reports the entry that an event names; that the directory around it has a new modification time,
// too, goes without saying. A directory that appears or moves in is a Subtree. Events carry the
// path that their directory has now: a move between watched directories takes its watches along at
// once. A directory that is gone keeps its watch as long as somebody holds it open or it lives on
// outside: call unwatch() for it. Not seen: writes through mmap; at one name of a file, what is
// done through another; that the root is mounted over or a directory above its parent moves
// (Root::isInPlace() tells). One thread, with an event loop if setNotifier() is used.
#pragma once

#include "engine/base/filedescriptor.h"
#include "engine/capture/changesource.h"
#include "engine/capture/coalescer.h"
#include "engine/capture/watchtree.h"

#include <QSocketNotifier>

#include <memory>

struct inotify_event;

namespace octopus::capture {

class InotifySource final : public ChangeSource
{
public:
    // poll() returns at most this many changes; the rest comes with the next call.
    static constexpr qsizetype maximumChanges = 65536;

    // Holds the directory (followed, if the path leads through symbolic links). `clock` must
    // outlive the source. More than `watchLimit` watches fail with LimitReached, as the kernel's
    // limit (fs.inotify.max_user_watches) does: for tests and for sharing that limit; 0: none.
    // NotFound, NotDirectory, PermissionDenied; LimitReached: no more inotify instances.
    [[nodiscard]] static Result<std::unique_ptr<InotifySource>> open(const QByteArray &absoluteRoot,
                                                                     const Clock &clock,
                                                                     qsizetype watchLimit = 0);

    // As in ChangeSource; also PermissionDenied, and LimitReached for a directory that is watched
    // under another path and is still there, too (a bind mount): the kernel has one watch for both.
    [[nodiscard]] Result<void> watch(const RelPath &path) override;
    void unwatch(const RelPath &path) override;
    // `at` is when the event was read.
    [[nodiscard]] QList<Change> poll() override;
    // Calls once when there is something, then not again before the next poll(). May return early:
    // poll until it is empty. An empty function: no more calls.
    void setNotifier(std::function<void()> notifier) override;

    [[nodiscard]] qsizetype watchCount() const { return m_tree.size(); }

private:
    InotifySource(FileDescriptor root, FileDescriptor inotify, const Clock &clock,
                  qsizetype watchLimit);
    void watchParent();
    [[nodiscard]] Result<FileDescriptor> openDirectory(const RelPath &path) const;
    [[nodiscard]] bool leadsTo(const RelPath &path, const FileIdentity &identity) const;
    void place(const RelPath &path, int watch, const FileIdentity &identity);
    void end(const QList<int> &watches);
    [[nodiscard]] bool read();
    void take(const inotify_event &event, QByteArrayView name, MonotonicTime at);
    void takeFromParent(const inotify_event &event, QByteArrayView name, MonotonicTime at);
    void takeFromItself(const inotify_event &event, MonotonicTime at);
    void takeFromEntry(const inotify_event &event, QByteArrayView name, MonotonicTime at);
    void followMove(const inotify_event &event, QByteArrayView name);
    [[nodiscard]] const WatchTree::Location &locate(int watch);

    FileDescriptor m_root;
    FileDescriptor m_inotify;
    const Clock &m_clock;
    const qsizetype m_watchLimit;
    WatchTree m_tree;
    Coalescer m_coalescer;
    QByteArray m_buffer;
    bool m_readFailed = false;

    // The directory around the root; a root that somebody holds open tells nothing of its removal.
    int m_parentWatch = -1;
    QByteArray m_rootName;

    // The first half of a move of a directory, until the second comes.
    struct Departure {
        quint32 cookie = 0;
        int watch = -1;
        QByteArray name;
    };
    Departure m_departure;

    // Where the watch of the last event is; most events come in runs.
    int m_locatedWatch = -1;
    WatchTree::Location m_located;

    std::unique_ptr<QSocketNotifier> m_socketNotifier;
};

} // namespace octopus::capture
