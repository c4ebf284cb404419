// shell [PICTURES]: what surrounds a program on a desktop (tray, notifications, the bus of
// accessibility), on the session bus. Says in a line of JSON each what is shown there; takes
// `menu`, `choose LABEL`, `activate` and `quit` from standard input.
#include "tests/endtoend/desktop/services.h"
#include "tests/endtoend/desktop/tray.h"

#include <QCoreApplication>
#include <QFile>
#include <QSocketNotifier>

#include <unistd.h>

using namespace octopus::endtoend;

namespace {

void obey(Tray &tray, const QByteArray &line)
{
    const qsizetype space = line.indexOf(' ');
    const QByteArray command = space < 0 ? line : line.first(space);
    if (command == "menu")
        tray.showMenu();
    else if (command == "choose")
        tray.choose(QString::fromUtf8(line.sliced(space + 1)));
    else if (command == "activate")
        tray.activate();
    else if (command == "quit")
        QCoreApplication::quit();
    else
        say(QStringLiteral("error"), QString::fromUtf8(line));
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    Tray tray(QCoreApplication::arguments().value(1));
    Notifications notifications;
    AccessibilityBus accessibility;
    AccessibilityRegistry registry;
    if (!tray.serve() || !notifications.serve() || !accessibility.serve() || !registry.serve())
        return 1;
    QByteArray input;
    QSocketNotifier notifier(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, &tray, [&] {
        char buffer[4096];
        const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
        if (count <= 0)
            return QCoreApplication::quit();
        input.append(buffer, count);
        for (qsizetype end = input.indexOf('\n'); end >= 0; end = input.indexOf('\n')) {
            obey(tray, input.first(end));
            input.remove(0, end + 1);
        }
    });
    say(QStringLiteral("ready"), true);
    return QCoreApplication::exec();
}
