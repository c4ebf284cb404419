// beaconpeer NAME SOURCES [SECONDS]: a machine that does nothing but be found and find others. SOURCES:
// "broadcast", "dns-sd" or "both". Prints a line for everything it learns; "quit" on its standard
// input ends it, "ask" asks, "counters" prints them.
#include "discovery/discovery.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QSocketNotifier>
#include <QTextStream>

#include <cstdio>

using namespace octopus::discovery;

namespace {

void print(const QString &line)
{
    std::fprintf(stdout, "%s\n", qPrintable(line));
    std::fflush(stdout);
}

void printMachines(const Machines &machines)
{
    QStringList all;
    for (const Machine &machine : machines) {
        QStringList addresses;
        for (const MachineAddress &address : machine.addresses)
            addresses.append(address.text());
        all.append(machine.name + u' ' + sourceNames(machine.sources).join(u'+') + u' '
                   + addresses.join(u','));
    }
    print(QStringLiteral("machines ") + all.join(u';'));
}

void printState(const char *source, const SourceState &state)
{
    static const char *const words[] = {"off", "working", "not-available"};
    print(QStringLiteral("state %1 %2 %3")
              .arg(QLatin1StringView(source), QLatin1StringView(words[int(state.availability)]),
                   state.detail));
}

void printCounters(const BeaconCounters &c)
{
    print(QStringLiteral("counters sent=%1 heard=%2 limited=%3 malformed=%4 elsewhere=%5 own=%6")
              .arg(c.sent)
              .arg(c.heard)
              .arg(c.limited)
              .arg(c.malformed)
              .arg(c.elsewhere)
              .arg(c.ownIdentity));
}

} // namespace

int main(int count, char **values)
{
    QCoreApplication application(count, values);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 3) {
        std::fprintf(stderr, "beaconpeer NAME broadcast|dns-sd|both\n");
        return 2;
    }
    DiscoveryOptions options;
    options.name = arguments[1];
    options.id = QCryptographicHash::hash(arguments[1].toUtf8(), QCryptographicHash::Sha256);
    options.port = 17290;
    options.version = QStringLiteral("0.1.0");
    options.broadcast = arguments[2] != QStringLiteral("dns-sd");
    options.dnsSd = arguments[2] != QStringLiteral("broadcast");

    Discovery discovery(options);
    QObject::connect(&discovery, &Discovery::machinesChanged, &application, printMachines);
    QObject::connect(&discovery, &Discovery::stateChanged, &application, [&discovery] {
        printState("broadcast", discovery.broadcastState());
        printState("dns-sd", discovery.dnsSdState());
    });
    QObject::connect(&discovery, &Discovery::ownIdentityHeard, &application,
                     [](const QString &at) { print(QStringLiteral("own identity heard ") + at); });
    QSocketNotifier input(fileno(stdin), QSocketNotifier::Read);
    QTextStream commands(stdin);
    QObject::connect(&input, &QSocketNotifier::activated, &application, [&] {
        const QString command = commands.readLine();
        if (command == QStringLiteral("ask"))
            discovery.ask();
        else if (command == QStringLiteral("counters"))
            printCounters(discovery.counters());
        else
            QCoreApplication::quit();
    });
    discovery.start();
    return QCoreApplication::exec();
}
