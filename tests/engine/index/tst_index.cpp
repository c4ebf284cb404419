#include "engine/index/index.h"
#include "tests/support/seededrandom.h"

#include <QTest>

#include <set>

using namespace octopus;
using namespace octopus::index;

class TestIndex : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasSetIsFound();
    void aRevisionIsNeverTheSameTwice();
    void filesAndBytesAreThoseOfTheFiles();
    void theOrderIsThatOfTheTree();
    void childrenAreTheNamesDirectlyBelow_data();
    void childrenAreTheNamesDirectlyBelow();
    void aSubtreeIsThePathAndWhatIsBelow_data();
    void aSubtreeIsThePathAndWhatIsBelow();
    void erasingAnEntryLeavesWhatIsBelow();
    void aRenameTakesTheSubtreeAndItsObjectsAlong();
    void anExchangeSwapsSubtreesOfAnyShape();
    void anObjectIsFoundUnderEachOfItsNames();
    void anUnknownObjectIsNeverFound();
    void aPathThatWouldGetTooLongIsNotLost();
    void anyHistoryKeepsTheTwoViewsEqual();
};

static RelPath at(const QByteArray &path)
{
    return *RelPath::parse(path);
}

static FileIdentity object(quint64 inode)
{
    return inode == 0 ? FileIdentity{} : FileIdentity{1, inode, qint64(inode) * 10};
}

static IndexEntry file(quint64 size, quint64 inode = 0)
{
    IndexEntry entry;
    entry.size = size;
    entry.source = object(inode);
    return entry;
}

static IndexEntry directory(quint64 inode = 0)
{
    IndexEntry entry;
    entry.kind = EntryKind::Directory;
    entry.source = object(inode);
    return entry;
}

static QList<QByteArray> pathsOf(const Index &index)
{
    QList<QByteArray> out;
    for (const auto &[path, entry] : index.entries())
        out.append(path.bytes());
    return out;
}

// Neighbours in the order of bytes that are none in the tree: '!' and '-' sort before '/'.
static Index sample()
{
    Index index;
    index.set({}, directory(1));
    quint64 inode = 2;
    for (const char *path : {"a", "a/b", "a/b/c", "a/b/d", "a/z"})
        index.set(at(path), file(inode, inode)), ++inode;
    for (const char *path : {"a!", "a-b", "ab", "z"})
        index.set(at(path), file(inode, inode)), ++inode;
    return index;
}

void TestIndex::whatWasSetIsFound()
{
    Index index;
    QVERIFY(!index.contains(at("a")));
    index.set(at("a"), file(7, 3));
    QCOMPARE(index.find(at("a"))->size, 7u);
    index.set(at("a"), file(8, 4));
    QCOMPARE(index.find(at("a"))->size, 8u);
    QCOMPARE(index.size(), 1);
    QCOMPARE(index.pathsOf(object(3)), QList<RelPath>());
    QCOMPARE(index.pathsOf(object(4)), QList{at("a")});
    index.clear();
    QCOMPARE(index.size(), 0);
    QCOMPARE(index.pathsOf(object(4)), QList<RelPath>());
}

void TestIndex::filesAndBytesAreThoseOfTheFiles()
{
    Index index;
    index.set(at("a"), file(100));
    index.set(at("b"), file(1));
    IndexEntry folder = directory();
    folder.size = 4096;
    index.set(at("d"), folder);
    QCOMPARE(index.bytes(), 101u);
    QCOMPARE(index.files(), 2u);
    index.set(at("a"), file(50));
    index.rename(at("a"), at("c"));
    QCOMPARE(index.bytes(), 51u);
    index.rename(at("c"), at("b")); // which was there
    QCOMPARE(index.bytes(), 50u);
    QCOMPARE(index.files(), 1u);
    index.set(at("b"), directory());
    QCOMPARE(index.bytes(), 0u);
    index.set(at("b"), file(9));
    QCOMPARE(index.files(), 1u);
    index.clear();
    QCOMPARE(index.bytes(), 0u);
    QCOMPARE(index.files(), 0u);
}

void TestIndex::theOrderIsThatOfTheTree()
{
    QCOMPARE(pathsOf(sample()),
             (QList<QByteArray>{"", "a", "a/b", "a/b/c", "a/b/d", "a/z", "a!", "a-b", "ab", "z"}));
}

void TestIndex::childrenAreTheNamesDirectlyBelow_data()
{
    QTest::addColumn<QList<QByteArray>>("names");
    QTest::newRow("") << QList<QByteArray>{"a", "a!", "a-b", "ab", "z"};
    QTest::newRow("a") << QList<QByteArray>{"b", "z"};
    QTest::newRow("a/b") << QList<QByteArray>{"c", "d"};
    QTest::newRow("a!") << QList<QByteArray>();
    QTest::newRow("none") << QList<QByteArray>();
}

void TestIndex::childrenAreTheNamesDirectlyBelow()
{
    QFETCH(QList<QByteArray>, names);
    QCOMPARE(sample().children(at(QTest::currentDataTag())), names);
    // A directory that is not in the index itself has children all the same.
    Index index = sample();
    index.erase(at(QTest::currentDataTag()));
    QCOMPARE(index.children(at(QTest::currentDataTag())), names);
}

void TestIndex::aSubtreeIsThePathAndWhatIsBelow_data()
{
    QTest::addColumn<QList<RelPath>>("paths");
    QTest::newRow("a") << QList{at("a"), at("a/b"), at("a/b/c"), at("a/b/d"), at("a/z")};
    QTest::newRow("a/b") << QList{at("a/b"), at("a/b/c"), at("a/b/d")};
    QTest::newRow("z") << QList{at("z")};
    QTest::newRow("none") << QList<RelPath>();
}

void TestIndex::aSubtreeIsThePathAndWhatIsBelow()
{
    QFETCH(QList<RelPath>, paths);
    Index index = sample();
    QCOMPARE(index.subtree(at(QTest::currentDataTag())), paths);
    const qsizetype before = index.size();
    index.eraseSubtree(at(QTest::currentDataTag()));
    QCOMPARE(index.size(), before - paths.size());
    for (const RelPath &path : paths)
        QVERIFY(!index.contains(path));
}

void TestIndex::erasingAnEntryLeavesWhatIsBelow()
{
    Index index = sample();
    index.erase(at("a/b"));
    QVERIFY(!index.contains(at("a/b")));
    QVERIFY(index.contains(at("a/b/c")));
    index.erase(at("none"));
    QCOMPARE(index.size(), sample().size() - 1);
}

void TestIndex::aRenameTakesTheSubtreeAndItsObjectsAlong()
{
    Index index = sample();
    const FileIdentity c = index.find(at("a/b/c"))->source;
    index.rename(at("a/b"), at("z"));
    QCOMPARE(pathsOf(index),
             (QList<QByteArray>{"", "a", "a/z", "a!", "a-b", "ab", "z", "z/c", "z/d"}));
    QCOMPARE(index.pathsOf(c), QList{at("z/c")});
    index.rename(at("none"), at("nowhere"));
    QVERIFY(!index.contains(at("nowhere")));
}

void TestIndex::anExchangeSwapsSubtreesOfAnyShape()
{
    Index index = sample();
    const FileIdentity z = index.find(at("z"))->source;
    index.exchange(at("a"), at("z"));
    QCOMPARE(pathsOf(index),
             (QList<QByteArray>{"", "a", "a!", "a-b", "ab", "z", "z/b", "z/b/c", "z/b/d", "z/z"}));
    QCOMPARE(index.pathsOf(z), QList{at("a")});
    index.exchange(at("z"), at("a"));
    QCOMPARE(pathsOf(index), pathsOf(sample()));
    QCOMPARE(index.bytes(), sample().bytes());
}

void TestIndex::anObjectIsFoundUnderEachOfItsNames()
{
    Index index;
    for (const char *path : {"c", "a", "b"})
        index.set(at(path), file(1, 5));
    QCOMPARE(index.pathsOf(object(5)), (QList{at("a"), at("b"), at("c")}));
    const auto isB = [](const RelPath &path) { return path == at("b"); };
    QCOMPARE(index.pathOf(object(5), isB), at("b"));
    QCOMPARE(index.pathOf(object(5), [](const RelPath &) { return false; }), std::nullopt);
    index.erase(at("b"));
    QCOMPARE(index.pathOf(object(5), isB), std::nullopt);
    // The same inode number at another time is another object.
    FileIdentity reused = object(5);
    ++reused.birthNs;
    QCOMPARE(index.pathsOf(reused), QList<RelPath>());
}

void TestIndex::anUnknownObjectIsNeverFound()
{
    Index index;
    index.set(at("a"), file(1));
    QCOMPARE(index.pathOf(FileIdentity{}, [](const RelPath &) { return true; }), std::nullopt);
}

void TestIndex::aPathThatWouldGetTooLongIsNotLost()
{
    QByteArray deep = "d";
    for (int i = 0; i < 15; ++i)
        deep += '/' + QByteArray(250, 'x');
    const QByteArray far = QByteArray(250, 'y') + '/' + QByteArray(250, 'y');
    Index index;
    index.set(at("d"), directory(2));
    index.set(at(deep), file(1, 3));
    index.rename(at("d"), at(far));
    QCOMPARE(index.pathsOf(object(2)), QList{at(far)});
    QCOMPARE(index.pathsOf(object(3)), QList{at(deep)});
    QCOMPARE(index.size(), 2);
}

void TestIndex::anyHistoryKeepsTheTwoViewsEqual()
{
    const QList<QByteArray> names = {"a", "a/x", "a/x/1", "b", "b/x", "b!", "c"};
    for (quint64 seed = 0; seed < 200; ++seed) {
        testing::SeededRandom random(seed);
        const auto any = [&] { return at(names[qsizetype(random.below(quint64(names.size())))]); };
        Index index;
        for (int i = 0; i < 60; ++i) {
            const RelPath one = any();
            const RelPath other = any();
            const bool apart = !one.isWithin(other) && !other.isWithin(one);
            switch (random.below(6)) {
            case 0: index.erase(one); break;
            case 1: index.eraseSubtree(one); break;
            case 2:
                if (apart)
                    index.rename(one, other);
                break;
            case 3:
                if (apart)
                    index.exchange(one, other);
                break;
            default: index.set(one, file(random.below(100), random.below(4)));
            }
            quint64 bytes = 0;
            quint64 files = 0;
            std::map<quint64, QList<RelPath>> objects;
            for (const auto &[path, entry] : index.entries()) {
                bytes += entry.size;
                files += entry.kind == EntryKind::File;
                objects[entry.source.inode].append(path);
            }
            QCOMPARE(index.bytes(), bytes);
            QCOMPARE(index.files(), files);
            for (quint64 inode = 1; inode < 4; ++inode)
                QCOMPARE(index.pathsOf(object(inode)), objects[inode]);
        }
    }
}

void TestIndex::aRevisionIsNeverTheSameTwice()
{
    Index index;
    QCOMPARE(index.revisionOf(at("a")), 0u);
    std::set<quint64> seen = {0};
    for (const char *path : {"a", "b", "a"}) {
        index.set(at(path), file(1, 2));
        QVERIFY(seen.insert(index.revisionOf(at(path))).second);
    }
    index.erase(at("a"));
    QCOMPARE(index.revisionOf(at("a")), 0u);
    index.set(at("a"), file(1, 2));
    QVERIFY(seen.insert(index.revisionOf(at("a"))).second);
}

QTEST_APPLESS_MAIN(TestIndex)

#include "tst_index.moc"
