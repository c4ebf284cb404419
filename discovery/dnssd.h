// DnsSd: the system's DNS-SD through KDNSSD and Avahi. Works while Avahi runs; that it starts, ends or
// starts again is noticed. Nothing here starts it.
//
// KDNSSD publishes and browses, but tells no addresses; those are asked of Avahi itself. Bounded: 1024
// services, 32 looked up at a time, each of them again every two minutes. Lives on one thread.
#pragma once

#include "discovery/servicedirectory.h"
#include "discovery/servicerecord.h"

#include <KDNSSD/PublicService>
#include <KDNSSD/RemoteService>
#include <KDNSSD/ServiceBrowser>
#include <QDBusConnection>
#include <QDBusServiceWatcher>
#include <QHash>
#include <QQueue>
#include <QTimer>

namespace octopus::discovery {

class DnsSd final : public ServiceDirectory
{
    Q_OBJECT

public:
    explicit DnsSd(const Announcement &self);
    ~DnsSd() override;

    void start() override;
    void stop() override;

private:
    struct Service {
        int instances = 0; // one for each interface and family
        QString domain;
        int failures = 0;
    };

    void connectToBus();
    void watchAvahi();
    void askWhetherAvahiRuns();
    void askWhetherAvahiAnswers();
    void setAvahiRuns(bool runs);
    void open();
    void close();
    void publish();
    void onPublished(bool successful);
    void addService(const KDNSSD::RemoteService::Ptr &service);
    void removeService(const KDNSSD::RemoteService::Ptr &service);
    void lookUpNext();
    void onResolved(const QString &name, bool successful);
    void findAddress(const Sighting &sighting, const QString &host, int family);
    void fail(const QString &detail);

    const Announcement m_self;
    std::unique_ptr<QDBusConnection> m_bus;
    std::unique_ptr<QDBusServiceWatcher> m_watcher;
    std::unique_ptr<KDNSSD::PublicService> m_publisher;
    std::unique_ptr<KDNSSD::ServiceBrowser> m_browser;
    QHash<QString, Service> m_services;
    QQueue<QString> m_waiting;
    QHash<QString, KDNSSD::RemoteService::Ptr> m_lookedUp;
    std::unique_ptr<QTimer> m_retry;
    std::unique_ptr<QTimer> m_refresh;
};

} // namespace octopus::discovery
