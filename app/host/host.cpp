#include "app/host/host.h"

#include "app/process/version.h"

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
    return m_server.listen(m_options.location);
}

control::MachineStatus Host::machine() const
{
    return m_engine.status().machine;
}

} // namespace octopus::host
