#include "discovery/machine.h"

namespace octopus::discovery {

QStringList sourceNames(Sources sources)
{
    QStringList names;
    if (sources.testFlag(Source::DnsSd))
        names.append(QStringLiteral("dns-sd"));
    if (sources.testFlag(Source::Broadcast))
        names.append(QStringLiteral("broadcast"));
    return names;
}

QString MachineAddress::text() const
{
    const QString host = address.toString();
    const bool bracketed = address.protocol() == QAbstractSocket::IPv6Protocol;
    return (bracketed ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2")).arg(host).arg(port);
}

} // namespace octopus::discovery
