// Starting and stopping the whole of discovery, on no interface at all.
#include "discovery/discovery.h"
#include "tests/discovery/samples.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QUdpSocket>

#include <unistd.h>

#include <algorithm>
#include <limits>

using namespace octopus::discovery;

namespace {

const auto port = quint16(20'000 + ::getpid() % 10'000);

DiscoveryOptions nowhere()
{
    DiscoveryOptions options;
    options.id = samples::id(1);
    options.name = QStringLiteral("alpha");
    options.port = 17290;
    options.interfaces = {QStringLiteral("no such interface")};
    options.beaconPort = port;
    options.dnsSd = false;
    return options;
}

} // namespace

class DiscoveryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itWorksAgainAfterAStop();
    void twoProgramsShareThePort();
    void aPortThatIsTakenIsReported();
    void whatIsSwitchedOffIsOff();
    void stoppingIsQuick();
};

void DiscoveryTest::itWorksAgainAfterAStop()
{
    Discovery discovery(nowhere());
    QVERIFY(discovery.broadcastState().availability == Availability::Off);
    for (int round = 0; round < 3; ++round) {
        discovery.start();
        discovery.ask();
        discovery.setConfirmed({{samples::id(2), QStringLiteral("beta")}});
        QTRY_VERIFY(discovery.broadcastState().availability == Availability::Working);
        discovery.stop();
        QVERIFY(discovery.broadcastState().availability == Availability::Off);
        QTest::qWait(10); // what was on its way arrives, and changes nothing
        QVERIFY(discovery.broadcastState().availability == Availability::Off);
    }
    QVERIFY(discovery.machines().isEmpty());
}

void DiscoveryTest::twoProgramsShareThePort()
{
    Discovery first(nowhere());
    Discovery second(nowhere());
    first.start();
    second.start();
    QTRY_VERIFY(first.broadcastState().availability == Availability::Working);
    QTRY_VERIFY(second.broadcastState().availability == Availability::Working);
}

void DiscoveryTest::aPortThatIsTakenIsReported()
{
    QUdpSocket ipv4;
    QUdpSocket ipv6;
    QVERIFY(ipv4.bind(QHostAddress(QHostAddress::AnyIPv4), port, QUdpSocket::DontShareAddress));
    QVERIFY(ipv6.bind(QHostAddress(QHostAddress::AnyIPv6), port, QUdpSocket::DontShareAddress));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("^no announcements: ")));
    Discovery discovery(nowhere());
    discovery.start();
    QTRY_VERIFY(discovery.broadcastState().availability == Availability::NotAvailable);
    QVERIFY(discovery.broadcastState().detail.contains(QString::number(port)));
}

void DiscoveryTest::whatIsSwitchedOffIsOff()
{
    DiscoveryOptions options = nowhere();
    options.broadcast = false;
    Discovery discovery(options);
    const QSignalSpy changes(&discovery, &Discovery::stateChanged);
    discovery.start();
    discovery.ask();
    QTest::qWait(100);
    QCOMPARE(changes.size(), 0);
}

void DiscoveryTest::stoppingIsQuick()
{
    qint64 shortest = std::numeric_limits<qint64>::max();
    for (int round = 0; round < 20; ++round) {
        QElapsedTimer timer;
        timer.start();
        {
            Discovery discovery(nowhere());
            discovery.start();
        }
        shortest = std::min(shortest, timer.elapsed());
    }
    QVERIFY2(shortest < 1000, qPrintable(QString::number(shortest)));
}

QTEST_GUILESS_MAIN(DiscoveryTest)
#include "tst_discovery.moc"
