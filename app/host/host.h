// Host: an engine, the control socket to it and the discovery of others, which is all that a program
// needs to serve this machine. Belongs to the thread that made it, which needs an event loop; the destructor stops all.
#pragma once

#include "app/host/hostoptions.h"
#include "discovery/discovery.h"
#include "discovery/linkmonitor.h"
#include "engine/control/server.h"
#include "engine/engine.h"

namespace octopus::host {

class Host : public QObject
{
    Q_OBJECT

public:
    explicit Host(const HostOptions &options);
    ~Host() override;

    // Busy: another engine has this state directory. The error says what is wrong and what to do.
    [[nodiscard]] Result<void> start();
    [[nodiscard]] control::MachineStatus machine() const;

private:
    void startDiscovery();
    void confirmPeers();
    void passOnFound(const discovery::Machines &machines);

    const HostOptions m_options;
    Engine m_engine;
    control::Server m_server;
    discovery::LinkMonitor m_links{QStringList()};
    std::unique_ptr<discovery::Discovery> m_discovery; // null: switched off, or nobody could call
};

} // namespace octopus::host
