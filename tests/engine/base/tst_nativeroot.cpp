// What only the real file system can show: mounts, privileges, access times, ACLs, descriptors.
#include "engine/base/nativefilesystem.h"
#include "tests/support/resultcheck.h"
#include "tests/support/treebuilder.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace octopus;
using namespace octopus::testing;

static RelPath p(const char *literal)
{
    return RelPath::of(literal);
}

namespace {

// Lays the privileges of root down for as long as it lives.
class Unprivileged
{
public:
    Unprivileged() : m_isDone(::seteuid(65534) == 0) {}
    ~Unprivileged()
    {
        if (m_isDone && ::seteuid(0) != 0)
            qFatal("cannot become root again");
    }
    Q_DISABLE_COPY_MOVE(Unprivileged)

private:
    bool m_isDone;
};

} // namespace

class NativeRootTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aMountOverTheRootIsNoticed();
    void aBindMountOfTheSameFolderIsNoticed();
    void readingLeavesTheAccessTime();
    void whoMayNotReadIsRefused();
    void privilegesAreKnown();
    void anAclIsKept();
    void changingTheModeChangesTheMaskOfAnAcl();
    void tooManyExtendedAttributesAreNotAFullDisk();
    void rangesAreCopiedBetweenFileSystems();
    void offsetsBeyondFourGigabytesWork();
    void noDescriptorIsLeakedOrInherited();
    void anUmaskDoesNotBendModes();
    void aSetGroupIdFolderDoesNotBendModes();
    void aHeldFolderIsReachedAsBefore();
    void whatIsNotThereIsNotHeld();

private:
    QByteArray absolute(const char *name) const { return m_folder->path().toUtf8() + '/' + name; }

    std::unique_ptr<QTemporaryDir> m_folder;
    NativeFileSystem m_fileSystem;
    std::unique_ptr<Root> m_root;
};

void NativeRootTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = std::move(*m_fileSystem.openRoot(m_folder->path().toUtf8()));
}

void NativeRootTest::cleanup()
{
    m_root.reset();
    m_folder.reset();
}

// Mounts of its own, that nobody else sees; false: not allowed here.
static bool enterMountNamespace()
{
    static const bool entered = ::unshare(CLONE_NEWNS) == 0
        && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    return entered;
}

void NativeRootTest::aMountOverTheRootIsNoticed()
{
    if (!enterMountNamespace())
        QSKIP("mounting is not allowed here");
    VERIFY_OK(buildTree(*m_root, {"source/", "source/file=x"}));
    const auto source = m_fileSystem.openRoot(absolute("source"));
    QVERIFY((*source)->isInPlace());
    QCOMPARE(::mount("none", absolute("source").constData(), "tmpfs", 0, nullptr), 0);
    QVERIFY(!(*source)->isInPlace());
    QCOMPARE(::umount2(absolute("source").constData(), MNT_DETACH), 0);
    QVERIFY((*source)->isInPlace());
}

void NativeRootTest::aBindMountOfTheSameFolderIsNoticed()
{
    if (!enterMountNamespace())
        QSKIP("mounting is not allowed here");
    VERIFY_OK(buildTree(*m_root, {"source/"}));
    const auto source = m_fileSystem.openRoot(absolute("source"));
    const QByteArray path = absolute("source");
    QCOMPARE(::mount(path.constData(), path.constData(), nullptr, MS_BIND, nullptr), 0);
    QVERIFY(!(*source)->isInPlace()); // the same device and inode, but not the same mount
    const auto bound = m_fileSystem.openRoot(path);
    QCOMPARE(::umount2(path.constData(), MNT_DETACH), 0);
    QVERIFY((*source)->isInPlace());
    QVERIFY(!(*bound)->isInPlace());
}

void NativeRootTest::readingLeavesTheAccessTime()
{
    VERIFY_OK(buildTree(*m_root, {"dir/", "dir/file=content"}));
    for (const char *name : {"dir", "dir/file"}) {
        // So old that even relatime would renew it.
        const timespec times[2] = {{.tv_sec = 1, .tv_nsec = 0},
                                   {.tv_sec = 0, .tv_nsec = UTIME_OMIT}};
        QCOMPARE(::utimensat(AT_FDCWD, absolute(name).constData(), times, 0), 0);
    }
    VERIFY_OK(m_root->list(p("dir")));
    VERIFY_OK(readFile(*m_root, p("dir/file")));
    for (const char *name : {"dir", "dir/file"}) {
        struct stat info = {};
        QCOMPARE(::stat(absolute(name).constData(), &info), 0);
        QCOMPARE(info.st_atim.tv_sec, 1);
    }
}

void NativeRootTest::whoMayNotReadIsRefused()
{
    if (::geteuid() != 0)
        QSKIP("needs root to lay its privileges down");
    VERIFY_OK(buildTree(*m_root, {"private/", "private/file=x", "secret=x", "open=x"}));
    VERIFY_OK(m_root->setMode({}, 0755));
    VERIFY_OK(m_root->setMode(p("private"), 0700));
    VERIFY_OK(m_root->setMode(p("secret"), 0600));
    const Unprivileged now;
    VERIFY_ERROR(m_root->stat(p("private/file")), ErrorCode::PermissionDenied);
    VERIFY_ERROR(m_root->list(p("private")), ErrorCode::PermissionDenied);
    VERIFY_ERROR(m_root->open(p("secret"), OpenMode::Read), ErrorCode::PermissionDenied);
    VERIFY_ERROR(m_root->makeDirectory(p("new"), 0755), ErrorCode::PermissionDenied);
    VERIFY_ERROR(m_root->setMode(p("open"), 0777), ErrorCode::PermissionDenied);
    // Another's file, which O_NOATIME is refused for, can be read all the same.
    QCOMPARE(*readFile(*m_root, p("open")), "x");
    VERIFY_OK(m_root->list({}));
}

void NativeRootTest::privilegesAreKnown()
{
    if (::geteuid() != 0)
        QSKIP("needs root to lay its privileges down");
    const bool before = m_root->canSetOwner();
    VERIFY_OK(buildTree(*m_root, {"file=x"}));
    QCOMPARE(m_root->setOwner(p("file"), 4321, 4321).has_value(), before);
    const Unprivileged now;
    QVERIFY(!m_root->canSetOwner());
}

// An ACL as the kernel stores it: version 2, then (tag, permissions, id), little-endian. The user is
// this one: a namespace of users may know no other.
static QByteArray aclOfAUser()
{
    QByteArray acl = QByteArray::fromHex("02000000"
                                         "01000600ffffffff"   // owner: rw
                                         "0200040000000000"   // the user: r
                                         "04000400ffffffff"   // group: r
                                         "10000400ffffffff"   // mask: r
                                         "20000000ffffffff"); // others: nothing
    qToLittleEndian(quint32(::geteuid()), acl.data() + 16);
    return acl;
}

void NativeRootTest::anAclIsKept()
{
    VERIFY_OK(buildTree(*m_root, {"file=x", "dir/"}));
    VERIFY_OK(m_root->setMode(p("file"), 0640));
    const auto set = m_root->setXattr(p("file"), "system.posix_acl_access", aclOfAUser());
    if (!set && set.error().code == ErrorCode::Unsupported)
        QSKIP("the file system here has no ACLs");
    VERIFY_OK(set);
    QCOMPARE(*m_root->xattrs(p("file")), (Xattrs{{"system.posix_acl_access", aclOfAUser()}}));
    QCOMPARE(m_root->stat(p("file"))->mode, 0640u);
    VERIFY_OK(m_root->setXattr(p("dir"), "system.posix_acl_default", aclOfAUser()));
    QCOMPARE(*m_root->xattrs(p("dir")), (Xattrs{{"system.posix_acl_default", aclOfAUser()}}));
    // A default ACL does not bend what is made below it.
    VERIFY_OK(m_root->makeDirectory(p("dir/sub"), 0755));
    QCOMPARE(m_root->stat(p("dir/sub"))->mode, 0755u);
    VERIFY_OK(m_root->removeXattr(p("file"), "system.posix_acl_access"));
    QCOMPARE(*m_root->xattrs(p("file")), Xattrs());
}

void NativeRootTest::changingTheModeChangesTheMaskOfAnAcl()
{
    VERIFY_OK(buildTree(*m_root, {"file=x"}));
    const auto set = m_root->setXattr(p("file"), "system.posix_acl_access", aclOfAUser());
    if (!set && set.error().code == ErrorCode::Unsupported)
        QSKIP("the file system here has no ACLs");
    VERIFY_OK(set);
    VERIFY_OK(m_root->setMode(p("file"), 0660));
    QVERIFY(*m_root->xattrs(p("file")) != (Xattrs{{"system.posix_acl_access", aclOfAUser()}}));
    VERIFY_OK(
        m_root->setXattr(p("file"), "system.posix_acl_access", aclOfAUser())); // so it comes last
    QCOMPARE(*m_root->xattrs(p("file")), (Xattrs{{"system.posix_acl_access", aclOfAUser()}}));
}

void NativeRootTest::tooManyExtendedAttributesAreNotAFullDisk()
{
    VERIFY_OK(buildTree(*m_root, {"file=x"}));
    Result<void> set;
    for (int i = 0; i < 10 && set; ++i)
        set = m_root->setXattr(p("file"), "user.x" + QByteArray::number(i), QByteArray(60000, 'v'));
    if (!set && set.error().code == ErrorCode::Unsupported)
        QSKIP("the file system here has no extended attributes");
    if (!set)
        QCOMPARE(set.error().code, ErrorCode::TooLong);
    VERIFY_ERROR(m_root->setXattr(p("file"), "user.y", QByteArray(70000, 'v')), ErrorCode::TooLong);
}

void NativeRootTest::rangesAreCopiedBetweenFileSystems()
{
    const auto memory = m_fileSystem.openRoot("/dev/shm");
    if (!memory || (*memory)->stat({})->identity.device == m_root->stat({})->identity.device)
        QSKIP("there is no second file system here");
    const RelPath name = *RelPath::parse("octopus-test-" + QByteArray::number(::getpid()));
    const auto source = (*memory)->open(name, OpenMode::CreateNew);
    if (!source)
        QSKIP("/dev/shm cannot be written");
    const QByteArray content = QByteArray(3'000'000, 'x') + "end";
    const auto target = m_root->open(p("target"), OpenMode::CreateNew);
    const auto written = (*source)->write(0, content);
    const auto copied = (*target)->copyFrom(**source, 1, 0, quint64(content.size()) - 1);
    const auto cloned = (*target)->cloneFrom(**source);
    VERIFY_OK((*memory)->removeFile(name));
    VERIFY_OK(written);
    VERIFY_OK(copied);
    VERIFY_ERROR(cloned, ErrorCode::Unsupported);
    QCOMPARE(*(*target)->read(0, content.size()), content.sliced(1));
}

void NativeRootTest::offsetsBeyondFourGigabytesWork()
{
    const auto file = m_root->open(p("large"), OpenMode::CreateNew);
    constexpr quint64 far = (quint64(5) << 30) + 123;
    const auto written = (*file)->write(far, "there");
    if (!written && written.error().code == ErrorCode::TooLong)
        QSKIP("the file system here has no large files");
    VERIFY_OK(written);
    QCOMPARE((*file)->stat()->size, far + 5);
    QCOMPARE(*(*file)->read(far - 1, 100), QByteArray("\0there", 6));
    if (const auto data = (*file)->nextData(0); (*data)->offset > 0)
        QCOMPARE((*data)->offset, far / 4096 * 4096);
}

static QStringList openDescriptors()
{
    return QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::System | QDir::Files | QDir::Dirs);
}

void NativeRootTest::noDescriptorIsLeakedOrInherited()
{
    VERIFY_OK(buildTree(*m_root, {"dir/", "dir/file=x", "dir/link->file"}));
    const QStringList before = openDescriptors();
    {
        const auto file = m_root->open(p("dir/file"), OpenMode::ReadWrite);
        const auto lock = m_root->openLocked(p("dir/lock"));
        const QStringList during = openDescriptors();
        QCOMPARE(during.size(), before.size() + 2);
        for (const QString &number : during) {
            const int flags = ::fcntl(number.toInt(), F_GETFD);
            QVERIFY(before.contains(number) || (flags & FD_CLOEXEC));
        }
    }
    VERIFY_OK(m_root->rename(p("dir/file"), p("dir/other"), RenameMode::Replace));
    VERIFY_OK(m_root->link(p("dir/other"), p("dir/file")));
    VERIFY_OK(m_root->list(p("dir")));
    VERIFY_OK(m_root->xattrs(p("dir/file")));
    VERIFY_OK(m_root->syncDirectory(p("dir")));
    VERIFY_OK(m_fileSystem.makePath(absolute("a/b/c")));
    (void)m_root->open(p("dir/link"), OpenMode::Read);
    (void)m_root->open(p("dir"), OpenMode::Read);
    (void)m_root->list(p("dir/file"));
    (void)m_fileSystem.openRoot(absolute("missing"));
    QCOMPARE(openDescriptors(), before);
}

void NativeRootTest::anUmaskDoesNotBendModes()
{
    const mode_t before = ::umask(0077);
    const auto made = m_root->makeDirectory(p("dir"), 0775);
    const auto fifo = m_root->makeFifo(p("fifo"), 0666);
    ::umask(before);
    VERIFY_OK(made);
    VERIFY_OK(fifo);
    QCOMPARE(m_root->stat(p("dir"))->mode, 0775u);
    QCOMPARE(m_root->stat(p("fifo"))->mode, 0666u);
}

void NativeRootTest::aSetGroupIdFolderDoesNotBendModes()
{
    VERIFY_OK(m_root->makeDirectory(p("shared"), 02775));
    QCOMPARE(m_root->stat(p("shared"))->mode, 02775u);
    VERIFY_OK(m_root->makeDirectory(p("shared/plain"), 0755));
    QCOMPARE(m_root->stat(p("shared/plain"))->mode, 0755u);
}

void NativeRootTest::aHeldFolderIsReachedAsBefore()
{
    VERIFY_OK(buildTree(*m_root, {"a/", "a/held/", "a/held/below/", "a/held2/"}));
    m_root->hold(p("a/held"));
    for (const char *path : {"a/held/x", "a/held/below/y", "a/held2/z", "a/v", "w"}) {
        VERIFY_OK(m_root->open(p(path), OpenMode::CreateNew));
        QVERIFY(QFile::exists(QString::fromUtf8(absolute(path))));
        VERIFY_OK(m_root->stat(p(path)));
    }
    VERIFY_OK(m_root->rename(p("a/held/x"), p("moved"), RenameMode::NoReplace));
    QVERIFY(QFile::exists(QString::fromUtf8(absolute("moved"))));
    QVERIFY(!QFile::exists(QString::fromUtf8(absolute("a/held/x"))));
    QVERIFY(!m_root->open(p("a/held/below"), OpenMode::CreateNew)); // it is there
}

void NativeRootTest::whatIsNotThereIsNotHeld()
{
    m_root->hold(p("none"));
    QCOMPARE(m_root->open(p("none/x"), OpenMode::CreateNew).error().code, ErrorCode::NotFound);
    VERIFY_OK(m_root->makeDirectory(p("none"), 0755));
    VERIFY_OK(m_root->open(p("none/x"), OpenMode::CreateNew));
}

QTEST_APPLESS_MAIN(NativeRootTest)
#include "tst_nativeroot.moc"
