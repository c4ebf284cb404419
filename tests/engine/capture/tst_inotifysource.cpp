#include "tests/engine/capture/watchedfolder.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <sched.h>
#include <sys/mount.h>

#include <functional>

using namespace octopus;
using namespace octopus::capture;

using Act = void (*)(const WatchedFolder &);

// Rows of everyKindOfChangeIsOneEntry().
static void addDirectoryRows(const std::function<void(const char *, Act, const char *)> &row)
{
    row("directory", [](const WatchedFolder &f) { f.makeDirectory("d"); }, "subtree d");
    row(
        "mode of a directory",
        [](const WatchedFolder &f) { must(::chmod(f.path("sub").constData(), 0750)); },
        "entry sub");
    row(
        "mode of the root",
        [](const WatchedFolder &f) { must(::chmod(f.path("").constData(), 0750)); }, "entry ");
    row("below", [](const WatchedFolder &f) { f.write("sub/x", "x"); }, "entry sub/x");
    row(
        "unnamed, then named",
        [](const WatchedFolder &f) {
            const int file = ::open(f.path("").constData(), O_TMPFILE | O_WRONLY, 0600);
            must(file);
            must(int(::write(file, "x", 1)));
            const QByteArray held = "/proc/self/fd/" + QByteArray::number(file);
            must(::linkat(AT_FDCWD, held.constData(), AT_FDCWD, f.path("t").constData(),
                          AT_SYMLINK_FOLLOW));
            must(::close(file));
        },
        "entry t");
}

class InotifySourceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRootThatIsNoneIsRefused()
    {
        const CountingClock clock;
        const auto missing = InotifySource::open("/nonexistent/octopus", clock);
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
        const auto file = InotifySource::open("/proc/self/status", clock);
        QCOMPARE(file.error().code, ErrorCode::NotDirectory);
    }

    void everyKindOfChangeIsOneEntry_data()
    {
        QTest::addColumn<Act>("act");
        QTest::addColumn<QByteArray>("told");
        const auto row = [](const char *name, Act act, const char *told) {
            QTest::newRow(name) << act << QByteArray(told);
        };
        row("nothing", [](const WatchedFolder &) {}, "");
        row(
            "created, written and closed", [](const WatchedFolder &f) { f.write("new", "x"); },
            "entry new");
        row("appended", [](const WatchedFolder &f) { f.write("file", "more"); }, "entry file");
        row(
            "truncated",
            [](const WatchedFolder &f) { must(::truncate(f.path("file").constData(), 0)); },
            "entry file");
        row(
            "mode", [](const WatchedFolder &f) { must(::chmod(f.path("file").constData(), 0640)); },
            "entry file");
        row(
            "time of modification",
            [](const WatchedFolder &f) {
                must(::utimensat(AT_FDCWD, f.path("file").constData(), nullptr, 0));
            },
            "entry file");
        row(
            "removed", [](const WatchedFolder &f) { must(::unlink(f.path("file").constData())); },
            "entry file");
        row(
            "renamed", [](const WatchedFolder &f) { f.move("file", "other"); },
            "entry file, entry other");
        row(
            "renamed over another", [](const WatchedFolder &f) { f.move("file", "target"); },
            "entry file, entry target");
        row(
            "symbolic link",
            [](const WatchedFolder &f) { must(::symlink("/etc", f.path("l").constData())); },
            "entry l");
        row(
            "further name",
            [](const WatchedFolder &f) {
                must(::link(f.path("file").constData(), f.path("name").constData()));
            },
            "entry name"); // nothing of the file's other names
        row(
            "fifo", [](const WatchedFolder &f) { must(::mkfifo(f.path("f").constData(), 0600)); },
            "entry f");
        addDirectoryRows(row);
    }
    void everyKindOfChangeIsOneEntry()
    {
        QFETCH(Act, act);
        QFETCH(QByteArray, told);
        WatchedFolder folder;
        folder.write("file", "x");
        folder.write("target", "x");
        folder.makeDirectory("sub");
        QVERIFY(folder.watches(""));
        QVERIFY(folder.watches("sub"));
        act(folder);
        QCOMPARE(folder.changes(), told);
        QCOMPARE(folder.changes(), "");
    }

    void aFileThatIsNeverClosedIsReportedAtEachWrite()
    {
        WatchedFolder folder;
        folder.write("log", "");
        QVERIFY(folder.watches(""));
        const int file = ::open(folder.path("log").constData(), O_WRONLY);
        for (int i = 0; i < 3; ++i) {
            must(int(::write(file, "line\n", 5)));
            QCOMPARE(folder.changes(), "entry log");
        }
        must(::ftruncate(file, 2));
        QCOMPARE(folder.changes(), "entry log");
        must(::close(file));
    }

    void readingIsNoChange()
    {
        WatchedFolder folder;
        folder.write("file", "x");
        QVERIFY(folder.watches(""));
        QFile file(QFile::decodeName(folder.path("file")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), "x");
        file.close();
        QCOMPARE(folder.changes(), "");
    }

    void changesAreOldestFirstAndCarryTheTimeOfReading()
    {
        WatchedFolder folder;
        QVERIFY(folder.watches(""));
        folder.write("b", "x");
        folder.write("a", "x");
        folder.write("b", "x");
        const QList<Change> changes = folder.source().poll();
        QCOMPARE(changes.size(), 2);
        QCOMPARE(changes.at(0).path, RelPath::of("b"));
        QCOMPARE(changes.at(1).path, RelPath::of("a"));
        folder.write("c", "x");
        const QList<Change> later = folder.source().poll();
        QCOMPARE(later.size(), 1);
        QVERIFY(later.at(0).at > changes.at(0).at);
    }

    void everyNameIsCarriedAsItsBytes_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("newline") << QByteArray("a\nb");
        QTest::newRow("escape") << QByteArray("\x1b[31m");
        QTest::newRow("invalid UTF-8") << QByteArray("\xff\xfe\x80");
        QTest::newRow("leading dash") << QByteArray("-rf");
        QTest::newRow("backslash") << QByteArray("..\\..");
        QTest::newRow("three dots") << QByteArray("...");
        QTest::newRow("trailing space") << QByteArray("x ");
        QTest::newRow("255 bytes") << QByteArray(255, 'x');
        QTest::newRow("15 bytes, no padding left") << QByteArray(15, 'x');
        QTest::newRow("16 bytes") << QByteArray(16, 'x');
    }
    void everyNameIsCarriedAsItsBytes()
    {
        QFETCH(QByteArray, name);
        WatchedFolder folder;
        QVERIFY(folder.watches(""));
        folder.makeDirectory(name);
        QCOMPARE(folder.changes(), "subtree " + name);
        QVERIFY(folder.source().watch(*RelPath::parse(name)));
        folder.write(name + "/" + name, "x");
        QCOMPARE(folder.changes(), "entry " + name + "/" + name);
    }

    void whatNoPathCanNameIsAChangeOfItsDirectory()
    {
        WatchedFolder folder;
        QByteArray deep = "d";
        folder.makeDirectory(deep);
        for (int i = 1; i < RelPath::maximumDepth; ++i) {
            deep += "/d";
            folder.makeDirectory(deep);
        }
        QVERIFY(folder.source().watch(*RelPath::parse(deep)));
        folder.write(deep + "/x", "x");
        QCOMPARE(folder.changes(), "subtree " + deep);
    }

    // Design I5; failure P3.
    void nothingIsMissedInASubtreeThatIsFilledWhileItIsFound()
    {
        WatchedFolder folder;
        QVERIFY(folder.watches(""));
        for (int round = 0; round < 200; ++round) {
            const QByteArray top = "t" + QByteArray::number(round);
            folder.makeDirectory(top);
            folder.makeDirectory(top + "/a");
            folder.write(top + "/a/early", "x");
            QVERIFY(folder.changes().startsWith("subtree " + top));
            QVERIFY(folder.source().watch(*RelPath::parse(top)));
            folder.makeDirectory(top + "/late"); // after the watch, before anybody lists
            QVERIFY(folder.source().watch(*RelPath::parse(top + "/a")));
            folder.write(top + "/a/late", "x");
            QCOMPARE(folder.changes(), "subtree " + top + "/late, entry " + top + "/a/late");
        }
    }

    // Design I5; failure P1.
    void anOverflowIsToldBeforeEverythingElse()
    {
        QFile limit(QStringLiteral("/proc/sys/fs/inotify/max_queued_events"));
        QVERIFY(limit.open(QIODevice::ReadOnly));
        const int events = limit.readAll().trimmed().toInt();
        WatchedFolder folder;
        folder.write("a", "x");
        folder.write("b", "x");
        QVERIFY(folder.watches(""));
        const QByteArray a = folder.path("a");
        const QByteArray b = folder.path("b");
        for (int i = 0; i <= events / 2; ++i) { // equal neighbours would be one event
            must(::chmod(a.constData(), 0600));
            must(::chmod(b.constData(), 0600));
        }
        QCOMPARE(folder.changes(), "lost, entry a, entry b");
        folder.write("a", "x");
        QCOMPARE(folder.changes(), "entry a");
    }

    void manyEventsAreReadInOneGo()
    {
        WatchedFolder folder;
        for (int i = 0; i < 500; ++i)
            folder.write(QByteArray::number(i), "x");
        QVERIFY(folder.watches(""));
        for (int i = 0; i < 10000; ++i)
            must(::chmod(folder.path(QByteArray::number(i % 500)).constData(), 0600));
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(folder.source().poll().size(), 500);
        qInfo("10000 events in %lld us", static_cast<long long>(timer.nsecsElapsed() / 1000));
        QVERIFY(folder.source().poll().isEmpty());
    }

    // Failure P2.
    void theWatchLimitIsToldAndKnownDirectoriesAreStillWatched()
    {
        WatchedFolder folder(2);
        folder.makeDirectory("a");
        folder.makeDirectory("b");
        QVERIFY(folder.watches(""));
        QVERIFY(folder.watches("a"));
        QCOMPARE(folder.watchFails("b"), ErrorCode::LimitReached);
        QVERIFY(folder.watches("a"));
        QCOMPARE(folder.source().watchCount(), 2);
        folder.write("b/x", "x");
        QCOMPARE(folder.changes(), "");
        folder.source().unwatch(RelPath::of("a"));
        QVERIFY(folder.watches("b"));
        folder.write("a/x", "x");
        folder.write("b/y", "x");
        QCOMPARE(folder.changes(), "entry b/y");
    }

    void whatIsNoDirectoryIsNotWatched()
    {
        WatchedFolder folder;
        folder.write("file", "x");
        QCOMPARE(folder.watchFails("file"), ErrorCode::NotDirectory);
        QCOMPARE(folder.watchFails("file/below"), ErrorCode::NotDirectory);
        QCOMPARE(folder.watchFails("missing"), ErrorCode::NotFound);
    }

    void aDirectoryMountedTwiceIsWatchedOnce()
    {
        if (::unshare(CLONE_NEWNS) != 0)
            QSKIP("needs the right to mount");
        WatchedFolder folder;
        folder.makeDirectory("a");
        folder.makeDirectory("b");
        must(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr));
        must(::mount(folder.path("a").constData(), folder.path("b").constData(), nullptr, MS_BIND,
                     nullptr));
        QVERIFY(folder.watches(""));
        QVERIFY(folder.watches("a"));
        QCOMPARE(folder.watchFails("b"), ErrorCode::LimitReached);
        folder.write("b/x", "x");
        QCOMPARE(folder.changes(), "entry a/x");
        must(::umount(folder.path("b").constData()));
        QVERIFY(folder.watches("b"));
        must(::mount(folder.outside("").constData(), folder.path("b").constData(), nullptr, MS_BIND,
                     nullptr));
        QCOMPARE(folder.watchFails("b"), ErrorCode::LimitReached); // the directory around the root
        QCOMPARE(folder.watchFails("b/root"), ErrorCode::LimitReached);
        must(::umount(folder.path("b").constData()));
        folder.forgetChanges();
        must(::rename(folder.path("").constData(), folder.outside("moved").constData()));
        QCOMPARE(folder.changes(), "root-gone");
    }

    void whatIsUnmountedIsASubtree()
    {
        if (::unshare(CLONE_NEWNS) != 0)
            QSKIP("needs the right to mount");
        WatchedFolder folder;
        folder.makeDirectory("disk");
        must(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr));
        must(::mount("none", folder.path("disk").constData(), "tmpfs", 0, nullptr));
        folder.makeDirectory("disk/d");
        for (const char *path : {"", "disk", "disk/d"})
            QVERIFY(folder.watches(path));
        must(::umount(folder.path("disk").constData()));
        QVERIFY(folder.changes().contains("subtree disk"));
        QCOMPARE(folder.source().watchCount(), 1);
    }

    // Failure P9; guarantee I9.
    void aDirectoryReplacedBySymlinkIsNotFollowed()
    {
        WatchedFolder folder;
        must(::mkdir(folder.outside("real").constData(), 0700));
        must(::mkdir(folder.outside("real/sub").constData(), 0700));
        folder.makeDirectory("d");
        QVERIFY(folder.watches(""));
        QVERIFY(folder.watches("d"));
        must(::rmdir(folder.path("d").constData()));
        must(::symlink(folder.outside("real").constData(), folder.path("d").constData()));
        QCOMPARE(folder.changes(), "entry d");
        QCOMPARE(folder.watchFails("d"), ErrorCode::NotDirectory);
        QCOMPARE(folder.watchFails("d/sub"), ErrorCode::NotDirectory);
        QCOMPARE(folder.source().watchCount(), 1);
        must(::mkdir(folder.outside("real/new").constData(), 0700));
        QCOMPARE(folder.changes(), "");
    }

    // Design I6; failure P10.
    void aRootThatMovesRemovedOrNotIsGone_data()
    {
        QTest::addColumn<Act>("act");
        QTest::newRow("moved") << Act([](const WatchedFolder &f) {
            must(::rename(f.path("").constData(), f.outside("elsewhere").constData()));
        });
        QTest::newRow("removed") << Act(
            [](const WatchedFolder &f) { must(::rmdir(f.path("").constData())); });
        QTest::newRow("exchanged") << Act([](const WatchedFolder &f) {
            const QByteArray other = f.outside("other");
            must(::mkdir(other.constData(), 0700));
            must(::renameat2(AT_FDCWD, f.path("").constData(), AT_FDCWD, other.constData(),
                             RENAME_EXCHANGE));
        });
    }
    void aRootThatMovesRemovedOrNotIsGone()
    {
        QFETCH(Act, act);
        WatchedFolder folder;
        QVERIFY(folder.watches(""));
        folder.write("file", "x");
        must(::unlink(folder.path("file").constData()));
        act(folder);
        QVERIFY(folder.changes().startsWith("root-gone, entry file"));
    }

    void aNeighbourOfTheRootIsNoConcern()
    {
        WatchedFolder folder;
        QVERIFY(folder.watches(""));
        must(::mkdir(folder.outside("root2").constData(), 0700));
        must(::rename(folder.outside("root2").constData(), folder.outside("root3").constData()));
        must(::rmdir(folder.outside("root3").constData()));
        QCOMPARE(folder.changes(), "");
    }

    void theNotifierCallsOncePerReadinessAndAgainAfterPoll()
    {
        WatchedFolder folder;
        QVERIFY(folder.watches(""));
        int calls = 0;
        folder.source().setNotifier([&] { ++calls; });
        QCoreApplication::processEvents();
        QCOMPARE(calls, 0);
        folder.write("a", "x");
        QTRY_COMPARE(calls, 1);
        folder.write("b", "x");
        QCoreApplication::processEvents();
        QCoreApplication::processEvents();
        QCOMPARE(calls, 1);
        QCOMPARE(folder.changes(), "entry a, entry b");
        QCoreApplication::processEvents();
        QCOMPARE(calls, 1);
        folder.write("c", "x");
        QTRY_COMPARE(calls, 2);
        folder.source().setNotifier({});
        QCOMPARE(folder.changes(), "entry c");
        folder.write("d", "x");
        QCoreApplication::processEvents();
        QCOMPARE(calls, 2);
    }
};

QTEST_GUILESS_MAIN(InotifySourceTest)
#include "tst_inotifysource.moc"
