// UdpPort: the beacon's sockets: one UDP port, IPv4 broadcast and an IPv6 group of link-local scope.
// Other programs of ours on this machine can share the port. A flood is read in measured portions;
// what is too much is left to the kernel to drop. Belongs to one thread with an event loop.
#pragma once

#include "discovery/beacon.h"

#include <QObject>
#include <QTimer>
#include <QUdpSocket>

namespace octopus::discovery {

class UdpPort
    : public QObject
    , public BeaconPort
{
    Q_OBJECT

public:
    explicit UdpPort(quint16 port);

    // The error says what is wrong if neither family is to be had.
    [[nodiscard]] Result<void> open();
    void close();
    // Joins the group on links that are new.
    void setLinks(const Links &links);
    [[nodiscard]] bool send(const Link &link, Family family, QByteArrayView datagram) override;

Q_SIGNALS:
    void received(const octopus::discovery::ReceivedDatagram &datagram);

private:
    void readAll();
    void readFrom(QUdpSocket &socket);

    const quint16 m_port;
    QUdpSocket m_ipv4;
    QUdpSocket m_ipv6;
    QList<int> m_joined; // links whose group we are in
    QTimer m_pause;
};

} // namespace octopus::discovery
