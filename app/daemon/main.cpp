// octopusd: the engine without a display, for servers and the systemd user unit.
#include "app/host/host.h"
#include "app/process/logging.h"
#include "app/process/rawtext.h"
#include "app/process/readiness.h"
#include "app/process/signals.h"
#include "app/process/version.h"
#include "engine/base/relpath.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <unistd.h>

#include <cstdio>
#include <optional>

namespace {

using namespace octopus;

// As octopusctl: 2 wrong usage, 4 refused.
constexpr int wrongUsage = 2;
constexpr int refused = 4;
constexpr unsigned stopSeconds = 5;

void print(FILE *file, const QByteArray &line)
{
    std::fwrite(line.constData(), 1, size_t(line.size()), file);
    std::fflush(file);
}

int complain(const QByteArray &text, int code)
{
    print(stderr, "octopusd: " + displayText(text).toUtf8() + '\n');
    return code;
}

void describe(QCommandLineParser &parser)
{
    parser.setApplicationDescription(
        QStringLiteral("Mirrors folders to other machines, without a display. "
                       "octopusctl controls it."));
    parser.addOptions(host::hostOptionList());
    parser.addOption({QStringLiteral("log-level"),
                      QStringLiteral("error, warning, info (default) or debug"),
                      QStringLiteral("LEVEL"), QStringLiteral("info")});
    parser.addHelpOption();
    parser.addVersionOption();
}

// Serves until SIGINT or SIGTERM.
int serve(QCoreApplication &application, const host::HostOptions &options)
{
    const process::Signals signals;
    std::optional<host::Host> host(std::in_place, options);
    if (const Result<void> started = host->start(); !started) {
        const QByteArray detail = started.error().code == ErrorCode::Busy
            ? "another engine already serves " + options.location.stateDirectory
                + "; use that one, stop it, or choose another folder with --state"
            : started.error().detail;
        return complain(detail, refused);
    }
    QObject::connect(&signals, &process::Signals::stopRequested, &application, [] {
        ::alarm(stopSeconds);        // ends the process should the clean stop take longer
        process::Signals::release(); // a second signal ends it at once
        QCoreApplication::quit();
    });
    const control::MachineStatus machine = host->machine();
    print(stdout,
          "ready " + displayText(machine.name.toUtf8()).toUtf8() + ' '
              + machine.id.text().toLatin1() + ' ' + machine.address.toUtf8() + '\n');
    process::tellServiceManager("READY=1");
    const int code = QCoreApplication::exec();
    process::tellServiceManager("STOPPING=1");
    host.reset();
    return code;
}

} // namespace

int main(int argc, char **argv)
{
    process::Signals::holdBack();
    const QStringList arguments = process::rawArguments(argc, argv);
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("octopusd"));
    QCoreApplication::setApplicationVersion(process::programVersion());

    QCommandLineParser parser;
    describe(parser);
    if (!parser.parse(arguments))
        return complain(parser.errorText().toUtf8() + " See octopusd --help.", wrongUsage);
    if (parser.isSet(QStringLiteral("help")))
        parser.showHelp();
    if (parser.isSet(QStringLiteral("version")))
        parser.showVersion();
    if (!parser.positionalArguments().isEmpty())
        return complain("it takes options only; see octopusd --help", wrongUsage);
    const auto level = process::logLevelFromName(parser.value(QStringLiteral("log-level")));
    if (!level)
        return complain("--log-level takes error, warning, info or debug", wrongUsage);
    const Result<host::HostOptions> options = host::hostOptionsOf(parser);
    if (!options)
        return complain(options.error().detail, wrongUsage);
    process::installLogging(*level);
    return serve(application, *options);
}
