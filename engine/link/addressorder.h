// In which order the addresses of one machine are tried. Pure; any thread.
#pragma once

#include "engine/link/endpoint.h"

#include <QAbstractSocket>
#include <QList>

namespace octopus::link {

// Each endpoint once; IPv6 and IPv4 by turns, beginning with the family of the first and in their
// order within a family (RFC 8305, section 4), so that a family that is broken here costs one step.
// `network` leaves the other family out.
[[nodiscard]] QList<Endpoint> inOrder(
    const QList<Endpoint> &literals,
    QAbstractSocket::NetworkLayerProtocol network = QAbstractSocket::AnyIPProtocol);

// True for an address; false for a name, which is to be looked up first.
[[nodiscard]] bool isLiteral(const Endpoint &endpoint);

} // namespace octopus::link
