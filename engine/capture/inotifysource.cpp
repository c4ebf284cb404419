#include "engine/capture/inotifysource.h"

#include "engine/base/log.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cstring>
#include <utility>

namespace octopus::capture {

// No IN_DONT_FOLLOW: a watch is added through /proc/self/fd, whose last step is a link to the held
// directory itself; that no symbolic link was in the way is settled when that is opened.
static constexpr quint32 watchMask = IN_MODIFY | IN_ATTRIB | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE
    | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;
static constexpr quint32 parentMask = IN_DELETE | IN_MOVED_FROM | IN_MOVE_SELF | IN_ONLYDIR;
static constexpr quint32 goneMask = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT;

static constexpr qsizetype bufferSize = 64 * 1024;
static constexpr qsizetype eventsPerRead = bufferSize / qsizetype(sizeof(inotify_event));
// A writer that is faster than we are must not keep poll() from returning.
static constexpr int readsPerPoll = 64;

static QByteArray procPath(const FileDescriptor &descriptor)
{
    return "/proc/self/fd/" + QByteArray::number(descriptor.get());
}

// The watch of a directory keeps its inode in memory: device and number name it for as long.
static Result<FileIdentity> identityOf(const FileDescriptor &directory)
{
    struct stat status = {};
    if (::fstat(directory.get(), &status) != 0)
        return std::unexpected(systemFailure(errno, "fstat"));
    return FileIdentity{quint64(status.st_dev), quint64(status.st_ino), 0};
}

static Result<int> addWatch(const FileDescriptor &inotify, const FileDescriptor &directory,
                            quint32 mask)
{
    const int watch = ::inotify_add_watch(inotify.get(), procPath(directory).constData(), mask);
    if (watch >= 0)
        return watch;
    Error error = systemFailure(errno, "inotify_add_watch");
    if (error.systemError == ENOSPC)
        error.code = ErrorCode::LimitReached;
    return std::unexpected(std::move(error));
}

Result<std::unique_ptr<InotifySource>> InotifySource::open(const QByteArray &absoluteRoot,
                                                           const Clock &clock, qsizetype watchLimit)
{
    FileDescriptor root(::open(absoluteRoot.constData(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root.isOpen())
        return std::unexpected(systemFailure(errno, absoluteRoot));
    FileDescriptor inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!inotify.isOpen())
        return std::unexpected(systemFailure(errno, "inotify_init1"));
    std::unique_ptr<InotifySource> source(
        new InotifySource(std::move(root), std::move(inotify), clock, watchLimit));
    source->watchParent();
    return source;
}

InotifySource::InotifySource(FileDescriptor root, FileDescriptor inotify, const Clock &clock,
                             qsizetype watchLimit)
    : m_root(std::move(root)),
      m_inotify(std::move(inotify)),
      m_clock(clock),
      m_watchLimit(watchLimit),
      m_buffer(bufferSize, Qt::Uninitialized)
{}

// The kernel reports the removal of a directory when its last user lets go of it, and this source is
// one: without the parent, an empty root could be removed unnoticed.
void InotifySource::watchParent()
{
    const FileDescriptor parent(::openat(m_root.get(), "..", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!parent.isOpen())
        return;
    const auto own = identityOf(m_root);
    const auto above = identityOf(parent);
    if (!own || !above || *own == *above) // "/" is its own parent
        return;
    QByteArray path(4096, '\0');
    const ssize_t length =
        ::readlink(procPath(m_root).constData(), path.data(), size_t(path.size()));
    const auto watch = addWatch(m_inotify, parent, parentMask);
    if (length <= 0 || !watch) {
        qCWarning(logCapture, "the directory around a root cannot be watched");
        return;
    }
    path.truncate(length);
    m_rootName = path.sliced(path.lastIndexOf('/') + 1);
    m_parentWatch = *watch;
}

Result<FileDescriptor> InotifySource::openDirectory(const RelPath &path) const
{
    open_how how = {};
    how.flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    const char *name = path.isRoot() ? "." : path.bytes().constData();
    FileDescriptor directory(
        int(retried([&] { return ::syscall(SYS_openat2, m_root.get(), name, &how, sizeof how); })));
    if (directory.isOpen())
        return directory;
    if (errno == ELOOP) // a directory on the way became a symbolic link
        return failure(ErrorCode::NotDirectory, path.bytes());
    return std::unexpected(systemFailure(errno, path.bytes()));
}

bool InotifySource::leadsTo(const RelPath &path, const FileIdentity &identity) const
{
    const auto directory = openDirectory(path);
    const auto found = directory ? identityOf(*directory) : passOn(directory);
    return found && *found == identity;
}

Result<void> InotifySource::watch(const RelPath &path)
{
    const auto directory = openDirectory(path);
    if (!directory)
        return passOn(directory);
    const auto identity = identityOf(*directory);
    if (!identity)
        return passOn(identity);
    const auto watch = addWatch(m_inotify, *directory, watchMask);
    if (!watch)
        return passOn(watch);
    if (*watch == m_parentWatch) { // the root's parent is mounted below the root
        m_parentWatch = -1;
        watchParent();
        return failure(ErrorCode::LimitReached, "the directory around the root");
    }
    if (m_tree.contains(*watch)) {
        const WatchTree::Location &known = locate(*watch);
        if (known.exact && known.path != path && leadsTo(known.path, *identity))
            return failure(ErrorCode::LimitReached, "watched already as " + known.path.bytes());
    } else if (m_watchLimit > 0 && m_tree.size() >= m_watchLimit) {
        ::inotify_rm_watch(m_inotify.get(), *watch);
        return failure(ErrorCode::LimitReached, "as many watches as this source may have");
    }
    place(path, *watch, *identity);
    return {};
}

void InotifySource::unwatch(const RelPath &path)
{
    end(m_tree.remove(path));
}

void InotifySource::place(const RelPath &path, int watch, const FileIdentity &identity)
{
    m_locatedWatch = -1;
    end(m_tree.place(path, watch, identity));
}

void InotifySource::end(const QList<int> &watches)
{
    for (const int watch : watches)
        ::inotify_rm_watch(m_inotify.get(), watch); // fails if the kernel ended it already
}

QList<Change> InotifySource::poll()
{
    for (int reads = 0; reads < readsPerPoll; ++reads) {
        if (m_coalescer.size() + eventsPerRead > maximumChanges || !read())
            break;
    }
    if (m_socketNotifier)
        m_socketNotifier->setEnabled(true);
    return m_coalescer.take();
}

// False when there is nothing more.
bool InotifySource::read()
{
    const ssize_t length =
        retried([&] { return ::read(m_inotify.get(), m_buffer.data(), size_t(bufferSize)); });
    const MonotonicTime now = m_clock.monotonic();
    if (length <= 0) {
        if (length < 0 && errno != EAGAIN && !std::exchange(m_readFailed, true))
            m_coalescer.add(ChangeKind::Lost, RelPath(), now);
        return false;
    }
    m_readFailed = false;
    const char *next = m_buffer.constData();
    const char *end = next + length;
    while (next < end) {
        inotify_event event; // copied without the name, a flexible array
        std::memcpy(&event, next, sizeof event);
        const char *name = next + sizeof event;
        take(event, QByteArrayView(name, qsizetype(qstrnlen(name, event.len))), now);
        next = name + event.len;
    }
    return true;
}

void InotifySource::take(const inotify_event &event, QByteArrayView name, MonotonicTime at)
{
    if (event.mask & IN_Q_OVERFLOW)
        m_coalescer.add(ChangeKind::Lost, RelPath(), at);
    else if (event.wd == m_parentWatch)
        takeFromParent(event, name, at);
    else if (!m_tree.contains(event.wd))
        return; // read after its watch was ended
    else if (name.isEmpty())
        takeFromItself(event, at);
    else
        takeFromEntry(event, name, at);
}

void InotifySource::takeFromParent(const inotify_event &event, QByteArrayView name,
                                   MonotonicTime at)
{
    if (event.mask & IN_IGNORED)
        m_parentWatch = -1;
    else if (name == m_rootName || (event.mask & goneMask))
        m_coalescer.add(ChangeKind::RootGone, RelPath(), at);
}

void InotifySource::takeFromItself(const inotify_event &event, MonotonicTime at)
{
    const WatchTree::Location where = locate(event.wd);
    if (event.mask & IN_IGNORED) {
        m_tree.expire(event.wd);
    } else if (where.exact && where.path.isRoot() && (event.mask & goneMask)) {
        m_coalescer.add(ChangeKind::RootGone, RelPath(), at);
    } else {
        // What was mounted there is gone with its watches, and what it hid is there again.
        const bool whole = !where.exact || (event.mask & IN_UNMOUNT);
        m_coalescer.add(whole ? ChangeKind::Subtree : ChangeKind::Entry, where.path, at);
    }
}

void InotifySource::takeFromEntry(const inotify_event &event, QByteArrayView name, MonotonicTime at)
{
    const bool appeared = (event.mask & IN_ISDIR) && (event.mask & (IN_CREATE | IN_MOVED_TO));
    if (event.mask & IN_ISDIR)
        followMove(event, name);
    const WatchTree::Location &where = locate(event.wd);
    const auto path = where.exact ? where.path.child(name) : failure(ErrorCode::TooLong);
    if (path)
        m_coalescer.add(appeared ? ChangeKind::Subtree : ChangeKind::Entry, *path, at);
    else // no RelPath can name it: whoever looks at the directory meets it
        m_coalescer.add(ChangeKind::Subtree, where.path, at);
}

// Takes the watches of a directory along when it moves from one watched directory to another. Only
// if it is where the event says: since then it may have moved on, or another may stand there.
// Where this cannot tell, the next watch() of the new path will.
void InotifySource::followMove(const inotify_event &event, QByteArrayView name)
{
    if (event.mask & IN_MOVED_FROM)
        m_departure = Departure{event.cookie, event.wd, name.toByteArray()};
    if (!(event.mask & IN_MOVED_TO))
        return;
    const Departure from = std::exchange(m_departure, {});
    if (from.cookie != event.cookie || !m_tree.contains(from.watch))
        return;
    const auto moved = m_tree.childOf(from.watch, from.name);
    const WatchTree::Location &where = locate(event.wd);
    if (!moved || !where.exact)
        return;
    const auto path = where.path.child(name);
    const FileIdentity identity = m_tree.identity(*moved);
    if (!path || !leadsTo(*path, identity))
        return;
    place(*path, *moved, identity);
}

const WatchTree::Location &InotifySource::locate(int watch)
{
    if (m_locatedWatch != watch) {
        m_located = m_tree.locate(watch);
        m_locatedWatch = watch;
    }
    return m_located;
}

void InotifySource::setNotifier(std::function<void()> notifier)
{
    m_socketNotifier.reset();
    if (!notifier)
        return;
    m_socketNotifier = std::make_unique<QSocketNotifier>(m_inotify.get(), QSocketNotifier::Read);
    QSocketNotifier *readiness = m_socketNotifier.get();
    QObject::connect(readiness, &QSocketNotifier::activated, readiness,
                     [readiness, call = std::move(notifier)] {
                         readiness->setEnabled(false);
                         call();
                     });
}

} // namespace octopus::capture
