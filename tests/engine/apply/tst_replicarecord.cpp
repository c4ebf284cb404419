#include "engine/apply/layout.h"
#include "engine/apply/replicarecord.h"
#include "tests/engine/apply/fixture.h"

#include <QTest>

using namespace octopus;
using namespace octopus::apply;

class TestReplicaRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasWrittenIsRead();
    void noRecordIsNoError();
    void everyDamagedBitIsNoticed();
    void everyCutIsNoticed();
    void aRecordOfALaterReleaseIsNotRead();
    void aCrashLeavesTheOldOrTheNewRecord();
    void onlyTheControlFolderIsReserved_data();
    void onlyTheControlFolderIsReserved();
};

namespace {

struct Bench {
    Bench() : files(clock), tree(files.bypass("/r"))
    {
        (void)tree->makeDirectory(layout::control(), 0700);
        files.settle();
        root = std::move(*files.openRoot("/r"));
    }
    void overwrite(QByteArrayView bytes)
    {
        const auto file = tree->open(layout::replica(), OpenMode::ReadWrite);
        (void)(*file)->truncate(0);
        (void)(*file)->write(0, bytes);
    }

    testing::FakeClock clock;
    testing::FakeFileSystem files;
    std::unique_ptr<testing::FakeRoot> tree;
    std::unique_ptr<Root> root;
};

ReplicaRecord sample()
{
    ReplicaRecord record;
    record.vault = *VaultId::fromBytes(QByteArray(16, 'v'));
    record.primary = *MachineId::fromBytes(QByteArray(32, 'p'));
    record.epoch = Epoch{3};
    record.stream = StreamId{quint64(1) << 63};
    record.key = HashKey{~quint64(0)};
    record.consistent = true;
    record.consistentSince = WallTime{-5};
    return record;
}

} // namespace

void TestReplicaRecord::whatWasWrittenIsRead()
{
    Bench bench;
    VERIFY_OK(writeReplicaRecord(*bench.root, sample()));
    bench.files.crash(testing::PowerLoss{});
    bench.root = std::move(*bench.files.openRoot("/r"));
    const auto read = readReplicaRecord(*bench.root);
    VERIFY_OK(read);
    QVERIFY(*read);
    QVERIFY(**read == sample());
}

void TestReplicaRecord::noRecordIsNoError()
{
    Bench bench;
    const auto read = readReplicaRecord(*bench.root);
    VERIFY_OK(read);
    QVERIFY(!*read);
    bench.files.faults().add({.call = testing::FakeCall::Open});
    VERIFY_ERROR(readReplicaRecord(*bench.root), ErrorCode::InputOutput);
}

void TestReplicaRecord::everyDamagedBitIsNoticed()
{
    Bench bench;
    VERIFY_OK(writeReplicaRecord(*bench.root, sample()));
    const QByteArray bytes = *testing::readFile(*bench.tree, layout::replica());
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        QByteArray damaged = bytes;
        damaged[i] = char(damaged[i] ^ (1 << (i % 8)));
        bench.overwrite(damaged);
        VERIFY_ERROR(readReplicaRecord(*bench.root), ErrorCode::Corrupt);
    }
}

void TestReplicaRecord::everyCutIsNoticed()
{
    Bench bench;
    VERIFY_OK(writeReplicaRecord(*bench.root, sample()));
    const QByteArray bytes = *testing::readFile(*bench.tree, layout::replica());
    for (qsizetype size = 0; size < bytes.size(); ++size) {
        bench.overwrite(QByteArrayView(bytes).first(size));
        VERIFY_ERROR(readReplicaRecord(*bench.root), ErrorCode::Corrupt);
    }
    bench.overwrite(bytes + '\0');
    VERIFY_ERROR(readReplicaRecord(*bench.root), ErrorCode::Corrupt);
}

void TestReplicaRecord::aRecordOfALaterReleaseIsNotRead()
{
    Bench bench;
    VERIFY_OK(writeReplicaRecord(*bench.root, sample()));
    QByteArray bytes = *testing::readFile(*bench.tree, layout::replica());
    bytes[16] = 2;
    qToLittleEndian(checksum(QByteArrayView(bytes).chopped(8)), bytes.data() + bytes.size() - 8);
    bench.overwrite(bytes);
    VERIFY_ERROR(readReplicaRecord(*bench.root), ErrorCode::VersionMismatch);
}

void TestReplicaRecord::aCrashLeavesTheOldOrTheNewRecord()
{
    ReplicaRecord later = sample();
    later.epoch = Epoch{4};
    for (quint64 calls = 0; calls < 6; ++calls) {
        for (quint64 seed = 0; seed < 20; ++seed) {
            Bench bench;
            VERIFY_OK(writeReplicaRecord(*bench.root, sample()));
            bench.files.faults().dieAfter(calls);
            const bool written = writeReplicaRecord(*bench.root, later).has_value();
            testing::SeededRandom random(seed);
            bench.files.crash(random);
            bench.root = std::move(*bench.files.openRoot("/r"));
            const auto read = readReplicaRecord(*bench.root);
            VERIFY_OK(read);
            QVERIFY(*read);
            QVERIFY(**read == later || (!written && **read == sample()));
        }
    }
}

void TestReplicaRecord::onlyTheControlFolderIsReserved_data()
{
    QTest::addColumn<bool>("reserved");
    QTest::newRow(".octopus") << true;
    QTest::newRow(".octopus/journal") << true;
    QTest::newRow(".octopus/a/b") << true;
    QTest::newRow("") << false;
    QTest::newRow(".octopus2") << false;
    QTest::newRow(".octopu") << false;
    QTest::newRow(".octopus!") << false;
    QTest::newRow("a/.octopus") << false;
    QTest::newRow("a/.octopus/journal") << false;
}

void TestReplicaRecord::onlyTheControlFolderIsReserved()
{
    QFETCH(bool, reserved);
    QCOMPARE(isReserved(at(QTest::currentDataTag())), reserved);
}

QTEST_APPLESS_MAIN(TestReplicaRecord)

#include "tst_replicarecord.moc"
