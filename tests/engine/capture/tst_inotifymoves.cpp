#include "tests/engine/capture/watchedfolder.h"

#include <QRandomGenerator>

using namespace octopus;
using namespace octopus::capture;

class InotifyMovesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMovedDirectoryKeepsItsWatchesUnderItsNewPath()
    {
        WatchedFolder folder;
        folder.makeDirectory("d");
        folder.makeDirectory("d/s");
        folder.makeDirectory("other");
        for (const char *path : {"", "d", "d/s", "other"})
            QVERIFY(folder.watches(path));
        folder.move("d", "other/e");
        folder.write("other/e/s/x", "x");
        QCOMPARE(folder.changes(), "entry d, subtree other/e, entry other/e/s/x");
        QCOMPARE(folder.source().watchCount(), 4);
        folder.source().unwatch(RelPath::of("d"));
        QCOMPARE(folder.source().watchCount(), 4);
    }

    void watchingTheNewPathMovesAWatchThatLeftAndCameBack()
    {
        WatchedFolder folder;
        folder.makeDirectory("d");
        folder.makeDirectory("d/s");
        for (const char *path : {"", "d", "d/s"})
            QVERIFY(folder.watches(path));
        must(::rename(folder.path("d").constData(), folder.outside("away").constData()));
        QCOMPARE(folder.changes(), "entry d");
        must(::rename(folder.outside("away").constData(), folder.path("e").constData()));
        QCOMPARE(folder.changes(), "subtree e, entry d"); // d: it says itself that it moved
        QVERIFY(folder.watches("e"));
        folder.write("e/s/x", "x");
        QCOMPARE(folder.changes(), "entry e/s/x");
        QCOMPARE(folder.source().watchCount(), 3);
    }

    void aTreeMovedInIsASubtreeAndNotWatchedByItself()
    {
        WatchedFolder folder;
        QVERIFY(folder.watches(""));
        must(::mkdir(folder.outside("in").constData(), 0700));
        must(::mkdir(folder.outside("in/s").constData(), 0700));
        must(::rename(folder.outside("in").constData(), folder.path("in").constData()));
        QCOMPARE(folder.changes(), "subtree in");
        QCOMPARE(folder.source().watchCount(), 1);
    }

    void aTreeMovedOutIsForgottenByUnwatch()
    {
        WatchedFolder folder;
        folder.makeDirectory("d");
        folder.makeDirectory("d/s");
        for (const char *path : {"", "d", "d/s"})
            QVERIFY(folder.watches(path));
        must(::rename(folder.path("d").constData(), folder.outside("d").constData()));
        QCOMPARE(folder.changes(), "entry d");
        folder.source().unwatch(RelPath::of("d"));
        QCOMPARE(folder.source().watchCount(), 1);
        must(::mkdir(folder.outside("d/new").constData(), 0700));
        QCOMPARE(folder.changes(), "");
    }

    void aRemovedTreeLosesItsWatches()
    {
        WatchedFolder folder;
        folder.makeDirectory("d");
        folder.makeDirectory("d/s");
        for (const char *path : {"", "d", "d/s"})
            QVERIFY(folder.watches(path));
        must(::rmdir(folder.path("d/s").constData()));
        must(::rmdir(folder.path("d").constData()));
        QCOMPARE(folder.changes(), "entry d/s, entry d");
        QCOMPARE(folder.source().watchCount(), 1);
    }

    void aNewDirectoryInThePlaceOfAMovedOneDoesNotInheritItsWatches()
    {
        WatchedFolder folder;
        folder.makeDirectory("d");
        folder.makeDirectory("d/s");
        for (const char *path : {"", "d", "d/s"})
            QVERIFY(folder.watches(path));
        folder.move("d", "e");
        folder.makeDirectory("d");
        QVERIFY(folder.watches("d")); // before the move was read
        folder.forgetChanges();
        QVERIFY(folder.watches("e"));
        QVERIFY(folder.watches("e/s"));
        folder.write("d/x", "x");
        folder.write("e/s/y", "x");
        QCOMPARE(folder.changes(), "entry d/x, entry e/s/y");
        QCOMPARE(folder.source().watchCount(), 4);
    }

    void aReplacedDirectoryThatSomebodyHoldsOpenIsDropped()
    {
        WatchedFolder folder;
        folder.makeDirectory("d");
        QVERIFY(folder.watches(""));
        QVERIFY(folder.watches("d"));
        const int held = ::open(folder.path("d").constData(), O_PATH);
        must(held);
        must(::rmdir(folder.path("d").constData()));
        folder.makeDirectory("d");
        QCOMPARE(folder.changes(), "subtree d");
        QVERIFY(folder.watches("d"));
        QCOMPARE(folder.source().watchCount(), 2);
        folder.write("d/x", "x");
        QCOMPARE(folder.changes(), "entry d/x");
        must(::close(held));
        QCOMPARE(folder.changes(), "");
    }

    void exchangedDirectoriesAreBothSubtrees()
    {
        WatchedFolder folder;
        folder.makeDirectory("a");
        folder.makeDirectory("b");
        for (const char *path : {"", "a", "b"})
            QVERIFY(folder.watches(path));
        must(::renameat2(AT_FDCWD, folder.path("a").constData(), AT_FDCWD,
                         folder.path("b").constData(), RENAME_EXCHANGE));
        const QByteArray told = folder.changes();
        QVERIFY2(told.contains("subtree a") && told.contains("subtree b"), told.constData());
        QVERIFY(folder.watches("a"));
        QVERIFY(folder.watches("b"));
        folder.write("a/x", "x");
        folder.write("b/y", "x");
        QCOMPARE(folder.changes(), "entry a/x, entry b/y");
    }

    // Whatever was moved, created and removed, and whenever it was read: after what the mirror does
    // with a Subtree (watch, then list, from the top), a change of any directory is told at its path.
    void afterAnyMovesEveryDirectoryIsWatchedAtItsPath()
    {
        for (quint32 seed = 1; seed <= 40; ++seed) {
            QRandomGenerator random(seed);
            WatchedFolder folder;
            watchAll(folder, "");
            for (int step = 0; step < 60; ++step) {
                changeSomething(folder, random);
                if (random.bounded(3) == 0)
                    followChanges(folder);
            }
            followChanges(folder);
            for (const QByteArray &directory : directoriesBelow(folder, "")) {
                folder.write(directory + "/probe", "x");
                const QByteArray told = folder.changes();
                const QByteArray expected = "entry " + directory + "/probe";
                if (told != expected)
                    qInfo("seed %u", seed);
                QCOMPARE(told, expected);
            }
        }
    }

private:
    static QByteArrayList directoriesBelow(const WatchedFolder &folder, const QByteArray &path)
    {
        QByteArrayList found;
        const QDir directory(QFile::decodeName(folder.path(path)));
        for (const QString &name : directory.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            const QByteArray child = (path.isEmpty() ? "" : path + '/') + QFile::encodeName(name);
            found.append(child);
            found.append(directoriesBelow(folder, child));
        }
        return found;
    }

    static void watchAll(WatchedFolder &folder, const QByteArray &path)
    {
        (void)folder.source().watch(*RelPath::parse(path)); // gone again: the next change tells
        for (const QByteArray &below : directoriesBelow(folder, path))
            (void)folder.source().watch(*RelPath::parse(below));
    }

    static void followChanges(WatchedFolder &folder)
    {
        for (const Change &change : folder.source().poll()) {
            const bool present = QFile::exists(QFile::decodeName(folder.path(change.path.bytes())));
            if (!present)
                folder.source().unwatch(change.path);
            else if (change.kind == ChangeKind::Subtree)
                watchAll(folder, change.path.bytes());
        }
    }

    static QByteArray anyPath(QRandomGenerator &random)
    {
        QByteArray path;
        for (int depth = random.bounded(3); depth >= 0; --depth)
            path += (path.isEmpty() ? "" : "/") + QByteArray(1, char('a' + random.bounded(3)));
        return path;
    }

    // May fail, as it does for a program that guesses.
    static void changeSomething(const WatchedFolder &folder, QRandomGenerator &random)
    {
        const QByteArray one = folder.path(anyPath(random));
        const QByteArray other = folder.path(anyPath(random));
        switch (random.bounded(6)) {
        case 0:
        case 1: (void)::mkdir(one.constData(), 0700); break;
        case 2: (void)::rmdir(one.constData()); break;
        case 3:
            (void)::renameat2(AT_FDCWD, one.constData(), AT_FDCWD, other.constData(),
                              RENAME_EXCHANGE);
            break;
        default: (void)::rename(one.constData(), other.constData());
        }
    }
};

QTEST_GUILESS_MAIN(InotifyMovesTest)
#include "tst_inotifymoves.moc"
