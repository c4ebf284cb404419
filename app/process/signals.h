// Signals: SIGINT, SIGTERM and SIGHUP as a Qt signal instead of the end of the process. main() calls
// holdBack() first of all, before any thread starts (threads inherit that the signals are held
// back), and makes the object once the application is there. Child processes inherit it too;
// release() undoes it there. Main thread.
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace octopus::process {

class Signals : public QObject
{
    Q_OBJECT

public:
    static void holdBack();
    // Also for QProcess::setChildProcessModifier(): safe after fork().
    static void release();

    Signals();
    ~Signals() override;

Q_SIGNALS:
    void stopRequested(int number); // SIGINT, SIGTERM or SIGHUP, each time one comes

private:
    int m_descriptor = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace octopus::process
