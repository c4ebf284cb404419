// Announcement: what a machine says of itself in one datagram (FORMAT.md). Anybody can say anything
// in one: it is a hint where a machine may be reached, never identity. Pure; values; any thread.
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace octopus::discovery {

inline constexpr qsizetype idSize = 32;            // bytes: the SHA-256 of a machine's public key
inline constexpr qsizetype maximumDatagram = 1200; // bytes
inline constexpr qsizetype maximumName = 64;       // characters in UTF-16
inline constexpr qsizetype maximumVersion = 32;    // characters
// Announcements that lead to the ports of system services are ignored.
inline constexpr quint16 leastPort = 1024;

enum class AnnouncementKind : quint8 {
    Announce = 1, // I am here
    Ask,          // I am here; who else is?
    Goodbye,      // I am going
};

struct Announcement {
    AnnouncementKind kind = AnnouncementKind::Announce;
    QByteArray id;             // idSize bytes
    QString name;              // isAnnounceable()
    QString version;           // of the program; printable ASCII, may be empty
    quint16 port = 0;          // TCP, where it listens: at least leastPort; 0: it only asks
    quint32 leastProtocol = 1; // the protocol versions that it speaks
    quint32 mostProtocol = 1;
    quint16 flags = 0;    // none is defined yet; unknown ones are passed on
    quint64 instance = 1; // drawn at random when the program starts; not 0
    quint64 nonce = 0;    // drawn at random for each datagram
    friend bool operator==(const Announcement &, const Announcement &) = default;
};

[[nodiscard]] QByteArray encode(const Announcement &announcement);
// Invalid: not an announcement, or one that breaks a cap. VersionMismatch: of another format.
[[nodiscard]] Result<Announcement> decode(QByteArrayView datagram);

// 1..maximumName characters, without control and invisible formatting characters (which could make
// one name look like another) and without space around.
[[nodiscard]] bool isAnnounceable(const QString &name);
// The nearest name that is announceable; "?" if nothing is left.
[[nodiscard]] QString announceableName(const QString &name);
// At most maximumVersion characters, all of them printable ASCII.
[[nodiscard]] bool isVersion(const QString &version);

} // namespace octopus::discovery
