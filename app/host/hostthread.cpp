#include "app/host/hostthread.h"

#include "app/host/host.h"

namespace octopus::host {

HostThread::HostThread(const HostOptions &options) : m_options(options)
{
    m_thread.setObjectName(QStringLiteral("engine"));
}

HostThread::~HostThread()
{
    stop();
}

void HostThread::start()
{
    stop();
    m_inside = std::make_unique<QObject>();
    m_inside->moveToThread(&m_thread);
    m_thread.start();
    QMetaObject::invokeMethod(m_inside.get(), [this] { startHost(); }, Qt::QueuedConnection);
}

void HostThread::stop()
{
    if (!m_thread.isRunning())
        return;
    QMetaObject::invokeMethod(
        m_inside.get(), [this] { m_host.reset(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
    m_inside.reset();
}

void HostThread::startHost()
{
    m_host = std::make_unique<Host>(m_options);
    const Result<void> result = m_host->start();
    if (!result)
        m_host.reset();
    // Signals are told on the thread of this object.
    QMetaObject::invokeMethod(
        this,
        [this, result] {
            if (result)
                Q_EMIT started();
            else
                Q_EMIT failed(result.error());
        },
        Qt::QueuedConnection);
}

} // namespace octopus::host
