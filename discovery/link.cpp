#include "discovery/link.h"

#include <QNetworkInterface>

#include <algorithm>

namespace octopus::discovery {

static constexpr qsizetype mostLinks = 32;
static constexpr qsizetype mostSubnets = 4; // announced to on one link

static bool isLinkLocal(const QHostAddress &address)
{
    return address.protocol() == QAbstractSocket::IPv6Protocol && address.isLinkLocal();
}

static QHostAddress withoutScope(QHostAddress address)
{
    if (!address.scopeId().isEmpty())
        address.setScopeId({});
    return address;
}

Family familyOf(const QHostAddress &address)
{
    return address.protocol() == QAbstractSocket::IPv4Protocol ? Family::Ipv4 : Family::Ipv6;
}

QList<Subnet> Link::reached(Family family) const
{
    QList<Subnet> reached;
    for (const Subnet &subnet : subnets) {
        const bool usable = family == Family::Ipv4
            ? !subnet.broadcast.isNull() && reached.size() < mostSubnets
            : isLinkLocal(subnet.address) && reached.isEmpty();
        if (usable && familyOf(subnet.address) == family)
            reached.append(subnet);
    }
    return reached;
}

bool Link::holds(const QHostAddress &address) const
{
    if (address.isNull() || address.isLoopback() || address.isMulticast() || address.isBroadcast()
        || address == QHostAddress(QHostAddress::AnyIPv4)
        || address == QHostAddress(QHostAddress::AnyIPv6))
        return false;
    const QHostAddress plain = withoutScope(address);
    return std::ranges::any_of(subnets, [&](const Subnet &subnet) {
        return familyOf(subnet.address) == familyOf(plain) && plain != subnet.broadcast
            && plain.isInSubnet(subnet.address, subnet.prefix);
    });
}

// Whether `address`, heard on the interface `index` (0: unknown), can be on this link.
static bool canBeOn(const Link &link, const QHostAddress &address, int index)
{
    if (index != 0)
        return link.index == index;
    return !isLinkLocal(address) || address.scopeId() == link.name
        || address.scopeId() == QString::number(link.index);
}

QHostAddress onLink(const Links &links, const QHostAddress &address, int index)
{
    for (const Link &link : links) {
        if (!canBeOn(link, address, index) || !link.holds(address))
            continue;
        QHostAddress hint = withoutScope(address);
        if (isLinkLocal(hint))
            hint.setScopeId(link.name);
        return hint;
    }
    return {};
}

static Link linkOf(const QNetworkInterface &interface)
{
    Link link{interface.index(), interface.name(), {}};
    const bool broadcasts = interface.flags().testFlag(QNetworkInterface::CanBroadcast);
    for (const QNetworkAddressEntry &entry : interface.addressEntries()) {
        const QHostAddress address = withoutScope(entry.ip());
        if (entry.prefixLength() < 1)
            continue;
        link.subnets.append(
            {address, entry.prefixLength(),
             broadcasts && familyOf(address) == Family::Ipv4 ? entry.broadcast() : QHostAddress()});
    }
    return link;
}

Links systemLinks(const QStringList &wanted)
{
    Links links;
    for (const QNetworkInterface &interface : QNetworkInterface::allInterfaces()) {
        const auto flags = interface.flags();
        const bool usable = flags.testFlags(QNetworkInterface::IsUp | QNetworkInterface::IsRunning)
            && !flags.testFlag(QNetworkInterface::IsLoopBack)
            && (flags & (QNetworkInterface::CanBroadcast | QNetworkInterface::CanMulticast));
        if (usable && interface.index() != 0 && links.size() < mostLinks
            && (wanted.isEmpty() || wanted.contains(interface.name())))
            links.append(linkOf(interface));
    }
    return links;
}

} // namespace octopus::discovery
