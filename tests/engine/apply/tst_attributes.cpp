#include "engine/apply/attributes.h"
#include "tests/engine/apply/fixture.h"

#include <QTest>

using namespace octopus;
using namespace octopus::apply;
using octopus::testing::FakeCall;

class TestAttributes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingIsAsWanted_data();
    void everythingIsAsWanted();
    void onlyWhatDiffersIsTouched();
    void aSetUserIdBitOutlivesAChangeOfTheOwner();
    void aSymlinkHasOwnerAndTimeOnly();
    void ownersAreLeftAloneWithoutThePrivilege();
    void whatCannotBeStoredIsALossAndTheRestIsSet_data();
    void whatCannotBeStoredIsALossAndTheRestIsSet();
    void aFailingDiskIsAnErrorNotALoss();
};

namespace {

struct Bench {
    Bench() : files(clock), tree(files.bypass("/r"))
    {
        (void)testing::writeFile(*tree, at("f"), "x");
        (void)tree->setXattr(at("f"), "user.old", "1");
        (void)tree->setXattr(at("f"), "user.kept", "2");
        (void)tree->makeSymlink("x", at("s"));
        root = std::move(*files.openRoot("/r"));
    }
    [[nodiscard]] EntryStat stat(const char *path) { return *tree->stat(at(path)); }
    [[nodiscard]] Result<Loss> set(const char *path, const EntryAttributes &wanted)
    {
        return setAttributes(*root, at(path), stat(path), wanted);
    }

    testing::FakeClock clock;
    testing::FakeFileSystem files;
    std::unique_ptr<testing::FakeRoot> tree;
    std::unique_ptr<Root> root;
};

EntryAttributes wantedAttributes()
{
    EntryAttributes wanted = attributes(0640, -5);
    wanted.uid = 7;
    wanted.gid = 8;
    wanted.xattrs = {{"user.kept", "2"}, {"user.new", "3"}};
    return wanted;
}

} // namespace

void TestAttributes::everythingIsAsWanted_data()
{
    QTest::addColumn<int>("by");
    QTest::newRow("by name") << 0;
    QTest::newRow("by file") << 1;
    QTest::newRow("new file") << 2;
}

void TestAttributes::everythingIsAsWanted()
{
    QFETCH(int, by);
    Bench bench;
    const EntryAttributes wanted = wantedAttributes();
    Result<Loss> set;
    QByteArray path = "f";
    if (by == 0) {
        set = bench.set("f", wanted);
    } else if (by == 1) {
        const auto file = bench.root->open(at("f"), OpenMode::ReadWrite);
        set = setAttributes(**file, *(*file)->stat(), wanted, true);
    } else {
        path = "new";
        const auto file = bench.root->open(at(path), OpenMode::CreateNew);
        set = setNewAttributes(**file, wanted, {0, 0}, true);
    }
    VERIFY_OK(set);
    QVERIFY(!*set);
    const EntryStat stat = bench.stat(path.constData());
    QCOMPARE(stat.mode, wanted.mode);
    QCOMPARE(stat.uid, wanted.uid);
    QCOMPARE(stat.gid, wanted.gid);
    QCOMPARE(stat.mtimeNs, wanted.mtimeNs);
    QCOMPARE(*bench.tree->xattrs(at(path)), wanted.xattrs);
}

void TestAttributes::onlyWhatDiffersIsTouched()
{
    Bench bench;
    VERIFY_OK(bench.set("f", wantedAttributes()));
    const quint64 before = bench.files.faults().mutatingCalls();
    VERIFY_OK(bench.set("f", wantedAttributes()));
    QVERIFY(bench.files.faults().mutatingCalls() - before <= 1); // the time, at most
    EntryAttributes other = wantedAttributes();
    other.mode = 0600;
    VERIFY_OK(bench.set("f", other));
    QVERIFY(bench.files.faults().mutatingCalls() - before <= 3);
}

void TestAttributes::aSetUserIdBitOutlivesAChangeOfTheOwner()
{
    Bench bench;
    VERIFY_OK(bench.tree->setMode(at("f"), 04755));
    EntryAttributes wanted = wantedAttributes();
    wanted.mode = 04755;
    VERIFY_OK(bench.set("f", wanted));
    QCOMPARE(bench.stat("f").mode, 04755u);
    QCOMPARE(bench.stat("f").uid, 7u);
}

void TestAttributes::aSymlinkHasOwnerAndTimeOnly()
{
    Bench bench;
    const quint32 mode = bench.stat("s").mode;
    const auto set = bench.set("s", wantedAttributes());
    VERIFY_OK(set);
    QVERIFY(!*set);
    QCOMPARE(bench.stat("s").uid, 7u);
    QCOMPARE(bench.stat("s").mtimeNs, wantedAttributes().mtimeNs);
    QCOMPARE(bench.stat("s").mode, mode);
}

void TestAttributes::ownersAreLeftAloneWithoutThePrivilege()
{
    Bench bench;
    bench.files.configure({.canSetOwner = false});
    const auto set = bench.set("f", wantedAttributes());
    VERIFY_OK(set);
    QVERIFY(!*set);
    QCOMPARE(bench.stat("f").uid, 0u);
    QCOMPARE(bench.stat("f").mode, wantedAttributes().mode);
}

void TestAttributes::whatCannotBeStoredIsALossAndTheRestIsSet_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("code");
    QTest::newRow("owner") << int(FakeCall::SetOwner) << int(ErrorCode::PermissionDenied);
    QTest::newRow("mode") << int(FakeCall::SetMode) << int(ErrorCode::Unsupported);
    QTest::newRow("xattr") << int(FakeCall::SetXattr) << int(ErrorCode::TooLong);
    QTest::newRow("time") << int(FakeCall::SetTime) << int(ErrorCode::Invalid);
}

void TestAttributes::whatCannotBeStoredIsALossAndTheRestIsSet()
{
    QFETCH(int, call);
    QFETCH(int, code);
    Bench bench;
    bench.files.faults().add({.call = FakeCall(call), .code = ErrorCode(code), .times = -1});
    const EntryAttributes wanted = wantedAttributes();
    const auto set = bench.set("f", wanted);
    VERIFY_OK(set);
    QVERIFY(*set);
    QCOMPARE((*set)->code, ErrorCode(code));
    const EntryStat stat = bench.stat("f");
    QCOMPARE(stat.uid == wanted.uid, FakeCall(call) != FakeCall::SetOwner);
    QCOMPARE(stat.mode == wanted.mode, FakeCall(call) != FakeCall::SetMode);
    QCOMPARE(stat.mtimeNs == wanted.mtimeNs, FakeCall(call) != FakeCall::SetTime);
    QCOMPARE(bench.tree->xattrs(at("f"))->contains("user.new"),
             FakeCall(call) != FakeCall::SetXattr);
}

void TestAttributes::aFailingDiskIsAnErrorNotALoss()
{
    for (const ErrorCode code : {ErrorCode::InputOutput, ErrorCode::NoSpace, ErrorCode::ReadOnly}) {
        Bench bench;
        bench.files.faults().add({.call = FakeCall::SetXattr, .code = code});
        VERIFY_ERROR(bench.set("f", wantedAttributes()), code);
    }
}

QTEST_APPLESS_MAIN(TestAttributes)

#include "tst_attributes.moc"
