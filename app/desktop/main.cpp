// octopus-mirror: the desktop application. Hosts the engine unless one already serves this state
// directory; either way the window reaches it through the control socket.
#include "app/desktop/bus/busservice.h"
#include "app/desktop/enginelink.h"
#include "app/desktop/language.h"
#include "app/desktop/mainwindow.h"
#include "app/desktop/session/quietstart.h"
#include "app/desktop/session/windowmemory.h"
#include "app/desktop/singleinstance.h"
#include "app/desktop/style.h"
#include "app/host/hostthread.h"
#include "app/process/engineprocess.h"
#include "app/process/logging.h"
#include "app/process/rawtext.h"
#include "app/process/signals.h"
#include "app/process/version.h"
#include "engine/base/relpath.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QLocale>
#include <QSessionManager>
#include <QStyle>
#include <QSystemTrayIcon>

#include <cstdio>
#include <optional>

namespace {

using namespace octopus;

constexpr int wrongUsage = 2;

int complain(const QByteArray &text)
{
    const QByteArray line = "octopus-mirror: " + displayText(text).toUtf8() + '\n';
    std::fwrite(line.constData(), 1, size_t(line.size()), stderr);
    return wrongUsage;
}

// Where the desktop environment keeps sessions: the window is written down, and this program is
// started again the way it was.
void keepSession(const QApplication &application, desktop::WindowMemory &memory,
                 const QStringList &arguments)
{
    QObject::connect(
        &application, &QGuiApplication::commitDataRequest, &memory, [&memory] { memory.save(); },
        Qt::DirectConnection);
    QObject::connect(
        &application, &QGuiApplication::saveStateRequest, &memory,
        [arguments](QSessionManager &session) {
            QStringList command = arguments;
            command[0] = QCoreApplication::applicationFilePath();
            if (!command.contains(QStringLiteral("--hidden")))
                command.append(QStringLiteral("--hidden")); // the memory knows whether it was open
            session.setRestartHint(QSessionManager::RestartIfRunning);
            session.setRestartCommand(command);
        },
        Qt::DirectConnection);
}

int show(QApplication &application, const host::HostOptions &options, bool hidden,
         const QStringList &arguments)
{
    desktop::SingleInstance instance(options.location.stateDirectory);
    if (instance.handOver(hidden))
        return 0;
    desktop::EngineLink link(options.location);
    host::HostThread hostThread(options);
    desktop::MainWindow window(link, process::EngineProcess::programBeside());
    desktop::WindowMemory memory(window, options.location.stateDirectory);
    desktop::BusService bus(window.model(), link, window.actions());
    QObject::connect(&link, &desktop::EngineLink::engineMissing, &hostThread,
                     &host::HostThread::start);
    QObject::connect(&hostThread, &host::HostThread::started, &window, [&link, &window] {
        window.setHostsEngine(true);
        link.open();
    });
    QObject::connect(&hostThread, &host::HostThread::failed, &link, &desktop::EngineLink::fail);
    QObject::connect(&instance, &desktop::SingleInstance::windowWanted, &window,
                     &desktop::MainWindow::present);
    QObject::connect(&bus, &desktop::BusService::windowWanted, &window,
                     &desktop::MainWindow::present);
    bool quits = false;
    QObject::connect(&window, &desktop::MainWindow::quitting, &memory, [&quits] { quits = true; });
    keepSession(application, memory, arguments);
    const process::Signals signals;
    QObject::connect(&signals, &process::Signals::stopRequested, &application,
                     [] { QCoreApplication::exit(); }); // not quit(): no window is asked
    std::optional<desktop::QuietStart> quietStart;
    if (hidden && !memory.wasOpen())
        quietStart.emplace(window, &QSystemTrayIcon::isSystemTrayAvailable);
    else
        window.show();
    link.open();
    const int code = QApplication::exec();
    if (quits)
        memory.saveAsQuit();
    else
        memory.save();
    return code;
}

} // namespace

int main(int argc, char **argv)
{
    process::Signals::holdBack();
    const QStringList arguments = process::rawArguments(argc, argv);
    // Qt has options of its own, --name among them: it must not see ours.
    int programOnly = 1;
    QApplication application(programOnly, argv);
    QCoreApplication::setApplicationName(QStringLiteral("octopus-mirror"));
    QCoreApplication::setApplicationVersion(process::programVersion());
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Octopus"));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.octopusmirror.Octopus"));
    QApplication::setQuitOnLastWindowClosed(false); // the window decides, there may be a tray

    // Styles of a desktop environment know their palettes; the built-in one is helped.
    if (QApplication::style()->name() == u"fusion")
        QApplication::setStyle(new desktop::Style(QStringLiteral("fusion")));
    desktop::installLanguage(QLocale());

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Mirrors folders to other machines."));
    parser.addOptions(host::hostOptionList());
    parser.addOption({QStringLiteral("hidden"),
                      QCoreApplication::translate("main", "start in the tray, as after login")});
    parser.addHelpOption();
    parser.addVersionOption();
    if (!parser.parse(arguments))
        return complain(parser.errorText().toUtf8() + " See octopus-mirror --help.");
    if (parser.isSet(QStringLiteral("help")))
        parser.showHelp();
    if (parser.isSet(QStringLiteral("version")))
        parser.showVersion();
    // From here on the name is what trays, notifications and window managers show of it.
    QCoreApplication::setApplicationName(QGuiApplication::applicationDisplayName());
    const Result<host::HostOptions> options = host::hostOptionsOf(parser);
    if (!options)
        return complain(options.error().detail);
    process::installLogging(process::LogLevel::Info);
    return show(application, *options, parser.isSet(QStringLiteral("hidden")), arguments);
}
