#include "app/desktop/settings/startup.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTimer>

namespace octopus::desktop {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 10s;

const QString unit = QStringLiteral("octopusd.service");

// By its name where that finds this very program, so that the file survives an update.
QString ownProgram()
{
    const QString path = QCoreApplication::applicationFilePath();
    const QString name = QFileInfo(path).fileName();
    const QString found = QStandardPaths::findExecutable(name);
    return QFileInfo(found).canonicalFilePath() == QFileInfo(path).canonicalFilePath() ? name
                                                                                       : path;
}

bool isUsual(const control::Location &location)
{
    const auto usual = control::locate({}, [](const char *name) {
        return QByteArrayView(name) == "OCTOPUS_STATE" ? QByteArray() : qgetenv(name);
    });
    return usual && usual->stateDirectory == location.stateDirectory;
}

} // namespace

Startup::Place Startup::placeFor(const control::Location &location)
{
    Place place;
    place.autostartFolder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
        + QStringLiteral("/autostart");
    place.usualState = isUsual(location);
    place.command = {ownProgram()};
    if (!place.usualState)
        place.command += {QStringLiteral("--state"), QFile::decodeName(location.stateDirectory)};
    place.command.append(QStringLiteral("--hidden"));
    place.systemctl = QStandardPaths::findExecutable(QStringLiteral("systemctl"));
    return place;
}

Startup::Startup(Place place)
    : m_place(std::move(place)),
      m_file(m_place.autostartFolder, m_place.command)
{}

void Startup::look()
{
    ask({QStringLiteral("is-enabled"), unit}, [this](int code, const QByteArray &output) {
        takeUnitState(code, output.trimmed());
        Q_EMIT looked();
    });
}

// systemctl prints one word on standard output, or nothing there if no systemd answers.
void Startup::takeUnitState(int code, const QByteArray &word)
{
    m_unitIsEnabled = code == 0 && word.startsWith("enabled");
    if (m_unitIsEnabled)
        m_engineObstacle = Obstacle::None; // it can be switched off
    else if (word.isEmpty())
        m_engineObstacle = Obstacle::NoSystemd;
    else if (word != "disabled")
        m_engineObstacle = Obstacle::NoUnit;
    else
        m_engineObstacle = m_place.usualState ? Obstacle::None : Obstacle::OtherState;
}

AtLogin Startup::current() const
{
    if (m_unitIsEnabled)
        return AtLogin::Engine;
    return m_file.isActive() ? AtLogin::Desktop : AtLogin::Nothing;
}

Obstacle Startup::desktopObstacle() const
{
    return m_file.canBeWritten() ? Obstacle::None : Obstacle::NotWritable;
}

// What is not wanted goes first: whatever fails on the way, there are never two.
void Startup::choose(AtLogin what)
{
    const bool changesUnit = m_unitIsEnabled != (what == AtLogin::Engine);
    if (what == AtLogin::Engine) {
        if (const Result<void> removed = m_file.remove(); !removed) {
            Q_EMIT failed(removed.error().detail);
            return;
        }
    }
    if (!changesUnit)
        return setFile(what == AtLogin::Desktop);
    const QString verb =
        what == AtLogin::Engine ? QStringLiteral("enable") : QStringLiteral("disable");
    ask({verb, unit}, [this, what](int code, const QByteArray &output) {
        if (code != 0) {
            Q_EMIT failed(output.trimmed());
            return;
        }
        m_unitIsEnabled = what == AtLogin::Engine;
        setFile(what == AtLogin::Desktop);
    });
}

void Startup::setFile(bool wanted)
{
    if (const Result<void> result = wanted ? m_file.write() : m_file.remove(); !result)
        Q_EMIT failed(result.error().detail);
    else
        Q_EMIT chosen();
}

// Code 127: it could not be started, or took too long.
void Startup::ask(const QStringList &arguments, Answered answered)
{
    constexpr int notRun = 127;
    if (m_place.systemctl.isEmpty())
        return answered(notRun, {});
    auto *process = new QProcess(this);
    const auto end = [process, answered = std::move(answered)](int code) {
        const QByteArray output = process->readAllStandardOutput();
        const QByteArray complaint = process->readAllStandardError();
        process->disconnect();
        process->deleteLater();
        // Asking, what is not there tells more than a complaint; commanding, it is the reason.
        const bool asked = process->arguments().contains(QStringLiteral("is-enabled"));
        answered(code, asked ? output : complaint);
    };
    connect(process, &QProcess::finished, this, [end](int code, QProcess::ExitStatus status) {
        end(status == QProcess::NormalExit ? code : notRun);
    });
    connect(process, &QProcess::errorOccurred, this, [end](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            end(notRun);
    });
    process->start(m_place.systemctl,
                   QStringList{QStringLiteral("--user"), QStringLiteral("--no-ask-password")}
                       + arguments);
    QTimer::singleShot(patience, process, &QProcess::kill);
}

} // namespace octopus::desktop
