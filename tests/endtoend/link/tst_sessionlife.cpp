// How a session greets, stays alive, holds back and ends. Guarantee I11.
#include "tests/endtoend/link/sessionfixture.h"

using namespace octopus;
using namespace octopus::link;
using namespace octopus::testing;
using namespace std::chrono_literals;

class SessionLifeTest : public SessionFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { prepare(); }

    void anotherProtocolVersionIsRefusedWithAReason();
    void heartbeatsKeepAnIdleSessionAlive();
    void silenceEndsTheSession();
    void aSilentConsumerDoesNotEndTheSession();
    void whatIsNotTakenStaysWithTheSender();
    void aFullConnectionSaysWhenItIsWritableAgain();
    void closingSendsWhatWasQueued();
    void anUnreachableAddressIsReported();
    void nobodyThereIsReportedInTime();
};

void SessionLifeTest::anotherProtocolVersionIsRefusedWithAReason()
{
    m_alpha.settings.hello.lowest = wire::highestProtocol + 1;
    m_alpha.settings.hello.highest = wire::highestProtocol + 1;
    connectBoth();
    QTRY_VERIFY(m_atCaller->isClosed());
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_atCaller->errors.first().code, ErrorCode::VersionMismatch);
    QCOMPARE(m_atAnswerer->errors.first().code, ErrorCode::VersionMismatch);
    m_alpha.settings.hello = Machine("alpha").settings.hello;
}

void SessionLifeTest::heartbeatsKeepAnIdleSessionAlive()
{
    for (Machine *machine : {&m_alpha, &m_beta}) {
        machine->settings.timings.heartbeat = 100ms;
        machine->settings.timings.silence = 3'000ms;
    }
    connectBoth();
    QTRY_COMPARE(m_atCaller->readies, 1);
    QTRY_COMPARE(m_atAnswerer->readies, 1);
    const quint64 beat = quint64(wire::encode(wire::Heartbeat{}).size());
    const quint64 before = m_answerer->receivedBytes();
    QElapsedTimer since;
    since.start();
    QTRY_VERIFY_WITH_TIMEOUT(
        since.elapsed() > 7'000 && m_answerer->receivedBytes() >= before + 5 * beat, 30'000);
    QVERIFY(!m_atCaller->isClosed());
    QVERIFY(!m_atAnswerer->isClosed());
    QVERIFY(m_atAnswerer->messages.isEmpty());
}

void SessionLifeTest::silenceEndsTheSession()
{
    m_beta.settings.timings.silence = 100ms;
    const auto raw = rawClient(configurationOf(m_alpha));
    greetRaw(*raw);
    QTRY_COMPARE(m_atAnswerer->readies, 1);
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_atAnswerer->errors.first().code, ErrorCode::TimedOut);
}

void SessionLifeTest::aSilentConsumerDoesNotEndTheSession()
{
    m_beta.settings.timings.silence = 1'000ms;
    connectBoth();
    connect(m_answerer.get(), &Session::ready, m_answerer.get(), [this] { m_answerer->pause(); });
    QTRY_COMPARE(m_atAnswerer->readies, 1);
    QElapsedTimer since;
    since.start();
    QTRY_VERIFY_WITH_TIMEOUT(since.elapsed() > 2'500, 30'000);
    QVERIFY(!m_atAnswerer->isClosed());
    QVERIFY(m_caller->send(wire::encode(chunk(1, 10))));
    m_answerer->resume();
    QTRY_COMPARE(m_atAnswerer->messages.size(), 1);
}

void SessionLifeTest::whatIsNotTakenStaysWithTheSender()
{
    connectBoth();
    QTRY_COMPARE(m_atCaller->readies, 1);
    QTRY_COMPARE(m_atAnswerer->readies, 1);
    m_answerer->pause();
    constexpr quint64 count = 48;
    for (quint64 i = 0; i < count; ++i)
        QVERIFY(m_caller->send(wire::encode(chunk(i, 1024 * 1024))));
    QElapsedTimer since;
    since.start();
    QTRY_VERIFY(since.elapsed() > 300);
    QVERIFY(m_answerer->receivedBytes() < 64 * 1024);
    QVERIFY(m_atAnswerer->messages.isEmpty());
    // All but what the kernel and the bounded buffer of the socket hold.
    QVERIFY(m_caller->pendingBytes() > 16 * 1024 * 1024);
    m_answerer->resume();
    QTRY_COMPARE_WITH_TIMEOUT(m_atAnswerer->messages.size(), qsizetype(count), 30'000);
    QTRY_COMPARE(m_caller->pendingBytes(), 0);
}

void SessionLifeTest::aFullConnectionSaysWhenItIsWritableAgain()
{
    connectBoth();
    QTRY_COMPARE(m_atCaller->readies, 1);
    QTRY_COMPARE(m_atAnswerer->readies, 1);
    int writables = 0;
    connect(m_caller.get(), &Session::writable, m_caller.get(), [&] {
        ++writables;
        QVERIFY(m_caller->pendingBytes() < lowWater);
    });
    m_answerer->pause();
    quint64 sent = 0;
    while (m_caller->pendingBytes() < 16 * highWater)
        QVERIFY(m_caller->send(wire::encode(chunk(sent++, 256 * 1024))));
    QCOMPARE(writables, 0);
    m_answerer->resume();
    QTRY_COMPARE_WITH_TIMEOUT(writables, 1, 30'000);
    QTRY_COMPARE(m_atAnswerer->messages.size(), qsizetype(sent));
}

void SessionLifeTest::closingSendsWhatWasQueued()
{
    connectBoth();
    QTRY_COMPARE(m_atCaller->readies, 1);
    QTRY_COMPARE(m_atAnswerer->readies, 1);
    for (quint64 i = 0; i < 8; ++i)
        QVERIFY(m_caller->send(wire::encode(chunk(i, 1024 * 1024))));
    m_caller->refuse({ErrorCode::NotGranted, "no", {}});
    QVERIFY(!m_caller->send(wire::encode(chunk(9, 1))));
    QTRY_VERIFY(m_atCaller->isClosed());
    QCOMPARE(m_atCaller->errors.first().code, ErrorCode::NotGranted);
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_atAnswerer->messages.size(), 9);
    QCOMPARE(std::get<wire::Refusal>(m_atAnswerer->messages.last()).code, ErrorCode::NotGranted);
    QCOMPARE(m_atAnswerer->errors.size(), 1);
    QCOMPARE(m_atAnswerer->errors.first().code, ErrorCode::Disconnected);
}

void SessionLifeTest::anUnreachableAddressIsReported()
{
    m_toBeta.endpoint.port = m_door->serverPort();
    m_door->close();
    m_caller = std::make_unique<Session>(m_alpha.settings);
    m_atCaller = std::make_unique<Record>(*m_caller);
    m_caller->connectTo(m_toBeta);
    QTRY_VERIFY(m_atCaller->isClosed());
    QCOMPARE(m_atCaller->errors.first().code, ErrorCode::Unreachable);
    QVERIFY(m_atCaller->errors.first().detail.startsWith(m_toBeta.endpoint.text().toUtf8()));
}

void SessionLifeTest::nobodyThereIsReportedInTime()
{
    // Something accepts, but does not speak TLS.
    m_alpha.settings.timings.authenticate = 100ms;
    m_caller = std::make_unique<Session>(m_alpha.settings);
    m_atCaller = std::make_unique<Record>(*m_caller);
    m_caller->connectTo(m_toBeta);
    QTRY_VERIFY(m_atCaller->isClosed());
    QCOMPARE(m_atCaller->errors.first().code, ErrorCode::TimedOut);
    QCOMPARE(m_caller->reached(), SessionState::Securing);
}

QTEST_GUILESS_MAIN(SessionLifeTest)
#include "tst_sessionlife.moc"
