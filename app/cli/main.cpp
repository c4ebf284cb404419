// octopusctl: the command line of whichever engine runs here.
#include "app/cli/program.h"
#include "app/process/rawtext.h"
#include "app/process/signals.h"
#include "app/process/version.h"

#include <QCoreApplication>

int main(int argc, char **argv)
{
    using namespace octopus;
    process::Signals::holdBack();
    const QStringList arguments = process::rawArguments(argc, argv).sliced(1);
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("octopusctl"));
    QCoreApplication::setApplicationVersion(process::programVersion());

    const process::Signals signals;
    cli::Program program(arguments, cli::Terminal::ofProcess(),
                         [](const char *name) { return qgetenv(name); });
    QObject::connect(&program, &cli::Program::finished, &application, &QCoreApplication::exit,
                     Qt::QueuedConnection);
    QObject::connect(&signals, &process::Signals::stopRequested, &program, &cli::Program::stop);
    program.start();
    return QCoreApplication::exec();
}
