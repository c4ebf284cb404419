// The primary against a target that misbehaves: what is out of place ends the connection, and what was
// not asked for changes nothing.
#include "tests/engine/mirror/primarybench.h"
#include "tests/engine/wire/messagegenerator.h"

#include <QLoggingCategory>
#include <QTest>

using namespace octopus;
using namespace octopus::mirror;

class TestPrimaryProtocol : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void nothingIsTakenBeforeTheState_data();
    void nothingIsTakenBeforeTheState();
    void messagesOutOfPlaceAreRefused_data();
    void messagesOutOfPlaceAreRefused();
    void aFalseAcknowledgementIsRefused();
    void aListingOfSomethingElseIsRefused();
    void moreBlockHashesThanBlocksAreRefused();
    void answersToNoQuestionChangeNothing();
    void aRefusalHaltsOrWaits_data();
    void aRefusalHaltsOrWaits();
    void aReplicaThatIsGoneHaltsUntilItIsBack();
    void aLaterWriterHaltsIt();
    void anyMessagesAreSurvived();
};

static bool isFromTarget(const wire::Message &message)
{
    return std::holds_alternative<wire::MirrorState>(message)
        || std::holds_alternative<wire::Refusal>(message)
        || std::holds_alternative<wire::Heartbeat>(message)
        || std::holds_alternative<wire::Acknowledgement>(message)
        || std::holds_alternative<wire::OperationFailed>(message)
        || std::holds_alternative<wire::TreeListing>(message)
        || std::holds_alternative<wire::TreeEnd>(message)
        || std::holds_alternative<wire::BlockHashes>(message)
        || std::holds_alternative<wire::MirrorClosed>(message);
}

static void eachMessage()
{
    QTest::addColumn<int>("index");
    for (int i = 0; i < int(std::variant_size_v<wire::Message>); ++i)
        QTest::addRow("message %d", i) << i;
}

void TestPrimaryProtocol::nothingIsTakenBeforeTheState_data()
{
    eachMessage();
}

void TestPrimaryProtocol::nothingIsTakenBeforeTheState()
{
    QFETCH(int, index);
    const wire::Message message = wire::MessageGenerator(1).message(size_t(index));
    const bool mayBeFirst = std::holds_alternative<wire::MirrorState>(message)
        || std::holds_alternative<wire::Refusal>(message)
        || std::holds_alternative<wire::Heartbeat>(message);
    PrimaryBench bench;
    bench.primary.connected();
    const auto taken = bench.primary.receive(message);
    QCOMPARE(taken.has_value(), mayBeFirst);
    if (!taken)
        QCOMPARE(taken.error().code, ErrorCode::Corrupt);
}

void TestPrimaryProtocol::messagesOutOfPlaceAreRefused_data()
{
    eachMessage();
}

void TestPrimaryProtocol::messagesOutOfPlaceAreRefused()
{
    QFETCH(int, index);
    const wire::Message message = wire::MessageGenerator(1).message(size_t(index));
    PrimaryBench bench;
    VERIFY_OK(bench.settle());
    if (std::holds_alternative<wire::MirrorState>(message)) // a second one
        VERIFY_ERROR(bench.primary.receive(message), ErrorCode::Corrupt);
    else if (!isFromTarget(message))
        VERIFY_ERROR(bench.primary.receive(message), ErrorCode::Corrupt);
    QVERIFY(bench.primary.status().inSync); // it took no harm
}

void TestPrimaryProtocol::aFalseAcknowledgementIsRefused()
{
    PrimaryBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=1"}));
    const auto sent = operationsIn(bench.begin());
    QVERIFY(!sent.isEmpty());
    const Sequence beyond = next(sent.last().sequence);
    QVERIFY(!bench.primary.receive(wire::Acknowledgement{beyond, beyond, beyond, 0}));
    QVERIFY(!bench.primary.status().inSync);
}

void TestPrimaryProtocol::aListingOfSomethingElseIsRefused()
{
    PrimaryBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=1", "b=2"}));
    VERIFY_OK(bench.settle());
    VERIFY_OK(testing::writeFile(*bench.user, at("a"), "new"));
    bench.changes.push(ChangeKind::Entry, at("a"));
    const auto sent = bench.said();
    QCOMPARE(operationsIn(sent).first().path, at("a"));
    VERIFY_OK(bench.primary.receive(
        wire::OperationFailed{operationsIn(sent).first().sequence, ErrorCode::Other, "no"}));
    VERIFY_OK(bench.acknowledge(sent));
    QList<wire::ListTree> asked;
    for (int i = 0; i < 100 && asked.isEmpty(); ++i) {
        bench.clock.advance(Milliseconds(100));
        asked = only<wire::ListTree>(bench.said());
    }
    QCOMPARE(asked.value(0).path, at("a"));
    wire::TreeEntry elsewhere;
    elsewhere.path = at("b");
    VERIFY_ERROR(bench.primary.receive(wire::TreeListing{asked[0].request, {elsewhere}}),
                 ErrorCode::Corrupt);
}

void TestPrimaryProtocol::moreBlockHashesThanBlocksAreRefused()
{
    PrimaryBench bench;
    const QByteArray content(1'000'000, 'x');
    VERIFY_OK(testing::writeFile(*bench.user, at("f"), content));
    wire::TreeEntry old;
    old.path = at("f");
    old.size = 900'000;
    const auto asked = only<wire::BlocksRequest>(bench.begin({old}));
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked[0].path, at("f"));
    const quint64 blocks = index::blockCount(900'000, asked[0].blockSize);
    wire::BlockHashes answer{asked[0].request, 900'000, false, {}};
    answer.hashes.resize(qsizetype(blocks));
    VERIFY_OK(bench.primary.receive(answer));
    answer.hashes.resize(1);
    VERIFY_ERROR(bench.primary.receive(answer), ErrorCode::Corrupt);
}

void TestPrimaryProtocol::answersToNoQuestionChangeNothing()
{
    PrimaryBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=1"}));
    VERIFY_OK(bench.settle());
    wire::TreeEntry other;
    other.path = at("a");
    other.size = 77;
    VERIFY_OK(bench.primary.receive(wire::TreeListing{4711, {other}}));
    VERIFY_OK(bench.primary.receive(wire::TreeEnd{4711, 0, {}}));
    VERIFY_OK(bench.primary.receive(wire::BlockHashes{4711, 5, true, {1, 2, 3}}));
    VERIFY_OK(bench.primary.receive(wire::OperationFailed{Sequence{4711}, ErrorCode::Other, "?"}));
    VERIFY_OK(bench.primary.receive(wire::Heartbeat{}));
    QVERIFY(bench.said().isEmpty());
    QVERIFY(bench.primary.status().inSync);
    QVERIFY(bench.primary.status().problems.isEmpty());
}

void TestPrimaryProtocol::aRefusalHaltsOrWaits_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("reason"); // 0: it is tried again
    const auto row = [](ErrorCode code, int reason) {
        QTest::newRow(errorName(code)) << int(code) << reason;
    };
    row(ErrorCode::Refused, int(HaltReason::ForeignData));
    row(ErrorCode::NotPaired, int(HaltReason::NotPaired));
    row(ErrorCode::NotGranted, int(HaltReason::NotGranted));
    row(ErrorCode::VersionMismatch, int(HaltReason::EpochOutdated));
    row(ErrorCode::ReadOnly, int(HaltReason::TargetReadOnly));
    row(ErrorCode::Corrupt, int(HaltReason::StateUnreadable));
    row(ErrorCode::Busy, 0);
    row(ErrorCode::NoSpace, 0);
    row(ErrorCode::InputOutput, 0);
    row(ErrorCode::NotFound, 0); // the place was taken away while it was looked at
}

void TestPrimaryProtocol::aRefusalHaltsOrWaits()
{
    QFETCH(int, code);
    QFETCH(int, reason);
    PrimaryBench bench;
    bench.primary.connected();
    VERIFY_OK(bench.primary.receive(wire::Refusal{ErrorCode(code), "because", {"a", "b"}}));
    const auto halt = bench.primary.status().halt;
    QCOMPARE(halt.has_value(), reason != 0);
    if (!halt)
        return;
    QCOMPARE(halt->reason, HaltReason(reason));
    QCOMPARE(halt->detail, "because");
    QCOMPARE(halt->paths, (QList<QByteArray>{"a", "b"}));
    QCOMPARE(bench.primary.status().phase, Phase::Halted);
    bench.primary.resume(false);
    QVERIFY(!bench.primary.status().halt);
}

void TestPrimaryProtocol::aReplicaThatIsGoneHaltsUntilItIsBack()
{
    PrimaryBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=1"}));
    VERIFY_OK(bench.settle());
    QVERIFY(bench.primary.status().lag);
    bench.primary.disconnected();
    bench.primary.connected(true);
    const auto opened = only<wire::OpenMirror>(bench.said());
    QVERIFY(opened.size() == 1 && opened.first().founded);
    VERIFY_OK(bench.primary.receive(wire::Refusal{ErrorCode::NotFound, "no replica there", {}}));
    bench.primary.disconnected();
    QCOMPARE(bench.primary.status().halt->reason, HaltReason::ReplicaGone);
    QCOMPARE(bench.primary.status().halt->detail, "no replica there");
    QVERIFY(!bench.primary.status().lag); // nobody knows how much is missing there
    bench.primary.connected(true);
    QVERIFY(bench.primary.status().halt); // until it is seen
    (void)bench.said();
    VERIFY_OK(bench.primary.receive(bench.state()));
    QVERIFY(!bench.primary.status().halt);
    QCOMPARE(bench.primary.status().phase, Phase::Checking);
}

void TestPrimaryProtocol::aLaterWriterHaltsIt()
{
    PrimaryBench bench;
    VERIFY_OK(testing::buildTree(*bench.user, {"a=1"}));
    bench.primary.connected();
    (void)bench.said();
    wire::MirrorState state = bench.state();
    state.epoch = Epoch{4};
    VERIFY_OK(bench.primary.receive(state));
    QCOMPARE(bench.primary.status().halt->reason, HaltReason::EpochOutdated);
    QVERIFY(bench.said().isEmpty());
}

void TestPrimaryProtocol::anyMessagesAreSurvived()
{
    for (quint64 seed = 0; seed < 60; ++seed) {
        wire::MessageGenerator any(seed);
        PrimaryBench bench;
        VERIFY_OK(testing::buildTree(*bench.user, {"a=1", "d/", "d/b=2"}));
        VERIFY_OK(testing::writeFile(*bench.user, at("large"), QByteArray(400'000, 'x')));
        (void)bench.begin();
        for (int i = 0; i < 300; ++i) {
            wire::Message message = any.message();
            if (auto *listing = std::get_if<wire::TreeListing>(&message))
                listing->request = quint32(any.any().below(6));
            else if (auto *end = std::get_if<wire::TreeEnd>(&message))
                end->request = quint32(any.any().below(6));
            else if (auto *blocks = std::get_if<wire::BlockHashes>(&message))
                blocks->request = quint32(any.any().below(6));
            else if (auto *failed = std::get_if<wire::OperationFailed>(&message))
                failed->sequence = Sequence{any.any().below(12)};
            (void)bench.primary.receive(message);
            bench.clock.advance(Milliseconds(200));
            (void)bench.said();
            (void)bench.primary.status();
        }
        QCOMPARE(testing::readFile(*bench.user, at("d/b")), QByteArray("2"));
    }
}

QTEST_APPLESS_MAIN(TestPrimaryProtocol)

#include "tst_primaryprotocol.moc"
