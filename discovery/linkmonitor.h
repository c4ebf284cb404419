// LinkMonitor: the links that the system has, and that they changed: at once where the kernel says
// so (rtnetlink(7)), otherwise within 15 s. Belongs to one thread with an event loop.
#pragma once

#include "discovery/link.h"
#include "engine/base/filedescriptor.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <memory>

namespace octopus::discovery {

class LinkMonitor : public QObject
{
    Q_OBJECT

public:
    // `wanted`: names of interfaces; empty: all.
    explicit LinkMonitor(const QStringList &wanted);

    // changed() follows with the links that there are.
    void start();
    void stop();

Q_SIGNALS:
    void changed(const octopus::discovery::Links &links);

private:
    void listen();
    void drain();
    void look();

    const QStringList m_wanted;
    Links m_links;
    FileDescriptor m_socket;
    std::unique_ptr<QSocketNotifier> m_notifier;
    QTimer m_soon;
    QTimer m_poll;
};

} // namespace octopus::discovery
