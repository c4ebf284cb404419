// Host: an engine and the control socket to it, which is all that a program needs to serve this
// machine. Belongs to the thread that made it, which needs an event loop; the destructor stops all.
#pragma once

#include "app/host/hostoptions.h"
#include "engine/control/server.h"
#include "engine/engine.h"

namespace octopus::host {

class Host
{
public:
    explicit Host(const HostOptions &options);
    ~Host();
    Host(const Host &) = delete;
    Host &operator=(const Host &) = delete;

    // Busy: another engine has this state directory. The error says what is wrong and what to do.
    [[nodiscard]] Result<void> start();
    [[nodiscard]] control::MachineStatus machine() const;

private:
    const HostOptions m_options;
    Engine m_engine;
    control::Server m_server;
};

} // namespace octopus::host
