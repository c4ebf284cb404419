// WorkerThread<T>: a thread with one object that lives on it. The object is made by the caller,
// moved, and used only through post(); it ends with stop(), its own last call on the thread. The
// WorkerThread itself belongs to the thread that made it.
#pragma once

#include <QMetaObject>
#include <QString>
#include <QThread>

#include <memory>
#include <utility>

namespace octopus {

// T: a QObject with void stop(), which ends its timers, notifiers and connections.
template <typename T> class WorkerThread
{
public:
    WorkerThread(std::unique_ptr<T> object, const QString &name) : m_object(std::move(object))
    {
        m_thread.setObjectName(name);
        m_object->moveToThread(&m_thread);
        m_thread.start();
    }
    ~WorkerThread()
    {
        QMetaObject::invokeMethod(
            m_object.get(),
            [this] {
                m_object->stop();
                m_thread.quit();
            },
            Qt::QueuedConnection);
        m_thread.wait();
    }
    Q_DISABLE_COPY_MOVE(WorkerThread)

    // Runs `task` on the thread, with the object as its argument.
    template <typename Task> void post(Task &&task)
    {
        QMetaObject::invokeMethod(
            m_object.get(),
            [object = m_object.get(), work = std::forward<Task>(task)]() mutable { work(*object); },
            Qt::QueuedConnection);
    }

    // For connecting to signals and moveToThread(); nothing else.
    [[nodiscard]] T *object() const { return m_object.get(); }
    [[nodiscard]] QThread *thread() { return &m_thread; }

private:
    QThread m_thread;
    std::unique_ptr<T> m_object;
};

} // namespace octopus
