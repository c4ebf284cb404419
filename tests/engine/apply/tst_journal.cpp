#include "engine/apply/journal.h"
#include "engine/apply/layout.h"
#include "engine/apply/planned.h"
#include "tests/engine/apply/fixture.h"

#include <QTest>

using namespace octopus;
using namespace octopus::apply;

class TestJournal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void groupsComeBackInOrder();
    void aGroupIsOneWriteAndOneSync();
    void whatWasNotSyncedIsATornTail();
    void whatWasReadSurvivesAPowerLoss();
    void aCutAtAnyByteLeavesWholeGroups();
    void damageInTheMiddleIsCorruption();
    void aDamagedHeaderIsCorruption();
    void aResetForgetsAllGroups();
    void aTornResetLeavesTheOldState();
    void oldGroupsNeverComeBack();
    void recordsKeepEveryDecision();
};

struct Bench {
    Bench() : files(clock), tree(files.bypass("/r"))
    {
        [[maybe_unused]] const auto made = tree->makeDirectory(layout::control(), 0700);
        root = std::move(*files.openRoot("/r"));
        files.settle();
    }

    // The groups of the journal, or the code of the error.
    std::expected<QList<QByteArray>, ErrorCode> read()
    {
        QList<QByteArray> groups;
        root = std::move(*files.openRoot("/r"));
        journal.reset();
        auto opened = Journal::open(*root, [&](QByteArrayView group) {
            groups.append(group.toByteArray());
            return Result<void>();
        });
        if (!opened)
            return std::unexpected(opened.error().code);
        journal = std::move(*opened);
        return groups;
    }

    void flip(quint64 offset)
    {
        const auto file = tree->open(layout::journal(), OpenMode::ReadWrite);
        const QByteArray old = (*file)->read(offset, 1).value();
        (void)(*file)->write(offset, QByteArray(1, char(old[0] ^ 1)));
    }

    testing::FakeClock clock;
    testing::FakeFileSystem files;
    std::unique_ptr<testing::FakeRoot> tree;
    std::unique_ptr<Root> root;
    std::unique_ptr<Journal> journal;
};

static const JournalHead firstHead{1, StreamId{7}, Sequence{3}};
static const QList<QByteArray> three = {"one", QByteArray(5000, '2'), "three"};

static Bench *withThree()
{
    auto *bench = new Bench;
    bench->journal = std::move(*Journal::create(*bench->root, firstHead));
    for (const QByteArray &group : three)
        (void)bench->journal->append(group);
    return bench;
}

void TestJournal::groupsComeBackInOrder()
{
    const std::unique_ptr<Bench> bench(withThree());
    QVERIFY(!bench->journal->isEmpty());
    QVERIFY(bench->journal->size() > 5000 && bench->journal->size() < 5300);
    bench->files.crash(testing::PowerLoss{});
    QCOMPARE(bench->read(), three);
    QCOMPARE(bench->journal->head(), firstHead);
    VERIFY_OK(bench->journal->append("four"));
    QCOMPARE(bench->read().value(), three + QList<QByteArray>{"four"});
}

void TestJournal::aGroupIsOneWriteAndOneSync()
{
    const std::unique_ptr<Bench> bench(withThree());
    const quint64 before = bench->files.faults().mutatingCalls();
    VERIFY_OK(bench->journal->append("four"));
    QCOMPARE(bench->files.faults().mutatingCalls() - before, 2u);
}

void TestJournal::whatWasNotSyncedIsATornTail()
{
    for (quint64 seed = 0; seed < 50; ++seed) {
        const std::unique_ptr<Bench> bench(withThree());
        bench->files.faults().dieAfter(1); // the write, not the sync
        VERIFY_ERROR(bench->journal->append(QByteArray(20000, 'x')), ErrorCode::Disconnected);
        testing::SeededRandom random(seed);
        bench->files.crash(random);
        auto groups = bench->read();
        QVERIFY(groups.has_value());
        QCOMPARE(groups->first(3), three);
        // And the next group takes its place.
        if (groups->size() == 3) {
            VERIFY_OK(bench->journal->append("four"));
            QCOMPARE(bench->read().value(), three + QList<QByteArray>{"four"});
        }
    }
}

// A process was killed before it could sync; the next one redoes what it reads.
void TestJournal::whatWasReadSurvivesAPowerLoss()
{
    const std::unique_ptr<Bench> bench(withThree());
    bench->files.faults().dieAfter(1); // the write, not the sync
    VERIFY_ERROR(bench->journal->append("four"), ErrorCode::Disconnected);
    bench->files.kill();
    bench->files.faults().revive();
    QCOMPARE(bench->read().value(), three + QList<QByteArray>{"four"});
    bench->files.crash(testing::PowerLoss{});
    QCOMPARE(bench->read().value(), three + QList<QByteArray>{"four"});
}

void TestJournal::aCutAtAnyByteLeavesWholeGroups()
{
    const std::unique_ptr<Bench> bench(withThree());
    const quint64 end = 8192 + bench->journal->size();
    for (quint64 size = end; size >= 8192; size -= size > 8400 && size < 13000 ? 97 : 1) {
        VERIFY_OK((*bench->tree->open(layout::journal(), OpenMode::ReadWrite))->truncate(size));
        const auto groups = bench->read();
        QVERIFY(groups.has_value());
        QCOMPARE(*groups, three.first(groups->size()));
        QCOMPARE(groups->size() == 3, size >= end - 3); // "three" is padded with 3 bytes
    }
}

void TestJournal::damageInTheMiddleIsCorruption()
{
    const std::unique_ptr<Bench> bench(withThree());
    const quint64 end = 8192 + bench->journal->size();
    for (quint64 offset = 8192; offset < end - 8; offset += 3) {
        bench->flip(offset);
        const auto groups = bench->read();
        // Of the last group nobody can tell damage from a torn tail.
        const bool inLast = offset >= end - 40;
        if (inLast)
            QCOMPARE(groups.value_or(three), three.first(2));
        else if (groups)
            QCOMPARE(*groups, three); // between the groups
        else
            QCOMPARE(groups.error(), ErrorCode::Corrupt);
        bench->flip(offset);
    }
    QCOMPARE(bench->read(), three);
}

void TestJournal::aDamagedHeaderIsCorruption()
{
    const std::unique_ptr<Bench> bench(withThree());
    VERIFY_OK(bench->journal->reset({2, StreamId{7}, Sequence{9}}));
    VERIFY_OK(bench->journal->append("later"));
    bench->flip(20); // generation 2, whose group is there
    QCOMPARE(bench->read().error_or(ErrorCode::Other), ErrorCode::Corrupt);
    bench->flip(20);
    bench->flip(4096 + 20); // generation 1, which nobody needs
    QCOMPARE(bench->read(), QList<QByteArray>{"later"});
    bench->flip(20);
    QCOMPARE(bench->read().error_or(ErrorCode::Other), ErrorCode::Corrupt);
}

void TestJournal::aResetForgetsAllGroups()
{
    const std::unique_ptr<Bench> bench(withThree());
    VERIFY_OK(bench->journal->reset({2, StreamId{8}, Sequence{9}}));
    QVERIFY(bench->journal->isEmpty());
    bench->files.crash(testing::PowerLoss{});
    QCOMPARE(bench->read(), QList<QByteArray>());
    QCOMPARE(bench->journal->head(), (JournalHead{2, StreamId{8}, Sequence{9}}));
}

void TestJournal::aTornResetLeavesTheOldState()
{
    const std::unique_ptr<Bench> bench(withThree());
    bench->files.faults().dieAfter(1);
    VERIFY_ERROR(bench->journal->reset({2, StreamId{8}, Sequence{9}}), ErrorCode::Disconnected);
    bench->files.crash(testing::PowerLoss{});
    QCOMPARE(bench->read(), three);
    QCOMPARE(bench->journal->head(), firstHead);
}

void TestJournal::oldGroupsNeverComeBack()
{
    const std::unique_ptr<Bench> bench(withThree());
    VERIFY_OK(bench->journal->reset({2, StreamId{7}, Sequence{9}}));
    VERIFY_OK(bench->journal->append("1st")); // as long as the first of the old ones
    QCOMPARE(bench->read(), QList<QByteArray>{"1st"});
}

void TestJournal::recordsKeepEveryDecision()
{
    PlannedOperation keep{.operation = put("a", "x"), .keepOld = true};
    PlannedOperation heard{.operation = operation(OperationKind::SetAttributes, "a"),
                           .heard = Sequence{77}};
    PlannedOperation borrow{.operation = makeDirectory("d"), .borrow = true};
    PlannedOperation exchange{.operation = operation(OperationKind::Exchange, "a", "b"),
                              .pathIdentity = {1, 2, -3},
                              .otherIdentity = {4, 5, 6}};
    exchange.operation.attributes = {};
    PlannedOperation adopt{.operation = operation(OperationKind::Adopt, "a"),
                           .adopted = {.kind = EntryKind::Directory, .mode = 0755, .mtimeNs = -5}};
    adopt.operation.attributes = {};
    PlannedOperation staged{.operation = operation(OperationKind::WriteRanges, "a"),
                            .staged = {{0, 5}, {4096, 1}}};
    staged.operation.stage = StageId{3};
    staged.operation.size = 5000;
    FailedOperation failed{.sequence = Sequence{9},
                           .path = at("x"),
                           .error = {ErrorCode::NoSpace, "full", 28},
                           .inDoubt = true};
    QByteArray bytes;
    const QList<JournalRecord> records = {keep, heard, borrow, exchange, adopt, staged, failed};
    for (const JournalRecord &record : records)
        std::visit([&](const auto &value) { encodeRecord(bytes, value); }, record);
    const auto decoded = decodeRecords(bytes);
    VERIFY_OK(decoded);
    QVERIFY(*decoded == records);
    for (qsizetype size = 1; size < bytes.size(); ++size) { // never a crash, never a wrong record
        const auto cut = decodeRecords(QByteArrayView(bytes).first(size));
        if (cut)
            QVERIFY(*cut == records.first(cut->size()));
    }
}

QTEST_APPLESS_MAIN(TestJournal)

#include "tst_journal.moc"
