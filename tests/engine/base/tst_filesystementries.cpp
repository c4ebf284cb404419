// The contract of Root in engine/base/fileio.h, for every implementation: entries and their names.
#include "tests/engine/base/filesystemundertest.h"
#include "tests/support/resultcheck.h"
#include "tests/support/treebuilder.h"

#include <QTest>

using namespace octopus;
using namespace octopus::testing;

static RelPath p(const char *literal)
{
    return RelPath::of(literal);
}

class FileSystemEntriesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { FileSystemUnderTest::addRows(); }
    void init();
    void cleanup();

    void whatIsMissingIsNotFound();
    void whatIsMissingCannotBeChanged();
    void aFileInTheWayIsNotADirectory();
    void aDirectoryIsMadeWithExactlyTheModeAsked();
    void aDirectoryIsNotMadeOverAnything();
    void aListIsSortedByBytesAndKnowsEveryKind();
    void statTellsKindSizeModeAndLinks();
    void timesFollowChanges();
    void anIdentitySurvivesARename();
    void aFileIsRemovedAndADirectoryIsNot();
    void onlyAnEmptyDirectoryIsRemoved();
    void theRootItselfIsNoEntry();
    void renameReplacesANonDirectory();
    void renameReplacesOnlyAnEmptyDirectoryByADirectory();
    void renameOfTwoNamesOfOneFileDoesNothing();
    void renameWithoutReplacingLeavesBoth();
    void exchangeSwapsAnyTwoEntries();
    void aDirectoryDoesNotMoveIntoItself();
    void aHardLinkIsAnotherNameOfTheSameFile();
    void aHardLinkToASymlinkIsTheSymlink();
    void aSymlinkIsReadAndNeverFollowed();
    void aFifoIsMadeAndNeverOpened();
    void modificationTimesBefore1970AreKept();
    void namesAreBytes();
    void longNamesAreRefused();
    void makePathMakesEveryParentAndAgreesToWhatIsThere();
    void openRootWantsADirectory();
    void aRootKnowsWhenItsPathLeadsElsewhere();
    void aRemovedRootTakesNoNewEntries();
    void spaceIsTold();
    void syncsSucceed();

private:
    std::unique_ptr<FileSystemUnderTest> m_case;
    std::unique_ptr<Root> m_root;
};

void FileSystemEntriesTest::init()
{
    m_case = FileSystemUnderTest::current();
    m_root = m_case->openRoot();
    QVERIFY(m_root);
}

void FileSystemEntriesTest::cleanup()
{
    m_root.reset();
    m_case.reset();
}

void FileSystemEntriesTest::whatIsMissingIsNotFound()
{
    const RelPath missing = p("missing");
    VERIFY_ERROR(m_root->stat(missing), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->stat(p("missing/below")), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->list(missing), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->open(missing, OpenMode::Read), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->open(missing, OpenMode::ReadWrite), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->readSymlink(missing), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->xattrs(missing), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->syncDirectory(missing), ErrorCode::NotFound);
}

void FileSystemEntriesTest::whatIsMissingCannotBeChanged()
{
    const RelPath missing = p("missing");
    VERIFY_ERROR(m_root->open(p("missing/new"), OpenMode::CreateNew), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->makeDirectory(p("missing/new"), 0755), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->removeFile(missing), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->removeDirectory(missing), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->rename(missing, p("new"), RenameMode::Replace), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->link(missing, p("new")), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->setMode(missing, 0600), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->setOwner(missing, 0, 0), ErrorCode::NotFound);
    VERIFY_ERROR(m_root->setModificationTime(missing, 0), ErrorCode::NotFound);
}

void FileSystemEntriesTest::aFileInTheWayIsNotADirectory()
{
    VERIFY_OK(buildTree(*m_root, {"file=x"}));
    VERIFY_ERROR(m_root->stat(p("file/below")), ErrorCode::NotDirectory);
    VERIFY_ERROR(m_root->list(p("file")), ErrorCode::NotDirectory);
    VERIFY_ERROR(m_root->open(p("file/below"), OpenMode::CreateNew), ErrorCode::NotDirectory);
    VERIFY_ERROR(m_root->makeDirectory(p("file/below"), 0755), ErrorCode::NotDirectory);
    VERIFY_ERROR(m_root->syncDirectory(p("file")), ErrorCode::NotDirectory);
}

void FileSystemEntriesTest::aDirectoryIsMadeWithExactlyTheModeAsked()
{
    VERIFY_OK(m_root->makeDirectory(p("open"), 0777));
    QCOMPARE(m_root->stat(p("open"))->mode, 0777u);
    VERIFY_OK(m_root->makeDirectory(p("sticky"), 01750));
    QCOMPARE(m_root->stat(p("sticky"))->mode, 01750u);
    VERIFY_OK(m_root->setMode(p("open"), 0500));
    QCOMPARE(m_root->stat(p("open"))->mode, 0500u);
    VERIFY_OK(m_root->makeFifo(p("fifo"), 0666));
    QCOMPARE(m_root->stat(p("fifo"))->mode, 0666u);
}

void FileSystemEntriesTest::aDirectoryIsNotMadeOverAnything()
{
    VERIFY_OK(buildTree(*m_root, {"dir/", "file=x", "link->dir"}));
    for (const char *name : {"dir", "file", "link"}) {
        VERIFY_ERROR(m_root->makeDirectory(p(name), 0755), ErrorCode::Exists);
        VERIFY_ERROR(m_root->makeFifo(p(name), 0644), ErrorCode::Exists);
        VERIFY_ERROR(m_root->makeSymlink("x", p(name)), ErrorCode::Exists);
        VERIFY_ERROR(m_root->open(p(name), OpenMode::CreateNew), ErrorCode::Exists);
        VERIFY_ERROR(m_root->link(p("file"), p(name)), ErrorCode::Exists);
    }
}

void FileSystemEntriesTest::aListIsSortedByBytesAndKnowsEveryKind()
{
    VERIFY_OK(buildTree(*m_root, {"b=x", "a/", "\xff=x", "a-b|", "Z->nowhere", "a/below=x"}));
    const auto entries = m_root->list({});
    VERIFY_OK(entries);
    QList<QByteArray> names;
    QList<EntryKind> kinds;
    for (const DirectoryEntry &entry : *entries) {
        names.append(entry.name);
        kinds.append(entry.kind);
    }
    QCOMPARE(names, (QList<QByteArray>{"Z", "a", "a-b", "b", "\xff"}));
    QCOMPARE(kinds,
             (QList{EntryKind::Symlink, EntryKind::Directory, EntryKind::Fifo, EntryKind::File,
                    EntryKind::File}));
    QCOMPARE(m_root->list(p("a"))->size(), 1);
}

void FileSystemEntriesTest::statTellsKindSizeModeAndLinks()
{
    VERIFY_OK(
        buildTree(*m_root, {"dir/", "dir/sub/", "file=hello", "other=>file", "link->target"}));
    const auto file = m_root->stat(p("file"));
    VERIFY_OK(file);
    QCOMPARE(file->kind, EntryKind::File);
    QCOMPARE(file->size, 5u);
    QCOMPARE(file->mode, 0644u);
    QCOMPARE(file->links, 2u);
    QVERIFY(file->identity.inode != 0);
    QCOMPARE(m_root->stat(p("dir"))->kind, EntryKind::Directory);
    QCOMPARE(m_root->stat(p("dir"))->size, 0u);
    QCOMPARE(m_root->stat(p("link"))->kind, EntryKind::Symlink);
    QCOMPARE(m_root->stat(p("link"))->size, 6u);
    QCOMPARE(m_root->stat({})->kind, EntryKind::Directory);
    QVERIFY(m_root->stat({})->identity != m_root->stat(p("dir"))->identity);
}

void FileSystemEntriesTest::timesFollowChanges()
{
    VERIFY_OK(buildTree(*m_root, {"dir/", "dir/file=x", "other/"}));
    VERIFY_OK(m_root->setModificationTime(p("dir"), 1'000'000'000));
    const EntryStat before = *m_root->stat(p("dir/file"));
    m_case->passTime();
    VERIFY_OK(m_root->setMode(p("dir/file"), 0600));
    const EntryStat moded = *m_root->stat(p("dir/file"));
    QCOMPARE(moded.mtimeNs, before.mtimeNs);
    QVERIFY(moded.ctimeNs > before.ctimeNs);
    QCOMPARE(m_root->stat(p("dir"))->mtimeNs, 1'000'000'000); // its entries are the same
    m_case->passTime();
    VERIFY_OK(m_root->rename(p("dir/file"), p("other/file"), RenameMode::Replace));
    const EntryStat moved = *m_root->stat(p("other/file"));
    QCOMPARE(moved.mtimeNs, before.mtimeNs);
    QVERIFY(moved.ctimeNs > moded.ctimeNs);
    QVERIFY(m_root->stat(p("dir"))->mtimeNs > before.mtimeNs);
    QVERIFY(m_root->stat(p("other"))->mtimeNs > before.mtimeNs);
    m_case->passTime();
    VERIFY_OK(m_root->link(p("other/file"), p("second")));
    QVERIFY(m_root->stat(p("other/file"))->ctimeNs > moved.ctimeNs);
}

void FileSystemEntriesTest::anIdentitySurvivesARename()
{
    VERIFY_OK(buildTree(*m_root, {"a/", "a/file=x", "b/"}));
    const FileIdentity file = m_root->stat(p("a/file"))->identity;
    const FileIdentity folder = m_root->stat(p("a"))->identity;
    VERIFY_OK(m_root->rename(p("a"), p("b/c"), RenameMode::Replace));
    QCOMPARE(m_root->stat(p("b/c/file"))->identity, file);
    QCOMPARE(m_root->stat(p("b/c"))->identity, folder);
    VERIFY_ERROR(m_root->stat(p("a")), ErrorCode::NotFound);
}

void FileSystemEntriesTest::aFileIsRemovedAndADirectoryIsNot()
{
    VERIFY_OK(buildTree(*m_root, {"dir/", "file=x", "link->dir", "fifo|"}));
    VERIFY_ERROR(m_root->removeFile(p("dir")), ErrorCode::IsDirectory);
    for (const char *name : {"file", "link", "fifo"})
        VERIFY_OK(m_root->removeFile(p(name)));
    QCOMPARE(*listTree(*m_root), QList<QByteArray>{"dir/"});
}

void FileSystemEntriesTest::onlyAnEmptyDirectoryIsRemoved()
{
    VERIFY_OK(buildTree(*m_root, {"dir/", "dir/file=x", "link->dir"}));
    VERIFY_ERROR(m_root->removeDirectory(p("dir")), ErrorCode::NotEmpty);
    VERIFY_ERROR(m_root->removeDirectory(p("dir/file")), ErrorCode::NotDirectory);
    VERIFY_ERROR(m_root->removeDirectory(p("link")), ErrorCode::NotDirectory);
    VERIFY_OK(m_root->removeFile(p("dir/file")));
    VERIFY_OK(m_root->removeDirectory(p("dir")));
    QCOMPARE(*listTree(*m_root), QList<QByteArray>{"link"});
}

void FileSystemEntriesTest::theRootItselfIsNoEntry()
{
    VERIFY_OK(buildTree(*m_root, {"file=x"}));
    VERIFY_ERROR(m_root->removeFile({}), ErrorCode::Invalid);
    VERIFY_ERROR(m_root->removeDirectory({}), ErrorCode::Invalid);
    VERIFY_ERROR(m_root->rename({}, p("x"), RenameMode::Replace), ErrorCode::Invalid);
    VERIFY_ERROR(m_root->rename(p("file"), {}, RenameMode::Replace), ErrorCode::Invalid);
    VERIFY_ERROR(m_root->link(p("file"), {}), ErrorCode::Invalid);
    VERIFY_ERROR(m_root->makeDirectory({}, 0755), ErrorCode::Exists);
    VERIFY_ERROR(m_root->open({}, OpenMode::Read), ErrorCode::IsDirectory);
    VERIFY_ERROR(m_root->openLocked({}), ErrorCode::IsDirectory);
    VERIFY_OK(m_root->setMode({}, 0711));
    VERIFY_OK(m_root->setModificationTime({}, 5'000'000'000));
    QCOMPARE(m_root->stat({})->mode, 0711u);
    QCOMPARE(m_root->stat({})->mtimeNs, 5'000'000'000);
}

void FileSystemEntriesTest::renameReplacesANonDirectory()
{
    VERIFY_OK(buildTree(*m_root, {"new=new", "old=old", "link->x", "dir/"}));
    VERIFY_OK(m_root->rename(p("new"), p("old"), RenameMode::Replace));
    QCOMPARE(*readFile(*m_root, p("old")), "new");
    VERIFY_OK(m_root->rename(p("old"), p("link"), RenameMode::Replace));
    QCOMPARE(m_root->stat(p("link"))->kind, EntryKind::File);
    VERIFY_ERROR(m_root->rename(p("link"), p("dir"), RenameMode::Replace), ErrorCode::IsDirectory);
    VERIFY_ERROR(m_root->rename(p("dir"), p("link"), RenameMode::Replace), ErrorCode::NotDirectory);
    VERIFY_OK(m_root->rename(p("link"), p("link"), RenameMode::Replace));
    QCOMPARE(*listTree(*m_root), (QList<QByteArray>{"dir/", "link"}));
}

void FileSystemEntriesTest::renameReplacesOnlyAnEmptyDirectoryByADirectory()
{
    VERIFY_OK(buildTree(*m_root, {"a/", "a/file=x", "b/", "c/", "c/file=y"}));
    VERIFY_OK(m_root->rename(p("a"), p("b"), RenameMode::Replace));
    VERIFY_ERROR(m_root->rename(p("b"), p("c"), RenameMode::Replace), ErrorCode::NotEmpty);
    QCOMPARE(*listTree(*m_root), (QList<QByteArray>{"b/", "b/file", "c/", "c/file"}));
}

void FileSystemEntriesTest::renameOfTwoNamesOfOneFileDoesNothing()
{
    VERIFY_OK(buildTree(*m_root, {"a=x", "b=>a"}));
    VERIFY_OK(m_root->rename(p("a"), p("b"), RenameMode::Replace));
    QCOMPARE(*listTree(*m_root), (QList<QByteArray>{"a", "b"}));
}

void FileSystemEntriesTest::renameWithoutReplacingLeavesBoth()
{
    VERIFY_OK(buildTree(*m_root, {"a=a", "b=b", "link->nowhere"}));
    VERIFY_ERROR(m_root->rename(p("a"), p("b"), RenameMode::NoReplace), ErrorCode::Exists);
    VERIFY_ERROR(m_root->rename(p("a"), p("link"), RenameMode::NoReplace), ErrorCode::Exists);
    VERIFY_ERROR(m_root->rename(p("a"), p("a"), RenameMode::NoReplace), ErrorCode::Exists);
    VERIFY_OK(m_root->rename(p("a"), p("c"), RenameMode::NoReplace));
    QCOMPARE(*listTree(*m_root), (QList<QByteArray>{"b", "c", "link"}));
}

void FileSystemEntriesTest::exchangeSwapsAnyTwoEntries()
{
    VERIFY_OK(buildTree(*m_root, {"file=x", "dir/", "dir/below=y", "link->x"}));
    VERIFY_OK(m_root->rename(p("file"), p("dir"), RenameMode::Exchange));
    QCOMPARE(*readFile(*m_root, p("dir")), "x");
    QCOMPARE(*readFile(*m_root, p("file/below")), "y");
    VERIFY_OK(m_root->rename(p("link"), p("file/below"), RenameMode::Exchange));
    QCOMPARE(*m_root->readSymlink(p("file/below")), "x");
    QCOMPARE(*readFile(*m_root, p("link")), "y");
    VERIFY_ERROR(m_root->rename(p("link"), p("missing"), RenameMode::Exchange),
                 ErrorCode::NotFound);
    VERIFY_ERROR(m_root->rename(p("file"), p("file/below"), RenameMode::Exchange),
                 ErrorCode::Invalid);
    VERIFY_ERROR(m_root->rename(p("file/below"), p("file"), RenameMode::Exchange),
                 ErrorCode::Invalid);
}

void FileSystemEntriesTest::aDirectoryDoesNotMoveIntoItself()
{
    VERIFY_OK(buildTree(*m_root, {"a/b/c/"}));
    VERIFY_ERROR(m_root->rename(p("a"), p("a/b/x"), RenameMode::Replace), ErrorCode::Invalid);
    VERIFY_ERROR(m_root->rename(p("a/b/c"), p("a"), RenameMode::Replace), ErrorCode::NotEmpty);
    QCOMPARE(*listTree(*m_root), (QList<QByteArray>{"a/", "a/b/", "a/b/c/"}));
}

void FileSystemEntriesTest::aHardLinkIsAnotherNameOfTheSameFile()
{
    VERIFY_OK(buildTree(*m_root, {"a=x", "dir/"}));
    VERIFY_OK(m_root->link(p("a"), p("dir/b")));
    QCOMPARE(m_root->stat(p("a"))->identity, m_root->stat(p("dir/b"))->identity);
    VERIFY_OK(writeFile(*m_root, p("dir/b"), "changed"));
    QCOMPARE(*readFile(*m_root, p("a")), "changed");
    VERIFY_OK(m_root->removeFile(p("a")));
    QCOMPARE(m_root->stat(p("dir/b"))->links, 1u);
    VERIFY_ERROR(m_root->link(p("dir"), p("c")), ErrorCode::PermissionDenied);
}

void FileSystemEntriesTest::aHardLinkToASymlinkIsTheSymlink()
{
    VERIFY_OK(buildTree(*m_root, {"file=x", "link->file", "second=>link"}));
    QCOMPARE(m_root->stat(p("second"))->identity, m_root->stat(p("link"))->identity);
    QCOMPARE(*m_root->readSymlink(p("second")), "file");
}

void FileSystemEntriesTest::aSymlinkIsReadAndNeverFollowed()
{
    VERIFY_OK(buildTree(*m_root, {"file=x", "link->file", "dir/"}));
    QCOMPARE(*m_root->readSymlink(p("link")), "file");
    VERIFY_ERROR(m_root->readSymlink(p("file")), ErrorCode::Invalid);
    VERIFY_ERROR(m_root->readSymlink(p("dir")), ErrorCode::Invalid);
    VERIFY_ERROR(m_root->open(p("link"), OpenMode::Read), ErrorCode::OutsideRoot);
    VERIFY_ERROR(m_root->setMode(p("link"), 0600), ErrorCode::Unsupported);
    VERIFY_OK(m_root->setModificationTime(p("link"), 7'000'000'000));
    QCOMPARE(m_root->stat(p("link"))->mtimeNs, 7'000'000'000);
    QVERIFY(m_root->stat(p("file"))->mtimeNs != 7'000'000'000);
    VERIFY_ERROR(m_root->makeSymlink("", p("empty")), ErrorCode::Invalid);
    VERIFY_ERROR(m_root->makeSymlink(QByteArray("a\0b", 3), p("nul")), ErrorCode::Invalid);
    VERIFY_ERROR(m_root->makeSymlink(QByteArray(4096, 'x'), p("long")), ErrorCode::TooLong);
    VERIFY_OK(m_root->makeSymlink(QByteArray(4095, 'x'), p("long")));
    QCOMPARE(m_root->readSymlink(p("long"))->size(), 4095);
}

void FileSystemEntriesTest::aFifoIsMadeAndNeverOpened()
{
    VERIFY_OK(m_root->makeFifo(p("fifo"), 0640));
    QCOMPARE(m_root->stat(p("fifo"))->kind, EntryKind::Fifo);
    QCOMPARE(m_root->stat(p("fifo"))->mode, 0640u);
    VERIFY_ERROR(m_root->open(p("fifo"), OpenMode::Read), ErrorCode::Unsupported);
    VERIFY_ERROR(m_root->open(p("fifo"), OpenMode::ReadWrite), ErrorCode::Unsupported);
    VERIFY_ERROR(m_root->openLocked(p("fifo")), ErrorCode::Unsupported);
    VERIFY_OK(m_root->xattrs(p("fifo")));
}

void FileSystemEntriesTest::modificationTimesBefore1970AreKept()
{
    VERIFY_OK(buildTree(*m_root, {"file=x"}));
    for (const qint64 time :
         {qint64(-1), qint64(-1'500'000'000), qint64(1'234'567'890'123'456'789)}) {
        VERIFY_OK(m_root->setModificationTime(p("file"), time));
        QCOMPARE(m_root->stat(p("file"))->mtimeNs, time);
    }
}

void FileSystemEntriesTest::namesAreBytes()
{
    const QByteArray strange("\xff\xfe new\nline \x1b[31m \\ \"");
    const auto path = RelPath::parse(strange);
    VERIFY_OK(path);
    VERIFY_OK(writeFile(*m_root, *path, "x"));
    QCOMPARE(m_root->list({})->first().name, strange);
    QCOMPARE(*readFile(*m_root, *path), "x");
}

void FileSystemEntriesTest::longNamesAreRefused()
{
    const QByteArray longest(255, 'n');
    VERIFY_OK(m_root->makeDirectory(*RelPath::parse(longest), 0755));
    VERIFY_ERROR(RelPath::parse(longest + 'n'), ErrorCode::TooLong);
}

void FileSystemEntriesTest::makePathMakesEveryParentAndAgreesToWhatIsThere()
{
    FileSystem &fileSystem = m_case->fileSystem();
    const QByteArray folder = m_case->folder();
    VERIFY_OK(fileSystem.makePath(folder + "/a/b//c/"));
    VERIFY_OK(fileSystem.makePath(folder + "/a/b/c"));
    QCOMPARE(m_root->stat(p("a/b"))->mode, 0700u);
    VERIFY_OK(buildTree(*m_root, {"file=x", "link->a", "dangling->nowhere"}));
    VERIFY_OK(fileSystem.makePath(folder + "/link/d"));
    QCOMPARE(m_root->stat(p("a/d"))->kind, EntryKind::Directory);
    VERIFY_ERROR(fileSystem.makePath(folder + "/file/x"), ErrorCode::NotDirectory);
    VERIFY_ERROR(fileSystem.makePath(folder + "/file"), ErrorCode::NotDirectory);
    VERIFY_ERROR(fileSystem.makePath(folder + "/dangling"), ErrorCode::NotFound);
    VERIFY_ERROR(fileSystem.makePath("relative"), ErrorCode::Invalid);
    VERIFY_ERROR(fileSystem.makePath(""), ErrorCode::Invalid);
}

void FileSystemEntriesTest::openRootWantsADirectory()
{
    VERIFY_OK(buildTree(*m_root, {"file=x", "dir/", "dir/file=y", "link->dir"}));
    FileSystem &fileSystem = m_case->fileSystem();
    VERIFY_ERROR(fileSystem.openRoot(m_case->folder() + "/missing"), ErrorCode::NotFound);
    VERIFY_ERROR(fileSystem.openRoot(m_case->folder() + "/file"), ErrorCode::NotDirectory);
    VERIFY_ERROR(fileSystem.openRoot("relative"), ErrorCode::Invalid);
    const auto through = m_case->openRoot("link"); // its own path may lead through symbolic links
    QVERIFY(through);
    QCOMPARE(*readFile(*through, p("file")), "y");
}

void FileSystemEntriesTest::aRootKnowsWhenItsPathLeadsElsewhere()
{
    VERIFY_OK(buildTree(*m_root, {"source/", "source/file=x"}));
    const auto source = m_case->openRoot("source");
    QVERIFY(source->isInPlace());
    VERIFY_OK(m_root->rename(p("source"), p("moved"), RenameMode::Replace));
    QVERIFY(!source->isInPlace());
    VERIFY_OK(source->stat(p("file"))); // still held
    VERIFY_OK(m_root->makeDirectory(p("source"), 0755));
    QVERIFY(!source->isInPlace());
    VERIFY_OK(m_root->removeDirectory(p("source")));
    VERIFY_OK(m_root->rename(p("moved"), p("source"), RenameMode::Replace));
    QVERIFY(source->isInPlace());
}

void FileSystemEntriesTest::aRemovedRootTakesNoNewEntries()
{
    VERIFY_OK(m_root->makeDirectory(p("gone"), 0755));
    const auto gone = m_case->openRoot("gone");
    VERIFY_OK(m_root->removeDirectory(p("gone")));
    VERIFY_ERROR(gone->makeDirectory(p("x"), 0755), ErrorCode::NotFound);
    VERIFY_ERROR(gone->open(p("x"), OpenMode::CreateNew), ErrorCode::NotFound);
    QVERIFY(!gone->isInPlace());
}

void FileSystemEntriesTest::spaceIsTold()
{
    const auto space = m_root->space();
    VERIFY_OK(space);
    QVERIFY(space->freeBytes > 0);
    QVERIFY(space->totalBytes >= space->freeBytes);
}

void FileSystemEntriesTest::syncsSucceed()
{
    VERIFY_OK(buildTree(*m_root, {"dir/", "dir/file=x"}));
    VERIFY_OK(m_root->syncDirectory(p("dir")));
    VERIFY_OK(m_root->syncDirectory({}));
    VERIFY_OK(m_root->syncAll());
}

QTEST_APPLESS_MAIN(FileSystemEntriesTest)
#include "tst_filesystementries.moc"
