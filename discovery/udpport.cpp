#include "discovery/udpport.h"

#include "discovery/log.h"

#include <QNetworkDatagram>
#include <QNetworkInterface>
#include <QNetworkProxy>
#include <QVariant>

using namespace std::chrono_literals;

namespace octopus::discovery {

// The group of the beacon: of link-local scope and not assigned permanently (RFC 4291, 2.7).
static const QHostAddress &group()
{
    static const QHostAddress address(QStringLiteral("ff12::4f4d:4243"));
    return address;
}

// 64 datagrams every 10 ms: more than 2000 machines that answer within 200 ms would need.
static constexpr int portion = 64;
static constexpr auto pause = 10ms;
static constexpr int receiveBuffer = 1 << 20; // bytes; the kernel gives less where it is told to

UdpPort::UdpPort(quint16 port) : m_port(port), m_ipv4(this), m_ipv6(this), m_pause(this)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(pause);
    // Looking up the system's proxies asks the system bus, and can block for 25 s.
    m_ipv4.setProxy(QNetworkProxy::NoProxy);
    m_ipv6.setProxy(QNetworkProxy::NoProxy);
    connect(&m_pause, &QTimer::timeout, this, &UdpPort::readAll);
    connect(&m_ipv4, &QUdpSocket::readyRead, this, &UdpPort::readAll);
    connect(&m_ipv6, &QUdpSocket::readyRead, this, &UdpPort::readAll);
}

static bool bindShared(QUdpSocket &socket, const QHostAddress &address, quint16 port)
{
    if (!socket.bind(address, port, QUdpSocket::ShareAddress | QUdpSocket::ReuseAddressHint))
        return false;
    socket.setSocketOption(QAbstractSocket::ReceiveBufferSizeSocketOption, QVariant(receiveBuffer));
    return true;
}

Result<void> UdpPort::open()
{
    const bool ipv4 = bindShared(m_ipv4, QHostAddress(QHostAddress::AnyIPv4), m_port);
    const bool ipv6 = bindShared(m_ipv6, QHostAddress(QHostAddress::AnyIPv6), m_port);
    if (ipv4 || ipv6)
        return {};
    return failure(ErrorCode::Busy,
                   "UDP port " + QByteArray::number(m_port)
                       + " cannot be used: " + m_ipv4.errorString().toUtf8());
}

void UdpPort::close()
{
    m_pause.stop();
    m_ipv4.close();
    m_ipv6.close();
    m_joined.clear();
}

void UdpPort::setLinks(const Links &links)
{
    QList<int> joined;
    for (const Link &link : links) {
        if (m_ipv6.state() != QUdpSocket::BoundState || link.reached(Family::Ipv6).isEmpty())
            continue;
        const auto interface = QNetworkInterface::interfaceFromIndex(link.index);
        if (m_joined.contains(link.index) || m_ipv6.joinMulticastGroup(group(), interface))
            joined.append(link.index);
        else
            qCWarning(logDiscovery, "no IPv6 announcements from %s: %s", qUtf8Printable(link.name),
                      qUtf8Printable(m_ipv6.errorString()));
    }
    for (const int index : std::as_const(m_joined)) {
        // One that is merely down still counts as joined in the kernel; one that is gone does not.
        const auto interface = QNetworkInterface::interfaceFromIndex(index);
        if (!joined.contains(index) && interface.isValid())
            m_ipv6.leaveMulticastGroup(group(), interface);
    }
    m_joined = joined;
}

bool UdpPort::send(const Link &link, Family family, QByteArrayView datagram)
{
    QUdpSocket &socket = family == Family::Ipv4 ? m_ipv4 : m_ipv6;
    if (socket.state() != QUdpSocket::BoundState)
        return false;
    bool sent = false;
    for (const Subnet &subnet : link.reached(family)) {
        QHostAddress everybody = subnet.broadcast;
        if (family == Family::Ipv6) {
            everybody = group();
            everybody.setScopeId(link.name);
        }
        QNetworkDatagram packet(datagram.toByteArray(), everybody, m_port);
        packet.setSender(subnet.address, m_port);
        packet.setInterfaceIndex(uint(link.index));
        sent = socket.writeDatagram(packet) == datagram.size() || sent;
    }
    return sent;
}

void UdpPort::readAll()
{
    if (m_pause.isActive())
        return; // the socket stays quiet until it is read from
    readFrom(m_ipv4);
    readFrom(m_ipv6);
}

void UdpPort::readFrom(QUdpSocket &socket)
{
    for (int i = 0; i < portion && socket.hasPendingDatagrams(); ++i) {
        const QNetworkDatagram packet = socket.receiveDatagram(maximumDatagram + 1);
        if (packet.isValid())
            Q_EMIT received({packet.data(), packet.senderAddress(), int(packet.interfaceIndex())});
    }
    if (socket.hasPendingDatagrams())
        m_pause.start();
}

} // namespace octopus::discovery
