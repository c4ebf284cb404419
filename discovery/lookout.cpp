#include "discovery/lookout.h"

#include "discovery/log.h"

using namespace std::chrono_literals;

namespace octopus::discovery {

static constexpr auto expiryInterval = 1s;
static constexpr auto tellingInterval = 10s; // of the counters
static constexpr auto warningInterval = 1s;  // of a clone of this machine
static constexpr auto retryInterval = 30s;

Lookout::Lookout(const DiscoveryOptions &options, const Announcement &self)
    : m_broadcast(options.broadcast),
      m_table(m_clock, self.id),
      m_port(options.beaconPort),
      m_beacon(self, m_port, m_table, m_clock, m_random),
      m_monitor(options.interfaces)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    m_retry.setInterval(retryInterval);
    for (QObject *child : std::initializer_list<QObject *>{&m_port, &m_monitor, &m_timer, &m_retry})
        child->setParent(this); // so that they move with it
    connect(&m_timer, &QTimer::timeout, this, &Lookout::run);
    connect(&m_retry, &QTimer::timeout, this, &Lookout::openPort);
    connect(&m_monitor, &LinkMonitor::changed, this, &Lookout::setLinks);
    connect(&m_port, &UdpPort::received, this, &Lookout::receive);
}

void Lookout::start()
{
    m_monitor.start();
    if (m_broadcast)
        openPort();
    run();
}

void Lookout::openPort()
{
    const Result<void> opened = m_port.open();
    m_open = opened.has_value();
    if (m_open) {
        m_retry.stop();
        Q_EMIT stateChanged({Availability::Working, {}});
        setLinks(m_links);
        return;
    }
    qCWarning(logDiscovery, "no announcements: %s", opened.error().detail.constData());
    Q_EMIT stateChanged({Availability::NotAvailable, QString::fromUtf8(opened.error().detail)});
    m_retry.start();
}

void Lookout::setLinks(const Links &links)
{
    m_links = links;
    if (!m_open)
        return;
    m_port.setLinks(links);
    m_beacon.setLinks(links);
    run();
}

void Lookout::stop()
{
    m_monitor.stop();
    m_retry.stop();
    m_timer.stop();
    m_beacon.stop();
    m_port.close();
    m_open = false;
    Q_EMIT stateChanged({});
}

void Lookout::ask()
{
    m_beacon.ask();
    run();
}

void Lookout::setConfirmed(const QList<ConfirmedMachine> &machines)
{
    m_table.setConfirmed(machines);
    run();
}

void Lookout::takeService(const Sighting &sighting)
{
    Sighting local = sighting;
    local.address = onLink(m_links, sighting.address, 0);
    if (local.address.isNull())
        return;
    (void)m_table.see(local); // no room for it, or ourselves
    m_publication.refreshed();
    run();
}

void Lookout::dropService(const QString &service)
{
    m_table.withdraw(service);
    run();
}

void Lookout::dropServices()
{
    m_table.withdrawAll(Source::DnsSd);
    run();
}

void Lookout::receive(const ReceivedDatagram &datagram)
{
    const quint64 heard = m_beacon.counters().heard;
    const quint64 revision = m_table.revision();
    const quint64 ownIdentity = m_beacon.counters().ownIdentity;
    m_beacon.receive(datagram);
    if (m_beacon.counters().ownIdentity != ownIdentity)
        tellCounters(m_clock.monotonic(), warningInterval);
    if (m_beacon.counters().heard != heard)
        m_publication.refreshed();
    // A flood must not cost more than the looking at it.
    if (m_beacon.counters().heard != heard || m_table.revision() != revision)
        schedule(m_clock.monotonic());
}

void Lookout::run()
{
    const MonotonicTime now = m_clock.monotonic();
    if (now >= m_nextExpiry) {
        m_table.expire();
        m_nextExpiry = now + expiryInterval;
    }
    m_beacon.tick();
    tellCounters(now, tellingInterval);
    const auto due = m_publication.due(m_table.revision());
    if (due && *due <= now)
        publish(now);
    schedule(now);
}

void Lookout::tellCounters(MonotonicTime now, Milliseconds interval)
{
    if (m_beacon.counters() == m_told || (m_toldAt && now - *m_toldAt < interval))
        return;
    m_told = m_beacon.counters();
    m_toldAt = now;
    Q_EMIT countersChanged(m_told);
}

void Lookout::publish(MonotonicTime now)
{
    m_publication.done(m_table.revision(), now);
    Q_EMIT machinesChanged(m_table.machines());
}

void Lookout::schedule(MonotonicTime now)
{
    std::optional<MonotonicTime> due = m_publication.due(m_table.revision());
    const auto consider = [&due](MonotonicTime time) { due = due ? std::min(*due, time) : time; };
    if (const auto beacon = m_beacon.nextDue())
        consider(*beacon);
    if (m_table.size() > 0)
        consider(m_nextExpiry);
    if (!due) {
        m_timer.stop();
        return;
    }
    m_timer.start(std::max(Milliseconds(0), std::chrono::ceil<Milliseconds>(*due - now)));
}

} // namespace octopus::discovery
