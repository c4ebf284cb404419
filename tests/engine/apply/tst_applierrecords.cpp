// What a replica durably says of itself: its owner, stream, epoch, consistency and open failures
// (I2, I7), and that damage to its records is never taken for absence.
#include "tests/engine/apply/fixture.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::apply;

class TestApplierRecords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void whatBuildsUponAFailureIsRefused();
    void failuresOutliveARestart();
    void aForgivenPathAcceptsRangesAgain();
    void anOlderEpochIsRefused();
    void aStreamBeginsOnce();
    void inconsistencyIsDurable();
    void anotherVaultIsRefused();
    void aSecondEngineIsRefused();
    void damagedRecordsAreRefused_data();
    void damagedRecordsAreRefused();
    void aLostRecordIsNotAnEmptyReplica();
    void aFoundingCutOffAnywhereIsBegunAnew();
    void aReadOnlyDiskHasItsName();
    void adoptingAnOwnEntrySettlesADoubtAndNothingElse();
};

void TestApplierRecords::whatBuildsUponAFailureIsRefused()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "old")}));
    Operation damaged = put("a", "new");
    damaged.digest.low ^= 1;
    const Operation attrs = operation(OperationKind::SetAttributes, "a");
    const auto failed = replica.apply({damaged, ranges("a", 0, "N", 3), attrs, linking("a", "b"),
                                       renaming("a", "c"), ranges("c", 0, "N", 3)});
    QCOMPARE(codes(failed), QList<ErrorCode>(5, ErrorCode::Corrupt));
    QCOMPARE(replica.content("c"), "old");
    QCOMPARE(codes(replica.apply({put("c", "new"), ranges("c", 0, "N", 3)})), QList<ErrorCode>());
    QCOMPARE(replica.content("c"), "New");
}

void TestApplierRecords::failuresOutliveARestart()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "1"), removal("none"), ranges("none", 0, "x", 1)}));
    for (int round = 0; round < 3; ++round) {
        const auto failures = replica.applier->failures();
        QCOMPARE(failures.size(), 1);
        QCOMPARE(failures[0].sequence, Sequence{3});
        QCOMPARE(failures[0].path, at("none"));
        QCOMPARE(failures[0].error.code, ErrorCode::NotFound);
        QVERIFY(failures[0].inDoubt);
        if (round == 1)
            VERIFY_OK(replica.applier->checkpoint());
        replica.files.crash(testing::PowerLoss{});
        VERIFY_OK(replica.open());
    }
    VERIFY_OK(replica.apply({put("none", "there")}));
    QCOMPARE(replica.applier->failures().size(), 0);
    VERIFY_OK(replica.apply({ranges("gone", 0, "x", 1)}));
    // Another stream's primary is told of the doubt by the listing.
    VERIFY_OK(replica.applier->beginStream(Epoch{1}, StreamId{2}, testKey));
    QVERIFY(replica.applier->isInDoubt(at("gone")));
    QVERIFY(replica.applier->failures()[0].heard);
    replica.applier->sawDirectory({}, {{"none", EntryKind::File}});
    QCOMPARE(replica.applier->failures().size(), 0);
}

void TestApplierRecords::aForgivenPathAcceptsRangesAgain()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    Operation bad = ranges("a", 0, "x", 1);
    bad.digest.low ^= 1;
    QCOMPARE(codes(replica.apply({put("a", "1"), bad})), QList{ErrorCode::Corrupt});
    QCOMPARE(codes(replica.apply({ranges("a", 0, "2", 1)})), QList{ErrorCode::Corrupt});
    replica.applier->forgive(at("a"));
    QVERIFY(replica.applier->isInDoubt(at("a")));
    QCOMPARE(codes(replica.apply({ranges("a", 0, "3", 1)})), QList<ErrorCode>());
    QVERIFY(!replica.applier->isInDoubt(at("a")));
    QCOMPARE(replica.content("a"), "3");
}

void TestApplierRecords::anOlderEpochIsRefused()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.applier->beginStream(Epoch{5}, StreamId{2}, testKey));
    VERIFY_ERROR(replica.applier->beginStream(Epoch{4}, StreamId{3}, testKey), ErrorCode::Refused);
    replica.files.crash(testing::PowerLoss{});
    VERIFY_OK(replica.open());
    QCOMPARE(replica.applier->record().epoch, Epoch{5});
    VERIFY_ERROR(replica.applier->beginStream(Epoch{4}, StreamId{3}, testKey), ErrorCode::Refused);
}

void TestApplierRecords::aStreamBeginsOnce()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "1")}));
    VERIFY_ERROR(replica.applier->beginStream(Epoch{1}, StreamId{1}, testKey), ErrorCode::Invalid);
    VERIFY_OK(replica.applier->addChunk({StageId{1}, 0, "left"}));
    VERIFY_OK(replica.applier->beginStream(Epoch{1}, StreamId{2}, HashKey{7}));
    QCOMPARE(replica.applier->applied(), Sequence{0});
    QCOMPARE(replica.tree->list(at(".octopus/staging"))->size(), 0);
    replica.files.crash(testing::PowerLoss{});
    VERIFY_OK(replica.open());
    QCOMPARE(replica.applier->record().stream, StreamId{2});
    QCOMPARE(replica.applier->record().key.seed, 7u);
    QCOMPARE(replica.applier->applied(), Sequence{0});
    QCOMPARE(replica.content("a"), "1");
}

void TestApplierRecords::inconsistencyIsDurable()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    QVERIFY(!replica.applier->record().consistent);
    VERIFY_OK(replica.apply({put("a", "1"), operation(OperationKind::Consistent, "")}));
    QVERIFY(replica.applier->record().consistent);
    QCOMPARE(replica.applier->record().consistentSince, replica.clock.wall());
    VERIFY_OK(replica.applier->markInconsistent());
    replica.files.crash(testing::PowerLoss{});
    VERIFY_OK(replica.open()); // whose redo must not say again what was true before
    QVERIFY(!replica.applier->record().consistent);
    VERIFY_OK(replica.apply({operation(OperationKind::Consistent, "")}));
    replica.files.crash(testing::PowerLoss{});
    VERIFY_OK(replica.open());
    QVERIFY(replica.applier->record().consistent);
}

void TestApplierRecords::anotherVaultIsRefused()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    OpenOptions other = openOptions();
    other.vault = *VaultId::fromBytes(QByteArray(16, 'w'));
    VERIFY_ERROR(replica.open(other), ErrorCode::Refused);
    other = openOptions();
    other.primary = *MachineId::fromBytes(QByteArray(32, 'q'));
    VERIFY_ERROR(replica.open(other), ErrorCode::Refused);
}

void TestApplierRecords::aSecondEngineIsRefused()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    const auto again = replica.files.openRoot("/replica");
    VERIFY_ERROR(Applier::open(**again, replica.clock, openOptions()), ErrorCode::Busy);
}

void TestApplierRecords::damagedRecordsAreRefused_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<quint64>("offset");
    QTest::newRow("record") << QByteArray(".octopus/replica") << quint64(30);
    QTest::newRow("manifest header") << QByteArray(".octopus/manifest") << quint64(3);
    QTest::newRow("manifest group") << QByteArray(".octopus/manifest") << quint64(100);
    QTest::newRow("journal, in the middle") << QByteArray(".octopus/journal") << quint64(8300);
}

void TestApplierRecords::damagedRecordsAreRefused()
{
    QFETCH(QByteArray, file);
    QFETCH(quint64, offset);
    FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "1")}));
    VERIFY_OK(replica.applier->checkpoint());
    for (int i = 0; i < 3; ++i)
        VERIFY_OK(replica.apply({put("b", QByteArray(200, 'x'))}));
    replica.files.kill();
    auto opened = replica.tree->open(at(file), OpenMode::ReadWrite);
    VERIFY_OK(opened);
    const auto byte = (*opened)->read(offset, 1);
    VERIFY_OK((*opened)->write(offset, QByteArray(1, char(byte->at(0) ^ 0x10))));
    VERIFY_ERROR(replica.open(), ErrorCode::Corrupt);
    QCOMPARE(replica.content("a"), "1");
}

void TestApplierRecords::aLostRecordIsNotAnEmptyReplica()
{
    for (const QByteArray name : {"replica", "manifest", "journal"}) {
        FakeReplica replica;
        VERIFY_OK(replica.open());
        VERIFY_OK(replica.apply({put("a", "1")}));
        VERIFY_OK(replica.applier->checkpoint());
        replica.files.kill();
        VERIFY_OK(replica.tree->removeFile(at(".octopus/" + name)));
        VERIFY_ERROR(replica.open(openOptions(true)), ErrorCode::Corrupt);
        QCOMPARE(replica.content("a"), "1");
    }
}

void TestApplierRecords::aFoundingCutOffAnywhereIsBegunAnew()
{
    for (quint64 calls = 0; calls < 40; ++calls) {
        FakeReplica replica;
        VERIFY_OK(testing::writeFile(*replica.tree, at("theirs"), "1"));
        replica.files.settle();
        replica.files.faults().dieAfter(calls);
        const bool founded = replica.open(openOptions(true)).has_value();
        testing::SeededRandom random(calls);
        replica.files.crash(random);
        VERIFY_OK(replica.open(openOptions(true)));
        QCOMPARE(codes(replica.apply({put("a", "1"), put("theirs", "x")})),
                 QList{ErrorCode::Refused});
        QCOMPARE(replica.content("theirs"), "1");
        if (founded)
            return; // every call of the founding has been the last
    }
    QFAIL("the founding takes more calls than expected");
}

void TestApplierRecords::aReadOnlyDiskHasItsName()
{
    FakeReplica replica;
    replica.files.faults().setReadOnly(true);
    VERIFY_ERROR(replica.open(), ErrorCode::ReadOnly);
    replica.files.faults().setReadOnly(false);
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({put("a", "1")}));
    replica.files.kill();
    replica.files.faults().setReadOnly(true);
    VERIFY_ERROR(replica.open(), ErrorCode::ReadOnly);
    replica.files.faults().setReadOnly(false);
    VERIFY_OK(replica.open());
    QCOMPARE(replica.content("a"), "1");
}

void TestApplierRecords::adoptingAnOwnEntrySettlesADoubtAndNothingElse()
{
    FakeReplica replica;
    VERIFY_OK(replica.open());
    Operation damaged = put("a", "new");
    damaged.digest.low ^= 1;
    QCOMPARE(codes(replica.apply({put("a", "old"), damaged})), QList{ErrorCode::Corrupt});
    const auto before = replica.tree->stat(at("a"));
    QCOMPARE(codes(replica.apply({operation(OperationKind::Adopt, "a")})), QList<ErrorCode>());
    QCOMPARE(*replica.tree->stat(at("a")), *before);
    QVERIFY(replica.applier->failures().isEmpty());
    QCOMPARE(codes(replica.apply({ranges("a", 0, "N", 3)})), QList<ErrorCode>());
    QCOMPARE(replica.content("a"), "Nld");
}

QTEST_APPLESS_MAIN(TestApplierRecords)

#include "tst_applierrecords.moc"
