#include "app/cli/statusjob.h"

#include "app/cli/statustext.h"
#include "engine/control/json.h"

#include <QDateTime>

namespace octopus::cli {

StatusJob::StatusJob(const Context &context, QString vault, bool watch)
    : Job(context),
      m_vault(std::move(vault)),
      m_watch(watch)
{
    connect(&m_client, &control::Client::opened, this, &StatusJob::ask);
    connect(&m_client, &control::Client::ended, this, [this](const Error &error) {
        Q_EMIT finished(presentNoEngine(this->context(), error));
    });
}

void StatusJob::start()
{
    m_client.open(context().location.entrance);
}

void StatusJob::ask()
{
    const auto answered = [this](const control::Answer &answer) {
        if (m_client.isOpen()) // else ended() follows
            showOnce(answer);
    };
    if (m_watch)
        m_client.subscribe(
            m_vault, [this](const QJsonObject &document) { showChange(document); }, answered);
    else
        m_client.requestStatus(m_vault, answered);
}

void StatusJob::showOnce(const control::Answer &answer)
{
    m_client.disconnect(this);
    if (!answer) {
        Q_EMIT finished(presentFailure(context(), answer.error(), nullptr));
        return;
    }
    const Result<control::EngineStatus> status = control::statusFromJson(answer->toObject());
    if (!status) {
        Q_EMIT finished(presentFailure(context(), {status.error(), {}}, nullptr));
        return;
    }
    if (context().json) {
        terminal().printJson(*answer);
    } else {
        for (const QString &line : statusLines(*status, terminal()))
            terminal().print(line);
    }
    Q_EMIT finished(judgeStatus(*status));
}

void StatusJob::showChange(const QJsonObject &document)
{
    if (context().json)
        return terminal().printJson(document);
    const Result<control::EngineStatus> status = control::statusFromJson(document);
    if (!status)
        return terminal().complain(shown(status.error().detail));
    if (terminal().draws())
        return terminal().draw(statusLines(*status, terminal()));
    const QString time = QDateTime::currentDateTime().toString(QStringLiteral("HH:mm:ss.zzz  "));
    const QStringList lines = changeLines(*status);
    for (const QString &line : lines) {
        if (!m_shown.contains(line))
            terminal().print(time + line);
    }
    m_shown = lines;
}

} // namespace octopus::cli
