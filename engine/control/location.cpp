#include "engine/control/location.h"

#include <QDir>
#include <QFile>

namespace octopus::control {

namespace {

constexpr const char *socketName = "/control.sock";

// Relative values of XDG variables are invalid and count as unset (XDG Base Directory 0.8).
QByteArray absoluteOrEmpty(const QByteArray &path)
{
    return path.startsWith('/') ? path : QByteArray();
}

// Lexically clean and absolute; bytes stay as they are.
QByteArray cleaned(const QByteArray &path)
{
    QByteArray absolute = path;
    if (!absolute.startsWith('/'))
        absolute = QFile::encodeName(QDir::currentPath()) + '/' + absolute;
    QList<QByteArray> parts;
    for (const QByteArray &part : absolute.split('/')) {
        // ".." is kept: what it leads to depends on symbolic links.
        if (!part.isEmpty() && part != ".")
            parts.append(part);
    }
    return '/' + parts.join('/');
}

} // namespace

Result<Location> locate(const QByteArray &option, const Environment &environment)
{
    const QByteArray home = absoluteOrEmpty(environment("HOME"));
    QByteArray stateHome = absoluteOrEmpty(environment("XDG_STATE_HOME"));
    if (stateHome.isEmpty() && !home.isEmpty())
        stateHome = home + "/.local/state";
    const QByteArray usual = stateHome.isEmpty() ? QByteArray() : cleaned(stateHome + "/octopus");

    QByteArray chosen = option.isEmpty() ? environment("OCTOPUS_STATE") : option;
    chosen = chosen.isEmpty() ? usual : cleaned(chosen);
    if (chosen.isEmpty()) {
        return failure(ErrorCode::Invalid,
                       "it is not known where to keep state, HOME is not set; "
                       "name a folder with --state");
    }
    const QByteArray entrance = chosen + "/run" + socketName;
    const QByteArray runtime = absoluteOrEmpty(environment("XDG_RUNTIME_DIR"));
    // Named or not, the usual folder has one socket.
    if (chosen == usual && !runtime.isEmpty())
        return Location{chosen, cleaned(runtime + "/octopus") + socketName, entrance};
    return Location{chosen, entrance, entrance};
}

Result<Location> locate(const QByteArray &option)
{
    return locate(option, [](const char *name) { return qgetenv(name); });
}

} // namespace octopus::control
