// The demonstration's own eyes: its tree, its changes and, above all, its comparison, which must see
// every kind of difference.
#include "app/cli/demotree.h"
#include "app/cli/posixtree.h"
#include "app/cli/treechanger.h"
#include "app/cli/treecomparison.h"

#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace octopus;
using namespace octopus::cli;

class TestTree : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { QVERIFY(removeTree(m_folder->path().toUtf8())); }
    void equalTreesAreEqual();
    void everyDifferenceIsSeen_data();
    void everyDifferenceIsSeen();
    void theIgnoredNameCountsOnlyAtTheRoot();
    void aCopyIsAsItsOrigin();
    void withoutAnOriginFilesAreGenerated();
    void aCancelledCopyEnds();
    void theSameSeedMakesTheSameChanges();
    void changesAreOfEveryKind();

private:
    [[nodiscard]] QByteArray path(const char *name) const
    {
        return m_folder->path().toUtf8() + '/' + name;
    }
    void build(const QByteArray &root) const;
    [[nodiscard]] TreeDifferences compare() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    const std::atomic<bool> m_cancelled = false;
};

namespace {

constexpr quint64 leastFiles = 400;

void setTime(const QByteArray &path, long nanoseconds)
{
    const timespec times[2] = {{1000, nanoseconds}, {1000, nanoseconds}};
    QCOMPARE(::utimensat(AT_FDCWD, path.constData(), times, AT_SYMLINK_NOFOLLOW), 0);
}

} // namespace

void TestTree::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    build(path("left"));
    build(path("right"));
}

void TestTree::build(const QByteArray &root) const
{
    QCOMPARE(::mkdir(root.constData(), 0755), 0);
    QCOMPARE(::mkdir((root + "/sub").constData(), 0755), 0);
    QVERIFY(writeWhole(root + "/file", "content", 0644));
    QVERIFY(writeWhole(root + "/sub/raw\xff", "more", 0600));
    QCOMPARE(::link((root + "/file").constData(), (root + "/twin").constData()), 0);
    QVERIFY(writeWhole(root + "/single", "content", 0644));
    QCOMPARE(::symlink("file", (root + "/link").constData()), 0);
    for (const char *name : {"/file", "/sub/raw\xff", "/single", "/link", "/sub", ""})
        setTime(root + name, 5);
}

TreeDifferences TestTree::compare() const
{
    return compareTrees(path("left"), path("right"), ".octopus", 100, m_cancelled);
}

void TestTree::equalTreesAreEqual()
{
    const TreeDifferences result = compare();
    QCOMPARE(result.differences, QList<QByteArray>());
    QCOMPARE(result.count, quint64(0));
    QCOMPARE(result.entries, quint64(7));
    QCOMPARE(result.bytes, quint64(7 + 7 + 7 + 4));
}

void TestTree::everyDifferenceIsSeen_data()
{
    QTest::addColumn<QByteArray>("what");
    for (const char *what :
         {"/file: content", "/single: size", "/sub/raw\xff: mode", "/single: modification time",
          "/sub: modification time", "/link: target of the symbolic link", "/twin: hard links",
          "/single: missing in the replica", "/new: only in the replica", "/single: kind"})
        QTest::newRow(what) << QByteArray(what);
}

void TestTree::everyDifferenceIsSeen()
{
    QFETCH(QByteArray, what);
    const QByteArray right = path("right");
    const QByteArray name = right + what.left(what.lastIndexOf(": "));
    const QByteArray kind = what.mid(what.lastIndexOf(": ") + 2);
    if (kind == "content")
        QVERIFY(writeInto(name, 0, "C"));
    else if (kind == "size")
        QVERIFY(writeInto(name, -1, "C"));
    else if (kind == "mode")
        QCOMPARE(::chmod(name.constData(), 0640), 0);
    else if (kind == "only in the replica")
        QVERIFY(writeWhole(name, "x", 0644));
    else if (kind != "modification time")
        QCOMPARE(::unlink(name.constData()), 0);
    if (kind == "target of the symbolic link")
        QCOMPARE(::symlink("elsewhere", name.constData()), 0);
    if (kind == "hard links")
        QVERIFY(writeWhole(name, "content", 0644));
    if (kind == "kind")
        QCOMPARE(::mkdir(name.constData(), 0755), 0);
    for (const char *touched : {"/file", "/twin", "/single", "/link", "/sub/raw\xff", "/sub", ""}) {
        if (::access((right + touched).constData(), F_OK) == 0)
            setTime(right + touched,
                    kind == "modification time" && right + touched == name ? 6 : 5);
    }
    const TreeDifferences result = compare();
    QVERIFY2(result.differences.contains(what), result.differences.join('\n').constData());
}

void TestTree::theIgnoredNameCountsOnlyAtTheRoot()
{
    QCOMPARE(::mkdir(path("right/.octopus").constData(), 0700), 0);
    setTime(path("right"), 5);
    QCOMPARE(compare().count, quint64(0));
    QCOMPARE(::mkdir(path("right/sub/.octopus").constData(), 0700), 0);
    setTime(path("right/sub"), 5);
    QCOMPARE(compare().differences, QList<QByteArray>{"/sub/.octopus: only in the replica"});
}

void TestTree::aCopyIsAsItsOrigin()
{
    const Result<TreeSize> size =
        makeDemoTree({path("none"), path("left")}, path("copy"), m_cancelled, leastFiles);
    QVERIFY(size);
    QCOMPARE(size->origins, QList<QByteArray>{path("left")});
    QVERIFY(size->generated);
    QVERIFY(size->files >= leastFiles);
    QCOMPARE(readWhole(path("copy/left/sub/raw\xff")), std::optional<QByteArray>("more"));
    QCOMPARE(symlinkTarget(path("copy/left/link")), QByteArray("file"));
}

void TestTree::withoutAnOriginFilesAreGenerated()
{
    const Result<TreeSize> size = makeDemoTree({}, path("copy"), m_cancelled, leastFiles);
    QVERIFY(size);
    QCOMPARE(size->files, leastFiles);
    QVERIFY(size->generated);
    QCOMPARE(namesIn(path("copy/generated")).size(), qsizetype(4));
}

void TestTree::aCancelledCopyEnds()
{
    const std::atomic<bool> cancelled = true;
    QVERIFY(!makeDemoTree({path("left")}, path("copy"), cancelled));
}

void TestTree::theSameSeedMakesTheSameChanges()
{
    QVERIFY(makeDemoTree({}, path("one"), m_cancelled, leastFiles));
    QVERIFY(makeDemoTree({}, path("two"), m_cancelled, leastFiles));
    TreeChanger one(path("one"), 7);
    TreeChanger two(path("two"), 7);
    for (int i = 0; i < 300; ++i) {
        QVERIFY(one.step());
        QVERIFY(two.step());
    }
    QVERIFY(one.counts() == two.counts());
    const TreeDifferences result = compareTrees(path("one"), path("two"), {}, 1000, m_cancelled);
    for (const QByteArray &difference : result.differences)
        QVERIFY2(difference.endsWith(": modification time"), difference.constData());
}

void TestTree::changesAreOfEveryKind()
{
    QVERIFY(makeDemoTree({}, path("one"), m_cancelled, leastFiles));
    TreeChanger changer(path("one"), 1);
    for (int i = 0; i < 1000; ++i) {
        const Result<void> changed = changer.step();
        QVERIFY2(changed, changed ? "" : changed.error().detail.constData());
    }
    QCOMPARE(changer.counts().size(), size_t(12));
    QCOMPARE(changer.changes(), quint64(1000));
}

QTEST_APPLESS_MAIN(TestTree)
#include "tst_tree.moc"
