#include "engine/control/server.h"

#include "engine/base/log.h"
#include "engine/base/relpath.h"
#include "engine/control/serverclient.h"
#include "engine/control/socket.h"

#include <unistd.h>

namespace octopus::control {

Server::Server(Api &api, QString version, const ServerCaps &caps)
    : m_api(api),
      m_version(std::move(version)),
      m_caps(caps)
{
    m_statusTimer.setSingleShot(true);
    connect(&m_statusTimer, &QTimer::timeout, this, &Server::publishStatus);
    connect(&m_api, &Api::changed, this, &Server::scheduleStatus);
    connect(&m_listener, &QLocalServer::newConnection, this, &Server::admit);
}

Server::~Server()
{
    close();
}

Result<void> Server::listen(const Location &location)
{
    const Result<int> descriptor = listenAt(location.socket);
    if (!descriptor)
        return passOn(descriptor);
    m_location = location;
    m_listener.setMaxPendingConnections(m_caps.clients);
    if (!m_listener.listen(qintptr(*descriptor))) {
        const QByteArray reason = m_listener.errorString().toUtf8();
        ::close(*descriptor);
        close();
        return failure(ErrorCode::Other, "cannot serve the control socket: " + reason);
    }
    qCDebug(logControl).noquote() << "serving" << displayText(location.socket);
    if (location.entrance == location.socket)
        return {};
    return linkSocket(location.socket, location.entrance);
}

void Server::close()
{
    m_listener.close();
    m_clients.clear();
    const Location location = std::exchange(m_location, {});
    if (!location.socket.isEmpty())
        removeSocket(location.socket);
    if (location.entrance != location.socket)
        removeSocket(location.entrance);
}

void Server::admit()
{
    while (auto socket = std::unique_ptr<QLocalSocket>(m_listener.nextPendingConnection())) {
        socket->setParent(nullptr); // owned here, not by the listener
        const Result<uid_t> user = peerUser(int(socket->socketDescriptor()));
        if (!user || !isAdmitted(*user, ::geteuid())) {
            qCWarning(logControl) << "refused a front end of another user";
            continue;
        }
        auto client = std::make_unique<ServerClient>(m_api, std::move(socket), m_caps);
        if (clients() >= m_caps.clients) {
            client->turnAway();
            continue;
        }
        connect(client.get(), &ServerClient::ended, this, [this, gone = client.get()] {
            // Later: this is called from within the client.
            QMetaObject::invokeMethod(
                this,
                [this, gone] {
                    std::erase_if(m_clients, [gone](const auto &one) { return one.get() == gone; });
                },
                Qt::QueuedConnection);
        });
        client->greet(m_version);
        m_clients.push_back(std::move(client));
    }
}

void Server::scheduleStatus()
{
    if (m_statusTimer.isActive())
        return;
    qint64 wait = 0;
    if (m_lastStatus.isValid())
        wait = std::max<qint64>(m_caps.statusInterval.count() - m_lastStatus.elapsed(), 0);
    m_statusTimer.start(Milliseconds(wait));
}

void Server::publishStatus()
{
    m_lastStatus.start();
    // A client never goes within this loop: ended() is carried out later.
    for (const std::unique_ptr<ServerClient> &client : m_clients)
        client->publishStatus();
}

} // namespace octopus::control
