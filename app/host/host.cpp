#include "app/host/host.h"

#include "app/process/version.h"
#include "engine/wire/message.h"

namespace octopus::host {

Host::Host(const HostOptions &options)
    : m_options(options),
      m_engine({.stateDirectory = options.location.stateDirectory,
                .name = options.name,
                .listenAddress = options.listenAddress,
                .port = options.port,
                .version = process::programVersion()}),
      m_server(m_engine, process::programVersion())
{}

Host::~Host()
{
    // Front ends first: what they wait for must not be asked of an engine that is half gone.
    m_server.close();
}

Result<void> Host::start()
{
    // The engine takes the lock of the state directory; only its holder may replace the socket.
    OCTOPUS_TRY(m_engine.start());
    OCTOPUS_TRY(m_server.listen(m_options.location));
    connect(&m_links, &discovery::LinkMonitor::changed, &m_engine, &Engine::networkChanged);
    m_links.start();
    // Who listens on this machine alone has nothing to announce.
    if (m_options.discovery && !m_options.listenAddress.isLoopback())
        startDiscovery();
    return {};
}

void Host::startDiscovery()
{
    discovery::DiscoveryOptions options;
    options.id = m_engine.id().bytes();
    options.name = m_engine.configuration().machineName;
    options.port = m_engine.port();
    options.version = process::programVersion();
    options.leastProtocol = wire::lowestProtocol;
    options.mostProtocol = wire::highestProtocol;
    m_discovery = std::make_unique<discovery::Discovery>(options);
    connect(m_discovery.get(), &discovery::Discovery::machinesChanged, this, &Host::passOnFound);
    connect(m_discovery.get(), &discovery::Discovery::ownIdentityHeard, &m_engine,
            &Engine::hearCopy);
    connect(&m_engine, &Engine::lookAround, m_discovery.get(), &discovery::Discovery::ask);
    connect(&m_engine, &Engine::peersChanged, this, &Host::confirmPeers);
    confirmPeers();
    m_discovery->start();
}

void Host::confirmPeers()
{
    QList<discovery::ConfirmedMachine> confirmed;
    for (const Peer &peer : m_engine.configuration().peers)
        confirmed.append({peer.id.bytes(), peer.name});
    m_discovery->setConfirmed(confirmed);
}

void Host::passOnFound(const discovery::Machines &machines)
{
    QList<FoundMachine> found;
    for (const discovery::Machine &machine : machines) {
        const auto id = MachineId::fromBytes(machine.id);
        if (!id)
            continue;
        FoundMachine one{*id,
                         machine.name,
                         {},
                         discovery::sourceNames(machine.sources),
                         machine.version,
                         machine.contested};
        for (const discovery::MachineAddress &address : machine.addresses)
            one.addresses.append(address.text());
        found.append(one);
    }
    m_engine.setFound(found);
}

control::MachineStatus Host::machine() const
{
    return m_engine.status().machine;
}

} // namespace octopus::host
