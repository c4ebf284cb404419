#include "engine/link/endpoint.h"

#include <QHostAddress>

#include <algorithm>

namespace octopus::link {

static constexpr qsizetype longestHost = 253;
static constexpr qsizetype longestLabel = 63;
static constexpr qsizetype longestLiteral = 64; // an IPv6 address with a scope

static bool isAsciiLetterOrDigit(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9');
}

static bool isLabel(QStringView label)
{
    return !label.isEmpty() && label.size() <= longestLabel && !label.startsWith(u'-')
        && !label.endsWith(u'-') && std::ranges::all_of(label, [](QChar c) {
               return isAsciiLetterOrDigit(c) || c == u'-' || c == u'_';
           });
}

static bool isName(const QString &host)
{
    const QList<QStringView> labels = QStringView(host).split(u'.');
    // A last label of digits only would be an address written in some other way ("127.1").
    const bool number =
        std::ranges::all_of(labels.constLast(), [](QChar c) { return c.isDigit(); });
    return !number && host.size() <= longestHost && std::ranges::all_of(labels, isLabel);
}

static bool isLiteral(const QString &host)
{
    const QHostAddress address(host);
    if (address.protocol() == QAbstractSocket::IPv4Protocol)
        return address.toString() == host;
    return address.protocol() == QAbstractSocket::IPv6Protocol && host.size() <= longestLiteral
        && std::ranges::all_of(host, [](QChar c) {
               return isAsciiLetterOrDigit(c) || c == u':' || c == u'.' || c == u'%' || c == u'-'
                   || c == u'_';
           });
}

Result<void> checkHost(const QString &host)
{
    if (host.isEmpty() || !(isLiteral(host) || isName(host)))
        return failure(ErrorCode::Invalid, "this is neither an address nor a host name");
    return {};
}

static Result<quint16> parsePort(QStringView digits)
{
    const bool plain = !digits.isEmpty() && digits.size() <= 5
        && std::ranges::all_of(digits, [](QChar c) { return c >= u'0' && c <= u'9'; });
    const uint port = plain ? digits.toUInt() : 0;
    if (port == 0 || port > 65535)
        return failure(ErrorCode::Invalid, "the port is not a number from 1 to 65535");
    return quint16(port);
}

Result<Endpoint> Endpoint::parse(const QString &text)
{
    Endpoint endpoint{text, standardPort};
    QStringView rest;
    if (text.startsWith(u'[')) {
        const qsizetype end = text.indexOf(u']');
        if (end < 0)
            return failure(ErrorCode::Invalid, "']' is missing after the address");
        endpoint.host = text.sliced(1, end - 1);
        rest = QStringView(text).sliced(end + 1);
        if (!endpoint.host.contains(u':') || (!rest.isEmpty() && !rest.startsWith(u':')))
            return failure(ErrorCode::Invalid, "this is not of the form [address]:port");
    } else if (text.count(u':') == 1) {
        endpoint.host = text.section(u':', 0, 0);
        rest = QStringView(text).sliced(endpoint.host.size());
    }
    OCTOPUS_TRY(checkHost(endpoint.host));
    if (!rest.isEmpty()) {
        const Result<quint16> port = parsePort(rest.sliced(1));
        if (!port)
            return passOn(port);
        endpoint.port = *port;
    }
    return endpoint;
}

QString Endpoint::text() const
{
    const QString number = QString::number(port);
    if (host.contains(u':'))
        return u'[' + host + QStringLiteral("]:") + number;
    return host + u':' + number;
}

} // namespace octopus::link
