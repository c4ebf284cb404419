// ServerClient: one front end at the server's end of the control socket. Decodes what it asks,
// hands it to the Api and sends the answers back. Internal to Server; main thread.
#pragma once

#include "engine/control/server.h"

#include <QHash>

namespace octopus::control {

class SocketResponder;

class ServerClient : public QObject
{
    Q_OBJECT

public:
    ServerClient(Api &api, std::unique_ptr<QLocalSocket> socket, const ServerCaps &caps);
    ~ServerClient() override;

    void greet(const QString &version);
    // Says that there are too many front ends already, and ends.
    void turnAway();
    // Sends the status to every subscription of this client; a client that has not read the last
    // one gets the newest once it has.
    void publishStatus();

    // For SocketResponder. A report is left out while the client is behind.
    void report(qint64 id, const QJsonObject &progress);
    void answer(qint64 id, const QJsonObject &outcome); // {"result"} or {"error"}

Q_SIGNALS:
    void ended();

private:
    void take(const QJsonObject &message);
    void run(qint64 id, const QString &command, const QJsonObject &arguments);
    void sendStatus(qint64 id, const QString &vault, bool subscribe);
    void refuse(qint64 id, const Error &error);
    void cancelAll();

    Api &m_api;
    const ServerCaps m_caps;
    JsonLines m_lines;
    QHash<qint64, std::weak_ptr<SocketResponder>> m_running;
    QHash<qint64, QString> m_subscriptions; // the vault's name, empty for all
    bool m_statusDue = false;
};

} // namespace octopus::control
