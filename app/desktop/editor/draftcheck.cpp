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
