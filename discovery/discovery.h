// Discovery: which machines run Octopus on the networks around, and telling them of this one.
//
// It finds addresses and lends no trust: who answers there is proved by TLS alone. Nothing it does
// blocks the thread that uses it; its work is done on two threads of its own. Belongs to the thread
// that made it, which needs an event loop; the destructor stops it.
#pragma once

#include "discovery/beacon.h"
#include "discovery/options.h"
#include "discovery/state.h"
#include "engine/base/workerthread.h"

#include <QObject>

#include <memory>

namespace octopus::discovery {

class Lookout;
class ServiceDirectory;

class Discovery : public QObject
{
    Q_OBJECT

public:
    explicit Discovery(const DiscoveryOptions &options);
    ~Discovery() override;

    // Again after stop(): as another run, with what was found before forgotten.
    void start();
    // Says good-bye and joins the threads.
    void stop();
    // Asks everybody at once who is there, with one datagram for each link and family, at most one
    // a second. The answers change machines() within 3 s.
    void ask();
    // The machines that are known by their keys, with their names: forgers cannot rename them, say
    // good-bye for them or take their places in a full list.
    void setConfirmed(const QList<ConfirmedMachine> &machines);

    // As of the last machinesChanged(). The times in it are at most ten seconds old.
    [[nodiscard]] const Machines &machines() const { return m_machines; }
    [[nodiscard]] const SourceState &broadcastState() const { return m_broadcastState; }
    [[nodiscard]] const SourceState &dnsSdState() const { return m_dnsSdState; }
    // As of the last ten seconds.
    [[nodiscard]] const BeaconCounters &counters() const { return m_counters; }

Q_SIGNALS:
    // At most ten times a second.
    void machinesChanged(const octopus::discovery::Machines &machines);
    void stateChanged();
    // Somebody announces this machine's identity, a clone of it or a forger, and says to listen there
    // (empty: nowhere).
    void ownIdentityHeard(const QString &address);

private:
    void connectLookout(const Lookout &lookout);
    void connectDirectory(const ServiceDirectory &directory, const Lookout &lookout);
    // A slot that does nothing once this run is over: what it told may still be on its way.
    template <typename Slot> auto inThisRun(Slot slot);
    void setState(SourceState &state, const SourceState &now);

    const DiscoveryOptions m_options;
    QList<ConfirmedMachine> m_confirmed;
    Machines m_machines;
    SourceState m_broadcastState;
    SourceState m_dnsSdState;
    BeaconCounters m_counters;
    int m_run = 0;
    std::unique_ptr<WorkerThread<Lookout>> m_lookout;
    std::unique_ptr<WorkerThread<ServiceDirectory>> m_directory; // ends first
};

} // namespace octopus::discovery
