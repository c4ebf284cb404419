// SingleInstance: one window for each state directory: a second start asks the first to show
// itself, and ends. GUI thread.
#pragma once

#include <QLocalServer>

namespace octopus::desktop {

class SingleInstance : public QObject
{
    Q_OBJECT

public:
    explicit SingleInstance(const QByteArray &stateDirectory);

    // True: another instance has the window, and was asked to show it. Waits some seconds at most,
    // before there is any window. Else this is the first one, and shown() follows each later start.
    [[nodiscard]] bool handOver();

Q_SIGNALS:
    void windowWanted();

private:
    const QString m_name;
    QLocalServer m_server;
};

} // namespace octopus::desktop
