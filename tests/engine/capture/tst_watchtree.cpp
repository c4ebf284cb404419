#include "engine/capture/watchtree.h"

#include <QTest>

#include <algorithm>

using namespace octopus;
using namespace octopus::capture;

static const FileIdentity any;

static QList<int> sorted(QList<int> watches)
{
    std::ranges::sort(watches);
    return watches;
}

static QByteArray pathOf(const WatchTree &tree, int watch)
{
    return tree.contains(watch) ? tree.locate(watch).path.bytes() : QByteArray("nowhere");
}

class WatchTreeTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWatchIsWhereItWasPut()
    {
        WatchTree tree;
        QCOMPARE(tree.place(RelPath(), 1, any), QList<int>());
        QCOMPARE(tree.place(RelPath::of("a"), 2, any), QList<int>());
        QCOMPARE(tree.place(RelPath::of("a/b/c"), 3, any), QList<int>()); // a/b is not watched
        QCOMPARE(pathOf(tree, 1), "");
        QCOMPARE(pathOf(tree, 3), "a/b/c");
        QCOMPARE(tree.childOf(1, "a"), std::optional<int>(2));
        QCOMPARE(tree.childOf(2, "b"), std::nullopt);
        QCOMPARE(tree.childOf(2, "x"), std::nullopt);
        QCOMPARE(tree.size(), 3);
    }

    void aMovedSubtreeTakesItsWatchesAlong()
    {
        WatchTree tree;
        (void)tree.place(RelPath(), 1, any);
        (void)tree.place(RelPath::of("a"), 2, any);
        (void)tree.place(RelPath::of("a/b"), 3, any);
        (void)tree.place(RelPath::of("z"), 4, any);
        QCOMPARE(tree.place(RelPath::of("z/a2"), 2, any), QList<int>());
        QCOMPARE(pathOf(tree, 2), "z/a2");
        QCOMPARE(pathOf(tree, 3), "z/a2/b");
        QCOMPARE(tree.remove(RelPath::of("a")), QList<int>());
        QCOMPARE(tree.size(), 4);
    }

    void whatWasAtTheNewPlaceIsEnded()
    {
        WatchTree tree;
        (void)tree.place(RelPath::of("a"), 2, any);
        (void)tree.place(RelPath::of("b"), 3, any);
        (void)tree.place(RelPath::of("b/c"), 4, any);
        QCOMPARE(sorted(tree.place(RelPath::of("b"), 2, any)), QList<int>({3, 4}));
        QCOMPARE(pathOf(tree, 2), "b");
        QCOMPARE(tree.size(), 1);
        QCOMPARE(tree.place(RelPath::of("b"), 5, any), QList<int>({2}));
    }

    void aDirectoryMayMoveBelowItsFormerPlaceAndAbove()
    {
        WatchTree tree;
        (void)tree.place(RelPath::of("a"), 2, any);
        (void)tree.place(RelPath::of("a/c"), 3, any);
        QCOMPARE(tree.place(RelPath::of("a/c/b"), 2, any), QList<int>());
        QCOMPARE(pathOf(tree, 2), "a/c/b");
        QCOMPARE(pathOf(tree, 3), "a/c/b/c");
        QCOMPARE(tree.place(RelPath::of("a"), 3, any), QList<int>({2}));
        QCOMPARE(pathOf(tree, 3), "a");
    }

    void removingEndsEverythingBelow()
    {
        WatchTree tree;
        (void)tree.place(RelPath(), 1, any);
        (void)tree.place(RelPath::of("a/b"), 2, any);
        (void)tree.place(RelPath::of("a/b/c"), 3, any);
        (void)tree.place(RelPath::of("ab"), 4, any);
        QCOMPARE(sorted(tree.remove(RelPath::of("a"))), QList<int>({2, 3}));
        QCOMPARE(tree.remove(RelPath::of("a")), QList<int>());
        QCOMPARE(sorted(tree.remove(RelPath())), QList<int>({1, 4}));
        QCOMPARE(tree.size(), 0);
    }

    void anExpiredWatchLeavesWhatIsBelow()
    {
        WatchTree tree;
        (void)tree.place(RelPath::of("a"), 2, any);
        (void)tree.place(RelPath::of("a/b"), 3, any);
        tree.expire(2);
        QVERIFY(!tree.contains(2));
        QCOMPARE(pathOf(tree, 3), "a/b");
        tree.expire(3);
        QVERIFY(tree.isEmpty());
        tree.expire(3);
    }

    void nothingIsLeftOfDirectoriesThatWereOnTheWay()
    {
        WatchTree tree;
        (void)tree.place(RelPath::of("a/b/c"), 2, any);
        (void)tree.place(RelPath::of("x/y"), 2, any);
        QVERIFY(!tree.isEmpty());
        (void)tree.remove(RelPath::of("x/y"));
        QVERIFY(tree.isEmpty());
    }

    void placingAgainOnlyRenewsTheIdentity()
    {
        WatchTree tree;
        (void)tree.place(RelPath::of("a"), 2, FileIdentity{1, 10, 0});
        (void)tree.place(RelPath::of("a/b"), 3, any);
        QCOMPARE(tree.place(RelPath::of("a"), 2, FileIdentity{1, 11, 0}), QList<int>());
        QCOMPARE(tree.identity(2).inode, quint64(11));
        QCOMPARE(pathOf(tree, 3), "a/b");
    }

    void aPathThatIsTooDeepIsKnownByItsNearestDirectory()
    {
        QByteArray deep = "d";
        for (int i = 1; i < RelPath::maximumDepth; ++i)
            deep += "/d";
        WatchTree tree;
        (void)tree.place(RelPath::of("a"), 2, any);
        (void)tree.place(RelPath::of("a/b"), 3, any);
        (void)tree.place(*RelPath::parse(deep), 2, any);
        QVERIFY(tree.locate(2).exact);
        QVERIFY(!tree.locate(3).exact);
        QCOMPARE(tree.locate(3).path.bytes(), deep);
    }
};

QTEST_APPLESS_MAIN(WatchTreeTest)
#include "tst_watchtree.moc"
