// Server: brings an Api to the control socket, for this user's (and root's) front ends only.
//
// Protocol: one JSON object a line. The server greets with {"protocol", "version"}; then
// {"id", "command", "arguments"} is answered by any number of {"id", "progress"} and one
// {"id", "result"} or {"id", "error"}; {"id", "cancel": true} ends waiting for it. The commands are
// those of command.h, and status and subscribe (its progress is the status, at most four times a
// second). Everything has a cap; a client beyond one is dropped. Main thread.
#pragma once

#include "engine/control/api.h"
#include "engine/control/jsonlines.h"
#include "engine/control/location.h"

#include <QElapsedTimer>
#include <QLocalServer>
#include <QTimer>

#include <memory>
#include <vector>

namespace octopus::control {

inline constexpr int controlProtocol = 1;

struct ServerCaps {
    LineCaps lines;
    int clients = 64;
    int commandsPerClient = 32; // running at the same time
    Milliseconds statusInterval{250};
};

class ServerClient;

class Server : public QObject
{
    Q_OBJECT

public:
    // `api` outlives the server. `version` is the program's.
    Server(Api &api, QString version, const ServerCaps &caps = {});
    ~Server() override;

    // Busy: another engine serves this socket; Refused, PermissionDenied: see socket.h.
    [[nodiscard]] Result<void> listen(const Location &location);
    // Removes the socket and drops every client; what they wait for is cancelled.
    void close();
    [[nodiscard]] int clients() const { return int(m_clients.size()); }

private:
    void admit();
    void scheduleStatus();
    void publishStatus();

    Api &m_api;
    const QString m_version;
    const ServerCaps m_caps;
    Location m_location;
    QLocalServer m_listener;
    std::vector<std::unique_ptr<ServerClient>> m_clients;
    QTimer m_statusTimer;
    QElapsedTimer m_lastStatus;
};

} // namespace octopus::control
