// Machines that tests tell of.
#pragma once

#include "discovery/announcement.h"
#include "discovery/machine.h"

#include <QtEndian>

namespace octopus::discovery::samples {

// A different identity for each number.
inline QByteArray id(quint32 number)
{
    QByteArray bytes(idSize, char(0x5a));
    qToBigEndian(number, bytes.data());
    return bytes;
}

inline Announcement announcement(quint32 number)
{
    Announcement a;
    a.id = id(number);
    a.name = QStringLiteral("machine-%1").arg(number, 4, 10, QLatin1Char('0'));
    a.version = QStringLiteral("0.1.0");
    a.port = 17290;
    a.instance = 1000 + number;
    return a;
}

// 10.0.x.y: a different address for each number.
inline QHostAddress address(quint32 number)
{
    return QHostAddress(0x0a000000U + 256 + number);
}

inline Sighting sighting(quint32 number)
{
    const Announcement a = announcement(number);
    Sighting s;
    s.id = a.id;
    s.name = a.name;
    s.version = a.version;
    s.instance = a.instance;
    s.address = address(number);
    s.port = a.port;
    return s;
}

} // namespace octopus::discovery::samples
