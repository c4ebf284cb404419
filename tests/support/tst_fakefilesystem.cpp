// What tests can do to a FakeFileSystem and learn from it: faults, crash points, observers.
#include "tests/support/fakeclock.h"
#include "tests/support/fakefilesystem.h"
#include "tests/support/resultcheck.h"
#include "tests/support/seededrandom.h"
#include "tests/support/treebuilder.h"
#include "tests/support/treesnapshot.h"

#include <QTest>

using namespace octopus;
using namespace octopus::testing;

static constexpr quint64 block = FakeContent::blockSize;

static RelPath p(const char *literal)
{
    return RelPath::of(literal);
}

class FakeFileSystemTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void aFaultStrikesTheCallItIsAimedAt();
    void aFaultCanBeAimedAtAPath();
    void aFaultCanLast();
    void faultsByChanceFollowTheSeed();
    void aFullDiskTakesNoMore();
    void aReadOnlyDiskRefusesChanges();
    void aCrashPointCutsTheRun();
    void everyCutPointCanBeEnumerated();
    void theTestItselfIsNotConcerned();
    void observersAreToldLikeByInotify();
    void observersAreToldOfMovesAcrossTheirBorder();
    void anOpenFileIsToldUnderItsPresentName();
    void writingThroughAMappingIsSilent();
    void anUnmountedRootIsNotInPlace();
    void aSnapshotTellsEveryDifference();
    void aSnapshotLeavesOutTheControlFolder();
    void writingToAFileOpenForReadingFails();
    void unprivilegedOwnersStay();

private:
    void observe(const QByteArray &folder);

    FakeClock m_clock;
    std::unique_ptr<FakeFileSystem> m_fileSystem;
    std::unique_ptr<FakeRoot> m_user; // the user's other programs
    std::unique_ptr<Root> m_root;
    QList<FakeEvent> m_events;
};

void FakeFileSystemTest::init()
{
    m_fileSystem = std::make_unique<FakeFileSystem>(m_clock);
    m_user = m_fileSystem->bypass("/source");
    m_root = std::move(*m_fileSystem->openRoot("/source"));
    m_events.clear();
}

void FakeFileSystemTest::observe(const QByteArray &folder)
{
    m_fileSystem->observe(folder, [this](const FakeEvent &event) { m_events.append(event); });
}

void FakeFileSystemTest::aFaultStrikesTheCallItIsAimedAt()
{
    m_fileSystem->faults().add({.call = FakeCall::Write, .code = ErrorCode::NoSpace, .after = 1});
    const auto file = m_root->open(p("file"), OpenMode::CreateNew);
    VERIFY_OK(file);
    VERIFY_OK((*file)->write(0, "first"));
    VERIFY_ERROR((*file)->write(0, "SECOND"), ErrorCode::NoSpace);
    QCOMPARE(*readFile(*m_root, p("file")), "first");
    VERIFY_OK((*file)->write(0, "third"));
}

void FakeFileSystemTest::aFaultCanBeAimedAtAPath()
{
    VERIFY_OK(buildTree(*m_user, {"bad/", "bad/file=x", "badly=x"}));
    m_fileSystem->faults().add(
        {.code = ErrorCode::PermissionDenied, .times = -1, .below = "/source/bad"});
    VERIFY_ERROR(m_root->open(p("bad/file"), OpenMode::Read), ErrorCode::PermissionDenied);
    VERIFY_ERROR(m_root->list(p("bad")), ErrorCode::PermissionDenied);
    VERIFY_OK(m_root->open(p("badly"), OpenMode::Read));
    VERIFY_OK(m_root->list({}));
    m_fileSystem->faults().clear();
    VERIFY_OK(m_root->list(p("bad")));
}

void FakeFileSystemTest::aFaultCanLast()
{
    m_fileSystem->faults().add({.call = FakeCall::MakeDirectory, .times = 2});
    VERIFY_ERROR(m_root->makeDirectory(p("a"), 0755), ErrorCode::InputOutput);
    VERIFY_ERROR(m_root->makeDirectory(p("a"), 0755), ErrorCode::InputOutput);
    VERIFY_OK(m_root->makeDirectory(p("a"), 0755));
}

void FakeFileSystemTest::faultsByChanceFollowTheSeed()
{
    QList<QList<bool>> runs;
    for (int run = 0; run < 2; ++run) {
        SeededRandom random(5);
        m_fileSystem->faults().addChance(random, 4);
        QList<bool> outcomes;
        for (int i = 0; i < 100; ++i)
            outcomes.append(m_root->stat({}).has_value());
        m_fileSystem->faults().clear();
        runs.append(outcomes);
    }
    QCOMPARE(runs[0], runs[1]);
    QVERIFY(runs[0].count(false) > 10 && runs[0].count(false) < 50);
}

void FakeFileSystemTest::aFullDiskTakesNoMore()
{
    m_fileSystem->configure({.capacity = 4 * block});
    const auto file = m_root->open(p("file"), OpenMode::CreateNew);
    VERIFY_OK((*file)->write(0, QByteArray(3 * block, 'x')));
    QCOMPARE(m_root->space()->freeBytes, block);
    VERIFY_ERROR((*file)->write(3 * block, QByteArray(2 * block, 'y')), ErrorCode::NoSpace);
    QCOMPARE((*file)->stat()->size, 4 * block); // a part of it fitted
    VERIFY_OK((*file)->write(0, QByteArray(block, 'z')));
    VERIFY_ERROR(m_root->makeDirectory(p("dir"), 0755), ErrorCode::NoSpace);
    VERIFY_OK((*file)->truncate(0));
    QCOMPARE(m_root->space()->freeBytes, 4 * block);
    VERIFY_OK((*file)->write(0, QByteArray(2 * block, 'x')));
    VERIFY_OK(m_root->removeFile(p("file")));
    QCOMPARE(m_root->space()->freeBytes, 2 * block); // held open still
}

void FakeFileSystemTest::aReadOnlyDiskRefusesChanges()
{
    VERIFY_OK(buildTree(*m_user, {"file=x"}));
    m_fileSystem->faults().setReadOnly(true);
    VERIFY_ERROR(m_root->makeDirectory(p("dir"), 0755), ErrorCode::ReadOnly);
    VERIFY_OK(m_root->open(p("file"), OpenMode::Read));
    VERIFY_OK(m_root->syncAll());
}

void FakeFileSystemTest::aCrashPointCutsTheRun()
{
    m_fileSystem->faults().dieAfter(1);
    VERIFY_OK(m_root->makeDirectory(p("a"), 0755));
    VERIFY_OK(m_root->stat(p("a")));
    VERIFY_ERROR(m_root->makeDirectory(p("b"), 0755), ErrorCode::Disconnected);
    VERIFY_ERROR(m_root->stat(p("a")), ErrorCode::Disconnected);
    VERIFY_ERROR(m_fileSystem->openRoot("/source"), ErrorCode::Disconnected);
    QVERIFY(m_fileSystem->faults().isDead());
    m_fileSystem->kill();
    QVERIFY(!m_fileSystem->faults().isDead());
    const auto again = m_fileSystem->openRoot("/source");
    VERIFY_OK(again);
    QCOMPARE(*listTree(**again), QList<QByteArray>{"a/"});
    VERIFY_OK((*again)->makeDirectory(p("b"), 0755));
}

void FakeFileSystemTest::everyCutPointCanBeEnumerated()
{
    const auto run = [](Root &root) -> Result<void> {
        OCTOPUS_TRY(root.makeDirectory(p("a"), 0755));
        OCTOPUS_TRY(root.makeSymlink("a", p("b")));
        return root.removeDirectory(p("a"));
    };
    QList<qsizetype> sizes;
    for (quint64 cut = 0;; ++cut) {
        init();
        m_fileSystem->faults().dieAfter(cut);
        (void)run(*m_root);
        if (!m_fileSystem->faults().isDead())
            break;
        m_fileSystem->kill();
        sizes.append(listTree(*m_user)->size());
    }
    QCOMPARE(sizes, (QList<qsizetype>{0, 1, 2}));
}

void FakeFileSystemTest::theTestItselfIsNotConcerned()
{
    m_fileSystem->faults().add({.times = -1});
    m_fileSystem->faults().setReadOnly(true);
    m_fileSystem->faults().dieAfter(0);
    VERIFY_OK(buildTree(*m_user, {"dir/", "dir/file=x"}));
    m_fileSystem->settle();
    m_fileSystem->crash(PowerLoss());
    QCOMPARE(*readFile(*m_user, p("dir/file")), "x");
}

void FakeFileSystemTest::observersAreToldLikeByInotify()
{
    observe("/source");
    using enum FakeEventKind;
    const auto expect = [this](const QList<FakeEvent> &expected) {
        const QList<FakeEvent> told = std::exchange(m_events, {});
        QCOMPARE(told, expected);
    };
    VERIFY_OK(m_root->makeDirectory(p("dir"), 0755));
    expect({{Created, p("dir"), {}, true}});
    VERIFY_OK(m_root->open(p("dir/file"), OpenMode::CreateNew));
    expect({{Created, p("dir/file"), {}, false}});
    VERIFY_OK((*m_root->open(p("dir/file"), OpenMode::ReadWrite))->write(0, "x"));
    expect({{Changed, p("dir/file"), {}, false}});
    VERIFY_OK(m_root->setMode(p("dir"), 0700));
    expect({{Changed, p("dir"), {}, true}});
    VERIFY_OK(m_root->setMode({}, 0700));
    expect({{Changed, {}, {}, true}});
    VERIFY_OK(m_root->link(p("dir/file"), p("second")));
    expect({{Created, p("second"), {}, false}});
    VERIFY_OK(m_root->rename(p("second"), p("dir/file"), RenameMode::Replace));
    expect({}); // two names of one file: nothing happened
    VERIFY_OK(m_root->rename(p("dir"), p("new"), RenameMode::Replace));
    expect({{Moved, p("new"), p("dir"), true}});
    VERIFY_OK(m_root->rename(p("new"), p("second"), RenameMode::Exchange));
    expect({{Moved, p("second"), p("new"), true}, {Moved, p("new"), p("second"), false}});
    VERIFY_OK(m_root->removeFile(p("new")));
    expect({{Removed, p("new"), {}, false}});
    VERIFY_OK(m_root->stat(p("second")));
    VERIFY_ERROR(m_root->removeFile(p("second")), ErrorCode::IsDirectory);
    expect({});
}

void FakeFileSystemTest::observersAreToldOfMovesAcrossTheirBorder()
{
    const auto whole = m_fileSystem->bypass("/");
    VERIFY_OK(buildTree(*whole, {"outside/", "outside/file=x"}));
    observe("/source");
    using enum FakeEventKind;
    VERIFY_OK(whole->rename(p("outside/file"), p("source/file"), RenameMode::Replace));
    VERIFY_OK(whole->rename(p("source/file"), p("outside/file"), RenameMode::Replace));
    VERIFY_OK(whole->rename(p("outside/file"), p("outside/other"), RenameMode::Replace));
    QCOMPARE(m_events,
             (QList<FakeEvent>{{Created, p("file"), {}, false}, {Removed, p("file"), {}, false}}));
}

void FakeFileSystemTest::anOpenFileIsToldUnderItsPresentName()
{
    VERIFY_OK(buildTree(*m_user, {"a/", "a/file=x"}));
    const auto file = m_user->open(p("a/file"), OpenMode::ReadWrite);
    VERIFY_OK(m_user->rename(p("a"), p("b"), RenameMode::Replace));
    observe("/source");
    VERIFY_OK((*file)->write(0, "y"));
    QCOMPARE(m_events, (QList<FakeEvent>{{FakeEventKind::Changed, p("b/file"), {}, false}}));
    VERIFY_OK(m_user->removeFile(p("b/file")));
    m_events.clear();
    VERIFY_OK((*file)->write(0, "z"));
    QCOMPARE(m_events, QList<FakeEvent>());
}

void FakeFileSystemTest::writingThroughAMappingIsSilent()
{
    VERIFY_OK(buildTree(*m_user, {"file=hello"}));
    const EntryStat before = *m_root->stat(p("file"));
    observe("/source");
    VERIFY_OK(m_fileSystem->writeSilently("/source/file", 0, "J"));
    QCOMPARE(m_events, QList<FakeEvent>());
    QCOMPARE(*m_root->stat(p("file")), before);
    QCOMPARE(*readFile(*m_root, p("file")), "Jello");
}

void FakeFileSystemTest::anUnmountedRootIsNotInPlace()
{
    VERIFY_OK(buildTree(*m_user, {"file=x"}));
    m_fileSystem->unmount("/source");
    QVERIFY(!m_root->isInPlace());
    const auto empty = m_fileSystem->openRoot("/source");
    QCOMPARE(*listTree(**empty), QList<QByteArray>());
    QVERIFY((*empty)->stat({})->identity.device != m_root->stat({})->identity.device);
    m_fileSystem->mount("/source");
    QVERIFY(m_root->isInPlace());
    QVERIFY(!(*empty)->isInPlace());
    QCOMPARE(*readFile(*m_root, p("file")), "x");
}

void FakeFileSystemTest::aSnapshotTellsEveryDifference()
{
    const auto replica = m_fileSystem->bypass("/replica");
    const QList<QByteArray> tree = {"dir/", "file=content", "link->x", "a=1", "b=>a"};
    VERIFY_OK(buildTree(*m_user, tree));
    VERIFY_OK(buildTree(*replica, tree));
    for (const char *name : {"file", "link", "a"}) {
        VERIFY_OK(m_user->setModificationTime(p(name), 1));
        VERIFY_OK(replica->setModificationTime(p(name), 1));
    }
    const TreeSnapshot expected = *takeSnapshot(*m_user);
    QCOMPARE(differences(expected, *takeSnapshot(*replica)), QString());
    VERIFY_OK(writeFile(*replica, p("file"), "CONTENT"));
    VERIFY_OK(replica->setModificationTime(p("file"), 1));
    VERIFY_OK(replica->setXattr(p("dir"), "user.x", "y"));
    VERIFY_OK(replica->removeFile(p("link")));
    VERIFY_OK(replica->removeFile(p("b")));
    VERIFY_OK(writeFile(*replica, p("b"), "1"));
    VERIFY_OK(replica->setModificationTime(p("b"), 1));
    VERIFY_OK(buildTree(*replica, {"extra/"}));
    const TreeSnapshot actual = *takeSnapshot(*replica);
    QVERIFY(!(expected == actual));
    const QStringList lines = differences(expected, actual).split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 5);
    QCOMPARE(lines[0], QStringLiteral("b: same file as b, expected same file as a"));
    QVERIFY(lines[1].startsWith(QStringLiteral("dir: xattrs [user.x=y], expected xattrs []")));
    QCOMPARE(lines[2], QStringLiteral("extra: not expected"));
    QVERIFY(lines[3].startsWith(QStringLiteral("file: content ")));
    QCOMPARE(lines[4], QStringLiteral("link: missing"));
    QCOMPARE(differences(expected, actual, 2).count(QLatin1Char('\n')), 2);
}

void FakeFileSystemTest::aSnapshotLeavesOutTheControlFolder()
{
    VERIFY_OK(buildTree(*m_user, {".octopus/", ".octopus/journal=x", "dir/.octopus=mine"}));
    const TreeSnapshot snapshot = *takeSnapshot(*m_user);
    QVERIFY(!snapshot.entries.contains(p(".octopus")));
    QVERIFY(snapshot.entries.contains(p("dir/.octopus")));
    QCOMPARE(snapshot.entries.size(), 2u);
}

void FakeFileSystemTest::writingToAFileOpenForReadingFails()
{
    VERIFY_OK(buildTree(*m_user, {"file=x"}));
    const auto file = m_root->open(p("file"), OpenMode::Read);
    QVERIFY(!(*file)->write(0, "y"));
    QVERIFY(!(*file)->truncate(0));
    QCOMPARE(*readFile(*m_root, p("file")), "x");
}

void FakeFileSystemTest::unprivilegedOwnersStay()
{
    m_fileSystem->configure({.uid = 1000, .gid = 1000, .canSetOwner = false});
    VERIFY_OK(buildTree(*m_root, {"file=x"}));
    QVERIFY(!m_root->canSetOwner());
    VERIFY_OK(m_root->setOwner(p("file"), 1000, 1000));
    VERIFY_ERROR(m_root->setOwner(p("file"), 0, 0), ErrorCode::PermissionDenied);
    QCOMPARE(m_root->stat(p("file"))->uid, 1000u);
}

QTEST_APPLESS_MAIN(FakeFileSystemTest)
#include "tst_fakefilesystem.moc"
