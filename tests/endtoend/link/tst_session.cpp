// Who gets in, and what a session takes. Guarantees I8 and I11.
#include "tests/endtoend/link/sessionfixture.h"

#include <QtEndian>

using namespace octopus;
using namespace octopus::link;
using namespace octopus::testing;
using namespace std::chrono_literals;

class SessionTest : public SessionFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { prepare(); }

    void pairedMachinesMeet();
    void messagesArriveInOrderAndAreCounted();
    void anotherKeyIsRefusedBeforeAnythingIsParsed();
    void aStrangersKeyIsNotAPairedOne();
    void aMachineDoesNotTalkToItself();
    void olderTlsIsRefused();
    void aClientWithoutACertificateIsRefused();
    void anotherApplicationProtocolIsRefused();
    void aServerWithOlderTlsIsRefused();
    void nothingCanBeResumed();
    void aStrangerMayOnlyRedeemATicket_data();
    void aStrangerMayOnlyRedeemATicket();
    void aStrangersTicketIsHandedOnOnce();
    void aTicketMayBeAnsweredLongAfterTheGreeting_data();
    void aTicketMayBeAnsweredLongAfterTheGreeting();
    void aTicketThatNobodyAnswersEndsTheConnection();
    void junkInsteadOfTlsEndsTheConnection();
    void junkInsideTlsEndsTheConnection();
    void aStrangerCannotSendMuch();
    void anOversizeFrameEndsTheSession();
    void compressedFramesAreTakenOnceTheMirrorHasBegun_data();
    void compressedFramesAreTakenOnceTheMirrorHasBegun();
    void whoSaysNothingIsSentAway();
    void whoDribblesIsSentAwayAtTheSameTime();
    void whoNeverGreetsIsSentAwayAtTheSameTime();
};

void SessionTest::pairedMachinesMeet()
{
    connectBoth();
    QTRY_COMPARE(m_atCaller->readies, 1);
    QTRY_COMPARE(m_atAnswerer->readies, 1);
    QCOMPARE(m_atCaller->peer, m_beta.id());
    QCOMPARE(m_atCaller->name, QStringLiteral("beta"));
    QCOMPARE(m_atAnswerer->peer, m_alpha.id());
    QCOMPARE(m_atAnswerer->name, QStringLiteral("alpha"));
    QCOMPARE(m_caller->state(), SessionState::Ready);
    QVERIFY(m_answerer->peerAddress().startsWith(QStringLiteral("127.0.0.1:")));
}

void SessionTest::messagesArriveInOrderAndAreCounted()
{
    connectBoth();
    QTRY_COMPARE(m_atCaller->readies, 1);
    QTRY_COMPARE(m_atAnswerer->readies, 1);
    constexpr quint64 count = 200;
    for (quint64 i = 0; i < count; ++i) {
        QVERIFY(m_caller->send(wire::encode(chunk(i, 1 + qsizetype(i * 97 % 50'000)))));
        QVERIFY(m_answerer->send(wire::encode(chunk(i, 10))));
    }
    QTRY_COMPARE(m_atAnswerer->messages.size(), qsizetype(count));
    QTRY_COMPARE(m_atCaller->messages.size(), qsizetype(count));
    for (quint64 i = 0; i < count; ++i) {
        QCOMPARE(numberOf(m_atAnswerer->messages[qsizetype(i)]), i);
        QCOMPARE(numberOf(m_atCaller->messages[qsizetype(i)]), i);
    }
    QCOMPARE(m_answerer->receivedBytes(), m_caller->sentBytes());
    QCOMPARE(m_caller->receivedBytes(), m_answerer->sentBytes());
    QCOMPARE(m_caller->pendingBytes(), 0);
}

void SessionTest::anotherKeyIsRefusedBeforeAnythingIsParsed()
{
    m_toBeta.expected = Machine("gamma").id();
    connectBoth();
    QTRY_VERIFY(m_atCaller->isClosed());
    QCOMPARE(m_atCaller->errors.first().code, ErrorCode::NotPaired);
    QVERIFY(m_atCaller->errors.first().detail.contains("identity changed"));
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_atCaller->readies, 0);
    QCOMPARE(m_atAnswerer->readies, 0);
    QCOMPARE(m_caller->receivedBytes(), 0U);
    QCOMPARE(m_caller->sentBytes(), 0U);
    QCOMPARE(m_answerer->receivedBytes(), 0U);
    QCOMPARE(m_caller->reached(), SessionState::Securing);
}

void SessionTest::aStrangersKeyIsNotAPairedOne()
{
    m_beta.directory->unpair(m_alpha.id());
    connectBoth();
    QTRY_COMPARE(m_atCaller->readies, 1);
    QTRY_COMPARE(m_answerer->state(), SessionState::Stranger);
    QCOMPARE(m_atAnswerer->readies, 0);
}

void SessionTest::aMachineDoesNotTalkToItself()
{
    m_caller = std::make_unique<Session>(m_beta.settings);
    m_atCaller = std::make_unique<Record>(*m_caller);
    answer(m_beta, [this] { m_caller->connectTo(m_toBeta); });
    QTRY_VERIFY(m_atCaller->isClosed());
    QCOMPARE(m_atCaller->errors.first().code, ErrorCode::Refused);
    QTRY_VERIFY(m_atAnswerer->isClosed());
}

void SessionTest::olderTlsIsRefused()
{
    QSslConfiguration old = configurationOf(m_alpha);
    old.setProtocol(QSsl::TlsV1_2);
    const auto raw = rawClient(old);
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_answerer->reached(), SessionState::Securing);
    QVERIFY(!raw->isEncrypted());
}

void SessionTest::aClientWithoutACertificateIsRefused()
{
    QSslConfiguration anonymous = configurationOf(m_alpha);
    anonymous.setLocalCertificateChain({});
    anonymous.setPrivateKey(QSslKey());
    const auto raw = rawClient(anonymous);
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_answerer->reached(), SessionState::Securing);
    QCOMPARE(m_answerer->receivedBytes(), 0U);
    QCOMPARE(m_answerer->sentBytes(), 0U);
}

void SessionTest::anotherApplicationProtocolIsRefused()
{
    QSslConfiguration other = configurationOf(m_alpha);
    other.setAllowedNextProtocols({"http/1.1"});
    const auto raw = rawClient(other);
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_answerer->receivedBytes(), 0U);
    QCOMPARE(m_answerer->sentBytes(), 0U);

    other.setAllowedNextProtocols({});
    const auto none = rawClient(other);
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_answerer->sentBytes(), 0U);
}

void SessionTest::aServerWithOlderTlsIsRefused()
{
    m_caller = std::make_unique<Session>(m_alpha.settings);
    m_atCaller = std::make_unique<Record>(*m_caller);
    m_caller->connectTo(m_toBeta);
    QTRY_VERIFY(!m_door->descriptors.isEmpty());
    QSslConfiguration old = configurationOf(m_beta);
    old.setProtocol(QSsl::TlsV1_2);
    QSslSocket server;
    server.setSslConfiguration(old);
    trustAnybody(server);
    QVERIFY(server.setSocketDescriptor(m_door->descriptors.takeFirst()));
    server.startServerEncryption();
    QTRY_VERIFY(m_atCaller->isClosed());
    QCOMPARE(m_caller->reached(), SessionState::Securing);
    QCOMPARE(m_caller->sentBytes(), 0U);
}

void SessionTest::nothingCanBeResumed()
{
    QSslConfiguration eager = configurationOf(m_alpha);
    eager.setSslOption(QSsl::SslOptionDisableSessionTickets, false);
    eager.setSslOption(QSsl::SslOptionDisableSessionSharing, false);
    eager.setSslOption(QSsl::SslOptionDisableSessionPersistence, false);
    const auto raw = rawClient(eager);
    greetRaw(*raw);
    QTRY_COMPARE(m_atAnswerer->readies, 1);
    QTRY_VERIFY(raw->bytesAvailable() > 0); // whatever came with the handshake has arrived
    const QByteArray ticket = raw->sslConfiguration().sessionTicket();
    if (ticket.isEmpty())
        return;
    // One that is offered again is not honoured: the key is proved anew.
    eager.setSessionTicket(ticket);
    eager.setLocalCertificateChain({});
    eager.setPrivateKey(QSslKey());
    const auto again = rawClient(eager);
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_atAnswerer->readies, 0);
}

void SessionTest::aStrangerMayOnlyRedeemATicket_data()
{
    QTest::addColumn<QByteArray>("frame");
    QTest::newRow("OpenMirror") << wire::encode(openMirror());
    QTest::newRow("Heartbeat") << wire::encode(wire::Heartbeat{});
    QTest::newRow("Hello") << wire::encode(m_alpha.settings.hello);
    QTest::newRow("PairAccepted") << wire::encode(wire::PairAccepted{QStringLiteral("x")});
    QTest::newRow("Refusal") << wire::encode(wire::Refusal{});
    QTest::newRow("MirrorState") << wire::encode(wire::MirrorState{.destination = "/x"});
    QTest::newRow("ListTree") << wire::encode(wire::ListTree{});
    QTest::newRow("BlocksRequest") << wire::encode(wire::BlocksRequest{1, RelPath::of("a"), 4096});
    QTest::newRow("StageChunk") << wire::encode(chunk(1, 10));
    QTest::newRow("Operations") << wire::encode(wire::Operations{{Operation{
        .sequence = Sequence(1), .kind = OperationKind::Remove, .path = RelPath::of("a")}}});
    QTest::newRow("CloseMirror") << wire::encode(wire::CloseMirror{true});
    QTest::newRow("Acknowledgement") << wire::encode(wire::Acknowledgement{});
}

void SessionTest::aStrangerMayOnlyRedeemATicket()
{
    QFETCH(QByteArray, frame);
    m_beta.settings.timings.authenticate = 60s; // it is not the deadline that ends it
    m_beta.directory->unpair(m_alpha.id());
    const auto raw = rawClient(configurationOf(m_alpha));
    greetRaw(*raw);
    QTRY_COMPARE(m_answerer->state(), SessionState::Stranger);
    raw->write(frame);
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QVERIFY(m_atAnswerer->messages.isEmpty());
    QTRY_COMPARE(raw->state(), QAbstractSocket::UnconnectedState);
    // It was told why.
    wire::FrameReader reader;
    reader.append(raw->readAll());
    QVERIFY(std::holds_alternative<wire::Hello>(**reader.next()));
    QCOMPARE(std::get<wire::Refusal>(**reader.next()).code, ErrorCode::NotPaired);
}

void SessionTest::aStrangersTicketIsHandedOnOnce()
{
    m_beta.directory->unpair(m_alpha.id());
    const auto raw = rawClient(configurationOf(m_alpha));
    greetRaw(*raw);
    const QByteArray request =
        wire::encode(wire::PairRequest{QByteArray(20, 's'), QStringLiteral("alpha")});
    raw->write(request);
    QTRY_COMPARE(m_atAnswerer->secrets, QList<QByteArray>{QByteArray(20, 's')});
    QCOMPARE(m_atAnswerer->peer, m_alpha.id());
    raw->write(request);
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_atAnswerer->secrets.size(), 1);
}

void SessionTest::aTicketMayBeAnsweredLongAfterTheGreeting_data()
{
    QTest::addColumn<bool>("paired");
    QTest::newRow("of a stranger") << false;
    QTest::newRow("of a paired machine") << true;
}

// The answer waits for a disk.
void SessionTest::aTicketMayBeAnsweredLongAfterTheGreeting()
{
    QFETCH(bool, paired);
    if (!paired)
        m_beta.directory->unpair(m_alpha.id());
    m_beta.settings.timings.authenticate = 3'000ms;
    m_beta.settings.timings.silence = 3'000ms;
    m_toBeta.purpose = Destination::Purpose::Pairing;
    connectBoth();
    QTRY_COMPARE(m_atCaller->readies, 1);
    QVERIFY(m_caller->send(
        wire::encode(wire::PairRequest{QByteArray(20, 's'), QStringLiteral("alpha")})));
    QTRY_COMPARE(m_atAnswerer->secrets.size(), 1);
    QTest::qWait(4'000);
    QVERIFY(!m_atAnswerer->isClosed());
    m_answerer->answerPairing(QStringLiteral("beta"));
    QTRY_COMPARE(m_atCaller->messages.size(), 1);
    QCOMPARE(std::get<wire::PairAccepted>(m_atCaller->messages.first()).name,
             QStringLiteral("beta"));
    QTRY_VERIFY(m_atAnswerer->isClosed());
}

void SessionTest::aTicketThatNobodyAnswersEndsTheConnection()
{
    m_beta.directory->unpair(m_alpha.id());
    m_beta.settings.timings.pairing = 200ms;
    const auto raw = rawClient(configurationOf(m_alpha));
    greetRaw(*raw);
    raw->write(wire::encode(wire::PairRequest{QByteArray(20, 's'), QStringLiteral("alpha")}));
    QTRY_VERIFY_WITH_TIMEOUT(m_atAnswerer->isClosed(), 20'000);
    QCOMPARE(m_atAnswerer->secrets.size(), 1);
    QCOMPARE(m_atAnswerer->errors.first().code, ErrorCode::TimedOut);
    QVERIFY(m_atAnswerer->errors.first().detail.contains("pairing"));
}

void SessionTest::junkInsteadOfTlsEndsTheConnection()
{
    QTcpSocket raw;
    answer(m_beta, [&] { raw.connectToHost(m_door->endpoint().host, m_door->endpoint().port); });
    QTRY_COMPARE(raw.state(), QAbstractSocket::ConnectedState);
    raw.write("GET / HTTP/1.1\r\nHost: octopus\r\n\r\n");
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_answerer->receivedBytes(), 0U);
    QTRY_COMPARE(raw.state(), QAbstractSocket::UnconnectedState);
}

void SessionTest::junkInsideTlsEndsTheConnection()
{
    const auto raw = rawClient(configurationOf(m_alpha));
    QTRY_VERIFY(raw->isEncrypted());
    raw->write(QByteArray(64, '\xff'));
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_atAnswerer->readies, 0);
    const ErrorCode code = m_atAnswerer->errors.first().code;
    QVERIFY(code == ErrorCode::Corrupt || code == ErrorCode::TooLong);
}

void SessionTest::aStrangerCannotSendMuch()
{
    m_beta.directory->unpair(m_alpha.id());
    const auto raw = rawClient(configurationOf(m_alpha));
    QTRY_VERIFY(raw->isEncrypted());
    // The head of a frame that would be allowed later, and more than is taken in now.
    raw->write(wire::encode(chunk(1, 1024 * 1024)));
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QVERIFY(m_answerer->receivedBytes() <= quint64(wire::unauthenticatedCap));
}

void SessionTest::anOversizeFrameEndsTheSession()
{
    const auto raw = rawClient(configurationOf(m_alpha));
    greetRaw(*raw);
    QTRY_COMPARE(m_atAnswerer->readies, 1);
    QByteArray header(wire::frameHeaderSize, '\0');
    wire::finishFrame(header, wire::MessageType::StageChunk);
    qToLittleEndian(quint32(wire::dataFrameCap + 1), header.data());
    raw->write(header + QByteArray(wire::dataFrameCap + 1, '\0'));
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_atAnswerer->errors.first().code, ErrorCode::TooLong);
    QVERIFY(m_answerer->receivedBytes() < quint64(wire::dataFrameCap));
}

void SessionTest::compressedFramesAreTakenOnceTheMirrorHasBegun_data()
{
    QTest::addColumn<quint32>("protocol");
    QTest::addColumn<bool>("begun");
    QTest::addColumn<bool>("taken");
    QTest::newRow("version 3") << 3U << true << true;
    QTest::newRow("version 3, before the mirror begins") << 3U << false << false;
    QTest::newRow("version 2") << 2U << true << false;
}

void SessionTest::compressedFramesAreTakenOnceTheMirrorHasBegun()
{
    QFETCH(quint32, protocol);
    QFETCH(bool, begun);
    QFETCH(bool, taken);
    m_alpha.settings.hello.highest = protocol;
    connectBoth();
    m_alpha.settings.hello.highest = wire::highestProtocol;
    QTRY_COMPARE(m_atCaller->readies, 1);
    QTRY_COMPARE(m_atAnswerer->readies, 1);
    const wire::Message message = chunk(65, 5000);
    wire::Compressor compressor;
    wire::Compressor back;
    const QByteArray frame = compressor.compress(wire::encode(message), 3);
    QVERIFY(frame.size() < 200);
    if (begun)
        QVERIFY(m_caller->send(wire::encode(openMirror())));
    QVERIFY(m_caller->send(frame));
    if (!taken) {
        QTRY_VERIFY(m_atAnswerer->isClosed());
        QCOMPARE(m_atAnswerer->errors.first().code, ErrorCode::Corrupt);
        QCOMPARE(m_atAnswerer->messages.size(), begun ? 1 : 0);
        return;
    }
    QTRY_COMPARE(m_atAnswerer->messages.size(), 2);
    QVERIFY(m_atAnswerer->messages[1] == message);
    QVERIFY(m_answerer->receivedBytes() < 2000); // what crossed the line is counted
    // And the other way, once the target has said where it stands.
    QVERIFY(m_answerer->send(wire::encode(wire::MirrorState{})));
    QVERIFY(m_answerer->send(back.compress(wire::encode(message), 3)));
    QTRY_COMPARE(m_atCaller->messages.size(), 2);
    QVERIFY(m_atCaller->messages[1] == message);
    QVERIFY(m_answerer->send(back.compress(wire::encode(message), 3))); // with its history
    QTRY_COMPARE(m_atCaller->messages.size(), 3);
}

void SessionTest::whoSaysNothingIsSentAway()
{
    m_beta.settings.timings.authenticate = 100ms;
    QTcpSocket raw;
    answer(m_beta, [&] { raw.connectToHost(m_door->endpoint().host, m_door->endpoint().port); });
    QTRY_VERIFY(m_atAnswerer->isClosed());
    QCOMPARE(m_atAnswerer->errors.first().code, ErrorCode::TimedOut);
    QTRY_COMPARE(raw.state(), QAbstractSocket::UnconnectedState);
}

void SessionTest::whoDribblesIsSentAwayAtTheSameTime()
{
    m_beta.settings.timings.authenticate = 200ms;
    QTcpSocket raw;
    answer(m_beta, [&] { raw.connectToHost(m_door->endpoint().host, m_door->endpoint().port); });
    // A TLS record that never gets complete.
    raw.write(QByteArray::fromHex("1603010200"));
    QTimer dribble;
    connect(&dribble, &QTimer::timeout, &raw, [&raw] { raw.write("\x01"); });
    dribble.start(10);
    QTRY_VERIFY_WITH_TIMEOUT(m_atAnswerer->isClosed(), 20'000);
    QCOMPARE(m_atAnswerer->errors.first().code, ErrorCode::TimedOut);
}

void SessionTest::whoNeverGreetsIsSentAwayAtTheSameTime()
{
    m_beta.settings.timings.authenticate = 2'000ms;
    const auto raw = rawClient(configurationOf(m_alpha));
    QTRY_VERIFY(raw->isEncrypted());
    const QByteArray hello = wire::encode(m_alpha.settings.hello);
    qsizetype sent = 0;
    QTimer dribble;
    connect(&dribble, &QTimer::timeout, raw.get(), [&] {
        if (sent < hello.size() - 1)
            raw->write(hello.sliced(sent++, 1));
    });
    dribble.start(10);
    QTRY_VERIFY_WITH_TIMEOUT(m_atAnswerer->isClosed(), 20'000);
    QCOMPARE(m_atAnswerer->errors.first().code, ErrorCode::TimedOut);
    QVERIFY(sent > 0);
}

QTEST_GUILESS_MAIN(SessionTest)
#include "tst_session.moc"
