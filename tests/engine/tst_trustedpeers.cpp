// Which addresses have room of their own at the listener. Guarantee I11.
#include "engine/trustedpeers.h"

#include <QTest>

using namespace octopus;

static MachineId machine(char byte)
{
    return *MachineId::fromBytes(QByteArray(32, byte));
}

static Peer peer(char byte, const QStringList &addresses = {})
{
    Peer peer;
    peer.id = machine(byte);
    peer.addresses = addresses;
    return peer;
}

static QHostAddress address(int last)
{
    return QHostAddress(QStringLiteral("192.0.2.%1").arg(last));
}

class TestTrustedPeers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whereAPeerIsCalledIsKnown()
    {
        TrustedPeers peers;
        peers.update({peer('a', {QStringLiteral("192.0.2.1:17290")})});
        QVERIFY(peers.knowsAddress(address(1)));
        QVERIFY(!peers.knowsAddress(address(2)));
    }

    void whereAPeerCameFromIsKnownUntilItIsUnpaired()
    {
        TrustedPeers peers;
        peers.update({peer('a'), peer('b')});
        peers.cameFrom(machine('a'), address(1));
        QVERIFY(peers.knowsAddress(address(1)));
        peers.update({peer('a')});
        QVERIFY(peers.knowsAddress(address(1)));
        peers.update({peer('b')});
        QVERIFY(!peers.knowsAddress(address(1)));
    }

    void whereAStrangerCameFromIsNot()
    {
        TrustedPeers peers;
        peers.update({peer('a')});
        peers.cameFrom(machine('z'), address(1));
        QVERIFY(!peers.knowsAddress(address(1)));
    }

    void onlyTheMostRecentAreRemembered()
    {
        TrustedPeers peers;
        peers.update({peer('a')});
        for (int i = 0; i < TrustedPeers::mostCallers; ++i)
            peers.cameFrom(machine('a'), address(i + 1));
        peers.cameFrom(machine('a'), address(1)); // again, so that it is not the oldest any more
        peers.cameFrom(machine('a'), address(100));
        QVERIFY(peers.knowsAddress(address(1)));
        QVERIFY(!peers.knowsAddress(address(2)));
        QVERIFY(peers.knowsAddress(address(100)));
    }
};

QTEST_APPLESS_MAIN(TestTrustedPeers)
#include "tst_trustedpeers.moc"
