#include "app/desktop/editor/draftcheck.h"

#include "app/desktop/wording.h"
#include "engine/model/rules.h"

#include <sys/stat.h>
#include <unistd.h>

namespace octopus::desktop {

QString DraftCheck::name(const QString &name, const QStringList &taken)
{
    if (name.isEmpty())
        return tr("Give the vault a name.");
    if (name.size() > 64)
        return tr("The name is too long: 64 characters at most.");
    if (!checkVaultName(name))
        return tr("A name holds no slash and no line break, and starts with neither a dot nor a "
                  "dash.");
    if (taken.contains(name))
        return tr("There is a vault of this name already.");
    return {};
}

QString DraftCheck::sources(const QList<QByteArray> &sources)
{
    if (sources.isEmpty())
        return tr("Choose the folder to mirror.");
    if (sources.size() > 1) {
        return tr("A vault mirrors one folder for now. Keep one checked, and add a vault for each "
                  "other one; or check the folder that holds them all.");
    }
    const QByteArray &source = sources.first();
    if (!source.startsWith('/'))
        return tr("Type the whole path, from the first slash on.");
    struct stat entry = {};
    if (::stat(source.constData(), &entry) != 0) {
        return errno == EACCES ? tr("This folder cannot be looked into: permission is missing.")
                               : tr("There is no such folder.");
    }
    if (!S_ISDIR(entry.st_mode))
        return tr("This is a file. A vault mirrors a folder for now: choose the one it lies in.");
    if (::access(source.constData(), R_OK | X_OK) != 0)
        return tr("This folder cannot be read: permission is missing.");
    return {};
}

QString DraftCheck::patterns(const QList<QByteArray> &patterns)
{
    for (const QByteArray &pattern : patterns) {
        if (!RuleMatcher::compile({{pattern}, {}})) {
            return tr("\"%1\" is no pattern: no empty, \".\" or \"..\" part, and no backslash at "
                      "the end of a part.")
                .arg(Wording::shown(pattern));
        }
    }
    if (!RuleMatcher::compile({patterns, {}}))
        return tr("These are too many patterns: 1000 at most.");
    return {};
}

// What is wrong with one item of a list.
static QString faultOfTransport(const QString &item)
{
    if (item.isEmpty())
        return DraftCheck::tr("Between two commas, or at the end, a way is missing.");
    if (item.startsWith(QStringLiteral("socks5:")))
        return DraftCheck::tr("A proxy is written socks5://HOST:PORT, or "
                              "socks5://USER:PASSWORD@HOST:PORT; a comma, % or @ in a password is "
                              "written %2C, %25 or %40.");
    if (item.startsWith(QStringLiteral("unix:")))
        return DraftCheck::tr("A Unix socket is written unix: and its whole path, from the first "
                              "slash on; 107 bytes at most.");
    if (item.contains(u':'))
        return DraftCheck::tr("This kind of way is not known. A proxy is written "
                              "socks5://HOST:PORT, a Unix socket unix:/PATH.");
    return DraftCheck::tr("This is no name of a network interface: 15 characters at most, no slash "
                          "and no space.");
}

QString DraftCheck::transport(const QString &text)
{
    if (text.trimmed().isEmpty())
        return tr("Choose how the targets are reached; \"auto\" leaves it to the system.");
    if (Transports::parse(text))
        return {};
    const QStringList items = text.split(u',');
    if (items.size() > Transports::most)
        return tr("These are too many ways: 8 at most.");
    for (const QString &item : items) {
        if (!Transports::parse(item))
            return faultOfTransport(item.trimmed());
    }
    return tr("A way is there twice, or the list is too long.");
}

QString DraftCheck::transportHint(const QString &text)
{
    const auto transports = Transports::parse(text);
    if (!transports || transports->size() > 1)
        return {};
    const Transport &one = transports->list().first();
    switch (one.kind) {
    case Transport::Kind::Automatic: return tr("Automatic: the system finds the way.");
    case Transport::Kind::IPv4: return tr("Only at addresses of IPv4.");
    case Transport::Kind::IPv6: return tr("Only at addresses of IPv6.");
    case Transport::Kind::Interface:
        return tr("Only over the interface %1.").arg(Wording::shown(one.interface));
    case Transport::Kind::Socks5:
        return tr("Through the proxy %1.").arg(Wording::shown(one.proxy()));
    case Transport::Kind::UnixSocket: break;
    }
    return tr("Through the Unix socket of a tunnel.");
}

QString DraftCheck::destination(const QByteArray &destination)
{
    if (destination.isEmpty())
        return {};
    const bool absolute = destination.startsWith('/');
    const auto path = RelPath::parse(QByteArrayView(destination).sliced(absolute ? 1 : 0));
    if (!path || path->isRoot()) {
        return tr("\"%1\" is no folder there: no empty, \".\" or \"..\" part, and not the root.")
            .arg(Wording::shown(destination));
    }
    return {};
}

} // namespace octopus::desktop
