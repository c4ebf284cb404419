// What the applier never touches: foreign entries, its own folder, what lies behind a link (I6, I9);
// and what it keeps of that which it replaces.
#include "engine/archive/versions.h"
#include "tests/engine/apply/fixture.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::apply;

class TestApplierGuards : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void aForeignEntryIsNeverTouched_data();
    void aForeignEntryIsNeverTouched();
    void nothingIsPutIntoAForeignDirectory();
    void anEmptyTargetIsRequiredUnlessAdopted();
    void aBorrowedDirectoryIsUsedButNeverRemovedOrMoved();
    void anAdoptedEntryIsOwn();
    void attributesOfAFileWithAForeignNameAreNotChanged_data();
    void attributesOfAFileWithAForeignNameAreNotChanged();
    void attributesOfAFileWhoseNamesAreAllOwnAreChanged();
    void anotherReplicaInsideIsNeverUsed();
    void aDirectoryWithForeignEntriesOutlivesItsRemoval();
    void theControlFolderIsOutOfReach();
    void aSymlinkInTheWayIsNeverCrossed();
    void erasingLeavesForeignEntriesAlone();
    void replacedAndRemovedFilesAreKept();
    void aContentReplacedAtOnceIsNotKept();
    void nothingIsKeptWithoutRetention();
};

void TestApplierGuards::aForeignEntryIsNeverTouched_data()
{
    QTest::addColumn<Operation>("attempt");
    QTest::newRow("put") << put("x", "mine");
    QTest::newRow("ranges") << ranges("x", 0, "mine", 4);
    QTest::newRow("mkdir") << makeDirectory("x");
    QTest::newRow("symlink") << makeSymlink("x", "y");
    QTest::newRow("fifo") << operation(OperationKind::MakeFifo, "x");
    QTest::newRow("link over") << linking("own", "x");
    QTest::newRow("link from") << linking("x", "y");
    QTest::newRow("rename over") << renaming("own", "x");
    QTest::newRow("rename from") << renaming("x", "y");
    QTest::newRow("exchange") << operation(OperationKind::Exchange, "x", "own");
    QTest::newRow("remove") << removal("x");
    QTest::newRow("attributes") << operation(OperationKind::SetAttributes, "x");
}

void TestApplierGuards::aForeignEntryIsNeverTouched()
{
    QFETCH(Operation, attempt);
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("own", "own")}));
    VERIFY_OK(testing::writeFile(*replica.tree, at("x"), "theirs"));
    const auto before = replica.tree->stat(at("x"));
    QCOMPARE(codes(replica.apply({attempt})), QList{ErrorCode::Refused});
    QCOMPARE(replica.content("x"), "theirs");
    QCOMPARE(*replica.tree->stat(at("x")), *before);
    QCOMPARE(replica.content("own"), "own");
    // Nor by a redo.
    replica.files.kill();
    VERIFY_OK(replica.open());
    QCOMPARE(replica.content("x"), "theirs");
    QCOMPARE(replica.applier->failures().size(), isMove(attempt.kind) ? 2 : 1);
    // It is not ours to be in doubt: nothing is open where the primary has learnt what is there.
    replica.applier->sawEntry(at("x"), EntryKind::File);
    QVERIFY(!replica.applier->isInDoubt(at("x")));
}

void TestApplierGuards::nothingIsPutIntoAForeignDirectory()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(testing::buildTree(*replica.tree, {"theirs/"}));
    QCOMPARE(codes(replica.apply({put("theirs/a", "x"), put("none/a", "x")})),
             (QList{ErrorCode::Refused, ErrorCode::NotFound}));
}

void TestApplierGuards::anEmptyTargetIsRequiredUnlessAdopted()
{
    FakeReplica replica;
    VERIFY_OK(testing::buildTree(*replica.tree, {"theirs=1", "more/"}));
    VERIFY_ERROR(replica.open(), ErrorCode::Refused);
    QVERIFY(!replica.exists(".octopus"));
    QCOMPARE(Applier::foreignEntries(*replica.root, 10), (QList{at("more"), at("theirs")}));
    QCOMPARE(Applier::foreignEntries(*replica.root, 1)->size(), 1);
    VERIFY_OK(replica.open(openOptions(true)));
    QCOMPARE(replica.content("theirs"), "1");
    QCOMPARE(Applier::foreignEntries(*replica.root, 10)->size(), 2);
}

void TestApplierGuards::aBorrowedDirectoryIsUsedButNeverRemovedOrMoved()
{
    FakeReplica replica;
    VERIFY_OK(testing::buildTree(*replica.tree, {"theirs/", "theirs/x=1"}));
    VERIFY_OK(replica.open(openOptions(true)));
    QCOMPARE(codes(replica.apply(
                 {makeDirectory("theirs"), put("theirs/a", "ours"), put("theirs/x", "ours")})),
             QList{ErrorCode::Refused});
    QCOMPARE(replica.content("theirs/a"), "ours");
    QCOMPARE(codes(replica.apply({renaming("theirs", "away")})), QList{ErrorCode::Refused});
    QCOMPARE(codes(replica.apply({removal("theirs/a"), removal("theirs")})), QList<ErrorCode>());
    QVERIFY(replica.exists("theirs") && !replica.exists("theirs/a"));
    QVERIFY(!replica.applier->isOwn(at("theirs")));
    QCOMPARE(replica.content("theirs/x"), "1");
}

void TestApplierGuards::anAdoptedEntryIsOwn()
{
    FakeReplica replica;
    VERIFY_OK(testing::buildTree(*replica.tree, {"d/", "d/f=1"}));
    VERIFY_OK(replica.open(openOptions(true)));
    const Operation adoptD = operation(OperationKind::Adopt, "d");
    const Operation adoptF = operation(OperationKind::Adopt, "d/f");
    const Operation adoptNone = operation(OperationKind::Adopt, "none");
    QCOMPARE(codes(replica.apply({adoptD, adoptF, put("d/f", "2"), put("d/g", "3"), adoptNone})),
             QList{ErrorCode::NotFound});
    QCOMPARE(replica.content("d/f"), "2");
    QCOMPARE(codes(replica.apply({removal("d/f"), removal("d/g"), removal("d")})),
             QList<ErrorCode>());
    QVERIFY(!replica.exists("d"));
}

void TestApplierGuards::attributesOfAFileWithAForeignNameAreNotChanged_data()
{
    QTest::addColumn<QList<Operation>>("before");
    const Operation adopt = operation(OperationKind::Adopt, "f");
    QTest::newRow("adopted") << QList{adopt};
    QTest::newRow("adopted, linked") << QList{adopt, linking("f", "g")};
    QTest::newRow("adopted, moved, moved back")
        << QList{adopt, renaming("f", "g"), renaming("g", "f")};
    QTest::newRow("replaced by hand") << QList<Operation>();
}

void TestApplierGuards::attributesOfAFileWithAForeignNameAreNotChanged()
{
    QFETCH(QList<Operation>, before);
    FakeReplica replica;
    VERIFY_OK(testing::buildTree(*replica.tree, {"theirs=content"}));
    VERIFY_OK(replica.open(openOptions(true)));
    if (before.isEmpty()) {
        VERIFY_OK(replica.apply({put("f", "content")}));
        VERIFY_OK(replica.applier->checkpoint());
        VERIFY_OK(replica.tree->removeFile(at("f")));
    }
    VERIFY_OK(replica.tree->link(at("theirs"), at("f")));
    QCOMPARE(codes(replica.apply(before)), QList<ErrorCode>());
    const auto was = replica.tree->stat(at("theirs"));
    const Operation chmod = operation(OperationKind::SetAttributes, "f");
    for (int start = 0; start < 2; ++start) {
        QCOMPARE(codes(replica.apply({chmod})), QList{ErrorCode::Refused});
        QCOMPARE(replica.tree->stat(at("theirs"))->mode, was->mode);
        QCOMPARE(replica.tree->stat(at("theirs"))->mtimeNs, was->mtimeNs);
        replica.files.kill(); // known across restarts, too
        VERIFY_OK(replica.open(openOptions(true)));
    }
    // Whole, it is a file of its own.
    QCOMPARE(codes(replica.apply({put("f", "mine"), chmod})), QList<ErrorCode>());
    QCOMPARE(replica.content("theirs"), "content");
}

void TestApplierGuards::attributesOfAFileWhoseNamesAreAllOwnAreChanged()
{
    FakeReplica replica;
    VERIFY_OK(testing::buildTree(*replica.tree, {"a=content"}));
    VERIFY_OK(replica.tree->link(at("a"), at("b")));
    VERIFY_OK(replica.open(openOptions(true)));
    const Operation chmod = operation(OperationKind::SetAttributes, "a");
    QCOMPARE(codes(replica.apply({operation(OperationKind::Adopt, "a"), chmod})),
             QList{ErrorCode::Refused});
    replica.applier->forgive(at("a"));
    QCOMPARE(codes(replica.apply({operation(OperationKind::Adopt, "b"), chmod})),
             QList<ErrorCode>());
    QCOMPARE(replica.tree->stat(at("b"))->mtimeNs, chmod.attributes.mtimeNs);
    // Links of our own making are no question.
    QCOMPARE(codes(replica.apply(
                 {put("x", "x"), linking("x", "y"), operation(OperationKind::SetAttributes, "y")})),
             QList<ErrorCode>());
    VERIFY_OK(replica.applier->checkpoint());
    QCOMPARE(codes(replica.apply({operation(OperationKind::SetAttributes, "x")})),
             QList<ErrorCode>());
}

void TestApplierGuards::anotherReplicaInsideIsNeverUsed()
{
    FakeReplica replica;
    VERIFY_OK(testing::buildTree(
        *replica.tree,
        {"other/", "other/.octopus/", "other/.octopus/replica=record", "other/file=theirs"}));
    VERIFY_OK(replica.open(openOptions(true)));
    QCOMPARE(codes(replica.apply({makeDirectory("other"), operation(OperationKind::Adopt, "other"),
                                  operation(OperationKind::Adopt, "other/file"),
                                  removal("other/file"), put("other/new", "x")})),
             QList<ErrorCode>(5, ErrorCode::Refused));
    QCOMPARE(replica.content("other/file"), "theirs");
}

void TestApplierGuards::aDirectoryWithForeignEntriesOutlivesItsRemoval()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({makeDirectory("d"), put("d/own", "1")}));
    VERIFY_OK(testing::writeFile(*replica.tree, at("d/theirs"), "2"));
    QCOMPARE(codes(replica.apply({removal("d")})), QList{ErrorCode::NotEmpty});
    QCOMPARE(codes(replica.apply({removal("d/own"), removal("d"), makeDirectory("d")})),
             QList{ErrorCode::Refused});
    QCOMPARE(replica.content("d/theirs"), "2");
    QVERIFY(!replica.applier->isOwn(at("d")));
}

void TestApplierGuards::theControlFolderIsOutOfReach()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "1")}));
    QCOMPARE(codes(replica.apply({put(".octopus/journal", "x"), removal(".octopus/replica"),
                                  renaming("a", ".octopus/a"), renaming(".octopus", "b"),
                                  linking(".octopus/journal", "c")})),
             QList<ErrorCode>(5, ErrorCode::Refused));
    QCOMPARE(codes(replica.apply({put(".octopus2", "fine")})), QList<ErrorCode>());
}

void TestApplierGuards::aSymlinkInTheWayIsNeverCrossed()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({makeDirectory("d"), put("d/f", "1")}));
    // Somebody puts a link in the place of our directory.
    const auto outside = replica.files.bypass("/outside");
    VERIFY_OK(testing::writeFile(*outside, at("f"), "canary"));
    VERIFY_OK(testing::removeTree(*replica.tree, at("d")));
    VERIFY_OK(replica.tree->makeSymlink("/outside", at("d")));
    const auto failed = replica.apply(
        {put("d/f", "2"), put("d/new", "2"), removal("d/f"), ranges("d/f", 0, "3", 1)});
    VERIFY_OK(failed);
    QCOMPARE(testing::readFile(*outside, at("f")), QByteArray("canary"));
    QCOMPARE(outside->list({})->size(), 1);
}

void TestApplierGuards::erasingLeavesForeignEntriesAlone()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({makeDirectory("d"), put("d/a", "1"), makeDirectory("e"),
                             put("e/b", "2"), removal("e/b")}));
    VERIFY_OK(testing::writeFile(*replica.tree, at("d/theirs"), "x"));
    VERIFY_OK(replica.applier->eraseReplica());
    QCOMPARE(testing::listTree(*replica.tree), (QList<QByteArray>{"d/", "d/theirs"}));
    VERIFY_ERROR(replica.apply({put("a", "1")}), ErrorCode::Refused);
}

static Result<QList<QByteArray>> keptContents(FakeReplica &replica, const QByteArray &path)
{
    OCTOPUS_TRY(replica.applier->checkpoint());
    auto versions = archive::Versions::open(*replica.tree, at(".octopus/versions"), replica.clock,
                                            std::chrono::hours(1));
    if (!versions)
        return passOn(versions);
    const auto listed = (*versions)->list(at(path));
    if (!listed)
        return passOn(listed);
    QList<QByteArray> contents;
    for (const archive::Version &version : *listed) {
        const auto content = testing::readFile(*replica.tree, (*versions)->fileOf(version.id));
        contents.append(content.value_or("?"));
    }
    return contents;
}

void TestApplierGuards::replacedAndRemovedFilesAreKept()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    const auto pass = [&] { replica.clock.advance(std::chrono::seconds(11)); };
    VERIFY_OK(replica.apply({put("a", "1"), put("b", "b")}));
    pass();
    VERIFY_OK(replica.apply({put("a", "2")}));
    pass();
    VERIFY_OK(replica.apply({renaming("b", "a")}));
    pass();
    VERIFY_OK(replica.apply({put("c", "c"), linking("c", "a")}));
    pass();
    VERIFY_OK(replica.apply({removal("a"), makeDirectory("a")}));
    QCOMPARE(keptContents(replica, "a"), (QList<QByteArray>{"1", "2", "b", "c"}));
}

void TestApplierGuards::aContentReplacedAtOnceIsNotKept()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    for (int i = 0; i < 20; ++i) {
        replica.clock.advance(Milliseconds(100));
        VERIFY_OK(replica.apply({put("a", QByteArray::number(i))}));
    }
    QCOMPARE(keptContents(replica, "a"), QList<QByteArray>());
    VERIFY_OK(replica.apply({removal("a")}));
    QCOMPARE(keptContents(replica, "a"), QList<QByteArray>{"19"});
}

void TestApplierGuards::nothingIsKeptWithoutRetention()
{
    FakeReplica replica;
    OpenOptions options = openOptions();
    options.retention = Milliseconds(0);
    VERIFY_OK(replica.open(options));
    VERIFY_OK(replica.apply({put("a", "1"), removal("a")}));
    QCOMPARE(keptContents(replica, "a"), QList<QByteArray>());
    QCOMPARE(replica.tree->list(at(".octopus/versions"))->size(), 0);
}

QTEST_APPLESS_MAIN(TestApplierGuards)

#include "tst_applierguards.moc"
