#include "engine/archive/versions.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakefilesystem.h"
#include "tests/support/resultcheck.h"
#include "tests/support/seededrandom.h"
#include "tests/support/treebuilder.h"

#include <QTest>

using namespace octopus;
using namespace octopus::archive;
using octopus::testing::FakeCall;

class TestVersions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aKeptFileIsListedWithItsContent();
    void aLinkedFileStaysAtItsPath();
    void aFileSystemWithoutLinksMoves();
    void symbolicLinksAreKept();
    void directoriesAreRefused();
    void keepingAgainRenews();
    void pathsAreListedApart();
    void theIndexSurvivesAPowerLoss();
    void aTornIndexIsNoDamage();
    void expiredVersionsArePurged();
    void aClockSetBackPurgesNothing();
    void aDamagedIndexIsCorruption();
};

struct Store {
    explicit Store(Milliseconds retention = std::chrono::hours(1))
        : period(retention),
          files(clock),
          tree(files.bypass("/r"))
    {
        files.settle();
    }

    [[nodiscard]] Result<void> open()
    {
        versions.reset();
        root = std::move(*files.openRoot("/r"));
        auto opened = Versions::open(*root, RelPath::of("v"), clock, period);
        if (!opened)
            return passOn(opened);
        versions = std::move(*opened);
        return {};
    }

    [[nodiscard]] Result<void> keep(const char *path, quint64 sequence, KeepBy how = KeepBy::Move)
    {
        return versions->keep({id(sequence), RelPath::of(path)}, how);
    }

    static VersionId id(quint64 sequence) { return {StreamId{0xab}, Sequence{sequence}}; }

    [[nodiscard]] QList<quint64> sequences()
    {
        QList<quint64> out;
        const auto listed = versions->listAll();
        for (const Version &version : listed.value_or(QList<Version>()))
            out.append(number(version.id.sequence));
        return out;
    }

    const Milliseconds period;
    testing::FakeClock clock;
    testing::FakeFileSystem files;
    std::unique_ptr<testing::FakeRoot> tree;
    std::unique_ptr<Root> root;
    std::unique_ptr<Versions> versions;
};

void TestVersions::aKeptFileIsListedWithItsContent()
{
    Store store;
    VERIFY_OK(testing::buildTree(*store.tree, {"a=content"}));
    VERIFY_OK(store.open());
    VERIFY_OK(store.keep("a", 1));
    QVERIFY(!store.tree->stat(RelPath::of("a")));
    const auto listed = store.versions->list(RelPath::of("a"));
    QCOMPARE(listed->size(), 1);
    QCOMPARE(listed->first().keptAt, store.clock.wall());
    QCOMPARE(testing::readFile(*store.tree, store.versions->fileOf(listed->first().id)),
             QByteArray("content"));
    QCOMPARE(store.versions->exists(Store::id(1)), true);
    QCOMPARE(store.versions->exists(Store::id(2)), false);
    VERIFY_ERROR(store.keep("a", 2), ErrorCode::NotFound);
}

void TestVersions::aLinkedFileStaysAtItsPath()
{
    Store store;
    VERIFY_OK(testing::buildTree(*store.tree, {"a=content"}));
    VERIFY_OK(store.open());
    VERIFY_OK(store.keep("a", 1, KeepBy::Link));
    QCOMPARE(store.tree->stat(RelPath::of("a"))->identity,
             store.tree->stat(store.versions->fileOf(Store::id(1)))->identity);
}

void TestVersions::aFileSystemWithoutLinksMoves()
{
    for (const ErrorCode code :
         {ErrorCode::PermissionDenied, ErrorCode::Unsupported, ErrorCode::LimitReached}) {
        Store store;
        VERIFY_OK(testing::buildTree(*store.tree, {"a=content"}));
        VERIFY_OK(store.open());
        store.files.faults().add({.call = FakeCall::Link, .code = code, .times = -1});
        VERIFY_OK(store.keep("a", 1, KeepBy::Link));
        QVERIFY(store.tree->stat(store.versions->fileOf(Store::id(1))).has_value());
    }
    Store store;
    VERIFY_OK(testing::buildTree(*store.tree, {"a=content"}));
    VERIFY_OK(store.open());
    store.files.faults().add({.call = FakeCall::Link, .code = ErrorCode::NoSpace});
    VERIFY_ERROR(store.keep("a", 1, KeepBy::Link), ErrorCode::NoSpace);
    QVERIFY(store.tree->stat(RelPath::of("a")).has_value());
}

void TestVersions::symbolicLinksAreKept()
{
    Store store;
    VERIFY_OK(testing::buildTree(*store.tree, {"s->/far/away"}));
    VERIFY_OK(store.open());
    VERIFY_OK(
        store.versions->keep({Store::id(1), RelPath::of("s"), EntryKind::Symlink}, KeepBy::Link));
    QCOMPARE(store.tree->readSymlink(store.versions->fileOf(Store::id(1))),
             QByteArray("/far/away"));
    QCOMPARE(store.versions->list(RelPath::of("s"))->first().kind, EntryKind::Symlink);
}

void TestVersions::directoriesAreRefused()
{
    Store store;
    VERIFY_OK(testing::buildTree(*store.tree, {"d/"}));
    VERIFY_OK(store.open());
    VERIFY_ERROR(store.keep("d", 1, KeepBy::Link), ErrorCode::Refused);
    VERIFY_ERROR(store.keep("d", 1, KeepBy::Move), ErrorCode::Refused);
    QVERIFY(store.tree->stat(RelPath::of("d")).has_value());
}

void TestVersions::keepingAgainRenews()
{
    Store store;
    VERIFY_OK(testing::buildTree(*store.tree, {"a=old", "b=new"}));
    VERIFY_OK(store.open());
    VERIFY_OK(store.keep("a", 1));
    VERIFY_OK(store.keep("b", 1, KeepBy::Link));
    VERIFY_OK(store.keep("b", 1, KeepBy::Link)); // the same file: no more and no less
    QCOMPARE(testing::readFile(*store.tree, store.versions->fileOf(Store::id(1))),
             QByteArray("new"));
    QCOMPARE(store.sequences(), QList<quint64>{1});
    QCOMPARE(store.versions->list(RelPath::of("b"))->size(), 1);
}

void TestVersions::pathsAreListedApart()
{
    Store store;
    VERIFY_OK(testing::buildTree(*store.tree, {"a=1", "b=2"}));
    VERIFY_OK(store.open());
    VERIFY_OK(store.keep("b", 1, KeepBy::Link));
    store.clock.advance(std::chrono::seconds(1));
    VERIFY_OK(store.keep("a", 2, KeepBy::Link));
    VERIFY_OK(store.versions->flush());
    store.clock.advance(std::chrono::seconds(1));
    VERIFY_OK(store.keep("b", 3));
    const auto listed = store.versions->list(RelPath::of("b"));
    QCOMPARE(listed->size(), 2);
    QCOMPARE(listed->at(0).id, Store::id(1));
    QCOMPARE(listed->at(1).id, Store::id(3));
    QCOMPARE(store.sequences(), (QList<quint64>{1, 2, 3}));
}

void TestVersions::theIndexSurvivesAPowerLoss()
{
    Store store;
    VERIFY_OK(testing::buildTree(*store.tree, {"a=1", "b=2"}));
    VERIFY_OK(store.open());
    VERIFY_OK(store.keep("a", 1));
    VERIFY_OK(store.versions->flush());
    VERIFY_OK(store.keep("b", 2));
    store.files.crash(testing::PowerLoss{});
    VERIFY_OK(store.open());
    QCOMPARE(store.sequences(), QList<quint64>{1});
}

void TestVersions::aTornIndexIsNoDamage()
{
    for (quint64 seed = 0; seed < 40; ++seed) {
        Store store;
        QList<QByteArray> lines;
        for (int i = 0; i < 100; ++i)
            lines.append("file-with-a-longer-name-" + QByteArray::number(i) + "=x");
        VERIFY_OK(testing::buildTree(*store.tree, lines));
        VERIFY_OK(store.open());
        for (quint64 i = 0; i < 100; ++i) {
            VERIFY_OK(store.keep(("file-with-a-longer-name-" + QByteArray::number(i)).constData(),
                                 i + 1));
            if (i == 10)
                VERIFY_OK(store.versions->flush());
        }
        store.files.faults().dieAfter(seed % 2);
        QVERIFY(!store.versions->flush());
        testing::SeededRandom random(seed);
        store.files.crash(random);
        VERIFY_OK(store.open());
        QVERIFY(store.sequences().size() == 11 || store.sequences().size() == 100);
        store.versions->remember({Store::id(500), RelPath::of("z")});
        VERIFY_OK(store.versions->flush());
        VERIFY_OK(store.open());
        QCOMPARE(store.sequences().last(), 500u);
    }
}

void TestVersions::expiredVersionsArePurged()
{
    Store store;
    VERIFY_OK(testing::buildTree(*store.tree, {"a=1", "b=2", "c=3"}));
    VERIFY_OK(store.open());
    VERIFY_OK(store.keep("a", 1));
    store.clock.advance(std::chrono::minutes(30));
    VERIFY_OK(store.keep("b", 2));
    QCOMPARE(store.versions->purge(), 0);
    store.clock.advance(std::chrono::minutes(30));
    QCOMPARE(store.versions->purge(), 1);
    QCOMPARE(store.sequences(), QList<quint64>{2});
    QCOMPARE(store.versions->exists(Store::id(1)), false);
    VERIFY_OK(store.keep("c", 3));
    VERIFY_OK(store.versions->flush());
    VERIFY_OK(store.open());
    QCOMPARE(store.sequences(), (QList<quint64>{2, 3}));
    store.clock.advance(std::chrono::hours(2));
    QCOMPARE(store.versions->purge(), 2);
    QCOMPARE(store.tree->list(RelPath::of("v"))->size(), 1); // the index
}

void TestVersions::aClockSetBackPurgesNothing()
{
    Store store;
    VERIFY_OK(testing::buildTree(*store.tree, {"a=1"}));
    VERIFY_OK(store.open());
    VERIFY_OK(store.keep("a", 1));
    store.clock.setWall({store.clock.wall().nanoseconds - 86'400'000'000'000'000});
    QCOMPARE(store.versions->purge(), 0);
}

void TestVersions::aDamagedIndexIsCorruption()
{
    Store store;
    VERIFY_OK(testing::buildTree(*store.tree, {"a=1", "b=1"}));
    VERIFY_OK(store.open());
    VERIFY_OK(store.keep("a", 1));
    VERIFY_OK(store.versions->flush());
    VERIFY_OK(store.keep("b", 2));
    VERIFY_OK(store.versions->flush());
    for (const quint64 offset : {quint64(2), quint64(70), quint64(100)}) {
        const auto index = store.tree->open(RelPath::of("v/index"), OpenMode::ReadWrite);
        const QByteArray old = (*index)->read(offset, 1).value();
        VERIFY_OK((*index)->write(offset, QByteArray(1, char(old[0] ^ 2))));
        VERIFY_ERROR(store.open(), ErrorCode::Corrupt);
        VERIFY_OK((*index)->write(offset, old));
    }
    VERIFY_OK(store.open());
}

QTEST_APPLESS_MAIN(TestVersions)

#include "tst_versions.moc"
