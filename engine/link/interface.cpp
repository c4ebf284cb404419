#include "engine/link/interface.h"

#include "engine/link/socketaddress.h"

#include <QNetworkInterface>

#include <sys/socket.h>

#include <cerrno>

namespace octopus::link {

bool InterfaceAddresses::has(QAbstractSocket::NetworkLayerProtocol family) const
{
    if (family == QAbstractSocket::IPv4Protocol)
        return !ipv4.isNull();
    return !ipv6.isNull() || !linkLocal.isNull();
}

Result<InterfaceAddresses> addressesOf(const QString &interface)
{
    const auto unusable = [&](const char *before, const char *after) {
        return failure(ErrorCode::Unreachable, before + interface.toUtf8() + after);
    };
    const QNetworkInterface found = QNetworkInterface::interfaceFromName(interface);
    if (!found.isValid() || found.name() != interface)
        return unusable("there is no interface ", " now");
    if (!found.flags().testFlag(QNetworkInterface::IsUp))
        return unusable("the interface ", " is switched off");
    if (!found.flags().testFlag(QNetworkInterface::IsRunning))
        return unusable("the interface ", " is not connected");
    InterfaceAddresses addresses;
    addresses.index = found.index();
    for (const QNetworkAddressEntry &entry : found.addressEntries()) {
        const QHostAddress address = entry.ip();
        const bool isIpv4 = address.protocol() == QAbstractSocket::IPv4Protocol;
        QHostAddress &place = isIpv4 ? addresses.ipv4
            : address.isLinkLocal()  ? addresses.linkLocal
                                     : addresses.ipv6;
        if (place.isNull())
            place = address;
    }
    if (!addresses.has(QAbstractSocket::IPv4Protocol)
        && !addresses.has(QAbstractSocket::IPv6Protocol))
        return unusable("the interface ", " has no address");
    return addresses;
}

Result<void> bindToAddress(int socket, const InterfaceAddresses &addresses,
                           const QHostAddress &target)
{
    const bool isIpv4 = target.protocol() == QAbstractSocket::IPv4Protocol;
    const bool isNear = target.isLinkLocal() || addresses.ipv6.isNull();
    const QHostAddress &own = isIpv4 ? addresses.ipv4
        : isNear                     ? addresses.linkLocal
                                     : addresses.ipv6;
    if (own.isNull())
        return failure(ErrorCode::Unreachable, "the interface has no address of that kind");
    const SocketAddress address(own, 0, addresses.index);
    if (::bind(socket, address.generic(), address.size()) != 0)
        return std::unexpected(systemFailure(errno, "binding to an address of the interface"));
    return {};
}

Result<void> bindTo(int socket, const QString &interface, const QHostAddress &target)
{
    const auto addresses = addressesOf(interface);
    OCTOPUS_TRY(addresses);
    const QByteArray name = interface.toUtf8();
    if (::setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, name.constData(), socklen_t(name.size()))
        == 0)
        return {};
    if (errno != EPERM)
        return std::unexpected(systemFailure(errno, "binding to the interface " + name));
    return bindToAddress(socket, *addresses, target);
}

} // namespace octopus::link
