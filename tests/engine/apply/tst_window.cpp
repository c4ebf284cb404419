// The rules of window.cpp, one row each. A history is operations separated by "; ", the last of which
// is asked about: "put a", "stage a", "ranges a", "attrs a", "mkdir a", "symlink a", "fifo a",
// "remove a", "adopt a", "consistent", "link f>a", "rename f>a", "exchange f>a". What was there at the
// checkpoint follows from the name: d… is a directory, l… a file with further names, n… was not
// there, s… a symbolic link, everything else a file.
#include "engine/apply/window.h"

#include <QTest>

using namespace octopus;
using namespace octopus::apply;

class TestWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anOperationConflictsOnlyWithWhatARedoWouldGetWrong_data();
    void anOperationConflictsOnlyWithWhatARedoWouldGetWrong();
    void nothingConflictsAfterACheckpoint();
    void presenceFollowsTheOperations();
};

static Operation parse(const QByteArray &text)
{
    static const QHash<QByteArray, OperationKind> kinds = {
        {"put", OperationKind::PutFile},         {"stage", OperationKind::PutFile},
        {"ranges", OperationKind::WriteRanges},  {"attrs", OperationKind::SetAttributes},
        {"mkdir", OperationKind::MakeDirectory}, {"symlink", OperationKind::MakeSymlink},
        {"fifo", OperationKind::MakeFifo},       {"remove", OperationKind::Remove},
        {"adopt", OperationKind::Adopt},         {"consistent", OperationKind::Consistent},
        {"link", OperationKind::Link},           {"rename", OperationKind::Rename},
        {"exchange", OperationKind::Exchange}};
    const QList<QByteArray> words = text.split(' ');
    Operation operation;
    operation.kind = kinds.value(words[0]);
    if (words[0] == "stage")
        operation.stage = StageId{7};
    const QList<QByteArray> paths = words.value(1).split('>');
    operation.path = *RelPath::parse(paths.last());
    if (paths.size() == 2)
        operation.other = *RelPath::parse(paths[0]);
    return operation;
}

static std::optional<EntryKind> kindOf(const RelPath &path)
{
    switch (path.name().isEmpty() ? 'd' : path.name()[0]) {
    case 'd': return EntryKind::Directory;
    case 'n': return std::nullopt;
    case 's': return EntryKind::Symlink;
    default: return EntryKind::File;
    }
}

static PathFacts factsOf(const Operation &operation)
{
    return {kindOf(operation.path), kindOf(operation.other), operation.path.name().startsWith('l')};
}

static Window windowAfter(const QList<Operation> &operations)
{
    Window window;
    for (const Operation &operation : operations)
        window.note(operation, factsOf(operation), MonotonicTime{});
    return window;
}

static QList<Operation> parseAll(const QByteArray &history)
{
    QList<Operation> operations;
    for (const QByteArray &one : history.split(';'))
        operations.append(parse(one.trimmed()));
    return operations;
}

struct Row {
    const char *history;
    bool conflicts;
};

static const Row rows[] = {
    // Whole contents may follow anything of their kind.
    {"put n; put n", false},
    {"put a; remove a; put a", false},
    {"attrs a; put a", false},
    {"put a; ranges a; put a", false},
    {"stage a; put a", false},
    {"symlink n; symlink n", false},
    {"mkdir n; put n/a; mkdir n", false},
    // The kind changes where something was touched.
    {"mkdir a", false},
    {"put a; symlink a", true},
    {"remove a; mkdir a", true},
    {"remove a; symlink a", true},
    {"remove d; put d", true},
    {"remove d/a; put d", true},
    {"put d; fifo d", true},
    {"remove s; symlink s", false},
    // Content changed in place that is kept as a version when it goes.
    {"ranges a; ranges a", false},
    {"ranges a; attrs a", false},
    {"ranges a; put a", true},
    {"ranges a; remove a", true},
    {"ranges a; link b>a", true},
    {"stage a; ranges a; put a", true},
    {"put a; ranges a; remove a", false},
    {"rename a>n; ranges n; remove n", true},
    // Stages move in once.
    {"put a; stage b", false},
    {"put a; stage a", true},
    {"remove a; stage a", true},
    {"attrs a; stage a", true},
    {"stage a; stage a", true},
    {"put d/a; stage d", true},
    {"rename d>n; stage n/a", false},
    // Links depend on their source.
    {"put a; link a>n", false},
    {"ranges a; link a>n", false},
    {"link a>n; link a>nn", false},
    {"link a>n; link n>nn", false},
    {"link a>n; put n", false},
    {"link a>n; put a", true},
    {"link a>n; ranges a", true},
    {"link a>n; attrs a", true},
    {"link a>n; remove a", true},
    {"link d/a>n; rename d>nn", true},
    {"attrs b; link a>b", true},
    {"attrs b; put b; link a>b", true},
    {"attrs b; remove b; link a>b", true},
    {"put b; attrs b; link a>b", false},
    {"rename a>n; link a>nn", true},
    // Renames.
    {"rename a>n", false},
    {"put a; rename a>n", false},
    {"put a; attrs a; rename a>n", false},
    {"symlink n; rename n>nn", false},
    {"stage a; rename a>n", false},
    {"stage a; attrs a; rename a>n", true},
    {"ranges a; rename a>n", true},
    {"attrs a; rename a>n", true},
    {"remove a; rename b>a", true},
    {"put a; rename b>a", true},
    {"put d/a; rename d>n", true},
    {"mkdir n; rename n>nn", true},
    {"put n/a; rename d>n", true},
    {"rename a>n; put a", true},
    {"rename d>n; put d/a", true},
    {"rename d>n; put n/a", false},
    {"rename d>n; ranges n/a", false},
    {"rename a>n; put n", false},
    {"rename a>n; remove n", false},
    {"rename a>n; rename n>nn", true},
    {"put a; rename a>n; rename n>nn", false},
    {"link a>n; rename n>nn", false},
    {"rename a>b; rename c>a", true},
    // Exchanges.
    {"exchange a>b", false},
    {"put a; exchange a>b", true},
    {"put d/x; exchange d>b", true},
    {"exchange d>b; put d/x", true},
    {"exchange d>b; put b/x", true},
    {"exchange a>b; remove a", true},
    {"exchange a>b; put c", false},
    // Removing directories.
    {"remove d/a; remove d", false},
    {"remove d/dd/a; remove d/dd; remove d", false},
    {"attrs d/a; remove d/a; remove d", false},
    {"rename d/a>n; remove d", false},
    {"stage d/a; remove d/a; remove d", false},
    {"put d/a; remove d/a; remove d", true},
    {"symlink d/n; remove d/n; remove d", true},
    {"put d/a; rename d/a>n; remove d", true},
    {"put a; rename a>d/n; put d/n; remove d/n; remove d", true},
    {"link a>d/n; remove d/n; remove d", true},
    {"mkdir d/n; remove d/n; remove d", false},
    // Files with other names.
    {"attrs l; attrs l", false},
    {"attrs l; put l", true},
    {"attrs l; remove l", true},
    {"attrs a; remove a", false},
    {"ranges l; put b", true},
    {"ranges l; consistent", false},
    {"put l; attrs l; put l", false},
    // What concerns nothing.
    {"put a; consistent", false},
    {"remove a; adopt b", false},
    {"remove d; adopt d", true},
};

void TestWindow::anOperationConflictsOnlyWithWhatARedoWouldGetWrong_data()
{
    QTest::addColumn<bool>("conflicts");
    for (const Row &row : rows)
        QTest::newRow(row.history) << row.conflicts;
}

void TestWindow::anOperationConflictsOnlyWithWhatARedoWouldGetWrong()
{
    QFETCH(bool, conflicts);
    QList<Operation> operations = parseAll(QTest::currentDataTag());
    const Operation last = operations.takeLast();
    // What came before must itself be a valid window.
    for (qsizetype i = 0; i < operations.size(); ++i)
        QVERIFY(!windowAfter(operations.first(i)).conflicts(operations[i], factsOf(operations[i])));
    QCOMPARE(windowAfter(operations).conflicts(last, factsOf(last)), conflicts);
}

void TestWindow::nothingConflictsAfterACheckpoint()
{
    Window window = windowAfter(parseAll("ranges l; exchange a>b; rename d>n"));
    const Operation put = parse("put a");
    QVERIFY(window.conflicts(put, factsOf(put)));
    window.clear();
    QVERIFY(!window.conflicts(put, factsOf(put)));
    QCOMPARE(window.size(), 0);
    QVERIFY(!window.touch(put.path));
}

void TestWindow::presenceFollowsTheOperations()
{
    const Window window = windowAfter(parseAll("put d/n; remove d/a; rename b>d/nn"));
    QVERIFY(window.touch(RelPath::of("d/n"))->present);
    QVERIFY(!window.touch(RelPath::of("d/a"))->present);
    QCOMPARE(window.touch(RelPath::of("d/nn"))->kind, EntryKind::File);
    QVERIFY(!window.touch(RelPath::of("b"))->present);
    QVERIFY(window.hasPresentBelow(RelPath::of("d")));
    QVERIFY(!windowAfter(parseAll("put d/n; remove d/n")).hasPresentBelow(RelPath::of("d")));
}

QTEST_APPLESS_MAIN(TestWindow)

#include "tst_window.moc"
