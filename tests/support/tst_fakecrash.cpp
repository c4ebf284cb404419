// What a power loss and the death of a process leave of a FakeFileSystem.
#include "tests/support/fakeclock.h"
#include "tests/support/fakefilesystem.h"
#include "tests/support/resultcheck.h"
#include "tests/support/seededrandom.h"
#include "tests/support/treebuilder.h"
#include "tests/support/treesnapshot.h"

#include <QTest>

#include <set>

using namespace octopus;
using namespace octopus::testing;

static constexpr quint64 block = FakeContent::blockSize;

static RelPath p(const char *literal)
{
    return RelPath::of(literal);
}

class FakeCrashTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void nothingUnsyncedSurvivesTheWorst();
    void syncAllKeepsEverything();
    void syncingAFileKeepsItsContentAndAllBeforeItsLastGrowth();
    void syncingAFileDoesNotKeepALaterRename();
    void syncingADirectoryKeepsItsChangesAndAllBefore();
    void overwritingInPlaceIsNoChangeOfMetadata();
    void metadataSurvivesAsAPrefix();
    void aRenamedFileMayHaveLostItsContent();
    void unsyncedBlocksSurviveOneByOne();
    void tornBlocksMixSectors();
    void aTruncationIsUndoneWithItsContent();
    void aPunchedHoleIsUndone();
    void growthIsUndoneAndLeavesZeroBehindTheEnd();
    void everyKindOfChangeIsUndoneExactly();
    void aHistoryByChanceEndsInOneOfItsStates();
    void objectsFromBeforeAreDead();
    void aKillLosesNothingButLocks();
    void afterAKillUnsyncedContentCanStillBeLost();
    void inodesAreGivenAgainWithAnotherBirth();
    void theSameSeedLosesTheSame();

private:
    void reopen();
    [[nodiscard]] TreeSnapshot snapshot();

    FakeClock m_clock;
    std::unique_ptr<FakeFileSystem> m_fileSystem;
    std::unique_ptr<Root> m_root;
};

void FakeCrashTest::init()
{
    m_fileSystem = std::make_unique<FakeFileSystem>(m_clock);
    VERIFY_OK(m_fileSystem->makePath("/replica"));
    m_fileSystem->settle();
    reopen();
}

void FakeCrashTest::reopen()
{
    auto root = m_fileSystem->openRoot("/replica");
    QVERIFY(root);
    m_root = std::move(*root);
}

TreeSnapshot FakeCrashTest::snapshot()
{
    return *takeSnapshot(*m_fileSystem->bypass("/replica"),
                         {.directoryTimes = true, .rootAttributes = true});
}

void FakeCrashTest::nothingUnsyncedSurvivesTheWorst()
{
    VERIFY_OK(buildTree(*m_root, {"old=old"}));
    m_fileSystem->settle();
    const TreeSnapshot before = snapshot();
    VERIFY_OK(buildTree(*m_root, {"dir/", "dir/file=x", "old=changed", "link->x"}));
    VERIFY_OK(m_root->setMode(p("old"), 0600));
    VERIFY_OK(m_root->rename(p("old"), p("dir/file"), RenameMode::Replace));
    QVERIFY(m_fileSystem->unsyncedChanges() > 5);
    m_fileSystem->crash(PowerLoss());
    QCOMPARE(differences(before, snapshot()), QString());
    QCOMPARE(m_fileSystem->unsyncedChanges(), 0u);
}

void FakeCrashTest::syncAllKeepsEverything()
{
    VERIFY_OK(buildTree(*m_root, {"dir/", "dir/file=x", "second=>dir/file", "link->x"}));
    VERIFY_OK(m_root->syncAll());
    const TreeSnapshot before = snapshot();
    m_fileSystem->crash(PowerLoss());
    QCOMPARE(differences(before, snapshot()), QString());
}

void FakeCrashTest::syncingAFileKeepsItsContentAndAllBeforeItsLastGrowth()
{
    VERIFY_OK(buildTree(*m_root, {"earlier/", "unsynced=lost"}));
    const auto file = m_root->open(p("file"), OpenMode::CreateNew);
    VERIFY_OK((*file)->write(0, "content"));
    VERIFY_OK(buildTree(*m_root, {"later/"}));
    VERIFY_OK((*file)->syncData());
    m_fileSystem->crash(PowerLoss());
    reopen();
    QCOMPARE(*listTree(*m_root), (QList<QByteArray>{"earlier/", "file", "unsynced"}));
    QCOMPARE(*readFile(*m_root, p("file")), "content");
    QCOMPARE(*readFile(*m_root, p("unsynced")), QByteArray(4, '\0')); // the size, not the bytes
}

void FakeCrashTest::syncingAFileDoesNotKeepALaterRename()
{
    const auto file = m_root->open(p("staged"), OpenMode::CreateNew);
    VERIFY_OK((*file)->write(0, "content"));
    VERIFY_OK(m_root->rename(p("staged"), p("final"), RenameMode::Replace));
    VERIFY_OK((*file)->syncData());
    m_fileSystem->crash(PowerLoss());
    reopen();
    QCOMPARE(*listTree(*m_root), QList<QByteArray>{"staged"});
    QCOMPARE(*readFile(*m_root, p("staged")), "content");
}

void FakeCrashTest::syncingADirectoryKeepsItsChangesAndAllBefore()
{
    VERIFY_OK(buildTree(*m_root, {"a/", "b/", "b/moved=x"}));
    VERIFY_OK(m_root->rename(p("b/moved"), p("a/moved"), RenameMode::Replace));
    VERIFY_OK(buildTree(*m_root, {"later/"}));
    VERIFY_OK(m_root->syncDirectory(p("a")));
    m_fileSystem->crash(PowerLoss());
    reopen();
    QCOMPARE(*listTree(*m_root), (QList<QByteArray>{"a/", "a/moved", "b/"}));
}

void FakeCrashTest::overwritingInPlaceIsNoChangeOfMetadata()
{
    VERIFY_OK(writeFile(*m_root, p("journal"), QByteArray(block, 'a')));
    m_fileSystem->settle();
    VERIFY_OK(buildTree(*m_root, {"dir/"}));
    const auto file = m_root->open(p("journal"), OpenMode::ReadWrite);
    VERIFY_OK((*file)->write(0, "b"));
    VERIFY_OK((*file)->syncData());
    m_fileSystem->crash(PowerLoss());
    reopen();
    QCOMPARE(*listTree(*m_root), QList<QByteArray>{"journal"}); // fdatasync did not commit "dir"
    QCOMPARE(readFile(*m_root, p("journal"))->first(2), "ba");
}

void FakeCrashTest::metadataSurvivesAsAPrefix()
{
    std::set<qsizetype> seen;
    SeededRandom random(1);
    for (int round = 0; round < 200; ++round) {
        init();
        QList<QByteArray> names;
        for (char c = 'a'; c <= 'h'; ++c) {
            names.append(QByteArray(1, c) + '/');
            VERIFY_OK(m_root->makeDirectory(*RelPath::parse(QByteArray(1, c)), 0755));
            if (c == 'c')
                VERIFY_OK(m_root->syncDirectory({}));
        }
        m_fileSystem->crash(random);
        reopen();
        const auto left = listTree(*m_root);
        QVERIFY(left->size() >= 3);
        QCOMPARE(*left, names.first(left->size()));
        seen.insert(left->size());
    }
    QCOMPARE(seen, (std::set<qsizetype>{3, 4, 5, 6, 7, 8}));
}

void FakeCrashTest::aRenamedFileMayHaveLostItsContent()
{
    VERIFY_OK(buildTree(*m_root, {"final=old"}));
    m_fileSystem->settle();
    VERIFY_OK(buildTree(*m_root, {"staged=new"}));
    VERIFY_OK(m_root->rename(p("staged"), p("final"), RenameMode::Replace));
    m_fileSystem->crash({.keptChanges = 1000, .data = UnsyncedData::Lost});
    reopen();
    QCOMPARE(*readFile(*m_root, p("final")), QByteArray(3, '\0'));
}

void FakeCrashTest::unsyncedBlocksSurviveOneByOne()
{
    SeededRandom random(7);
    bool sawMixture = false;
    for (int round = 0; round < 50; ++round) {
        init();
        VERIFY_OK(writeFile(*m_root, p("file"), QByteArray(4 * block, 'o')));
        m_fileSystem->settle();
        const auto file = m_root->open(p("file"), OpenMode::ReadWrite);
        VERIFY_OK((*file)->write(0, QByteArray(4 * block, 'n')));
        m_fileSystem->crash(random);
        reopen();
        const QByteArray content = *readFile(*m_root, p("file"));
        QCOMPARE(content.size(), qsizetype(4 * block));
        QCOMPARE(content.count('o') + content.count('n'), content.size());
        sawMixture |= content.contains('o') && content.contains('n');
    }
    QVERIFY(sawMixture);
}

void FakeCrashTest::tornBlocksMixSectors()
{
    SeededRandom random(3);
    bool sawTorn = false;
    for (int round = 0; round < 50; ++round) {
        init();
        VERIFY_OK(writeFile(*m_root, p("file"), QByteArray(block, 'o')));
        m_fileSystem->settle();
        const auto file = m_root->open(p("file"), OpenMode::ReadWrite);
        VERIFY_OK((*file)->write(0, QByteArray(block, 'n')));
        m_fileSystem->crash(random);
        reopen();
        const QByteArray content = *readFile(*m_root, p("file"));
        for (qsizetype sector = 0; sector < qsizetype(block); sector += 512)
            QCOMPARE(content.sliced(sector, 512), QByteArray(512, content[sector]));
        sawTorn |= content.contains('o') && content.contains('n');
    }
    QVERIFY(sawTorn);
}

void FakeCrashTest::aTruncationIsUndoneWithItsContent()
{
    const QByteArray content = QByteArray(block, 'a') + QByteArray(block, 'b') + "tail";
    VERIFY_OK(writeFile(*m_root, p("file"), content));
    m_fileSystem->settle();
    {
        const auto file = m_root->open(p("file"), OpenMode::ReadWrite);
        VERIFY_OK((*file)->truncate(100));
        VERIFY_OK((*file)->truncate(3 * block));
        QCOMPARE((*file)->read(99, 2)->at(1), '\0');
        VERIFY_OK((*file)->write(block, "new"));
    }
    m_fileSystem->crash(PowerLoss());
    reopen();
    QCOMPARE(*readFile(*m_root, p("file")), content);
    // The truncation alone survived: what was cut off does not come back.
    const auto file = m_root->open(p("file"), OpenMode::ReadWrite);
    VERIFY_OK((*file)->truncate(100));
    VERIFY_OK((*file)->write(block, "new"));
    m_fileSystem->crash({.keptChanges = 1000, .data = UnsyncedData::Lost});
    reopen();
    QCOMPARE(*readFile(*m_root, p("file")),
             content.first(100) + QByteArray(qsizetype(block) + 3 - 100, '\0'));
}

void FakeCrashTest::aPunchedHoleIsUndone()
{
    const QByteArray content(3 * block, 'x');
    VERIFY_OK(writeFile(*m_root, p("file"), content));
    m_fileSystem->settle();
    const auto file = m_root->open(p("file"), OpenMode::ReadWrite);
    VERIFY_OK((*file)->punchHole({10, 2 * block}));
    QCOMPARE((*file)->read(9, 2)->at(1), '\0');
    m_fileSystem->crash(PowerLoss());
    reopen();
    QCOMPARE(*readFile(*m_root, p("file")), content);
}

void FakeCrashTest::growthIsUndoneAndLeavesZeroBehindTheEnd()
{
    VERIFY_OK(writeFile(*m_root, p("file"), "head"));
    m_fileSystem->settle();
    auto file = m_root->open(p("file"), OpenMode::ReadWrite);
    VERIFY_OK((*file)->write(4, QByteArray(2 * block, 'x')));
    m_fileSystem->crash({.keptChanges = 0, .data = UnsyncedData::Kept});
    reopen();
    QCOMPARE(*readFile(*m_root, p("file")), "head");
    file = m_root->open(p("file"), OpenMode::ReadWrite);
    VERIFY_OK((*file)->truncate(8));
    QCOMPARE(*(*file)->read(0, 8), QByteArray("head\0\0\0\0", 8));
}

// One step of a random history below the root; errors are part of the game.
static void changeSomething(Root &root, Random &random)
{
    static const char *const names[] = {"a", "b", "c", "d", "a/x", "b/x", "a/y", "c/z"};
    const auto pick = [&] { return p(names[random.below(std::size(names))]); };
    const RelPath path = pick();
    const auto openFile = [&] { return root.open(path, OpenMode::ReadWrite); };
    switch (random.below(16)) {
    case 0: (void)root.makeDirectory(path, 0755); break;
    case 1: (void)root.removeFile(path); break;
    case 2: (void)root.removeDirectory(path); break;
    case 3: (void)root.rename(path, pick(), RenameMode::Replace); break;
    case 4: (void)root.rename(path, pick(), RenameMode::Exchange); break;
    case 5: (void)root.link(pick(), path); break;
    case 6: (void)root.makeSymlink("target", path); break;
    case 7: (void)root.setMode(path, quint32(random.below(512))); break;
    case 8: (void)root.setModificationTime(path, qint64(random.below(1'000'000'000))); break;
    case 9: (void)root.setXattr(path, "user.x", random.bytes(3)); break;
    case 10: (void)root.setOwner(path, quint32(random.below(5)), 7); break;
    case 11:
        if (const auto file = openFile())
            (void)(*file)->truncate(random.below(20000));
        break;
    case 12:
        if (const auto file = openFile())
            (void)(*file)->punchHole({random.below(9000), random.below(9000)});
        break;
    default:
        (void)root.open(path, OpenMode::CreateNew);
        if (const auto file = openFile())
            (void)(*file)->write(random.below(9000), random.bytes(qsizetype(random.below(6000))));
    }
}

void FakeCrashTest::everyKindOfChangeIsUndoneExactly()
{
    for (quint64 seed = 0; seed < 300; ++seed) {
        init();
        SeededRandom random(seed);
        for (int i = 0; i < 40; ++i)
            changeSomething(*m_root, random);
        m_fileSystem->settle();
        const TreeSnapshot before = snapshot();
        const quint64 space = m_root->space()->freeBytes;
        for (int i = 0; i < 40; ++i)
            changeSomething(*m_root, random);
        m_fileSystem->crash(PowerLoss());
        reopen();
        QCOMPARE(differences(before, snapshot()), QString());
        QCOMPARE(m_root->space()->freeBytes, space);
    }
}

// Written bytes are not ordered with metadata, so they do not count here.
static TreeSnapshot withoutContent(TreeSnapshot snapshot)
{
    for (auto &[path, entry] : snapshot.entries)
        entry.content = {};
    return snapshot;
}

void FakeCrashTest::aHistoryByChanceEndsInOneOfItsStates()
{
    for (quint64 seed = 0; seed < 300; ++seed) {
        init();
        SeededRandom random(seed);
        std::map<quint64, TreeSnapshot> states; // by the number of changes so far
        for (int i = 0; i < 25; ++i) {
            states[m_fileSystem->unsyncedChanges()] = withoutContent(snapshot());
            changeSomething(*m_root, random);
        }
        const auto state = std::next(states.begin(), qsizetype(random.below(states.size())));
        m_fileSystem->crash({.keptChanges = state->first, .data = UnsyncedData::Kept});
        QCOMPARE(differences(state->second, withoutContent(snapshot())), QString());
    }
}

void FakeCrashTest::objectsFromBeforeAreDead()
{
    const auto file = m_root->open(p("file"), OpenMode::CreateNew);
    VERIFY_OK(m_root->syncAll());
    for (const bool crash : {true, false}) {
        if (crash)
            m_fileSystem->crash(PowerLoss());
        else
            m_fileSystem->kill();
        VERIFY_ERROR(m_root->stat({}), ErrorCode::Disconnected);
        VERIFY_ERROR(m_root->makeDirectory(p("x"), 0755), ErrorCode::Disconnected);
        VERIFY_ERROR((*file)->read(0, 1), ErrorCode::Disconnected);
        VERIFY_ERROR((*file)->syncData(), ErrorCode::Disconnected);
        reopen();
        VERIFY_OK(m_root->stat(p("file")));
    }
}

void FakeCrashTest::aKillLosesNothingButLocks()
{
    const auto lock = m_root->openLocked(p("lock"));
    VERIFY_OK(buildTree(*m_root, {"dir/", "dir/file=content"}));
    const TreeSnapshot before = snapshot();
    m_fileSystem->kill();
    reopen();
    QCOMPARE(differences(before, snapshot()), QString());
    const auto again = m_root->openLocked(p("lock"));
    VERIFY_OK(again);
}

void FakeCrashTest::afterAKillUnsyncedContentCanStillBeLost()
{
    VERIFY_OK(buildTree(*m_root, {"file=content"}));
    m_fileSystem->kill();
    m_fileSystem->crash(PowerLoss());
    reopen();
    QCOMPARE(*listTree(*m_root), QList<QByteArray>());
}

void FakeCrashTest::inodesAreGivenAgainWithAnotherBirth()
{
    VERIFY_OK(buildTree(*m_root, {"a=x", "b=y"}));
    const FileIdentity first = m_root->stat(p("a"))->identity;
    VERIFY_OK(m_root->removeFile(p("a")));
    VERIFY_OK(buildTree(*m_root, {"c=z"}));
    const FileIdentity second = m_root->stat(p("c"))->identity;
    QCOMPARE(second.inode, first.inode);
    QVERIFY(second.birthNs != first.birthNs);
    // Within one coarse tick even the birth is the same.
    m_fileSystem->configure({.tick = Milliseconds(4)});
    VERIFY_OK(m_root->removeFile(p("c")));
    VERIFY_OK(buildTree(*m_root, {"d=z"}));
    const FileIdentity third = m_root->stat(p("d"))->identity;
    VERIFY_OK(m_root->removeFile(p("d")));
    VERIFY_OK(buildTree(*m_root, {"e=z"}));
    QCOMPARE(m_root->stat(p("e"))->identity, third);
}

void FakeCrashTest::theSameSeedLosesTheSame()
{
    QList<TreeSnapshot> results;
    for (int run = 0; run < 2; ++run) {
        m_clock = FakeClock();
        init();
        SeededRandom random(42);
        for (int i = 0; i < 60; ++i)
            changeSomething(*m_root, random);
        m_fileSystem->crash(random);
        results.append(snapshot());
    }
    QCOMPARE(differences(results[0], results[1]), QString());
}

QTEST_APPLESS_MAIN(FakeCrashTest)
#include "tst_fakecrash.moc"
