// Reports of verifications outlive the engine, are bounded, and never keep it from starting.
#include "engine/store/verificationbook.h"
#include "engine/store/verificationcodec.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakefilesystem.h"
#include "tests/support/resultcheck.h"
#include "tests/support/treebuilder.h"

#include <QTest>

using namespace octopus;
using namespace octopus::store;
using namespace octopus::testing;

class VerificationBookTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsKnownBeforeTheFirst();
    void reportsOutliveTheEngine();
    void theLastFiveAreKeptTheNewestFirst();
    void aHundredDifferencesAreKeptAndAllAreCounted();
    void hostileNamesSurvive();
    void aFileThatIsNotUnderstoodCountsAsNone_data();
    void aFileThatIsNotUnderstoodCountsAsNone();
    void whatIsForgottenIsGone();
    void filesOfOtherMirrorsAreRemoved();
    void aFullDiskIsSaidAndTheReportCounts();
};

namespace {

using Key = VerificationBook::Key;

struct State {
    FakeClock clock;
    FakeFileSystem files{clock};
    std::unique_ptr<FakeRoot> outside = files.bypass("/state");
    std::unique_ptr<Root> root = *files.openRoot("/state");
};

Key mirror(char vault)
{
    return {*VaultId::fromBytes(QByteArray(16, vault)), *MachineId::fromBytes(QByteArray(32, 'm'))};
}

VerificationRecord report(int number)
{
    VerificationRecord record;
    record.summary = {WallTime{(1'795'348'800'000 + number) * 1'000'000},
                      1000,
                      2,
                      Milliseconds(1500),
                      QByteArray(64, 'a'),
                      number % 2 == 1};
    record.differences = {{RelPath::of("a/b"), "content"}, {RelPath(), "attributes"}};
    return record;
}

} // namespace

void VerificationBookTest::nothingIsKnownBeforeTheFirst()
{
    State state;
    VerificationBook book(*state.root);
    book.load({mirror('v')});
    QVERIFY(!book.last(mirror('v')));
    QVERIFY(book.of(mirror('v')).isEmpty());
}

void VerificationBookTest::reportsOutliveTheEngine()
{
    State state;
    VERIFY_OK(VerificationBook(*state.root).add(mirror('v'), report(1)));
    VerificationBook again(*state.root);
    again.load({mirror('u'), mirror('v')});
    QVERIFY(again.of(mirror('v')) == QList<VerificationRecord>{report(1)});
    QVERIFY(again.last(mirror('v')) == report(1).summary);
    QVERIFY(!again.last(mirror('u')));
}

void VerificationBookTest::theLastFiveAreKeptTheNewestFirst()
{
    State state;
    VerificationBook book(*state.root);
    for (int number = 0; number < 8; ++number)
        VERIFY_OK(book.add(mirror('v'), report(number)));
    VerificationBook again(*state.root);
    again.load({mirror('v')});
    const QList<VerificationRecord> kept = again.of(mirror('v'));
    QVERIFY(kept == book.of(mirror('v')));
    QCOMPARE(kept.size(), 5);
    QVERIFY(kept.first() == report(7));
    QVERIFY(kept.last() == report(3));
}

void VerificationBookTest::aHundredDifferencesAreKeptAndAllAreCounted()
{
    State state;
    VerificationBook book(*state.root);
    VerificationRecord record = report(0);
    record.summary.different = 5000;
    record.differences = QList<RecordedDifference>(5000, {RelPath::of("x"), "missing"});
    VERIFY_OK(book.add(mirror('v'), record));
    VerificationBook again(*state.root);
    again.load({mirror('v')});
    QCOMPARE(again.of(mirror('v')).first().differences.size(), 100);
    QCOMPARE(again.last(mirror('v'))->different, quint64(5000));
}

void VerificationBookTest::hostileNamesSurvive()
{
    VerificationRecord record = report(0);
    record.differences.clear();
    for (const char *name : {"\xff\xfe", "a\nb\"c\\", "\xef\xbb\xbfmark", "\xed\xa0\x80"})
        record.differences.append({RelPath::of(name), "extra"});
    const auto back = decodeVerifications(encodeVerifications({record}));
    VERIFY_OK(back);
    QVERIFY(*back == QList<VerificationRecord>{record});
}

void VerificationBookTest::aFileThatIsNotUnderstoodCountsAsNone_data()
{
    QTest::addColumn<QByteArray>("content");
    const QByteArray good = encodeVerifications({report(1)});
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("cut") << good.first(good.size() / 2);
    QTest::newRow("another format") << QByteArray(good).replace("octopus-verifications", "other");
    QTest::newRow("newer") << QByteArray(good).replace("\"version\": 1", "\"version\": 2");
    QTest::newRow("unknown field") << QByteArray(good).replace("\"repaired\"", "\"x\"");
    QTest::newRow("up and away") << QByteArray(good).replace("a/b", "../b");
    QTest::newRow("no digest") << QByteArray(good).replace("aaaa", "zzzz");
    QTest::newRow("negative") << QByteArray(good).replace("\"identical\": ", "\"identical\": -");
}

void VerificationBookTest::aFileThatIsNotUnderstoodCountsAsNone()
{
    QFETCH(QByteArray, content);
    QVERIFY(!decodeVerifications(content));
    State state;
    VerificationBook book(*state.root);
    VERIFY_OK(book.add(mirror('v'), report(1)));
    const QByteArray name = (*state.outside->list(RelPath::of("verified"))).first().name;
    const RelPath path = *RelPath::of("verified").child(name);
    VERIFY_OK(state.outside->removeFile(path));
    VERIFY_OK((*state.outside->open(path, OpenMode::CreateNew))->write(0, content));
    VerificationBook again(*state.root);
    again.load({mirror('v')});
    QVERIFY(!again.last(mirror('v')));
    VERIFY_OK(again.add(mirror('v'), report(2)));
    VerificationBook third(*state.root);
    third.load({mirror('v')});
    QVERIFY(third.last(mirror('v')) == report(2).summary);
}

void VerificationBookTest::whatIsForgottenIsGone()
{
    State state;
    VerificationBook book(*state.root);
    VERIFY_OK(book.add(mirror('u'), report(1)));
    VERIFY_OK(book.add(mirror('v'), report(2)));
    book.forget(mirror('v').first);
    QVERIFY(!book.last(mirror('v')));
    QVERIFY(book.last(mirror('u')));
    VerificationBook again(*state.root);
    again.load({mirror('u'), mirror('v')});
    QVERIFY(!again.last(mirror('v')));
    QVERIFY(again.last(mirror('u')));
}

void VerificationBookTest::filesOfOtherMirrorsAreRemoved()
{
    State state;
    VERIFY_OK(VerificationBook(*state.root).add(mirror('u'), report(1)));
    VERIFY_OK(VerificationBook(*state.root).add(mirror('v'), report(2)));
    VerificationBook book(*state.root);
    book.load({mirror('v')});
    QCOMPARE(state.outside->list(RelPath::of("verified"))->size(), 1);
    QVERIFY(book.last(mirror('v')));
}

void VerificationBookTest::aFullDiskIsSaidAndTheReportCounts()
{
    State state;
    VerificationBook book(*state.root);
    VERIFY_OK(book.add(mirror('v'), report(1)));
    state.files.faults().add({FakeCall::Write, ErrorCode::NoSpace, 0, -1, {}});
    VERIFY_ERROR(book.add(mirror('v'), report(2)), ErrorCode::NoSpace);
    state.files.faults().clear();
    QVERIFY(book.last(mirror('v')) == report(2).summary);
    VerificationBook again(*state.root);
    again.load({mirror('v')});
    QVERIFY(again.last(mirror('v')) == report(1).summary); // what was there is still there
}

QTEST_APPLESS_MAIN(VerificationBookTest)
#include "tst_verificationbook.moc"
