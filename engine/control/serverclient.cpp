#include "engine/control/serverclient.h"

#include "engine/base/log.h"
#include "engine/control/json.h"

#include <QPointer>

namespace octopus::control {

class SocketResponder final : public Responder
{
public:
    SocketResponder(ServerClient *client, qint64 id) : m_client(client), m_id(id) {}
    ~SocketResponder() override
    {
        if (!m_answered)
            fail({{ErrorCode::Other, "the engine stopped before this was done", 0}, {}});
    }
    SocketResponder(const SocketResponder &) = delete;
    SocketResponder &operator=(const SocketResponder &) = delete;

    void progress(const QJsonObject &report) override
    {
        if (m_client && !m_answered)
            m_client->report(m_id, report);
    }
    void finish(const QJsonValue &answer) override
    {
        conclude({{QStringLiteral("result"), answer}});
    }
    void fail(const Failure &failure) override
    {
        conclude({{QStringLiteral("error"), toJson(failure)}});
    }
    [[nodiscard]] bool isCancelled() const override { return m_cancelled; }
    void whenCancelled(std::function<void()> reaction) override
    {
        if (m_cancelled)
            reaction();
        else
            m_reaction = std::move(reaction);
    }

    void cancel()
    {
        m_client = nullptr;
        m_answered = true;
        m_cancelled = true;
        if (const auto reaction = std::exchange(m_reaction, nullptr))
            reaction();
    }

private:
    void conclude(const QJsonObject &outcome)
    {
        if (std::exchange(m_answered, true) || !m_client)
            return;
        m_reaction = nullptr;
        m_client->answer(m_id, outcome);
    }

    QPointer<ServerClient> m_client;
    const qint64 m_id;
    std::function<void()> m_reaction;
    bool m_answered = false;
    bool m_cancelled = false;
};

ServerClient::ServerClient(Api &api, std::unique_ptr<QLocalSocket> socket, const ServerCaps &caps)
    : m_api(api),
      m_caps(caps),
      m_lines(std::move(socket), caps.lines)
{
    connect(&m_lines, &JsonLines::received, this, &ServerClient::take);
    connect(&m_lines, &JsonLines::drained, this, [this] {
        if (std::exchange(m_statusDue, false))
            publishStatus();
    });
    connect(&m_lines, &JsonLines::ended, this, [this](const Error &error) {
        if (error.code != ErrorCode::Disconnected)
            qCWarning(logControl) << "dropped a front end:" << error.detail;
        cancelAll();
        Q_EMIT ended();
    });
}

ServerClient::~ServerClient()
{
    m_lines.disconnect(this);
    cancelAll();
}

void ServerClient::greet(const QString &version)
{
    m_lines.send(
        {{QStringLiteral("protocol"), controlProtocol}, {QStringLiteral("version"), version}});
}

void ServerClient::turnAway()
{
    const Failure failure{{ErrorCode::LimitReached, "too many front ends use this engine", 0}, {}};
    m_lines.send({{QStringLiteral("error"), toJson(failure)}});
    m_lines.close();
}

void ServerClient::publishStatus()
{
    if (m_subscriptions.isEmpty())
        return;
    if (m_lines.waiting() > 0) {
        m_statusDue = true;
        return;
    }
    const EngineStatus status = m_api.status();
    const QHash<qint64, QString> subscriptions = m_subscriptions; // send() may end it all
    for (const auto &[id, vault] : subscriptions.asKeyValueRange()) {
        m_lines.send(
            {{QStringLiteral("id"), id}, {QStringLiteral("progress"), toJson(status, vault)}});
    }
}

void ServerClient::report(qint64 id, const QJsonObject &progress)
{
    if (m_lines.waiting() == 0)
        m_lines.send({{QStringLiteral("id"), id}, {QStringLiteral("progress"), progress}});
}

void ServerClient::answer(qint64 id, const QJsonObject &outcome)
{
    m_running.remove(id);
    QJsonObject message = outcome;
    message.insert(QStringLiteral("id"), id);
    m_lines.send(message);
}

void ServerClient::take(const QJsonObject &message)
{
    const qint64 id = message[u"id"].toInteger(-1);
    if (id < 0)
        return refuse(id, {ErrorCode::Invalid, "a request has no id", 0});
    if (message[u"cancel"].toBool()) {
        m_subscriptions.remove(id);
        if (const auto responder = m_running.take(id).lock())
            responder->cancel();
        return;
    }
    if (m_running.contains(id) || m_subscriptions.contains(id))
        return refuse(id, {ErrorCode::Invalid, "a request has the id of another one", 0});
    if (m_running.size() + m_subscriptions.size() >= m_caps.commandsPerClient)
        return refuse(id, {ErrorCode::LimitReached, "too many commands run at the same time", 0});
    run(id, message[u"command"].toString(), message[u"arguments"].toObject());
}

void ServerClient::run(qint64 id, const QString &command, const QJsonObject &arguments)
{
    if (command == u"status" || command == u"subscribe")
        return sendStatus(id, arguments[u"vault"].toString(), command == u"subscribe");
    const Result<Command> decoded = decodeCommand(command, arguments);
    if (!decoded)
        return refuse(id, decoded.error());
    qCDebug(logControl).noquote() << "command" << command;
    const auto responder = std::make_shared<SocketResponder>(this, id);
    m_running.insert(id, responder);
    m_api.handle(*decoded, responder);
}

void ServerClient::sendStatus(qint64 id, const QString &vault, bool subscribe)
{
    const QJsonObject document = toJson(m_api.status(), vault);
    if (!vault.isEmpty() && document[u"vaults"].toArray().isEmpty()) {
        return refuse(id,
                      {ErrorCode::NotFound,
                       "there is no vault \"" + displayText(vault.toUtf8()).toUtf8()
                           + "\"; see: octopusctl vault list",
                       0});
    }
    if (subscribe)
        m_subscriptions.insert(id, vault);
    const QString kind = subscribe ? QStringLiteral("progress") : QStringLiteral("result");
    m_lines.send({{QStringLiteral("id"), id}, {kind, document}});
}

void ServerClient::refuse(qint64 id, const Error &error)
{
    m_lines.send(
        {{QStringLiteral("id"), id}, {QStringLiteral("error"), toJson(Failure{error, {}})}});
}

void ServerClient::cancelAll()
{
    m_subscriptions.clear();
    for (const auto &running : std::exchange(m_running, {})) {
        if (const auto responder = running.lock())
            responder->cancel();
    }
}

} // namespace octopus::control
