// A network interface of this machine, over which alone a connection shall go out. Any thread.
#pragma once

#include "engine/base/result.h"

#include <QHostAddress>

namespace octopus::link {

struct InterfaceAddresses {
    int index = 0;
    QHostAddress ipv4; // null: none; likewise the others
    QHostAddress ipv6; // of wider scope than the link
    QHostAddress linkLocal;

    [[nodiscard]] bool has(QAbstractSocket::NetworkLayerProtocol family) const;
};

// What the interface has now. Unreachable: there is no such interface, it is down, or it has no
// address. All of that may change at any time.
[[nodiscard]] Result<InterfaceAddresses> addressesOf(const QString &interface);

// Lets the socket, which is not connected yet, send over nothing but the interface (SO_BINDTODEVICE,
// which Linux grants to everybody since 5.7); where that is not permitted, from an address of it.
[[nodiscard]] Result<void> bindTo(int socket, const QString &interface, const QHostAddress &target);
// The second way by itself.
[[nodiscard]] Result<void> bindToAddress(int socket, const InterfaceAddresses &addresses,
                                         const QHostAddress &target);

} // namespace octopus::link
