#include "engine/link/addressorder.h"

#include <QHostAddress>

#include <algorithm>

namespace octopus::link {

static bool isIpv6(const Endpoint &endpoint)
{
    return QHostAddress(endpoint.host).protocol() == QAbstractSocket::IPv6Protocol;
}

bool isLiteral(const Endpoint &endpoint)
{
    return !QHostAddress(endpoint.host).isNull();
}

QList<Endpoint> inOrder(const QList<Endpoint> &literals,
                        QAbstractSocket::NetworkLayerProtocol network)
{
    QList<Endpoint> first;
    QList<Endpoint> second;
    const bool begins = !literals.isEmpty() && isIpv6(literals.first());
    for (const Endpoint &one : literals) {
        const bool six = isIpv6(one);
        const bool wanted = network != QAbstractSocket::IPv4Protocol || !six;
        if (!wanted || (network == QAbstractSocket::IPv6Protocol && !six))
            continue;
        QList<Endpoint> &family = six == begins ? first : second;
        if (!family.contains(one))
            family.append(one);
    }
    QList<Endpoint> order;
    for (qsizetype i = 0; i < std::max(first.size(), second.size()); ++i) {
        if (i < first.size())
            order.append(first[i]);
        if (i < second.size())
            order.append(second[i]);
    }
    return order;
}

} // namespace octopus::link
