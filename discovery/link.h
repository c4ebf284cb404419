// Link: a network interface through which machines on the same segment can be found. Value.
//
// Only what is on a segment with us is ever believed or answered: an announcement cannot lead us to
// another network, to ourselves or to a service elsewhere.
#pragma once

#include <QHostAddress>
#include <QList>
#include <QString>
#include <QStringList>

namespace octopus::discovery {

enum class Family : quint8 { Ipv4, Ipv6 };

struct Subnet {
    QHostAddress address; // ours in it, without scope
    int prefix = 0;
    QHostAddress broadcast; // null for IPv6 and where there is none
    friend bool operator==(const Subnet &, const Subnet &) = default;
};

struct Link {
    int index = 0; // the kernel's number of the interface; not 0
    QString name;
    QList<Subnet> subnets;
    friend bool operator==(const Link &, const Link &) = default;

    // Addresses to announce to: the broadcast address of each IPv4 subnet, at most four. Empty for
    // IPv6 without an address of the link's scope.
    [[nodiscard]] QList<Subnet> reached(Family family) const;
    // A unicast address of a machine on this link. Scopes are not looked at.
    [[nodiscard]] bool holds(const QHostAddress &address) const;
};

using Links = QList<Link>;

[[nodiscard]] Family familyOf(const QHostAddress &address);
// A hint that is worth keeping: `address` is on the link with this index (0: on any of them). Gives
// the link's addresses of IPv6 their scope and takes it from all others; null if it is on none.
[[nodiscard]] QHostAddress onLink(const Links &links, const QHostAddress &address, int index);
// What the system has now: up, no loopback, able to broadcast or multicast; at most 32 of those whose
// names are in `wanted` (empty: all).
[[nodiscard]] Links systemLinks(const QStringList &wanted);

} // namespace octopus::discovery
