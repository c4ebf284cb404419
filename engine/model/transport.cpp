#include "engine/model/transport.h"

#include <QStringList>

#include <algorithm>

namespace octopus {

namespace {

using Kind = Transport::Kind;

constexpr qsizetype longestInterface = 15; // IFNAMSIZ
constexpr qsizetype longestPath = 107;     // sockaddr_un
constexpr qsizetype longestHost = 253;
constexpr qsizetype longestLogin = 255;
constexpr QLatin1StringView proxyScheme("socks5://");
constexpr QLatin1StringView pathScheme("unix:");
constexpr QLatin1StringView mask("***");

std::unexpected<Error> invalid(const QByteArray &detail)
{
    return failure(ErrorCode::Invalid, detail);
}

bool isControl(QChar c)
{
    return c.category() == QChar::Other_Control;
}

// ---- text

// `special` and whatever else must not stand in a part as it is, as %XX.
QString escaped(const QByteArray &bytes, QLatin1StringView special)
{
    QString out;
    for (const QChar c : QString::fromUtf8(bytes)) {
        if (isControl(c) || c == u'%' || c == u',' || c.isSpace() || special.contains(c)) {
            for (const char byte : QString(c).toUtf8())
                out += u'%' + QString::number(quint8(byte), 16).rightJustified(2, u'0').toUpper();
        } else {
            out += c;
        }
    }
    return out;
}

// Bytes that are UTF-8 without NUL.
Result<QByteArray> unescaped(QStringView text)
{
    const QByteArray bytes = text.toUtf8();
    QByteArray out;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        if (bytes[i] != '%') {
            out += bytes[i];
            continue;
        }
        bool isNumber = false;
        const uint byte = bytes.mid(i + 1, 2).toUInt(&isNumber, 16);
        const auto isHex = [](char c) { return std::isxdigit(uchar(c)) != 0; };
        const QByteArray digits = bytes.mid(i + 1, 2);
        if (digits.size() != 2 || !isNumber || !std::ranges::all_of(digits, isHex))
            return invalid("after % two hexadecimal digits are missing");
        out += char(byte);
        i += 2;
    }
    if (out.contains('\0') || QString::fromUtf8(out).toUtf8() != out)
        return invalid("it holds bytes that are no text");
    return out;
}

QString login(const Transport &transport, bool withPassword)
{
    constexpr QLatin1StringView special(":@/*[]");
    if (transport.user.isEmpty())
        return {};
    QString text = escaped(transport.user, special);
    if (transport.isMasked || (!withPassword && !transport.password.isEmpty()))
        text += u':' + mask;
    else if (!transport.password.isEmpty())
        text += u':' + escaped(transport.password, special);
    return text + u'@';
}

QString written(const Transport &transport, bool withPassword)
{
    switch (transport.kind) {
    case Kind::Automatic: return QStringLiteral("auto");
    case Kind::IPv4: return QStringLiteral("ipv4");
    case Kind::IPv6: return QStringLiteral("ipv6");
    case Kind::Interface: return transport.interface;
    case Kind::Socks5: return proxyScheme + login(transport, withPassword) + transport.proxy();
    case Kind::UnixSocket: break;
    }
    return pathScheme + escaped(transport.path, QLatin1StringView());
}

// ---- parsing

Result<Transport> parseInterface(const QString &name)
{
    const auto isBad = [](QChar c) {
        return c == u'/' || c == u':' || c == u'%' || c == u'@' || c.isSpace() || isControl(c);
    };
    if (name.size() > longestInterface || name.toUtf8().size() > longestInterface)
        return invalid("the name of an interface has at most 15 characters");
    if (name == u"." || name == u".." || std::ranges::any_of(name, isBad))
        return invalid("this is no name of an interface");
    Transport transport;
    transport.kind = Kind::Interface;
    transport.interface = name;
    return transport;
}

Result<Transport> parsePath(QStringView text)
{
    const auto path = unescaped(text);
    if (!path)
        return passOn(path);
    if (!path->startsWith('/'))
        return invalid("the path of a Unix socket is absolute: unix:/PATH");
    if (path->size() > longestPath)
        return invalid("the path of a Unix socket has at most 107 bytes");
    Transport transport;
    transport.kind = Kind::UnixSocket;
    transport.path = *path;
    return transport;
}

bool isHost(const QString &host, bool isBracketed)
{
    const auto isGood = [isBracketed](QChar c) {
        const bool isPlain = c.unicode() < 128 && (c.isLetterOrNumber() || c == u'.');
        return isPlain || c == u'-' || c == u'_' || (isBracketed && (c == u':' || c == u'%'));
    };
    return !host.isEmpty() && host.size() <= longestHost && !host.startsWith(u'-')
        && host.contains(u':') == isBracketed && std::ranges::all_of(host, isGood);
}

Result<void> parseHost(QStringView text, Transport &transport)
{
    const bool isBracketed = text.startsWith(u'[');
    const qsizetype end = isBracketed ? text.indexOf(u']') + 1 : text.indexOf(u':');
    const QStringView host = end < 0 ? text : text.first(end);
    const QStringView rest = end < 0 ? QStringView() : text.sliced(end);
    transport.host = (isBracketed && end > 0 ? host.sliced(1).chopped(1) : host).toString();
    if (!isHost(transport.host, isBracketed) || (!rest.isEmpty() && !rest.startsWith(u':')))
        return invalid("the proxy is written HOST:PORT, an IPv6 address in [brackets]");
    transport.port = standardProxyPort;
    if (rest.isEmpty())
        return {};
    const QStringView digits = rest.sliced(1);
    const bool isNumber = !digits.isEmpty() && digits.size() <= 5
        && std::ranges::all_of(digits, [](QChar c) { return c >= u'0' && c <= u'9'; });
    const uint port = isNumber ? digits.toUInt() : 0;
    if (port == 0 || port > 65535)
        return invalid("the proxy's port is not a number from 1 to 65535");
    transport.port = quint16(port);
    return {};
}

Result<Transport> parseProxy(QStringView text)
{
    Transport transport;
    transport.kind = Kind::Socks5;
    const qsizetype at = text.lastIndexOf(u'@');
    OCTOPUS_TRY(parseHost(text.sliced(at + 1), transport));
    if (at < 0)
        return transport;
    const QStringView who = text.first(at);
    const qsizetype colon = who.indexOf(u':');
    const auto user = unescaped(colon < 0 ? who : who.first(colon));
    if (!user)
        return passOn(user);
    const QStringView secret = colon < 0 ? QStringView() : who.sliced(colon + 1);
    transport.isMasked = secret == mask;
    const auto password = unescaped(transport.isMasked ? QStringView() : secret);
    if (!password)
        return passOn(password);
    if (user->isEmpty() || user->size() > longestLogin || password->size() > longestLogin)
        return invalid("the proxy's user name has 1 to 255 bytes, its password at most 255");
    transport.user = *user;
    transport.password = *password;
    return transport;
}

Result<Transport> parseOne(const QString &text)
{
    if (text.isEmpty())
        return invalid("it is empty");
    if (text == u"auto")
        return Transport{};
    if (text == u"ipv4" || text == u"ipv6") {
        Transport transport;
        transport.kind = text == u"ipv4" ? Kind::IPv4 : Kind::IPv6;
        return transport;
    }
    if (text.startsWith(proxyScheme))
        return parseProxy(QStringView(text).sliced(proxyScheme.size()));
    if (text.startsWith(pathScheme))
        return parsePath(QStringView(text).sliced(pathScheme.size()));
    if (text.contains(u':'))
        return invalid("its kind is not known; a proxy is socks5://HOST:PORT, a socket unix:/PATH");
    return parseInterface(text);
}

} // namespace

QString Transport::text() const
{
    return written(*this, true);
}

QString Transport::shown() const
{
    return written(*this, false);
}

QString Transport::proxy() const
{
    const QString number = QString::number(port);
    return host.contains(u':') ? u'[' + host + QStringLiteral("]:") + number : host + u':' + number;
}

Result<Transports> Transports::parse(const QString &text)
{
    if (text.size() > longestText)
        return invalid("the list of transports is too long");
    const QStringList items = text.split(u',');
    if (items.size() > most)
        return invalid("there are at most 8 transports");
    QList<Transport> list;
    for (const QString &item : items) {
        const auto one = parseOne(item.trimmed());
        const QByteArray where = items.size() == 1
            ? QByteArray("the transport: ")
            : "transport " + QByteArray::number(list.size() + 1) + ": ";
        if (!one)
            return invalid(where + one.error().detail);
        if (std::ranges::contains(list, one->shown(), &Transport::shown))
            return invalid(where + "it is there twice");
        list.append(*one);
    }
    Transports transports(list);
    if (std::max(transports.text().size(), transports.shown().size()) > longestText)
        return invalid("the list of transports is too long");
    return transports;
}

static QString joined(const QList<Transport> &list, QString (Transport::*textOf)() const)
{
    QStringList texts;
    for (const Transport &one : list)
        texts.append((one.*textOf)());
    return texts.join(u',');
}

QString Transports::text() const
{
    return joined(m_list, &Transport::text);
}

QString Transports::shown() const
{
    return joined(m_list, &Transport::shown);
}

Transports Transports::before(qsizetype index) const
{
    return Transports(m_list.first(index));
}

bool Transports::needNoAddress() const
{
    return std::ranges::contains(m_list, Kind::UnixSocket, &Transport::kind);
}

Result<Transports> Transports::withPasswordsOf(const QList<Transports> &known) const
{
    const auto unmasked = [&](const Transport &masked) -> std::optional<Transport> {
        for (const Transports &others : known) {
            for (const Transport &other : others.m_list) {
                if (!other.isMasked && other.host == masked.host && other.port == masked.port
                    && other.user == masked.user && !other.password.isEmpty())
                    return other;
            }
        }
        return std::nullopt;
    };
    QList<Transport> list;
    for (const Transport &one : m_list) {
        const auto whole = one.isMasked ? unmasked(one) : one;
        if (!whole)
            return invalid("the password of the proxy " + one.proxy().toUtf8()
                           + " is not known here: type it instead of ***");
        list.append(*whole);
    }
    return Transports(list);
}

} // namespace octopus
