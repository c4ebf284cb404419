#include "engine/apply/failures.h"
#include "engine/apply/planned.h"
#include "tests/engine/apply/fixture.h"

#include <QTest>

using namespace octopus;
using namespace octopus::apply;

class TestFailures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theyComeInTheOrderOfTheirSequences();
    void aPathHasOneAndStaysInDoubt();
    void onlyWhatBuildsUponADoubtIsStopped_data();
    void onlyWhatBuildsUponADoubtIsStopped();
    void whatThePrimaryKnewIsKnownInARedo();
    void anOperationSettlesWhatItPutsRight_data();
    void anOperationSettlesWhatItPutsRight();
    void aDoubtMovesWithItsEntry();
    void anExchangeSwapsDoubts();
    void changesAreToldOnce();
    void theirRecordKeepsEverything();
    void aDamagedRecordIsNone();
    void theKindSaysWhetherTheContentIsInDoubt_data();
    void theKindSaysWhetherTheContentIsInDoubt();
};

static FailedOperation failed(const QByteArray &path, quint64 sequence, bool inDoubt = true)
{
    return {.sequence = Sequence{sequence},
            .path = at(path),
            .error = {ErrorCode::NoSpace, "full", 28},
            .inDoubt = inDoubt};
}

static QList<RelPath> pathsOf(const Failures &failures)
{
    QList<RelPath> out;
    for (const FailedOperation &one : failures.all())
        out.append(one.path);
    return out;
}

void TestFailures::theyComeInTheOrderOfTheirSequences()
{
    Failures failures;
    failures.add(failed("a", 9));
    failures.add(failed("b", 3));
    failures.add(failed("c", 5));
    QCOMPARE(pathsOf(failures), (QList{at("b"), at("c"), at("a")}));
    failures.forget(at("c"));
    QCOMPARE(failures.size(), 2);
    failures.forget(at("a"));
    failures.forget(at("b"));
    QCOMPARE(failures.all(), QList<FailedOperation>());
}

void TestFailures::aPathHasOneAndStaysInDoubt()
{
    Failures failures;
    failures.add(failed("a", 1, true));
    failures.add(failed("a", 2, false)); // its attributes failed, too: the content is no better
    QCOMPARE(failures.size(), 1);
    QCOMPARE(failures.all()[0].sequence, Sequence{2});
    QVERIFY(failures.all()[0].inDoubt);
}

void TestFailures::onlyWhatBuildsUponADoubtIsStopped_data()
{
    QTest::addColumn<Operation>("attempt");
    QTest::addColumn<bool>("stopped");
    QTest::newRow("ranges") << ranges("bad", 0, "x", 1) << true;
    QTest::newRow("attributes") << operation(OperationKind::SetAttributes, "bad") << true;
    QTest::newRow("link from") << linking("bad", "n") << true;
    QTest::newRow("link over") << linking("good", "bad") << false;
    QTest::newRow("put") << put("bad", "x") << false;
    QTest::newRow("rename from") << renaming("bad", "n") << false;
    QTest::newRow("remove") << removal("bad") << false;
    QTest::newRow("adopt") << operation(OperationKind::Adopt, "bad") << false;
    QTest::newRow("elsewhere") << ranges("good", 0, "x", 1) << false;
    QTest::newRow("below") << ranges("bad/x", 0, "x", 1) << false;
    QTest::newRow("without doubt") << ranges("settled", 0, "x", 1) << false;
}

void TestFailures::onlyWhatBuildsUponADoubtIsStopped()
{
    QFETCH(Operation, attempt);
    QFETCH(bool, stopped);
    Failures failures;
    failures.add(failed("bad", 1, true));
    failures.add(failed("settled", 2, false));
    const FailedOperation *obstacle = failures.obstacle(attempt);
    QCOMPARE(obstacle != nullptr, stopped);
    if (obstacle)
        QCOMPARE(obstacle->path, at("bad"));
}

void TestFailures::whatThePrimaryKnewIsKnownInARedo()
{
    Failures failures;
    const Operation attributes = operation(OperationKind::SetAttributes, "bad");
    QCOMPARE(failures.heardBy(attributes), Sequence{});
    failures.add(failed("bad", 3, true));
    QCOMPARE(failures.heardBy(attributes), Sequence{});
    failures.hear(at("bad"));
    QCOMPARE(failures.heardBy(attributes), Sequence{3});
    QCOMPARE(failures.heardBy(linking("bad", "n")), Sequence{3});
    QCOMPARE(failures.heardBy(put("bad", "x")), Sequence{}); // builds upon nothing
    // Read from the disk it is not known, until the operation says so; another failure stays.
    Failures again;
    again.add(failed("bad", 4, true));
    again.hear(attributes, Sequence{3});
    QVERIFY(again.obstacle(attributes));
    again.hear(attributes, Sequence{4});
    QVERIFY(!again.obstacle(attributes));
}

void TestFailures::anOperationSettlesWhatItPutsRight_data()
{
    QTest::addColumn<Operation>("done");
    QTest::addColumn<bool>("settled");
    QTest::newRow("put") << put("bad", "x") << true;
    QTest::newRow("symlink") << makeSymlink("bad", "x") << true;
    QTest::newRow("remove") << removal("bad") << true;
    QTest::newRow("link over") << linking("good", "bad") << true;
    QTest::newRow("rename over") << renaming("good", "bad") << true;
    QTest::newRow("adopt") << operation(OperationKind::Adopt, "bad") << true;
    QTest::newRow("consistent") << operation(OperationKind::Consistent, "") << false;
    QTest::newRow("elsewhere") << put("good", "x") << false;
    QTest::newRow("below") << put("bad/x", "x") << false;
}

void TestFailures::anOperationSettlesWhatItPutsRight()
{
    QFETCH(Operation, done);
    QFETCH(bool, settled);
    Failures failures;
    failures.add(failed("bad", 1));
    failures.settle(done);
    QCOMPARE(failures.size(), settled ? 0 : 1);
}

void TestFailures::aDoubtMovesWithItsEntry()
{
    Failures failures;
    failures.add(failed("d/a", 1));
    failures.add(failed("d", 2));
    failures.add(failed("d!", 3));
    failures.settle(renaming("d", "e"));
    QCOMPARE(pathsOf(failures), (QList{at("e/a"), at("e"), at("d!")}));
    QVERIFY(failures.obstacle(ranges("e/a", 0, "x", 1)));
    QVERIFY(!failures.obstacle(ranges("d/a", 0, "x", 1)));
}

void TestFailures::anExchangeSwapsDoubts()
{
    Failures failures;
    failures.add(failed("a/x", 1));
    failures.add(failed("b", 2));
    failures.settle(operation(OperationKind::Exchange, "a", "b"));
    QCOMPARE(pathsOf(failures), (QList{at("b/x"), at("a")}));
}

void TestFailures::changesAreToldOnce()
{
    Failures failures;
    QVERIFY(!failures.takeChanged());
    failures.add(failed("a", 1));
    QVERIFY(failures.takeChanged());
    QVERIFY(!failures.takeChanged());
    failures.settle(put("b", "x"));
    failures.forget(at("b"));
    QVERIFY(!failures.takeChanged());
    failures.settle(renaming("a", "c"));
    QVERIFY(failures.takeChanged());
    failures.forget(at("c"));
    QVERIFY(failures.takeChanged());
    failures.hearAll();
    QVERIFY(!failures.takeChanged());
}

static QByteArray encoded(const Failures &failures)
{
    QByteArray bytes;
    {
        ByteWriter writer(bytes, 0);
        failures.encode(writer);
    }
    return bytes;
}

void TestFailures::theirRecordKeepsEverything()
{
    Failures failures;
    failures.add(failed("a", 1));
    FailedOperation lost = failed("b\xff", quint64(1) << 62, false);
    lost.applied = true;
    failures.add(lost);
    FailedOperation wordy = failed("c", 3);
    wordy.error.detail = QByteArray(5000, 'x');
    failures.add(wordy);
    const QByteArray bytes = encoded(failures);
    ByteReader reader(bytes);
    Failures again;
    again.decode(reader);
    QVERIFY(reader.ok() && reader.atEnd());
    QVERIFY(!again.takeChanged());
    QCOMPARE(again.all()[0], failures.all()[0]);
    QCOMPARE(again.all()[2], lost);
    QCOMPARE(again.all()[1].error.detail.size(), 1024);
}

void TestFailures::aDamagedRecordIsNone()
{
    Failures failures;
    failures.add(failed("a", 1));
    const QByteArray bytes = encoded(failures);
    for (qsizetype size = 0; size < bytes.size(); ++size) {
        ByteReader reader(QByteArrayView(bytes).first(size));
        Failures again;
        again.decode(reader);
        QVERIFY(!reader.ok());
    }
    QByteArray unknown = bytes;
    unknown[4] = char(200); // the error's code: behind the count, the sequence and the path
    ByteReader reader(unknown);
    Failures again;
    again.decode(reader);
    QVERIFY(!reader.ok());
}

void TestFailures::theKindSaysWhetherTheContentIsInDoubt_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("decides");
    for (int kind = int(OperationKind::MakeDirectory); kind <= int(OperationKind::Consistent);
         ++kind) {
        const auto one = OperationKind(kind);
        const bool leaves = one == OperationKind::SetAttributes || one == OperationKind::Remove
            || one == OperationKind::Adopt || one == OperationKind::Consistent;
        QTest::addRow("kind %d", kind) << kind << !leaves;
    }
}

void TestFailures::theKindSaysWhetherTheContentIsInDoubt()
{
    QFETCH(int, kind);
    QFETCH(bool, decides);
    const Operation attempt = operation(OperationKind(kind), "a", "b");
    const bool moves =
        attempt.kind == OperationKind::Rename || attempt.kind == OperationKind::Exchange;
    const Error full{ErrorCode::NoSpace, "full", 28};
    const FailedOperation failure = failureOf(attempt, full);
    QCOMPARE(failure.inDoubt, decides);
    QVERIFY(!failureOf(attempt, full, true).inDoubt); // but for an attribute it was carried out
    Failures failures;
    failures.add(failure);
    QCOMPARE(pathsOf(failures), moves ? (QList{at("a"), at("b")}) : QList{at("a")});
    QCOMPARE(failures.isInDoubt(at("b")), moves);
    // A group of the journal has it, and opens the same.
    QByteArray bytes;
    encodeRecord(bytes, failure);
    const auto records = decodeRecords(bytes);
    QVERIFY(records && records->size() == 1);
    QCOMPARE(std::get<FailedOperation>(records->first()), failure);
}

QTEST_APPLESS_MAIN(TestFailures)

#include "tst_failures.moc"
