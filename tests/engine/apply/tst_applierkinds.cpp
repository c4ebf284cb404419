// Which operations are possible upon which kinds of entries, what they leave there, and by which
// name the others are refused; and that a redo comes to the same tree.
#include "tests/engine/apply/fixture.h"
#include "tests/support/treesnapshot.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::apply;

class TestApplierKinds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void anOperationGivesTheTreeItsName_data();
    void anOperationGivesTheTreeItsName();
    void whatIsImpossibleIsRefusedByName_data();
    void whatIsImpossibleIsRefusedByName();
    void removingWhatIsNotThereIsDone();
    void twoNamesOfOneFileBecomeOne();
    void aLinkSharesItsFile();
    void theRootHasAttributesOnly();
    void aDirectoryMovesWithEverythingInIt();
    void aRedoFindsTheFutureAndGoesOn_data();
    void aRedoFindsTheFutureAndGoesOn();
};

// f: "1", g: "2", s -> x, p: a FIFO, e: an empty directory, d with d/f: "3", l and m: one file "4".
static QList<Operation> everyKind()
{
    return {put("f", "1"),         put("g", "2"),
            makeSymlink("s", "x"), operation(OperationKind::MakeFifo, "p"),
            makeDirectory("e"),    makeDirectory("d"),
            put("d/f", "3"),       put("l", "4"),
            linking("l", "m")};
}

static Operation exchange(const QByteArray &one, const QByteArray &other)
{
    return operation(OperationKind::Exchange, one, other);
}

void TestApplierKinds::anOperationGivesTheTreeItsName_data()
{
    QTest::addColumn<Operation>("attempt");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("is"); // "=content", "/", "->target", "|" or "" for nothing
    const auto row = [](const char *name, const Operation &attempt, const char *path,
                        const char *is) {
        QTest::newRow(name) << attempt << QByteArray(path) << QByteArray(is);
    };
    row("put over a file", put("f", "new"), "f", "=new");
    row("put over a link", put("s", "new"), "s", "=new");
    row("put over a fifo", put("p", "new"), "p", "=new");
    row("put over a second name", put("l", "new"), "m", "=4");
    row("directory over a file", makeDirectory("f"), "f", "/");
    row("directory over a link", makeDirectory("s"), "s", "/");
    row("directory over a directory", makeDirectory("d"), "d/f", "=3");
    row("link over a file", makeSymlink("f", "to"), "f", "->to");
    row("link over a link", makeSymlink("s", "to"), "s", "->to");
    row("fifo over a file", operation(OperationKind::MakeFifo, "f"), "f", "|");
    row("second name over a link", linking("f", "s"), "s", "=1");
    row("second name of a link", linking("s", "n"), "n", "->x");
    row("rename a file", renaming("f", "n"), "n", "=1");
    row("rename leaves nothing", renaming("f", "n"), "f", "");
    row("rename over a file", renaming("f", "g"), "g", "=1");
    row("rename over a link", renaming("f", "s"), "s", "=1");
    row("rename a link over a file", renaming("s", "f"), "f", "->x");
    row("rename a directory over a file", renaming("d", "f"), "f/f", "=3");
    row("rename into a directory", renaming("f", "d/n"), "d/n", "=1");
    row("exchange files", exchange("f", "g"), "f", "=2");
    row("exchange a file and a directory", exchange("f", "d"), "f/f", "=3");
    row("exchange, the other way", exchange("f", "d"), "d", "=1");
    row("exchange a link and a fifo", exchange("s", "p"), "p", "->x");
    row("remove a file", removal("f"), "f", "");
    row("remove a link", removal("s"), "s", "");
    row("remove a fifo", removal("p"), "p", "");
    row("remove an empty directory", removal("e"), "e", "");
    row("remove one of two names", removal("l"), "m", "=4");
    row("change one of two names", ranges("l", 0, "5", 1), "m", "=4");
}

static QByteArray whatIs(FakeReplica &replica, const QByteArray &path)
{
    const auto stat = replica.tree->stat(at(path));
    if (!stat)
        return {};
    switch (stat->kind) {
    case EntryKind::File: return '=' + replica.content(path);
    case EntryKind::Directory: return "/";
    case EntryKind::Symlink: return "->" + replica.tree->readSymlink(at(path)).value_or("?");
    default: return "|";
    }
}

void TestApplierKinds::anOperationGivesTheTreeItsName()
{
    QFETCH(Operation, attempt);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, is);
    FakeReplica replica;
    VERIFY_OK(replica.open());
    QCOMPARE(codes(replica.apply(everyKind())), QList<ErrorCode>());
    QCOMPARE(codes(replica.apply({attempt})), QList<ErrorCode>());
    QCOMPARE(whatIs(replica, path), is);
    QCOMPARE(replica.applier->isOwn(at(path)), !is.isEmpty());
    const auto before = testing::takeSnapshot(*replica.tree);
    VERIFY_OK(before);
    // Once more from the journal, over the finished tree, and over what a power loss leaves of it.
    for (const quint64 kept : {quint64(1000), quint64(3), quint64(0)}) {
        replica.files.crash(testing::PowerLoss{.keptChanges = kept});
        VERIFY_OK(replica.open());
        QVERIFY(replica.applier->failures().isEmpty());
        const auto after = testing::takeSnapshot(*replica.tree);
        VERIFY_OK(after);
        QVERIFY2(*after == *before, qPrintable(testing::differences(*before, *after)));
        QCOMPARE(replica.applier->isOwn(at(path)), !is.isEmpty());
    }
}

void TestApplierKinds::whatIsImpossibleIsRefusedByName_data()
{
    QTest::addColumn<Operation>("attempt");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const Operation &attempt, ErrorCode code) {
        QTest::newRow(name) << attempt << int(code);
    };
    row("put over a directory", put("e", "x"), ErrorCode::IsDirectory);
    row("link over a directory", makeSymlink("e", "x"), ErrorCode::IsDirectory);
    row("second name over a directory", linking("f", "e"), ErrorCode::IsDirectory);
    row("second name of a directory", linking("d", "n"), ErrorCode::IsDirectory);
    row("rename over a directory", renaming("f", "e"), ErrorCode::IsDirectory);
    row("rename into itself", renaming("d", "d/n"), ErrorCode::Invalid);
    row("rename over its parent", renaming("d/f", "d"), ErrorCode::Invalid);
    row("rename onto itself", renaming("f", "f"), ErrorCode::Invalid);
    row("rename of nothing", renaming("none", "n"), ErrorCode::NotFound);
    row("exchange with its content", exchange("d", "d/f"), ErrorCode::Invalid);
    row("exchange of one file", exchange("l", "m"), ErrorCode::Invalid);
    row("exchange with nothing", exchange("f", "none"), ErrorCode::NotFound);
    row("remove a full directory", removal("d"), ErrorCode::NotEmpty);
    row("remove the root", removal(""), ErrorCode::Invalid);
    row("put the root", put("", "x"), ErrorCode::Invalid);
    row("rename the root", renaming("", "n"), ErrorCode::Invalid);
    row("ranges of a directory", ranges("d", 0, "x", 1), ErrorCode::IsDirectory);
    row("ranges of a link", ranges("s", 0, "x", 1), ErrorCode::IsDirectory);
    row("below a file", put("f/n", "x"), ErrorCode::NotDirectory);
    row("below a link", put("s/n", "x"), ErrorCode::NotDirectory);
    row("below nothing", makeDirectory("none/n"), ErrorCode::NotFound);
    row("attributes of nothing", operation(OperationKind::SetAttributes, "none"),
        ErrorCode::NotFound);
    row("adopt nothing", operation(OperationKind::Adopt, "none"), ErrorCode::NotFound);
    Operation outside = ranges("f", 0, "xy", 1);
    row("ranges beyond the size", outside, ErrorCode::Corrupt);
}

void TestApplierKinds::whatIsImpossibleIsRefusedByName()
{
    QFETCH(Operation, attempt);
    QFETCH(int, code);
    FakeReplica replica;
    VERIFY_OK(replica.open());
    QCOMPARE(codes(replica.apply(everyKind())), QList<ErrorCode>());
    const auto before = testing::takeSnapshot(*replica.tree);
    VERIFY_OK(before);
    const auto failed = replica.apply({attempt, put("after", "x")});
    QCOMPARE(codes(failed), QList{ErrorCode(code)});
    QCOMPARE(failed->first().path, attempt.path);
    QCOMPARE(replica.content("after"), "x"); // those behind it go on
    VERIFY_OK(replica.apply({removal("after")}));
    const auto after = testing::takeSnapshot(*replica.tree);
    VERIFY_OK(after);
    QVERIFY2(*after == *before, qPrintable(testing::differences(*before, *after)));
}

void TestApplierKinds::removingWhatIsNotThereIsDone()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "1")}));
    VERIFY_OK(replica.tree->removeFile(at("a"))); // by somebody's hand
    QCOMPARE(codes(replica.apply({removal("a"), removal("b"), removal("c/d")})),
             QList<ErrorCode>());
    QVERIFY(!replica.applier->isOwn(at("a")));
}

void TestApplierKinds::twoNamesOfOneFileBecomeOne()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply(everyKind()));
    QCOMPARE(codes(replica.apply({renaming("l", "m")})), QList<ErrorCode>());
    QVERIFY(!replica.exists("l"));
    QCOMPARE(replica.content("m"), "4");
    QCOMPARE(replica.tree->stat(at("m"))->links, 1u);
}

void TestApplierKinds::aLinkSharesItsFile()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply(everyKind()));
    Operation quiet = operation(OperationKind::SetAttributes, "l");
    quiet.attributes.mode = 0400;
    QCOMPARE(codes(replica.apply({quiet, linking("f", "g")})), QList<ErrorCode>());
    QCOMPARE(replica.tree->stat(at("m"))->mode, 0400u);
    QCOMPARE(replica.tree->stat(at("f"))->identity, replica.tree->stat(at("g"))->identity);
}

void TestApplierKinds::theRootHasAttributesOnly()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    Operation root = operation(OperationKind::SetAttributes, "");
    root.attributes = attributes(0711, 42);
    QCOMPARE(codes(replica.apply({root, put("a", "1")})), QList<ErrorCode>());
    QCOMPARE(replica.tree->stat({})->mode, 0711u);
    QCOMPARE(replica.tree->stat({})->mtimeNs, root.attributes.mtimeNs);
    QCOMPARE(codes(replica.apply({makeDirectory("", 0750)})), QList<ErrorCode>());
    QCOMPARE(replica.tree->stat({})->mode, 0750u);
}

void TestApplierKinds::aDirectoryMovesWithEverythingInIt()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({makeDirectory("d"), makeDirectory("d/d"), put("d/d/own", "1")}));
    VERIFY_OK(testing::writeFile(*replica.tree, at("d/d/theirs"), "2"));
    QCOMPARE(codes(replica.apply({renaming("d", "e"), put("e/d/own", "3"), put("e/d/theirs", "4"),
                                  put("d", "a file now")})),
             QList{ErrorCode::Refused});
    QCOMPARE(replica.content("e/d/own"), "3");
    QCOMPARE(replica.content("e/d/theirs"), "2");
    QCOMPARE(replica.content("d"), "a file now");
    QVERIFY(!replica.applier->isOwn(at("e/d/theirs")) && !replica.applier->isOwn(at("d/d")));
}

void TestApplierKinds::aRedoFindsTheFutureAndGoesOn_data()
{
    QTest::addColumn<QList<Operation>>("operations");
    const Operation attributes = operation(OperationKind::SetAttributes, "f");
    const Operation inside = operation(OperationKind::SetAttributes, "d/f");
    QTest::newRow("removed afterwards") << QList{attributes, removal("f")};
    QTest::newRow("changed, then removed")
        << QList{put("n", "1"), ranges("n", 0, "2", 1), removal("n")};
    QTest::newRow("removed with its directory") << QList{inside, removal("d/f"), removal("d")};
    QTest::newRow("made and moved away")
        << QList{put("n", "1"), renaming("n", "nn"), ranges("nn", 0, "2", 1)};
    QTest::newRow("linked, then removed") << QList{linking("f", "n"), removal("n")};
    QTest::newRow("another kind afterwards") << QList{removal("e"), put("e", "1")};
    QTest::newRow("exchanged") << QList{exchange("f", "d"), put("g", "after")};
    QTest::newRow("removed twice") << QList{removal("f"), removal("f"), removal("g")};
}

void TestApplierKinds::aRedoFindsTheFutureAndGoesOn()
{
    QFETCH(QList<Operation>, operations);
    for (const bool together : {true, false}) {
        FakeReplica replica;
        VERIFY_OK(replica.open());
        VERIFY_OK(replica.apply(everyKind()));
        VERIFY_OK(replica.applier->checkpoint());
        if (together)
            QCOMPARE(codes(replica.apply(operations)), QList<ErrorCode>());
        else
            for (const Operation &one : std::as_const(operations))
                QCOMPARE(codes(replica.apply({one})), QList<ErrorCode>());
        const auto before = testing::takeSnapshot(*replica.tree);
        VERIFY_OK(before);
        replica.files.kill(); // the tree shows everything, the journal is redone from its start
        VERIFY_OK(replica.open());
        QVERIFY(replica.applier->failures().isEmpty());
        const auto after = testing::takeSnapshot(*replica.tree);
        VERIFY_OK(after);
        QVERIFY2(*after == *before, qPrintable(testing::differences(*before, *after)));
    }
}

QTEST_APPLESS_MAIN(TestApplierKinds)

#include "tst_applierkinds.moc"
