// Strangers do next to nothing, paired peers come through, and what crosses threads arrives whole.
#include "engine/link/listener.h"
#include "tests/endtoend/link/machine.h"
#include "tests/support/resultcheck.h"

#include <QSemaphore>
#include <QTest>
#include <QThread>

#include <algorithm>

using namespace octopus;
using namespace octopus::link;
using namespace octopus::testing;
using namespace std::chrono_literals;

namespace {

wire::Message chunk(quint64 number, qsizetype size)
{
    return StageChunk{StageId(1), number, QByteArray(size, char(number))};
}

// What a channel said, in order.
struct ChannelRecord {
    explicit ChannelRecord(Channel &channel)
    {
        QObject::connect(&channel, &Channel::ready, &channel, [this] { ++readies; });
        QObject::connect(&channel, &Channel::received, &channel,
                         [this](const wire::Message &message) { messages.append(message); });
        QObject::connect(&channel, &Channel::closed, &channel,
                         [this](const Error &error) { errors.append(error); });
    }
    [[nodiscard]] bool isClosed() const { return !errors.isEmpty(); }
    [[nodiscard]] bool isInOrder() const
    {
        for (qsizetype i = 0; i < messages.size(); ++i) {
            const auto *one = std::get_if<StageChunk>(&messages[i]);
            if (!one || one->offset != quint64(i))
                return false;
        }
        return true;
    }
    int readies = 0;
    QList<wire::Message> messages;
    QList<Error> errors;
};

} // namespace

class ListenerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aPairedPeerArrives();
    void nothingIsLostBeforeTheChannelIsMade();
    void whatIsNotTakenInTimeStopsTheSender();
    void aChannelThatIsHeldLosesNothingOnItsWayToAnotherThread();
    void aStrangerDoesNotArrive();
    void strangersAreBounded();
    void theirPlacesComeBackAfterTheDeadline();
    void aPairedPeersAddressHasRoomOfItsOwn();
    void sessionsOfOnePeerAreBounded();
    void whoIsUnpairedIsDisconnected();
    void whoIsUnpairedMeanwhileDoesNotArrive();
    void aDestroyedChannelEndsTheSession();
    void aChannelMayBeDestroyedWhileItReports();
    void aDroppedArrivalEndsByItself();
    void theEndOfTheNetworkIsReported();
    void callsThatFailAreReported();

private:
    void listen();
    std::unique_ptr<Channel> dial();
    Incoming arrival();

    SystemClock m_clock;
    Machine m_alpha{"alpha"};
    Machine m_beta{"beta"};
    AdmissionLimits m_limits;
    std::unique_ptr<Network> m_network;
    std::unique_ptr<Listener> m_listener;
    QList<Incoming> m_arrivals;
};

void ListenerTest::init()
{
    m_alpha.settings.timings = {};
    m_beta.settings.timings = {};
    m_beta.directory = std::make_shared<FakeDirectory>();
    m_beta.directory->pair(m_alpha.id());
    m_arrivals.clear();
    m_network = std::make_unique<Network>(2);
    listen();
}

void ListenerTest::listen()
{
    m_listener = std::make_unique<Listener>(*m_network, m_clock, m_beta.settings, m_beta.directory,
                                            AdmissionLimits());
    connect(m_listener.get(), &Listener::arrived, m_listener.get(),
            [this](const Incoming &incoming) { m_arrivals.append(incoming); });
    VERIFY_OK(m_listener->start(QHostAddress::LocalHost, 0));
}

void ListenerTest::cleanup()
{
    m_listener.reset();
    m_network.reset();
    m_arrivals.clear();
}

std::unique_ptr<Channel> ListenerTest::dial()
{
    return m_network->dial(m_alpha.settings, {.expected = m_beta.id()},
                           {{QStringLiteral("127.0.0.1"), m_listener->serverPort()}});
}

Incoming ListenerTest::arrival()
{
    if (!QTest::qWaitFor([this] { return !m_arrivals.isEmpty(); }))
        qFatal("nobody arrived");
    return m_arrivals.takeFirst();
}

void ListenerTest::aPairedPeerArrives()
{
    const auto caller = dial();
    ChannelRecord atCaller(*caller);
    const Incoming incoming = arrival();
    QCOMPARE(incoming.peer, m_alpha.id());
    QCOMPARE(incoming.hello.name, QStringLiteral("alpha"));
    QCOMPARE(incoming.protocol, wire::highestProtocol);
    QCOMPARE(incoming.address, QHostAddress(QHostAddress::LocalHost));
    QCOMPARE(m_listener->strangers(), 0);
    QTRY_COMPARE(atCaller.readies, 1);

    Channel answerer(incoming);
    ChannelRecord atAnswerer(answerer);
    for (quint64 i = 0; i < 100; ++i) {
        caller->send(chunk(i, 1000));
        answerer.send(chunk(i, 1000));
    }
    QTRY_COMPARE(atAnswerer.messages.size(), 100);
    QTRY_COMPARE(atCaller.messages.size(), 100);
    QVERIFY(atAnswerer.isInOrder());
    QVERIFY(atCaller.isInOrder());
    QTRY_COMPARE(caller->pendingBytes(), 0);
    QTRY_COMPARE(answerer.receivedBytes(), caller->sentBytes());
    QVERIFY(caller->sentBytes() > 100'000);
}

void ListenerTest::nothingIsLostBeforeTheChannelIsMade()
{
    m_alpha.settings.timings.drain = 60s;
    const auto caller = dial();
    ChannelRecord atCaller(*caller);
    QTRY_COMPARE(atCaller.readies, 1);
    for (quint64 i = 0; i < 50; ++i)
        caller->send(chunk(i, 10'000));
    caller->close();
    const Incoming incoming = arrival();
    QTest::qWait(100);
    Channel answerer(incoming);
    ChannelRecord atAnswerer(answerer);
    QTRY_VERIFY(atAnswerer.isClosed());
    QCOMPARE(atAnswerer.messages.size(), 50);
    QVERIFY(atAnswerer.isInOrder());
}

void ListenerTest::whatIsNotTakenInTimeStopsTheSender()
{
    const auto caller = dial();
    ChannelRecord atCaller(*caller);
    QTRY_COMPARE(atCaller.readies, 1);
    // The owner's thread does not turn its event loop while it works.
    QThread busy;
    busy.start();
    auto *answerer = new Channel(arrival());
    auto taken = std::make_shared<std::atomic<quint64>>(0);
    connect(answerer, &Channel::received, answerer, [taken] { ++*taken; });
    auto gate = std::make_shared<QSemaphore>();
    answerer->moveToThread(&busy);
    QMetaObject::invokeMethod(answerer, [gate] { gate->acquire(); }, Qt::QueuedConnection);

    constexpr quint64 count = 60;
    for (quint64 i = 0; i < count; ++i)
        caller->send(chunk(i, 1024 * 1024));
    QTest::qWait(500);
    // The backlog, the buffers of the socket and of the kernel; the rest waits at the sender.
    QVERIFY2(caller->pendingBytes() > 8 * 1024 * 1024,
             QByteArray::number(caller->pendingBytes()).constData());
    QCOMPARE(taken->load(), 0U);
    bool writable = false;
    connect(caller.get(), &Channel::writable, caller.get(), [&] { writable = true; });
    gate->release();
    QTRY_COMPARE_WITH_TIMEOUT(taken->load(), count, 60'000);
    QTRY_VERIFY(writable);
    QTRY_COMPARE(caller->pendingBytes(), 0);
    QMetaObject::invokeMethod(
        answerer, [answerer] { delete answerer; }, Qt::BlockingQueuedConnection);
    busy.quit();
    busy.wait();
}

void ListenerTest::aChannelThatIsHeldLosesNothingOnItsWayToAnotherThread()
{
    m_alpha.settings.timings.drain = 60s;
    const auto caller = dial();
    ChannelRecord atCaller(*caller);
    QTRY_COMPARE(atCaller.readies, 1);
    constexpr quint64 count = 500;
    for (quint64 i = 0; i < count; ++i)
        caller->send(chunk(i, 10'000));
    caller->close();
    QThread thread;
    thread.start();
    auto *answerer = new Channel(arrival());
    int early = 0;
    connect(answerer, &Channel::received, this, [&](const wire::Message &) {
        if (++early == 3)
            answerer->hold();
    });
    QTRY_COMPARE(early, 3);
    QTest::qWait(100);
    QCOMPARE(early, 3);
    answerer->disconnect(this);
    auto numbers = std::make_shared<QList<quint64>>();
    auto ends = std::make_shared<std::atomic<int>>(0);
    connect(answerer, &Channel::received, answerer, [numbers](const wire::Message &message) {
        numbers->append(std::get<StageChunk>(message).offset);
    });
    connect(answerer, &Channel::closed, answerer, [ends] { ++*ends; });
    answerer->moveToThread(&thread);
    QMetaObject::invokeMethod(answerer, &Channel::release, Qt::QueuedConnection);
    QTRY_COMPARE(ends->load(), 1);
    QCOMPARE(numbers->size(), qsizetype(count - 3));
    for (quint64 i = 3; i < count; ++i)
        QCOMPARE(numbers->at(qsizetype(i - 3)), i);
    QMetaObject::invokeMethod(
        answerer, [answerer] { delete answerer; }, Qt::BlockingQueuedConnection);
    thread.quit();
    thread.wait();
}

void ListenerTest::aStrangerDoesNotArrive()
{
    m_beta.directory->unpair(m_alpha.id());
    const auto caller = dial();
    ChannelRecord atCaller(*caller);
    QTRY_COMPARE(atCaller.readies, 1);
    QTRY_COMPARE(m_listener->strangers(), 1);
    caller->send(wire::CloseMirror{true});
    QTRY_VERIFY(atCaller.isClosed());
    QCOMPARE(std::get<wire::Refusal>(atCaller.messages.first()).code, ErrorCode::NotPaired);
    QTRY_COMPARE(m_listener->strangers(), 0);
    QVERIFY(m_arrivals.isEmpty());
}

void ListenerTest::strangersAreBounded()
{
    QList<QTcpSocket *> crowd;
    for (int i = 0; i < 50; ++i) {
        crowd.append(new QTcpSocket(m_listener.get()));
        crowd.last()->connectToHost(QHostAddress::LocalHost, m_listener->serverPort());
    }
    const auto connected = [&crowd] {
        return std::ranges::count(crowd, QAbstractSocket::ConnectedState, &QTcpSocket::state);
    };
    QTRY_COMPARE(connected(), 4);
    QCOMPARE(m_listener->strangers(), 4);
}

void ListenerTest::theirPlacesComeBackAfterTheDeadline()
{
    m_beta.settings.timings.authenticate = 2'000ms;
    listen();
    QList<QTcpSocket *> crowd;
    for (int i = 0; i < 4; ++i) {
        crowd.append(new QTcpSocket(m_listener.get()));
        crowd.last()->connectToHost(QHostAddress::LocalHost, m_listener->serverPort());
    }
    QTRY_COMPARE(m_listener->strangers(), 4);
    const auto early = dial();
    ChannelRecord atEarly(*early);
    QTRY_VERIFY(atEarly.isClosed());
    QTRY_COMPARE_WITH_TIMEOUT(m_listener->strangers(), 0, 20'000); // after the deadline
    const auto late = dial();
    ChannelRecord atLate(*late);
    QTRY_COMPARE(atLate.readies, 1);
}

void ListenerTest::aPairedPeersAddressHasRoomOfItsOwn()
{
    QList<QTcpSocket *> crowd;
    for (int i = 0; i < 4; ++i) {
        crowd.append(new QTcpSocket(m_listener.get()));
        crowd.last()->connectToHost(QHostAddress::LocalHost, m_listener->serverPort());
    }
    QTRY_COMPARE(m_listener->strangers(), 4);
    m_beta.directory->know(QHostAddress(QHostAddress::LocalHost));
    const auto caller = dial();
    ChannelRecord atCaller(*caller);
    QTRY_COMPARE(atCaller.readies, 1);
    QCOMPARE(arrival().peer, m_alpha.id());
}

void ListenerTest::sessionsOfOnePeerAreBounded()
{
    AdmissionLimits limits;
    limits.sessionsPerPeer = 2;
    Listener listener(*m_network, m_clock, m_beta.settings, m_beta.directory, limits);
    QList<Incoming> arrivals;
    connect(&listener, &Listener::arrived, &listener,
            [&](const Incoming &incoming) { arrivals.append(incoming); });
    VERIFY_OK(listener.start(QHostAddress::LocalHost, 0));
    const Destination destination{.expected = m_beta.id()};
    const QList<Endpoint> endpoints{{QStringLiteral("127.0.0.1"), listener.serverPort()}};
    const auto first = m_network->dial(m_alpha.settings, destination, endpoints);
    const auto second = m_network->dial(m_alpha.settings, destination, endpoints);
    QTRY_COMPARE(arrivals.size(), 2);
    const auto third = m_network->dial(m_alpha.settings, destination, endpoints);
    ChannelRecord atThird(*third);
    QTRY_VERIFY(atThird.isClosed());
    QCOMPARE(std::get<wire::Refusal>(atThird.messages.first()).code, ErrorCode::LimitReached);
    QCOMPARE(arrivals.size(), 2);
}

void ListenerTest::whoIsUnpairedIsDisconnected()
{
    const auto caller = dial();
    ChannelRecord atCaller(*caller);
    Channel answerer(arrival());
    ChannelRecord atAnswerer(answerer);
    QTRY_COMPARE(atCaller.readies, 1);
    m_beta.directory->unpair(m_alpha.id());
    m_listener->disconnectPeer(m_alpha.id(), {ErrorCode::NotPaired, "unpaired", {}});
    QTRY_VERIFY(atCaller.isClosed());
    QTRY_VERIFY(atAnswerer.isClosed());
    QCOMPARE(std::get<wire::Refusal>(atCaller.messages.first()).code, ErrorCode::NotPaired);
}

void ListenerTest::whoIsUnpairedMeanwhileDoesNotArrive()
{
    // Trusted while the session looks, not any more when the listener hears of it.
    class Fickle final : public PeerDirectory
    {
    public:
        bool isPaired(const MachineId &) const override { return m_asked++ == 0; }
        QList<QByteArray> grants(const MachineId &) const override { return {}; }
        quint32 highestProtocol(const MachineId &) const override { return 0; }
        bool knowsAddress(const QHostAddress &) const override { return false; }

    private:
        mutable std::atomic<int> m_asked{0};
    };
    Listener listener(*m_network, m_clock, m_beta.settings, std::make_shared<Fickle>());
    int arrivals = 0;
    connect(&listener, &Listener::arrived, &listener, [&] { ++arrivals; });
    VERIFY_OK(listener.start(QHostAddress::LocalHost, 0));
    const auto caller = m_network->dial(m_alpha.settings, {.expected = m_beta.id()},
                                        {{QStringLiteral("127.0.0.1"), listener.serverPort()}});
    ChannelRecord atCaller(*caller);
    QTRY_VERIFY(atCaller.isClosed());
    QCOMPARE(std::get<wire::Refusal>(atCaller.messages.first()).code, ErrorCode::NotPaired);
    QCOMPARE(arrivals, 0);
}

void ListenerTest::aDestroyedChannelEndsTheSession()
{
    auto caller = dial();
    ChannelRecord atCaller(*caller);
    Channel answerer(arrival());
    ChannelRecord atAnswerer(answerer);
    QTRY_COMPARE(atCaller.readies, 1);
    caller->send(chunk(0, 1000));
    caller.reset();
    QTRY_VERIFY(atAnswerer.isClosed());
    QCOMPARE(atAnswerer.messages.size(), 1);
    QCOMPARE(atAnswerer.errors.size(), 1);
}

void ListenerTest::aChannelMayBeDestroyedWhileItReports()
{
    auto caller = dial();
    connect(caller.get(), &Channel::closed, this, [&] { caller.reset(); });
    connect(caller.get(), &Channel::ready, this, [&] {
        for (quint64 i = 0; i < 10; ++i)
            caller->send(chunk(i, 1000));
    });
    auto answerer = std::make_unique<Channel>(arrival());
    int messages = 0;
    connect(answerer.get(), &Channel::received, this, [&] {
        ++messages;
        answerer.reset();
    });
    QTRY_VERIFY(!caller);
    QCOMPARE(messages, 1);
    QVERIFY(!answerer);
}

void ListenerTest::aDroppedArrivalEndsByItself()
{
    const auto caller = dial();
    ChannelRecord atCaller(*caller);
    static_cast<void>(arrival());
    QTRY_VERIFY_WITH_TIMEOUT(atCaller.isClosed(), 60'000);
}

void ListenerTest::theEndOfTheNetworkIsReported()
{
    const auto caller = dial();
    ChannelRecord atCaller(*caller);
    Channel answerer(arrival());
    ChannelRecord atAnswerer(answerer);
    QTRY_COMPARE(atCaller.readies, 1);
    m_listener.reset();
    m_network.reset();
    caller->send(chunk(0, 10)); // nobody hears it
    QTRY_COMPARE(atCaller.errors.size(), 1);
    QTRY_COMPARE(atAnswerer.errors.size(), 1);
}

void ListenerTest::callsThatFailAreReported()
{
    const auto wrongKey =
        m_network->dial(m_alpha.settings, {.expected = Machine("gamma").id()},
                        {{QStringLiteral("127.0.0.1"), m_listener->serverPort()}});
    ChannelRecord atWrongKey(*wrongKey);
    QTRY_VERIFY(atWrongKey.isClosed());
    QCOMPARE(atWrongKey.errors.first().code, ErrorCode::NotPaired);
    const quint16 port = m_listener->serverPort();
    m_listener.reset();
    const auto nobody = m_network->dial(m_alpha.settings, {.expected = m_beta.id()},
                                        {{QStringLiteral("127.0.0.1"), port}});
    ChannelRecord atNobody(*nobody);
    QTRY_VERIFY(atNobody.isClosed());
    QCOMPARE(atNobody.errors.first().code, ErrorCode::Unreachable);
}

QTEST_GUILESS_MAIN(ListenerTest)
#include "tst_listener.moc"
