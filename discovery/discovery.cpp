#include "discovery/discovery.h"

#include "discovery/lookout.h"
#include "discovery/servicedirectory.h"

namespace octopus::discovery {

Discovery::Discovery(const DiscoveryOptions &options) : m_options(options) {}

Discovery::~Discovery()
{
    stop();
}

void Discovery::start()
{
    if (m_lookout)
        return;
    SystemRandom random;
    const Announcement self = selfOf(m_options, random.next64() | 1);
    m_lookout = std::make_unique<WorkerThread<Lookout>>(std::make_unique<Lookout>(m_options, self),
                                                        QStringLiteral("discovery"));
    connectLookout(*m_lookout->object());
    m_lookout->post([confirmed = m_confirmed](Lookout &l) {
        l.setConfirmed(confirmed);
        l.start();
    });
    if (!m_options.dnsSd)
        return;
    m_directory = std::make_unique<WorkerThread<ServiceDirectory>>(systemServiceDirectory(self),
                                                                   QStringLiteral("dns-sd"));
    connectDirectory(*m_directory->object(), *m_lookout->object());
    m_directory->post([](ServiceDirectory &d) { d.start(); });
}

template <typename Slot> auto Discovery::inThisRun(Slot slot)
{
    return [this, slot, run = m_run](const auto &value) {
        if (run == m_run)
            slot(value);
    };
}

void Discovery::connectLookout(const Lookout &lookout)
{
    connect(&lookout, &Lookout::machinesChanged, this, inThisRun([this](const Machines &machines) {
        m_machines = machines;
        Q_EMIT machinesChanged(m_machines);
    }));
    connect(&lookout, &Lookout::stateChanged, this,
            inThisRun([this](const SourceState &state) { setState(m_broadcastState, state); }));
    connect(&lookout, &Lookout::countersChanged, this,
            inThisRun([this](const BeaconCounters &counters) {
                const bool cloned = counters.ownIdentity > m_counters.ownIdentity;
                m_counters = counters;
                if (cloned)
                    Q_EMIT ownIdentityHeard(counters.ownIdentityAt);
            }));
}

void Discovery::connectDirectory(const ServiceDirectory &directory, const Lookout &lookout)
{
    connect(&directory, &ServiceDirectory::found, &lookout, &Lookout::takeService);
    connect(&directory, &ServiceDirectory::lost, &lookout, &Lookout::dropService);
    connect(&directory, &ServiceDirectory::lostAll, &lookout, &Lookout::dropServices);
    connect(&directory, &ServiceDirectory::stateChanged, this,
            inThisRun([this](const SourceState &state) { setState(m_dnsSdState, state); }));
}

void Discovery::setState(SourceState &state, const SourceState &now)
{
    if (state == now)
        return;
    state = now;
    Q_EMIT stateChanged();
}

void Discovery::stop()
{
    if (!m_lookout)
        return;
    ++m_run;
    m_directory.reset();
    m_lookout.reset();
    m_machines.clear();
    m_counters = {};
    m_broadcastState = {};
    m_dnsSdState = {};
}

void Discovery::ask()
{
    if (m_lookout)
        m_lookout->post([](Lookout &l) { l.ask(); });
}

void Discovery::setConfirmed(const QList<ConfirmedMachine> &machines)
{
    m_confirmed = machines;
    if (m_lookout)
        m_lookout->post([machines](Lookout &l) { l.setConfirmed(machines); });
}

} // namespace octopus::discovery
