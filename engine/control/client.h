// Client: a front end's end of the control socket. Asynchronous; every answer comes as a call on
// this thread, from the event loop, never from within the function that asked. When the connection
// ends, all that is outstanding fails with Disconnected, then ended() is emitted. A Client must not
// be destroyed from within its own calls (deleteLater() does).
#pragma once

#include "engine/control/api.h"
#include "engine/control/jsonlines.h"
#include "engine/control/socket.h"

#include <QHash>
#include <QTimer>

#include <expected>
#include <map>

namespace octopus::control {

using Answer = std::expected<QJsonValue, Failure>;

class Client : public QObject
{
    Q_OBJECT

public:
    using Finished = std::function<void(const Answer &)>;
    using Progressed = std::function<void(const QJsonObject &)>;

    Client();
    ~Client() override;

    // Connects; opened() or ended() follows. Unreachable: no engine serves the socket; TimedOut:
    // something does, but does not answer; VersionMismatch; PermissionDenied.
    void open(const QByteArray &socketPath, Milliseconds timeout = std::chrono::seconds(5));
    void close(); // no ended(), no answers
    [[nodiscard]] bool isOpen() const { return m_open; }
    [[nodiscard]] const QString &engineVersion() const { return m_engineVersion; }

    // Returns the request's id. `timeout` 0: none; then it fails with TimedOut and is cancelled.
    quint64 send(const Command &command, Finished finished, Progressed progressed = {},
                 Milliseconds timeout = {});
    // The status document (statusFromJson()). NotFound: no such vault.
    quint64 requestStatus(const QString &vault, Finished finished, Milliseconds timeout = {});
    // The same at once and whenever it changes, until it is cancelled; `finished` only tells that
    // and why it failed.
    quint64 subscribe(const QString &vault, Progressed progressed, Finished finished);
    // Nobody waits for it any more; none of its functions is called again.
    void cancel(quint64 id);

Q_SIGNALS:
    void opened();
    void ended(const octopus::Error &error);

private:
    struct Outstanding {
        Finished finished;
        Progressed progressed;
        std::unique_ptr<QTimer> timer;
    };

    quint64 request(const QString &command, const QJsonObject &arguments, Outstanding outstanding,
                    Milliseconds timeout);
    void attach();
    void take(const QJsonObject &message);
    void greeted(const QJsonObject &message);
    void conclude(quint64 id, const Answer &answer);
    void end(const Error &error);

    QByteArray m_path;
    std::unique_ptr<SocketName> m_name;     // while connecting
    std::unique_ptr<QLocalSocket> m_socket; // while connecting; then m_lines has it
    std::unique_ptr<JsonLines> m_lines;
    QTimer m_openTimer;
    bool m_open = false;
    QString m_engineVersion;
    quint64 m_lastId = 0;
    std::map<quint64, Outstanding> m_outstanding;
};

} // namespace octopus::control
