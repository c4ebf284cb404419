// What the target has applied is told in the words of people: what happened to which path, and how
// much content it took.
#include "tests/engine/mirror/fixture.h"

#include <QTest>

using namespace octopus;
using namespace octopus::mirror;

class TestOutboxActivity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasAppliedIsTold();
    void whatWasSentAheadCountsAsCarried();
    void whatFailedIsNotTold();
};

namespace {

struct Bed {
    Bed() { outbox.begin(Sequence{}, quint64(1) << 40); }
    void add(const Operation &operation)
    {
        index::IndexEntry entry;
        entry.attributes = operation.attributes;
        entry.size = operation.size;
        if (operation.kind == OperationKind::MakeDirectory
            || (operation.kind == OperationKind::SetAttributes && operation.path == at("d")))
            entry.kind = EntryKind::Directory;
        const bool moves = operation.kind == OperationKind::Rename
            || operation.kind == OperationKind::Remove
            || operation.kind == OperationKind::Consistent;
        outbox.add(operation, moves ? std::nullopt : std::optional(entry), {});
    }

    index::Index index;
    Outbox outbox{index};
};

} // namespace

// What is told of everything up to `applied`, a line each.
static QByteArrayList toldOf(Outbox &outbox, Sequence applied)
{
    QByteArrayList lines;
    const auto done = outbox.acknowledge(applied, [&](const Carried &x) {
        lines.append(QByteArray(activityName(x.what)) + ' ' + x.path.bytes() + ' ' + x.from.bytes()
                     + ' ' + QByteArray::number(x.bytes));
    });
    return done ? lines : QByteArrayList{"refused"};
}

void TestOutboxActivity::whatWasAppliedIsTold()
{
    Bed bed;
    Operation directory;
    directory.kind = OperationKind::MakeDirectory;
    directory.path = at("d");
    bed.add(directory);
    bed.add(apply::put("d/a", "12345"));
    bed.add(apply::put("d/a", "123"));
    Operation append;
    append.kind = OperationKind::WriteRanges;
    append.path = at("d/a");
    append.size = 5;
    append.ranges = {{3, "45"}};
    bed.add(append);
    append.ranges = {{0, "x"}};
    bed.add(append); // within what is there
    bed.add(apply::renaming("d/a", "d/b"));
    Operation echo;
    echo.kind = OperationKind::SetAttributes;
    echo.path = at("d");
    echo.attributes = directory.attributes;
    echo.attributes.mtimeNs = 17; // follows from what was renamed
    bed.add(echo);
    echo.attributes.mode = 0700;
    bed.add(echo);
    Operation remove;
    remove.kind = OperationKind::Remove;
    remove.path = at("d/b");
    bed.add(remove);
    Operation consistent;
    consistent.kind = OperationKind::Consistent;
    bed.add(consistent);
    QCOMPARE(toldOf(bed.outbox, Sequence{2}), (QByteArrayList{"created d  0", "created d/a  5"}));
    QCOMPARE(toldOf(bed.outbox, bed.outbox.last()),
             (QByteArrayList{"changed d/a  3", "appended d/a  2", "changed d/a  1",
                             "moved d/b d/a 0", "attributes d  0", "removed d/b  0"}));
    QCOMPARE(toldOf(bed.outbox, bed.outbox.last()), QByteArrayList());
}

void TestOutboxActivity::whatWasSentAheadCountsAsCarried()
{
    Bed bed;
    bed.add(apply::put("log", "1234"));
    for (const quint64 offset : {4, 8})
        bed.outbox.add(StageChunk{StageId{1}, offset, "abcd"});
    Operation append;
    append.kind = OperationKind::WriteRanges;
    append.path = at("log");
    append.size = 12;
    append.stage = StageId{1};
    bed.add(append);
    bed.outbox.add(StageChunk{StageId{2}, 0, "never used"});
    bed.outbox.add(wire::Message(wire::StageDrop{StageId{2}}));
    QCOMPARE(toldOf(bed.outbox, bed.outbox.last()),
             (QByteArrayList{"created log  4", "appended log  8"}));
}

void TestOutboxActivity::whatFailedIsNotTold()
{
    Bed bed;
    bed.add(apply::put("a", "1"));
    bed.add(apply::put("b", "1"));
    bed.outbox.markFailed(Sequence{1});
    bed.outbox.markFailed(Sequence{9}); // never sent
    QCOMPARE(toldOf(bed.outbox, bed.outbox.last()), QByteArrayList{"created b  1"});
}

QTEST_APPLESS_MAIN(TestOutboxActivity)
#include "tst_outboxactivity.moc"
