// Lookout: what discovery does on its own thread: beacon, table and links, tied to sockets and
// timers. Everything it tells is a value. Made elsewhere and moved there; start() before the rest.
#pragma once

#include "discovery/linkmonitor.h"
#include "discovery/options.h"
#include "discovery/publication.h"
#include "discovery/state.h"
#include "discovery/udpport.h"

namespace octopus::discovery {

class Lookout : public QObject
{
    Q_OBJECT

public:
    // `self`: as selfOf() gives it.
    Lookout(const DiscoveryOptions &options, const Announcement &self);

    void start();
    // Says good-bye. The last call.
    void stop();
    void ask();
    void setConfirmed(const QList<ConfirmedMachine> &machines);

    // From DNS-SD.
    void takeService(const Sighting &sighting);
    void dropService(const QString &service);
    void dropServices();

Q_SIGNALS:
    void machinesChanged(const octopus::discovery::Machines &machines);
    void stateChanged(const octopus::discovery::SourceState &state);
    void countersChanged(const octopus::discovery::BeaconCounters &counters);

private:
    void openPort();
    void setLinks(const Links &links);
    void receive(const ReceivedDatagram &datagram);
    void run();
    void tellCounters(MonotonicTime now, Milliseconds interval);
    void publish(MonotonicTime now);
    void schedule(MonotonicTime now);

    const bool m_broadcast;
    SystemClock m_clock;
    SystemRandom m_random;
    MachineTable m_table;
    UdpPort m_port;
    Beacon m_beacon;
    LinkMonitor m_monitor;
    Links m_links;
    Publication m_publication;
    BeaconCounters m_told;
    std::optional<MonotonicTime> m_toldAt;
    MonotonicTime m_nextExpiry;
    QTimer m_timer;
    QTimer m_retry;
    bool m_open = false;
};

} // namespace octopus::discovery
