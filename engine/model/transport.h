// Transport: the way by which a target is reached. Transports: those of one target, the preferred
// one first ("first available").
//
// Text form: comma-separated; "auto", "ipv4", "ipv6", the name of an interface,
// "socks5://[USER[:PASSWORD]@]HOST[:PORT]" or "unix:/PATH". What would end a part early is written
// %XX (UTF-8). text() and parse() are inverse. A password is in text() alone, which only the
// configuration (0600) holds; shown() has *** for it. Values; any thread.
#pragma once

#include "engine/base/result.h"

#include <QList>
#include <QString>

namespace octopus {

inline constexpr quint16 standardProxyPort = 1080;

struct Transport {
    enum class Kind : quint8 { Automatic, IPv4, IPv6, Interface, Socks5, UnixSocket };

    Kind kind = Kind::Automatic;
    QString interface;     // 1..15 characters
    QString host;          // of the proxy: an address without brackets, or a name
    quint16 port = 0;      // of the proxy
    QByteArray user;       // at the proxy, at most 255 bytes (RFC 1929); empty: nobody
    QByteArray password;   // likewise
    bool isMasked = false; // the text had *** for the password: it is to be found elsewhere
    QByteArray path;       // of the socket, absolute, at most 107 bytes

    [[nodiscard]] QString text() const;  // with the password
    [[nodiscard]] QString shown() const; // for everybody to see
    // "proxy:1080", "[2001:db8::1]:1080"
    [[nodiscard]] QString proxy() const;
    friend bool operator==(const Transport &, const Transport &) = default;
};

class Transports
{
public:
    static constexpr qsizetype most = 8;
    static constexpr qsizetype longestText = 4000; // characters

    Transports() : m_list{Transport{}} {}
    // Invalid: empty, too long, too many or malformed. What it says quotes no part of a proxy.
    [[nodiscard]] static Result<Transports> parse(const QString &text);

    [[nodiscard]] QString text() const;
    [[nodiscard]] QString shown() const;
    [[nodiscard]] const QList<Transport> &list() const
    {
        return m_list;
    } // 1..most, all shown() differ
    [[nodiscard]] qsizetype size() const { return m_list.size(); }
    // Those that are preferred to the one at `index`, which is at least 1.
    [[nodiscard]] Transports before(qsizetype index) const;
    // One of them leads to the target without an address of it.
    [[nodiscard]] bool needNoAddress() const;
    // With the passwords for which *** stands, from proxies in `known` of the same host, port and
    // user. Invalid: one is not there.
    [[nodiscard]] Result<Transports> withPasswordsOf(const QList<Transports> &known) const;
    friend bool operator==(const Transports &, const Transports &) = default;

private:
    explicit Transports(const QList<Transport> &list) : m_list(list) {}
    QList<Transport> m_list;
};

} // namespace octopus
