// A machine is reached through a proxy, over one interface and at a Unix socket, or over the first of
// these that is available; TLS and the pin are the same on every way.
#include "engine/base/filedescriptor.h"
#include "engine/link/interface.h"
#include "engine/link/network.h"
#include "tests/endtoend/link/house.h"
#include "tests/endtoend/link/relays.h"

#include <QTemporaryDir>
#include <QTest>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace octopus;
using namespace octopus::link;
using namespace octopus::testing;
using namespace std::chrono_literals;

class TestTransports : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void throughAProxyNamesAreLookedUpThere();
    void aProxyMayWantALogin();
    void faultsOfAProxyAreToldApart_data();
    void faultsOfAProxyAreToldApart();
    void aProxyThatIsNotThereIsNotTheTarget();
    void whatIsNoProxyIsCalledSo();
    void aSilentProxyIsNamed();
    void nothingIsTakenBeforeTls();
    void behindAProxyTheKeyIsComparedAllTheSame();
    void aUnixSocketNeedsNoAddress();
    void faultsOfAUnixSocketAreToldApart();
    void overOneInterface();
    void anInterfaceThatIsNotThereIsNamed();
    void withoutTheRightToBindToADeviceItsAddressDoes();
    void theFirstThatIsAvailableIsTaken();
    void whatBecameOfEachIsTold();
    void aDeadFirstChoiceDelaysLittle();
    void aChannelKnowsItsWay();

private:
    void call(const QString &transports, const QList<Endpoint> &endpoints);
    void callBeta(const QString &transports) { call(transports, {m_house->endpoint()}); }
    [[nodiscard]] QByteArray why() const { return m_outcome->failure->error.detail; }

    Machine m_alpha{"alpha"};
    Machine m_beta{"beta"};
    QTemporaryDir m_folder;
    std::unique_ptr<House> m_house;
    std::unique_ptr<ProxyServer> m_proxy;
    std::unique_ptr<Call> m_call;
    std::unique_ptr<Outcome> m_outcome;
};

void TestTransports::init()
{
    m_call.reset();
    m_alpha.settings.timings = {};
    m_house = std::make_unique<House>(m_beta, m_alpha.id());
    QVERIFY(m_house->isOpen());
    m_proxy = std::make_unique<ProxyServer>(m_house->endpoint());
    QVERIFY(m_proxy->isOpen());
}

void TestTransports::call(const QString &transports, const QList<Endpoint> &endpoints)
{
    const auto list = Transports::parse(transports);
    QVERIFY2(list, list ? "" : list.error().detail.constData());
    Destination destination;
    destination.expected = m_beta.id();
    m_call = std::make_unique<Call>(m_alpha.settings, destination, endpoints, *list);
    m_outcome = std::make_unique<Outcome>(*m_call);
    m_call->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_outcome->isOver(), 20'000);
}

void TestTransports::throughAProxyNamesAreLookedUpThere()
{
    const Endpoint named{QStringLiteral("beta.invalid"), 17290};
    call(m_proxy->text(), {named});
    QCOMPARE(m_outcome->winner, named);
    QCOMPARE(m_outcome->over.shown(), m_proxy->text());
    QCOMPARE(m_proxy->asked, QList<QByteArray>{"beta.invalid"});
    callBeta(m_proxy->text());
    QCOMPARE(m_outcome->winner, m_house->endpoint());
    QCOMPARE(m_proxy->asked.last(), QByteArray("\x7f\x00\x00\x01", 4));
}

void TestTransports::aProxyMayWantALogin()
{
    m_proxy->login = "j\xc3\xb6:s:cret";
    callBeta(m_proxy->text("j%C3%B6:s%3Acret@"));
    QCOMPARE(m_outcome->winner, m_house->endpoint());
    QCOMPARE(m_proxy->logins, QList<QByteArray>{m_proxy->login});
    QVERIFY(!m_outcome->over.shown().contains(u"cret"));
}

void TestTransports::faultsOfAProxyAreToldApart_data()
{
    QTest::addColumn<QByteArray>("wanted"); // login
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<int>("reply");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("login missing") << QByteArray("joe:secret") << QByteArray() << 0
                                   << ErrorCode::Refused << QByteArray("wants a user");
    QTest::newRow("login wrong") << QByteArray("joe:secret") << QByteArray("joe:wrongword@") << 0
                                 << ErrorCode::Refused << QByteArray("does not take this user");
    QTest::newRow("not allowed") << QByteArray() << QByteArray() << 2 << ErrorCode::Refused
                                 << QByteArray("does not allow 127.0.0.1");
    QTest::newRow("closed") << QByteArray() << QByteArray() << 5 << ErrorCode::Unreachable
                            << QByteArray("cannot reach 127.0.0.1");
    QTest::newRow("hangs up") << QByteArray() << QByteArray() << -1 << ErrorCode::Refused
                              << QByteArray("hung up");
}

void TestTransports::faultsOfAProxyAreToldApart()
{
    QFETCH(QByteArray, wanted);
    QFETCH(QByteArray, typed);
    QFETCH(int, reply);
    QFETCH(ErrorCode, code);
    QFETCH(QByteArray, words);
    m_proxy->login = wanted;
    m_proxy->reply = char(std::max(reply, 0));
    m_proxy->hangsUp = reply < 0;
    callBeta(m_proxy->text(typed.constData()));
    QVERIFY(m_outcome->failure);
    QCOMPARE(m_outcome->failure->error.code, code);
    QCOMPARE(m_outcome->failure->reached, SessionState::Connecting);
    QVERIFY2(why().contains(words) && why().contains("the proxy 127.0.0.1:"), why().constData());
    QVERIFY2(!why().contains("secret") && !why().contains("wrongword"), why().constData());
    QVERIFY(m_house->sessions.isEmpty());
}

void TestTransports::aProxyThatIsNotThereIsNotTheTarget()
{
    const QString text = m_proxy->text();
    m_proxy->close();
    callBeta(text);
    QVERIFY(m_outcome->failure);
    QCOMPARE(m_outcome->failure->error.code, ErrorCode::Unreachable);
    QVERIFY2(why().contains("the proxy 127.0.0.1:") && why().contains("cannot be reached"),
             why().constData());
}

void TestTransports::whatIsNoProxyIsCalledSo()
{
    m_proxy->version = 4;
    callBeta(m_proxy->text());
    QVERIFY(m_outcome->failure);
    QCOMPARE(m_outcome->failure->error.code, ErrorCode::Corrupt);
    QVERIFY2(why().contains("is no SOCKS5 proxy"), why().constData());
}

void TestTransports::aSilentProxyIsNamed()
{
    m_alpha.settings.timings.connect = 300ms;
    m_proxy->isSilent = true;
    callBeta(m_proxy->text());
    QVERIFY(m_outcome->failure);
    QCOMPARE(m_outcome->failure->error.code, ErrorCode::TimedOut);
    QVERIFY2(why().startsWith("no answer from the proxy 127.0.0.1:"), why().constData());
}

void TestTransports::nothingIsTakenBeforeTls()
{
    m_proxy->afterwards = "hello";
    callBeta(m_proxy->text());
    QVERIFY(m_outcome->failure);
    QVERIFY2(why().contains("before TLS") || why().startsWith("TLS"), why().constData());
}

void TestTransports::behindAProxyTheKeyIsComparedAllTheSame()
{
    Machine gamma("gamma");
    House impostor(gamma, m_alpha.id());
    ProxyServer elsewhere(impostor.endpoint());
    callBeta(elsewhere.text());
    QVERIFY(m_outcome->failure);
    QCOMPARE(m_outcome->failure->error.code, ErrorCode::NotPaired);
    QCOMPARE(m_outcome->failure->presented, gamma.id());
}

void TestTransports::aUnixSocketNeedsNoAddress()
{
    const QString path = m_folder.filePath(QStringLiteral("a, b"));
    const TunnelSocket tunnel(path, m_house->endpoint());
    QVERIFY(tunnel.isOpen());
    QString escaped = path;
    escaped.replace(u' ', QStringLiteral("%20")).replace(u',', QStringLiteral("%2C"));
    call(QStringLiteral("unix:") + escaped, {});
    QCOMPARE(m_outcome->winner, Endpoint());
    QCOMPARE(tunnel.connections, 1);
    QCOMPARE(m_outcome->over.path, path.toUtf8());
}

void TestTransports::faultsOfAUnixSocketAreToldApart()
{
    call(QStringLiteral("unix:/nowhere/tunnel.sock"), {});
    QVERIFY2(why().contains("there is no socket /nowhere/tunnel.sock"), why().constData());
    QCOMPARE(m_outcome->failure->error.code, ErrorCode::Unreachable);
    QFile plain(m_folder.filePath(QStringLiteral("plain")));
    QVERIFY(plain.open(QIODevice::WriteOnly));
    call(QStringLiteral("unix:") + plain.fileName(), {});
    QVERIFY2(why().contains("nobody listens"), why().constData());
    if (::geteuid() == 0)
        return; // who may do everything is never forbidden anything
    const TunnelSocket tunnel(m_folder.filePath(QStringLiteral("closed")), m_house->endpoint());
    QVERIFY(QFile::setPermissions(tunnel.fullServerName(), {}));
    call(QStringLiteral("unix:") + tunnel.fullServerName(), {});
    QCOMPARE(m_outcome->failure->error.code, ErrorCode::PermissionDenied);
}

void TestTransports::overOneInterface()
{
    callBeta(QStringLiteral("lo"));
    QCOMPARE(m_outcome->winner, m_house->endpoint());
    QCOMPARE(m_outcome->over.interface, QStringLiteral("lo"));
}

void TestTransports::anInterfaceThatIsNotThereIsNamed()
{
    callBeta(QStringLiteral("eth77"));
    QCOMPARE(m_outcome->failure->error.code, ErrorCode::Unreachable);
    QCOMPARE(why(), "there is no interface eth77 now");
    // A name is not even looked up.
    QElapsedTimer timer;
    timer.start();
    call(QStringLiteral("eth77"), {{QStringLiteral("beta.invalid"), 17290}});
    QCOMPARE(why(), "there is no interface eth77 now");
}

void TestTransports::withoutTheRightToBindToADeviceItsAddressDoes()
{
    const auto addresses = addressesOf(QStringLiteral("lo"));
    QVERIFY(addresses);
    const FileDescriptor one(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    QVERIFY(bindToAddress(one.get(), *addresses, QHostAddress(QHostAddress::LocalHost)));
    sockaddr_in own{};
    socklen_t length = sizeof own;
    QCOMPARE(::getsockname(one.get(), reinterpret_cast<sockaddr *>(&own), &length), 0);
    QCOMPARE(QHostAddress(ntohl(own.sin_addr.s_addr)), addresses->ipv4);
    InterfaceAddresses none;
    QVERIFY(!bindToAddress(one.get(), none, QHostAddress(QHostAddress::LocalHost)));
}

void TestTransports::theFirstThatIsAvailableIsTaken()
{
    callBeta(QStringLiteral("eth77,unix:/nowhere/x,lo,auto"));
    QCOMPARE(m_outcome->winner, m_house->endpoint());
    QCOMPARE(m_outcome->over.shown(), QStringLiteral("lo"));
    QCOMPARE(m_house->sessions.size(), 1); // the last one was not needed
}

void TestTransports::whatBecameOfEachIsTold()
{
    m_proxy->login = "joe:secret";
    callBeta(QStringLiteral("eth77,") + m_proxy->text("joe:wrongword@"));
    QVERIFY2(why().startsWith("over eth77: there is no interface eth77 now; over "
                              "socks5://joe:***@127.0.0.1:"),
             why().constData());
    QVERIFY(!why().contains("wrongword"));
}

void TestTransports::aDeadFirstChoiceDelaysLittle()
{
    m_alpha.settings.timings.connect = 60s; // the first choice does not give up
    m_proxy->isSilent = true;
    QElapsedTimer timer;
    timer.start();
    callBeta(m_proxy->text() + QStringLiteral(",auto"));
    QCOMPARE(m_outcome->winner, m_house->endpoint());
    QCOMPARE(m_outcome->over.shown(), QStringLiteral("auto"));
    // Not before its time.
    QVERIFY2(timer.elapsed() >= FirstAvailable::patience.count() - 5,
             QByteArray::number(timer.elapsed()).constData());
}

void TestTransports::aChannelKnowsItsWay()
{
    Network network(1);
    Destination destination;
    destination.expected = m_beta.id();
    const auto list = Transports::parse(QStringLiteral("eth77,") + m_proxy->text());
    const auto channel = network.dial(m_alpha.settings, destination, {m_house->endpoint()}, *list);
    bool isReady = false;
    connect(channel.get(), &Channel::ready, this, [&isReady] { isReady = true; });
    QTRY_VERIFY(isReady);
    QCOMPARE(channel->endpoint(), m_house->endpoint());
    QVERIFY(channel->transport() == list->list().last());
}

QTEST_GUILESS_MAIN(TestTransports)
#include "tst_transports.moc"
