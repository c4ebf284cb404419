// HostThread: a Host on a thread of its own, so that a window never holds up the engine nor the
// engine a window. Belongs to the thread that made it; the destructor stops the host and waits.
#pragma once

#include "app/host/hostoptions.h"

#include <QObject>
#include <QThread>

#include <memory>

namespace octopus::host {

class Host;

class HostThread : public QObject
{
    Q_OBJECT

public:
    explicit HostThread(const HostOptions &options);
    ~HostThread() override;

    // started() or failed() follows.
    void start();
    // Ends the host and waits for it: some seconds at most. Nothing if it does not run.
    void stop();

Q_SIGNALS:
    void started();
    void failed(const octopus::Error &error);

private:
    void startHost(); // on the thread

    const HostOptions m_options;
    QThread m_thread;
    std::unique_ptr<QObject> m_inside; // lives on the thread, to be called there
    std::unique_ptr<Host> m_host;      // made, used and destroyed on the thread
};

} // namespace octopus::host
