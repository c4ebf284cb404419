#include "discovery/dnssd.h"

#include "discovery/log.h"
#include "discovery/options.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

#include <utility>

using namespace std::chrono_literals;

namespace octopus::discovery {

// A connection of our own: QDBusConnection::systemBus(), which KDNSSD uses, keeps a failure for the
// life of the program, so it is not touched before the bus is known to be there.
static const auto busName = QStringLiteral("octopus-dns-sd");
static const auto avahi = QStringLiteral("org.freedesktop.Avahi");
static const auto avahiServer = QStringLiteral("org.freedesktop.Avahi.Server");

static constexpr auto retryInterval = 30s;
static constexpr auto refreshInterval = 120s;
static constexpr int answerTimeout = 2000;  // ms
static constexpr int addressTimeout = 7000; // ms; Avahi itself gives up after 5 s
static constexpr qsizetype mostServices = 1024;
static constexpr qsizetype mostLookUps = 32;
static constexpr int mostFailures = 3;
// As Avahi numbers them (avahi-common/address.h).
static constexpr int anyInterface = -1;
static constexpr int anyProtocol = -1;
static constexpr int ipv4Protocol = 0;
static constexpr int ipv6Protocol = 1;

// Calls `done` with the reply, on the thread of `context`, unless that ends before.
template <typename Done>
static void call(const QDBusConnection &bus, QDBusMessage message, int timeout, QObject *context,
                 Done done)
{
    message.setAutoStartService(false);
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(message, timeout), context);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, context,
                     [done = std::move(done)](QDBusPendingCallWatcher *finished) {
                         finished->deleteLater();
                         done(finished->reply());
                     });
}

DnsSd::DnsSd(const Announcement &self) : m_self(self) {}

DnsSd::~DnsSd() = default;

void DnsSd::start()
{
    m_retry = std::make_unique<QTimer>();
    m_retry->setInterval(retryInterval);
    connect(m_retry.get(), &QTimer::timeout, this, [this] {
        if (!m_bus)
            connectToBus();
        else
            askWhetherAvahiRuns();
    });
    m_refresh = std::make_unique<QTimer>();
    m_refresh->setInterval(refreshInterval);
    connect(m_refresh.get(), &QTimer::timeout, this, [this] {
        m_waiting = QQueue<QString>();
        m_waiting.append(m_services.keys());
        lookUpNext();
    });
    connectToBus();
}

void DnsSd::stop()
{
    m_retry.reset();
    m_refresh.reset();
    m_watcher.reset();
    close();
    if (m_bus)
        QDBusConnection::disconnectFromBus(busName);
    m_bus.reset();
    Q_EMIT stateChanged({});
}

void DnsSd::fail(const QString &detail)
{
    Q_EMIT stateChanged({Availability::NotAvailable, detail});
    if (m_retry)
        m_retry->start();
}

void DnsSd::connectToBus()
{
    const auto bus = QDBusConnection::connectToBus(QDBusConnection::SystemBus, busName);
    if (!bus.isConnected()) {
        QDBusConnection::disconnectFromBus(busName);
        fail(QStringLiteral("there is no system bus"));
        return;
    }
    m_bus = std::make_unique<QDBusConnection>(bus);
    watchAvahi();
    askWhetherAvahiRuns();
}

void DnsSd::watchAvahi()
{
    m_watcher = std::make_unique<QDBusServiceWatcher>(avahi, *m_bus,
                                                      QDBusServiceWatcher::WatchForOwnerChange);
    connect(m_watcher.get(), &QDBusServiceWatcher::serviceOwnerChanged, this,
            [this](const QString &, const QString &, const QString &owner) {
                setAvahiRuns(false); // another one knows nothing of us
                setAvahiRuns(!owner.isEmpty());
            });
}

void DnsSd::askWhetherAvahiRuns()
{
    auto question = QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.DBus"), QStringLiteral("/org/freedesktop/DBus"),
        QStringLiteral("org.freedesktop.DBus"), QStringLiteral("NameHasOwner"));
    question << avahi;
    call(*m_bus, question, answerTimeout, this, [this](const QDBusMessage &reply) {
        setAvahiRuns(reply.type() == QDBusMessage::ReplyMessage
                     && reply.arguments().value(0).toBool());
    });
}

void DnsSd::setAvahiRuns(bool runs)
{
    if (runs && !m_browser) {
        askWhetherAvahiAnswers();
    } else if (!runs) {
        close();
        fail(QStringLiteral("Avahi does not run"));
    }
}

// KDNSSD would wait for it for 25 s.
void DnsSd::askWhetherAvahiAnswers()
{
    const auto question = QDBusMessage::createMethodCall(avahi, QStringLiteral("/"), avahiServer,
                                                         QStringLiteral("GetState"));
    call(*m_bus, question, answerTimeout, this, [this](const QDBusMessage &reply) {
        if (reply.type() != QDBusMessage::ReplyMessage)
            fail(QStringLiteral("Avahi does not answer"));
        else if (m_retry && !m_browser)
            open();
    });
}

void DnsSd::open()
{
    m_retry->stop();
    const QString type = QString::fromLatin1(serviceType);
    m_browser = std::make_unique<KDNSSD::ServiceBrowser>(type);
    connect(m_browser.get(), &KDNSSD::ServiceBrowser::serviceAdded, this, &DnsSd::addService);
    connect(m_browser.get(), &KDNSSD::ServiceBrowser::serviceRemoved, this, &DnsSd::removeService);
    m_browser->startBrowse();
    m_refresh->start();
    Q_EMIT stateChanged({Availability::Working, {}});
    if (m_self.port != 0)
        publish();
}

void DnsSd::close()
{
    if (!m_browser)
        return;
    m_publisher.reset(); // which takes the service back
    m_browser.reset();
    m_lookedUp.clear();
    m_waiting.clear();
    m_services.clear();
    Q_EMIT lostAll();
}

void DnsSd::publish()
{
    m_publisher = std::make_unique<KDNSSD::PublicService>(
        serviceNameOf(m_self), QString::fromLatin1(serviceType), m_self.port);
    m_publisher->setTextData(serviceText(m_self));
    connect(m_publisher.get(), &KDNSSD::PublicService::published, this, &DnsSd::onPublished);
    m_publisher->publishAsync();
}

void DnsSd::onPublished(bool successful)
{
    if (successful) {
        Q_EMIT stateChanged({Availability::Working, {}});
        return;
    }
    qCWarning(logDiscovery, "Avahi did not publish this machine");
    Q_EMIT stateChanged({Availability::Working,
                         QStringLiteral("Avahi did not publish this machine; it finds others")});
    QTimer::singleShot(retryInterval, m_publisher.get(), [this] { m_publisher->publishAsync(); });
}

void DnsSd::addService(const KDNSSD::RemoteService::Ptr &service)
{
    const QString name = service->serviceName();
    const auto known = m_services.find(name);
    if (known != m_services.end()) {
        ++known->instances;
    } else if (m_services.size() < mostServices) {
        m_services.insert(name, {1, service->domain(), 0});
        m_waiting.enqueue(name);
        lookUpNext();
    }
}

void DnsSd::removeService(const KDNSSD::RemoteService::Ptr &service)
{
    const auto known = m_services.find(service->serviceName());
    if (known == m_services.end() || --known->instances > 0)
        return;
    const QString name = known.key();
    m_services.erase(known);
    m_lookedUp.remove(name);
    Q_EMIT lost(name);
    lookUpNext();
}

void DnsSd::lookUpNext()
{
    while (m_lookedUp.size() < mostLookUps && !m_waiting.isEmpty()) {
        const QString name = m_waiting.dequeue();
        const auto known = m_services.constFind(name);
        if (known == m_services.constEnd() || m_lookedUp.contains(name))
            continue;
        // One of our own: it keeps asking until it is destroyed.
        const KDNSSD::RemoteService::Ptr service(
            new KDNSSD::RemoteService(name, QString::fromLatin1(serviceType), known->domain));
        m_lookedUp.insert(name, service);
        connect(
            service.data(), &KDNSSD::RemoteService::resolved, this,
            [this, name](bool successful) { onResolved(name, successful); }, Qt::QueuedConnection);
        service->resolveAsync();
    }
}

void DnsSd::onResolved(const QString &name, bool successful)
{
    const KDNSSD::RemoteService::Ptr service = m_lookedUp.take(name);
    const auto known = m_services.find(name);
    if (service && known != m_services.end()) {
        if (successful) {
            known->failures = 0;
            const auto sighting = readService(name, service->textData(), service->port());
            for (const int family : {ipv4Protocol, ipv6Protocol}) {
                if (sighting && sighting->id != m_self.id)
                    findAddress(*sighting, service->hostName(), family);
            }
        } else if (++known->failures < mostFailures) {
            m_waiting.enqueue(name);
        }
    }
    lookUpNext();
}

void DnsSd::findAddress(const Sighting &sighting, const QString &host, int family)
{
    auto question = QDBusMessage::createMethodCall(avahi, QStringLiteral("/"), avahiServer,
                                                   QStringLiteral("ResolveHostName"));
    question << anyInterface << anyProtocol << host << family << uint(0);
    call(*m_bus, question, addressTimeout, this, [this, sighting](const QDBusMessage &reply) {
        const QList<QVariant> values = reply.arguments();
        if (reply.type() != QDBusMessage::ReplyMessage || values.size() != 6
            || !m_services.contains(sighting.service))
            return;
        Sighting complete = sighting;
        complete.address = QHostAddress(values[4].toString());
        if (complete.address.isLinkLocal())
            complete.address.setScopeId(QString::number(values[0].toInt()));
        if (!complete.address.isNull())
            Q_EMIT found(complete);
    });
}

std::unique_ptr<ServiceDirectory> systemServiceDirectory(const Announcement &self)
{
    return std::make_unique<DnsSd>(self);
}

} // namespace octopus::discovery
