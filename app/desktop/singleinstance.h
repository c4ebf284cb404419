// SingleInstance: one window for each state directory: a second start asks the first to show
// itself, and ends. GUI thread.
#pragma once

#include <QLocalServer>

class QLocalSocket;

namespace octopus::desktop {

class SingleInstance : public QObject
{
    Q_OBJECT

public:
    explicit SingleInstance(const QByteArray &stateDirectory);

    // True: another instance has the window, and was asked to show it unless this is a quiet start.
    // Waits some seconds at most, before there is any window. Else this is the first one, and
    // windowWanted() follows each later start that is not quiet.
    [[nodiscard]] bool handOver(bool quietly = false);

Q_SIGNALS:
    void windowWanted();

private:
    void take(QLocalSocket *socket);

    const QString m_name;
    QLocalServer m_server;
};

} // namespace octopus::desktop
