// WatchedFolder: a temporary root on the real file system, an InotifySource over it, and the plain
// system calls of a program that changes it. Names are bytes relative to the root.
#pragma once

#include "engine/capture/inotifysource.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace octopus::capture {

class CountingClock final : public Clock
{
public:
    MonotonicTime monotonic() const override { return {Nanoseconds(++m_ticks)}; }
    WallTime wall() const override { return {}; }

private:
    mutable qint64 m_ticks = 0;
};

// A system call that the test itself depends on.
inline void must(int result)
{
    if (result < 0)
        qFatal("a system call of the test failed: %s", std::strerror(errno));
}

class WatchedFolder
{
public:
    explicit WatchedFolder(qsizetype watchLimit = 0)
    {
        makeDirectory("");
        auto opened = InotifySource::open(path(""), m_clock, watchLimit);
        if (!opened)
            qFatal("no source: %s", opened.error().detail.constData());
        m_source = *std::move(opened);
    }

    ~WatchedFolder()
    {
        // Not by QTemporaryDir, which loses names that are no UTF-8.
        std::error_code ignored;
        std::filesystem::remove_all(outside("").toStdString(), ignored);
    }
    Q_DISABLE_COPY_MOVE(WatchedFolder)

    InotifySource &source() { return *m_source; }

    QByteArray path(const QByteArray &name) const { return outside("root") + '/' + name; }
    QByteArray outside(const QByteArray &name) const
    {
        return QFile::encodeName(m_place.path()) + '/' + name;
    }

    void makeDirectory(const QByteArray &name) const
    {
        must(::mkdir(path(name).constData(), 0700));
    }
    void write(const QByteArray &name, const QByteArray &bytes) const
    {
        const int file = ::open(path(name).constData(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        must(file);
        must(::write(file, bytes.constData(), size_t(bytes.size())) == bytes.size() ? 0 : -1);
        must(::close(file));
    }
    void move(const QByteArray &from, const QByteArray &to) const
    {
        must(::rename(path(from).constData(), path(to).constData()));
    }

    ErrorCode watchFails(const char *name)
    {
        const auto result = m_source->watch(RelPath::of(name));
        return result ? ErrorCode{} : result.error().code;
    }
    bool watches(const char *name) { return m_source->watch(RelPath::of(name)).has_value(); }

    // What poll() tells, as "entry a/b, subtree c, lost, root-gone".
    QByteArray changes()
    {
        QByteArrayList words;
        for (const Change &change : m_source->poll())
            words.append(word(change));
        return words.join(", ");
    }
    void forgetChanges() { (void)m_source->poll(); }

private:
    static QByteArray word(const Change &change)
    {
        switch (change.kind) {
        case ChangeKind::Entry: return "entry " + change.path.bytes();
        case ChangeKind::Subtree: return "subtree " + change.path.bytes();
        case ChangeKind::Lost: return "lost";
        case ChangeKind::RootGone: break;
        }
        return "root-gone";
    }

    QTemporaryDir m_place;
    CountingClock m_clock;
    std::unique_ptr<InotifySource> m_source;
};

} // namespace octopus::capture
