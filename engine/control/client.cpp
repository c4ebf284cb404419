#include "engine/control/client.h"

#include "engine/control/json.h"
#include "engine/control/server.h"

#include <QFile>

namespace octopus::control {

namespace {

// An answer may hold many problems or differences; a request may not.
constexpr LineCaps clientCaps{64 * 1024 * 1024, 16 * 1024 * 1024, std::chrono::seconds(30)};

// QLocalSocket is done with by deleteLater(): this may run within one of its signals.
template <typename Object> void retire(std::unique_ptr<Object> &object)
{
    if (object) {
        object->disconnect();
        object.release()->deleteLater();
    }
}

Error connectionError(QLocalSocket::LocalSocketError error)
{
    switch (error) {
    case QLocalSocket::SocketAccessError:
        return {ErrorCode::PermissionDenied, "the engine belongs to another user", 0};
    case QLocalSocket::SocketResourceError:
        return {ErrorCode::Busy, "the engine has too many front ends waiting", 0};
    default: return {ErrorCode::Unreachable, "no engine is running here", 0};
    }
}

} // namespace

Client::Client()
{
    m_openTimer.setSingleShot(true);
    connect(&m_openTimer, &QTimer::timeout, this,
            [this] { end({ErrorCode::TimedOut, "the engine does not answer", 0}); });
}

Client::~Client()
{
    close();
}

void Client::open(const QByteArray &socketPath, Milliseconds timeout)
{
    close();
    m_openTimer.start(timeout);
    Result<SocketName> name = SocketName::of(socketPath);
    m_socket = std::make_unique<QLocalSocket>();
    connect(m_socket.get(), &QLocalSocket::connected, this, &Client::attach, Qt::QueuedConnection);
    connect(
        m_socket.get(), &QLocalSocket::errorOccurred, this,
        [this](QLocalSocket::LocalSocketError error) { end(connectionError(error)); },
        Qt::QueuedConnection);
    if (!name) {
        QMetaObject::invokeMethod(
            this, [this] { end(connectionError(QLocalSocket::ServerNotFoundError)); },
            Qt::QueuedConnection);
        return;
    }
    m_name = std::make_unique<SocketName>(*std::move(name));
    m_socket->connectToServer(QFile::decodeName(m_name->bytes()));
}

void Client::close()
{
    m_openTimer.stop();
    m_open = false;
    retire(m_socket);
    retire(m_lines);
    m_name.reset();
    m_outstanding.clear();
}

quint64 Client::send(const Command &command, Finished finished, Progressed progressed,
                     Milliseconds timeout)
{
    return request(commandName(command), commandArguments(command),
                   {std::move(finished), std::move(progressed), nullptr}, timeout);
}

quint64 Client::requestStatus(const QString &vault, Finished finished, Milliseconds timeout)
{
    return request(QStringLiteral("status"), {{QStringLiteral("vault"), vault}},
                   {std::move(finished), {}, nullptr}, timeout);
}

quint64 Client::subscribe(const QString &vault, Progressed progressed, Finished finished)
{
    return request(QStringLiteral("subscribe"), {{QStringLiteral("vault"), vault}},
                   {std::move(finished), std::move(progressed), nullptr}, {});
}

void Client::cancel(quint64 id)
{
    if (m_outstanding.erase(id) > 0 && m_lines)
        m_lines->send({{QStringLiteral("id"), qint64(id)}, {QStringLiteral("cancel"), true}});
}

quint64 Client::request(const QString &command, const QJsonObject &arguments,
                        Outstanding outstanding, Milliseconds timeout)
{
    const quint64 id = ++m_lastId;
    if (timeout.count() > 0) {
        outstanding.timer = std::make_unique<QTimer>();
        outstanding.timer->setSingleShot(true);
        connect(outstanding.timer.get(), &QTimer::timeout, this, [this, id] {
            if (m_lines)
                m_lines->send(
                    {{QStringLiteral("id"), qint64(id)}, {QStringLiteral("cancel"), true}});
            conclude(id,
                     std::unexpected(Failure{
                         {ErrorCode::TimedOut, "the engine did not answer in time", 0}, {}}));
        });
        outstanding.timer->start(timeout);
    }
    m_outstanding.insert_or_assign(id, std::move(outstanding));
    if (m_open) {
        m_lines->send({{QStringLiteral("id"), qint64(id)},
                       {QStringLiteral("command"), command},
                       {QStringLiteral("arguments"), arguments}});
    } else {
        QMetaObject::invokeMethod(
            this,
            [this, id] {
                conclude(id,
                         std::unexpected(Failure{
                             {ErrorCode::Disconnected, "there is no engine to ask", 0}, {}}));
            },
            Qt::QueuedConnection);
    }
    return id;
}

void Client::attach()
{
    if (!m_socket)
        return;
    m_name.reset();
    m_socket->disconnect(this);
    m_lines = std::make_unique<JsonLines>(std::move(m_socket), clientCaps);
    connect(m_lines.get(), &JsonLines::received, this, &Client::take);
    connect(m_lines.get(), &JsonLines::ended, this, &Client::end);
}

void Client::take(const QJsonObject &message)
{
    if (!m_open)
        return greeted(message);
    const auto id = quint64(message[u"id"].toInteger(0));
    const auto found = m_outstanding.find(id);
    if (found == m_outstanding.end())
        return; // cancelled in the meantime
    if (message.contains(u"progress")) {
        const Progressed progressed = found->second.progressed; // it may cancel itself
        if (progressed)
            progressed(message[u"progress"].toObject());
    } else if (message.contains(u"error")) {
        conclude(id, std::unexpected(failureFromJson(message[u"error"].toObject())));
    } else {
        conclude(id, message[u"result"]);
    }
}

void Client::greeted(const QJsonObject &message)
{
    if (message.contains(u"error"))
        return end(failureFromJson(message[u"error"].toObject()).error);
    m_engineVersion = message[u"version"].toString();
    if (message[u"protocol"].toInteger() != controlProtocol) {
        return end({ErrorCode::VersionMismatch,
                    "the running engine is of another version (" + m_engineVersion.toUtf8() + ")",
                    0});
    }
    m_openTimer.stop();
    m_open = true;
    Q_EMIT opened();
}

void Client::conclude(quint64 id, const Answer &answer)
{
    auto found = m_outstanding.extract(id);
    if (found.empty())
        return;
    if (std::unique_ptr<QTimer> &timer = found.mapped().timer)
        retire(timer);
    if (found.mapped().finished)
        found.mapped().finished(answer);
}

void Client::end(const Error &error)
{
    const std::map<quint64, Outstanding> outstanding = std::exchange(m_outstanding, {});
    close();
    for (const auto &[id, one] : outstanding) {
        if (one.finished)
            one.finished(std::unexpected(Failure{error, {}}));
    }
    Q_EMIT ended(error);
}

} // namespace octopus::control
