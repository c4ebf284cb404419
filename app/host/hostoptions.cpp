#include "app/host/hostoptions.h"

#include "app/process/rawtext.h"

#include <QCommandLineParser>

namespace octopus::host {

namespace {

constexpr qsizetype longestName = 64;

bool isPrintableName(const QString &name)
{
    if (name.trimmed().isEmpty() || name.size() > longestName)
        return false;
    for (const QChar character : name) {
        if (!character.isPrint())
            return false;
    }
    return true;
}

} // namespace

QList<QCommandLineOption> hostOptionList()
{
    return {{QStringLiteral("state"),
             QStringLiteral("the folder where this engine keeps everything (or OCTOPUS_STATE)"),
             QStringLiteral("DIR")},
            {QStringLiteral("name"), QStringLiteral("this machine's name, as others see it"),
             QStringLiteral("NAME")},
            {QStringLiteral("listen"),
             QStringLiteral("where to listen, such as 0.0.0.0:17290; port 0 takes any free one"),
             QStringLiteral("ADDRESS:PORT")},
            {QStringLiteral("no-discovery"),
             QStringLiteral("neither announce this machine on the network nor look for others")}};
}

Result<HostOptions> hostOptionsOf(const QCommandLineParser &parser)
{
    HostOptions options;
    const Result<control::Location> location =
        control::locate(process::rawFromText(parser.value(QStringLiteral("state"))));
    if (!location)
        return passOn(location);
    options.location = *location;
    options.name = parser.value(QStringLiteral("name"));
    options.discovery = !parser.isSet(QStringLiteral("no-discovery"));
    if (parser.isSet(QStringLiteral("name")) && !isPrintableName(options.name))
        return failure(ErrorCode::Invalid, "--name takes 1 to 64 printable characters");
    if (parser.isSet(QStringLiteral("listen"))) {
        const auto listen = parseListenAddress(parser.value(QStringLiteral("listen")));
        if (!listen)
            return passOn(listen);
        options.listenAddress = listen->first;
        options.port = listen->second;
    }
    return options;
}

Result<std::pair<QHostAddress, quint16>> parseListenAddress(const QString &text)
{
    const auto invalid = failure(ErrorCode::Invalid,
                                 "--listen takes ADDRESS:PORT, such as 127.0.0.1:0 or [::1]:17290");
    const qsizetype colon = text.lastIndexOf(u':');
    if (colon < 0)
        return invalid;
    bool isNumber = false;
    const quint16 port = text.mid(colon + 1).toUShort(&isNumber);
    QString host = text.left(colon);
    const bool bracketed = host.startsWith(u'[') && host.endsWith(u']');
    if (bracketed)
        host = host.sliced(1, host.size() - 2);
    QHostAddress address(QHostAddress::Any);
    const bool isAddress = text.startsWith(u':') || address.setAddress(host);
    // Without brackets the last part of an IPv6 address would be taken for a port.
    if (!isNumber || !isAddress || (host.contains(u':') && !bracketed))
        return invalid;
    return std::pair(address, port);
}

} // namespace octopus::host
