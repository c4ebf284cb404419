// I9: no operation crosses a symbolic link or leaves its root, whatever is planted inside.
#include "tests/engine/base/filesystemundertest.h"
#include "tests/support/resultcheck.h"
#include "tests/support/treebuilder.h"

#include <QTest>

#include <functional>

using namespace octopus;
using namespace octopus::testing;

using Attempt = std::function<Result<void>(Root &root, const RelPath &path)>;
Q_DECLARE_METATYPE(Attempt)

static RelPath p(const char *literal)
{
    return RelPath::of(literal);
}

template <typename T> static Result<void> outcome(const Result<T> &result)
{
    return result ? Result<void>() : passOn(result);
}

class ConfinementTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { FileSystemUnderTest::addRows(); }
    void init();
    void cleanup();

    void aSymlinkInTheWayIsNeverCrossed_data();
    void aSymlinkInTheWayIsNeverCrossed();
    void aSymlinkAtTheEndIsNeverFollowed_data();
    void aSymlinkAtTheEndIsNeverFollowed();
    void aDirectoryReplacedByASymlinkIsNotEntered();
    void pathsOutsideCannotEvenBeNamed();

private:
    // The outside, as it was and must stay.
    static const QList<QByteArray> outsideTree;
    void checkThatOutsideIsUntouched();

    std::unique_ptr<FileSystemUnderTest> m_case;
    std::unique_ptr<Root> m_outside;
    std::unique_ptr<Root> m_root;
    EntryStat m_victim;
};

const QList<QByteArray> ConfinementTest::outsideTree = {"dir/", "dir/sub/", "dir/victim"};

void ConfinementTest::init()
{
    m_case = FileSystemUnderTest::current();
    const auto whole = m_case->openRoot();
    QVERIFY(whole);
    VERIFY_OK(buildTree(*whole,
                        {"outside/dir/sub/", "outside/dir/victim=secret", "inside/real/",
                         "inside/real/file=mine"}));
    m_outside = m_case->openRoot("outside");
    m_root = m_case->openRoot("inside");
    // Absolute, relative through "..", through the inside, and a chain.
    VERIFY_OK(m_root->makeSymlink(m_case->folder() + "/outside/dir", p("absolute")));
    VERIFY_OK(m_root->makeSymlink("../outside/dir", p("relative")));
    VERIFY_OK(m_root->makeSymlink("../outside/dir", p("real/deep")));
    VERIFY_OK(m_root->makeSymlink("relative", p("chain")));
    VERIFY_OK(m_root->makeSymlink("real", p("within")));
    VERIFY_OK(m_root->makeSymlink("/proc/self/cwd", p("magic")));
    VERIFY_OK(m_root->makeSymlink("../outside/dir/victim", p("victimlink")));
    m_victim = *m_outside->stat(p("dir/victim"));
}

void ConfinementTest::cleanup()
{
    m_root.reset();
    m_outside.reset();
    m_case.reset();
}

void ConfinementTest::checkThatOutsideIsUntouched()
{
    QCOMPARE(*listTree(*m_outside), outsideTree);
    QCOMPARE(*readFile(*m_outside, p("dir/victim")), "secret");
    QCOMPARE(*m_outside->stat(p("dir/victim")), m_victim);
    QCOMPARE(*m_outside->xattrs(p("dir/victim")), Xattrs());
}

static QList<std::pair<const char *, Attempt>> attempts()
{
    const RelPath file = p("real/file");
    return {
        {"stat", [](Root &r, const RelPath &x) { return outcome(r.stat(x)); }},
        {"list", [](Root &r, const RelPath &x) { return outcome(r.list(x)); }},
        {"read", [](Root &r, const RelPath &x) { return outcome(r.open(x, OpenMode::Read)); }},
        {"write",
         [](Root &r, const RelPath &x) { return outcome(r.open(x, OpenMode::ReadWrite)); }},
        {"create",
         [](Root &r, const RelPath &x) { return outcome(r.open(x, OpenMode::CreateNew)); }},
        {"lock", [](Root &r, const RelPath &x) { return outcome(r.openLocked(x)); }},
        {"make directory", [](Root &r, const RelPath &x) { return r.makeDirectory(x, 0755); }},
        {"remove file", [](Root &r, const RelPath &x) { return r.removeFile(x); }},
        {"remove directory", [](Root &r, const RelPath &x) { return r.removeDirectory(x); }},
        {"rename from",
         [](Root &r, const RelPath &x) { return r.rename(x, p("stolen"), RenameMode::Replace); }},
        {"rename to",
         [=](Root &r, const RelPath &x) { return r.rename(file, x, RenameMode::Replace); }},
        {"rename to, not replacing",
         [=](Root &r, const RelPath &x) { return r.rename(file, x, RenameMode::NoReplace); }},
        {"exchange",
         [=](Root &r, const RelPath &x) { return r.rename(file, x, RenameMode::Exchange); }},
        {"link from", [](Root &r, const RelPath &x) { return r.link(x, p("stolen")); }},
        {"link to", [=](Root &r, const RelPath &x) { return r.link(file, x); }},
        {"make symlink", [](Root &r, const RelPath &x) { return r.makeSymlink("planted", x); }},
        {"read symlink", [](Root &r, const RelPath &x) { return outcome(r.readSymlink(x)); }},
        {"make FIFO", [](Root &r, const RelPath &x) { return r.makeFifo(x, 0600); }},
        {"set mode", [](Root &r, const RelPath &x) { return r.setMode(x, 0777); }},
        {"set owner", [](Root &r, const RelPath &x) { return r.setOwner(x, 0, 0); }},
        {"set time", [](Root &r, const RelPath &x) { return r.setModificationTime(x, 1); }},
        {"read attributes", [](Root &r, const RelPath &x) { return outcome(r.xattrs(x)); }},
        {"set attribute", [](Root &r, const RelPath &x) { return r.setXattr(x, "user.x", "y"); }},
        {"remove attribute", [](Root &r, const RelPath &x) { return r.removeXattr(x, "user.x"); }},
        {"sync directory", [](Root &r, const RelPath &x) { return r.syncDirectory(x); }},
    };
}

void ConfinementTest::aSymlinkInTheWayIsNeverCrossed_data()
{
    QTest::addColumn<Attempt>("attempt");
    for (const auto &[name, attempt] : attempts())
        QTest::newRow(name) << attempt;
}

void ConfinementTest::aSymlinkInTheWayIsNeverCrossed()
{
    QFETCH(Attempt, attempt);
    for (const char *way : {"absolute", "relative", "real/deep", "chain", "within", "magic"}) {
        for (const char *name : {"victim", "sub", "new", "sub/new"}) {
            const RelPath path = RelPath::of((QByteArray(way) + '/' + name).constData());
            VERIFY_ERROR(attempt(*m_root, path), ErrorCode::OutsideRoot);
        }
    }
    checkThatOutsideIsUntouched();
    VERIFY_ERROR(m_root->stat(p("stolen")), ErrorCode::NotFound);
    QCOMPARE(*readFile(*m_root, p("real/file")), "mine");
}

void ConfinementTest::aSymlinkAtTheEndIsNeverFollowed_data()
{
    aSymlinkInTheWayIsNeverCrossed_data();
}

void ConfinementTest::aSymlinkAtTheEndIsNeverFollowed()
{
    QFETCH(Attempt, attempt);
    // Some succeed on the link itself; none may reach what it points to.
    for (const char *link : {"absolute", "relative", "chain", "victimlink"})
        (void)attempt(*m_root, p(link));
    checkThatOutsideIsUntouched();
}

void ConfinementTest::aDirectoryReplacedByASymlinkIsNotEntered()
{
    VERIFY_OK(buildTree(*m_root, {"swap/", "swap/file=x"}));
    VERIFY_OK(m_root->stat(p("swap/file"))); // whatever was held of it must not be used later
    VERIFY_OK(m_root->rename(p("swap"), p("relative"), RenameMode::Exchange));
    VERIFY_ERROR(m_root->open(p("swap/new"), OpenMode::CreateNew), ErrorCode::OutsideRoot);
    VERIFY_ERROR(m_root->removeFile(p("swap/victim")), ErrorCode::OutsideRoot);
    checkThatOutsideIsUntouched();
}

void ConfinementTest::pathsOutsideCannotEvenBeNamed()
{
    for (const char *path : {"..", "../outside", "real/../../outside", "/etc", "real/..", "real//x",
                             "./real", "real/", "/"})
        VERIFY_ERROR(RelPath::parse(path), ErrorCode::Invalid);
}

QTEST_APPLESS_MAIN(ConfinementTest)
#include "tst_confinement.moc"
