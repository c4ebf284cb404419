// The contract of File in engine/base/fileio.h, for every implementation: content and attributes.
#include "tests/engine/base/filesystemundertest.h"
#include "tests/support/resultcheck.h"
#include "tests/support/treebuilder.h"

#include <QTest>

#include <limits>

using namespace octopus;
using namespace octopus::testing;

static constexpr quint64 block = 4096;

static RelPath p(const char *literal)
{
    return RelPath::of(literal);
}

class FileSystemFilesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { FileSystemUnderTest::addRows(); }
    void init();
    void cleanup();

    void aNewFileIsEmptyAndPrivate();
    void readingEndsAtTheEndOfTheFile();
    void writingBeyondTheEndLeavesZeros();
    void truncatingCutsAndExtendsWithZeros();
    void rangesThatNoFileCanHoldAreRefused();
    void contentSurvivesRemovalWhileItIsOpen();
    void writingChangesTheTimes();
    void holesAreFound();
    void aPunchedHoleReadsAsZeros();
    void aRangeIsCopiedFromAnotherFile();
    void copyingPastTheEndOfTheSourceIsInvalid();
    void aCloneIsEqualOrUnsupported();
    void attributesAreSetOnTheOpenFile();
    void changingTheOwnerClearsSetUserId();
    void extendedAttributesAreKeptOnFilesAndDirectories();
    void onlyUserAttributesAndAclsAreTouched();
    void symlinksAndFifosHaveNoExtendedAttributes();
    void aLockIsHeldUntilTheFileIsClosed();
    void lockingKeepsTheContent();
    void aDirectoryIsNotLocked();

private:
    std::unique_ptr<File> create(const char *name);

    std::unique_ptr<FileSystemUnderTest> m_case;
    std::unique_ptr<Root> m_root;
};

void FileSystemFilesTest::init()
{
    m_case = FileSystemUnderTest::current();
    m_root = m_case->openRoot();
    QVERIFY(m_root);
}

void FileSystemFilesTest::cleanup()
{
    m_root.reset();
    m_case.reset();
}

std::unique_ptr<File> FileSystemFilesTest::create(const char *name)
{
    auto file = m_root->open(p(name), OpenMode::CreateNew);
    return file ? std::move(*file) : nullptr;
}

void FileSystemFilesTest::aNewFileIsEmptyAndPrivate()
{
    const auto file = create("file");
    const auto stat = file->stat();
    VERIFY_OK(stat);
    QCOMPARE(stat->kind, EntryKind::File);
    QCOMPARE(stat->size, 0u);
    QCOMPARE(stat->mode, 0600u);
    QCOMPARE(stat->links, 1u);
    QCOMPARE(stat->identity, m_root->stat(p("file"))->identity);
    QCOMPARE(*file->read(0, 10), "");
}

void FileSystemFilesTest::readingEndsAtTheEndOfTheFile()
{
    const auto file = create("file");
    VERIFY_OK(file->write(0, "hello world"));
    QCOMPARE(*file->read(0, 5), "hello");
    QCOMPARE(*file->read(6, 100), "world");
    QCOMPARE(*file->read(11, 1), "");
    QCOMPARE(*file->read(1000, 1), "");
    QCOMPARE(*file->read(3, 0), "");
}

void FileSystemFilesTest::writingBeyondTheEndLeavesZeros()
{
    const auto file = create("file");
    VERIFY_OK(file->write(3 * block + 5, "end"));
    QCOMPARE(file->stat()->size, 3 * block + 8);
    QCOMPARE(*file->read(0, 10), QByteArray(10, '\0'));
    QCOMPARE(*file->read(3 * block, 100), QByteArray(5, '\0') + "end");
    VERIFY_OK(file->write(block - 2, "across"));
    QCOMPARE(*file->read(block - 3, 8), QByteArray("\0across\0", 8));
    VERIFY_OK(file->write(10 * block, ""));
    QCOMPARE(file->stat()->size, 3 * block + 8);
}

void FileSystemFilesTest::truncatingCutsAndExtendsWithZeros()
{
    const auto file = create("file");
    VERIFY_OK(file->write(0, QByteArray(2 * block, 'x')));
    VERIFY_OK(file->truncate(block + 10));
    QCOMPARE(file->stat()->size, block + 10);
    VERIFY_OK(file->truncate(3 * block));
    QCOMPARE(file->stat()->size, 3 * block);
    QCOMPARE(*file->read(block + 8, 4), QByteArray("xx\0\0", 4));
    QCOMPARE(*file->read(2 * block, 4), QByteArray(4, '\0'));
    VERIFY_OK(file->truncate(0));
    VERIFY_OK(file->truncate(4));
    QCOMPARE(*file->read(0, 10), QByteArray(4, '\0'));
}

void FileSystemFilesTest::rangesThatNoFileCanHoldAreRefused()
{
    const auto file = create("file");
    constexpr quint64 huge = std::numeric_limits<quint64>::max();
    constexpr quint64 last = quint64(std::numeric_limits<qint64>::max());
    VERIFY_ERROR(file->read(huge, 1), ErrorCode::TooLong);
    VERIFY_ERROR(file->read(last, 1), ErrorCode::TooLong);
    VERIFY_ERROR(file->read(0, -1), ErrorCode::Invalid);
    VERIFY_ERROR(file->write(last, "x"), ErrorCode::TooLong);
    VERIFY_ERROR(file->truncate(huge), ErrorCode::TooLong);
    VERIFY_ERROR(file->punchHole({last, 2}), ErrorCode::TooLong);
    QCOMPARE(file->stat()->size, 0u);
}

void FileSystemFilesTest::contentSurvivesRemovalWhileItIsOpen()
{
    const auto file = create("file");
    VERIFY_OK(file->write(0, "still here"));
    VERIFY_OK(m_root->removeFile(p("file")));
    QCOMPARE(*file->read(0, 100), "still here");
    QCOMPARE(file->stat()->links, 0u);
    const auto second = create("file");
    QVERIFY(second->stat()->identity != file->stat()->identity);
}

void FileSystemFilesTest::writingChangesTheTimes()
{
    const auto file = create("file");
    VERIFY_OK(file->setModificationTime(1));
    const EntryStat before = *file->stat();
    QCOMPARE(before.mtimeNs, 1);
    m_case->passTime();
    VERIFY_OK(file->write(0, "x"));
    const EntryStat written = *file->stat();
    QVERIFY(written.mtimeNs > before.mtimeNs);
    QVERIFY(written.ctimeNs > before.ctimeNs);
    m_case->passTime();
    VERIFY_OK(file->truncate(0));
    QVERIFY(file->stat()->mtimeNs > written.mtimeNs);
}

void FileSystemFilesTest::holesAreFound()
{
    const auto file = create("file");
    VERIFY_OK(file->truncate(100 * block));
    const auto none = file->nextData(0);
    VERIFY_OK(none);
    if (*none)
        QSKIP("the file system here does not know holes");
    VERIFY_OK(file->write(10 * block, QByteArray(2 * block, 'x')));
    VERIFY_OK(file->write(50 * block, QByteArray(10, 'y')));
    QCOMPARE(*file->nextData(0), std::optional(Extent{10 * block, 2 * block}));
    QCOMPARE(*file->nextData(10 * block + 7), std::optional(Extent{10 * block + 7, 2 * block - 7}));
    QCOMPARE(*file->nextData(12 * block), std::optional(Extent{50 * block, block}));
    QCOMPARE(*file->nextData(51 * block), std::nullopt);
    QCOMPARE(*file->nextData(1000 * block), std::nullopt);
    VERIFY_OK(file->truncate(50 * block + 10));
    QCOMPARE(*file->nextData(50 * block), std::optional(Extent{50 * block, 10}));
    QVERIFY(file->stat()->allocatedBytes < 50 * block);
}

void FileSystemFilesTest::aPunchedHoleReadsAsZeros()
{
    const auto file = create("file");
    VERIFY_OK(file->write(0, QByteArray(4 * block, 'x')));
    const auto punched = file->punchHole({block - 2, 2 * block});
    if (!punched && punched.error().code == ErrorCode::Unsupported)
        QSKIP("the file system here does not know holes");
    VERIFY_OK(punched);
    QCOMPARE(file->stat()->size, 4 * block);
    QCOMPARE(*file->read(block - 3, 4), QByteArray("x\0\0\0", 4));
    QCOMPARE(*file->read(3 * block - 4, 4), QByteArray("\0\0xx", 4));
    QCOMPARE(*file->nextData(block), std::optional(Extent{2 * block, 2 * block}));
    VERIFY_OK(file->punchHole({4 * block - 1, 10 * block}));
    QCOMPARE(file->stat()->size, 4 * block);
    VERIFY_OK(file->punchHole({0, 0}));
}

void FileSystemFilesTest::aRangeIsCopiedFromAnotherFile()
{
    const auto source = create("source");
    const auto target = create("target");
    const QByteArray content = QByteArray(5 * block, 'a') + QByteArray(3 * block + 7, 'b');
    VERIFY_OK(source->write(0, content));
    VERIFY_OK(target->copyFrom(*source, 0, 0, quint64(content.size())));
    QCOMPARE(*target->read(0, content.size() + 1), content);
    VERIFY_OK(target->copyFrom(*source, 5 * block - 2, 1, 4));
    QCOMPARE(*target->read(0, 6), "aaabba");
    VERIFY_OK(target->copyFrom(*source, 0, 0, 0));
    QCOMPARE(target->stat()->size, quint64(content.size()));
}

void FileSystemFilesTest::copyingPastTheEndOfTheSourceIsInvalid()
{
    const auto source = create("source");
    const auto target = create("target");
    VERIFY_OK(source->write(0, "short"));
    VERIFY_ERROR(target->copyFrom(*source, 2, 0, 10), ErrorCode::Invalid);
}

void FileSystemFilesTest::aCloneIsEqualOrUnsupported()
{
    const auto source = create("source");
    const auto target = create("target");
    VERIFY_OK(source->write(block, QByteArray(2 * block, 'x')));
    const auto cloned = target->cloneFrom(*source);
    if (!cloned) {
        QCOMPARE(cloned.error().code, ErrorCode::Unsupported);
        return;
    }
    QCOMPARE(*target->read(0, 4 * block), *source->read(0, 4 * block));
    VERIFY_OK(source->write(block, "changed"));
    QCOMPARE(*target->read(block, 3), "xxx");
}

void FileSystemFilesTest::attributesAreSetOnTheOpenFile()
{
    const auto file = create("file");
    VERIFY_OK(file->setMode(0751));
    VERIFY_OK(file->setModificationTime(-1'500'000'000));
    VERIFY_OK(file->setXattr("user.colour", "red"));
    VERIFY_OK(file->syncData());
    const EntryStat stat = *m_root->stat(p("file"));
    QCOMPARE(stat.mode, 0751u);
    QCOMPARE(stat.mtimeNs, -1'500'000'000);
    QCOMPARE(*file->xattrs(), (Xattrs{{"user.colour", "red"}}));
    VERIFY_OK(file->removeXattr("user.colour"));
    QCOMPARE(*file->xattrs(), Xattrs());
}

void FileSystemFilesTest::changingTheOwnerClearsSetUserId()
{
    if (!m_root->canSetOwner())
        QSKIP("only a privileged process gives files away");
    const auto file = create("file");
    VERIFY_OK(file->setMode(06755));
    VERIFY_OK(file->setOwner(1234, 4321));
    QCOMPARE(file->stat()->uid, 1234u);
    QCOMPARE(file->stat()->gid, 4321u);
    QCOMPARE(file->stat()->mode, 0755u); // so the mode is set after the owner
    VERIFY_OK(buildTree(*m_root, {"dir/", "link->file", "dir/second=x"}));
    VERIFY_OK(m_root->setMode(p("dir"), 02755));
    VERIFY_OK(m_root->setOwner(p("dir"), 1, 2));
    QCOMPARE(m_root->stat(p("dir"))->mode, 02755u);
    VERIFY_OK(m_root->setOwner(p("link"), 7, 8));
    QCOMPARE(m_root->stat(p("link"))->uid, 7u);
    QCOMPARE(file->stat()->uid, 1234u);
}

void FileSystemFilesTest::extendedAttributesAreKeptOnFilesAndDirectories()
{
    VERIFY_OK(buildTree(*m_root, {"dir/", "dir/file=x"}));
    const QByteArray large(3000, 'v');
    const QByteArray binary("\0\xff\n", 3);
    for (const char *name : {"dir", "dir/file"}) {
        const auto set = m_root->setXattr(p(name), "user.first", binary);
        if (!set && set.error().code == ErrorCode::Unsupported)
            QSKIP("the file system here has no extended attributes");
        VERIFY_OK(set);
        VERIFY_OK(m_root->setXattr(p(name), "user.large", large));
        VERIFY_OK(m_root->setXattr(p(name), "user.empty", {}));
        QCOMPARE(*m_root->xattrs(p(name)),
                 (Xattrs{{"user.empty", ""}, {"user.first", binary}, {"user.large", large}}));
        VERIFY_OK(m_root->setXattr(p(name), "user.large", "short"));
        VERIFY_OK(m_root->removeXattr(p(name), "user.first"));
        VERIFY_ERROR(m_root->removeXattr(p(name), "user.first"), ErrorCode::NotFound);
        QCOMPARE(*m_root->xattrs(p(name)), (Xattrs{{"user.empty", ""}, {"user.large", "short"}}));
    }
}

void FileSystemFilesTest::onlyUserAttributesAndAclsAreTouched()
{
    VERIFY_OK(buildTree(*m_root, {"file=x"}));
    for (const char *name : {"security.capability", "trusted.overlay.opaque", "system.other",
                             "user.", "user", "", "USER.x"}) {
        VERIFY_ERROR(m_root->setXattr(p("file"), name, "x"), ErrorCode::Refused);
        VERIFY_ERROR(m_root->removeXattr(p("file"), name), ErrorCode::Refused);
    }
    VERIFY_ERROR(m_root->setXattr(p("file"), QByteArray("user.a\0b", 8), "x"), ErrorCode::Invalid);
    QCOMPARE(*m_root->xattrs(p("file")), Xattrs());
}

void FileSystemFilesTest::symlinksAndFifosHaveNoExtendedAttributes()
{
    VERIFY_OK(buildTree(*m_root, {"file=x", "link->file", "dangling->nowhere", "fifo|"}));
    VERIFY_OK(m_root->setXattr(p("file"), "user.x", "y"));
    for (const char *name : {"link", "dangling", "fifo"}) {
        const auto xattrs = m_root->xattrs(p(name));
        VERIFY_OK(xattrs);
        QCOMPARE(*xattrs, Xattrs());
        VERIFY_ERROR(m_root->setXattr(p(name), "user.x", "z"), ErrorCode::PermissionDenied);
    }
    QCOMPARE(*m_root->xattrs(p("file")), (Xattrs{{"user.x", "y"}}));
}

void FileSystemFilesTest::aLockIsHeldUntilTheFileIsClosed()
{
    auto first = m_root->openLocked(p("lock"));
    VERIFY_OK(first);
    QCOMPARE((*first)->stat()->mode, 0600u);
    const auto otherRoot = m_case->openRoot();
    VERIFY_ERROR(otherRoot->openLocked(p("lock")), ErrorCode::Busy);
    VERIFY_ERROR(m_root->openLocked(p("lock")), ErrorCode::Busy);
    VERIFY_OK(otherRoot->open(p("lock"), OpenMode::ReadWrite)); // the lock is advisory
    first->reset();
    VERIFY_OK(otherRoot->openLocked(p("lock")));
}

void FileSystemFilesTest::lockingKeepsTheContent()
{
    VERIFY_OK(writeFile(*m_root, p("lock"), "content"));
    const auto locked = m_root->openLocked(p("lock"));
    VERIFY_OK(locked);
    QCOMPARE(*(*locked)->read(0, 100), "content");
    VERIFY_OK((*locked)->write(0, "C"));
    QCOMPARE(*readFile(*m_root, p("lock")), "Content");
}

void FileSystemFilesTest::aDirectoryIsNotLocked()
{
    VERIFY_OK(buildTree(*m_root, {"dir/", "link->dir"}));
    VERIFY_ERROR(m_root->openLocked(p("dir")), ErrorCode::IsDirectory);
    VERIFY_ERROR(m_root->open(p("dir"), OpenMode::Read), ErrorCode::IsDirectory);
    VERIFY_ERROR(m_root->open(p("dir"), OpenMode::ReadWrite), ErrorCode::IsDirectory);
    VERIFY_ERROR(m_root->openLocked(p("link")), ErrorCode::OutsideRoot);
    VERIFY_ERROR(m_root->openLocked(p("missing/lock")), ErrorCode::NotFound);
}

QTEST_APPLESS_MAIN(FileSystemFilesTest)
#include "tst_filesystemfiles.moc"
