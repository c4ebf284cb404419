#include "app/cli/commandjob.h"

#include "app/cli/text.h"

#include <QJsonDocument>

#include <cerrno>
#include <cstdio>

namespace octopus::cli {

CommandJob::CommandJob(const Context &context, CommandPlan plan)
    : Job(context),
      m_plan(std::move(plan))
{
    connect(&m_client, &control::Client::opened, this, &CommandJob::ask);
    connect(&m_client, &control::Client::ended, this, [this](const Error &error) {
        Q_EMIT finished(presentNoEngine(this->context(), error));
    });
}

void CommandJob::start()
{
    m_client.open(context().location.entrance);
}

void CommandJob::ask()
{
    m_client.send(
        m_plan.command,
        [this](const control::Answer &answer) {
            // An engine that went away is told by ended(), which follows.
            if (!m_client.isOpen())
                return;
            m_client.disconnect(this);
            const ExitCode code = conclude(answer);
            Q_EMIT finished(code);
        },
        [this](const QJsonObject &progress) { showProgress(progress); }, m_plan.timeout);
}

void CommandJob::showProgress(const QJsonObject &progress)
{
    if (const QString note = progress[u"note"].toString(); !note.isEmpty())
        return terminal().complain(shown(note));
    if (m_plan.progress) {
        if (!context().json)
            m_plan.progress(progress, terminal());
        return;
    }
    const quint64 compared = quint64(progress[u"compared"].toInteger());
    const quint64 done = quint64(progress[u"done"].toInteger());
    const quint64 total = quint64(progress[u"total"].toInteger());
    QString text = QStringLiteral("%1 compared").arg(countText(compared));
    if (total > 0) {
        text += QStringLiteral(", %1 of %2 (%3 %)")
                    .arg(sizeText(done), sizeText(total))
                    .arg(100 * double(std::min(done, total)) / double(total), 0, 'f', 0);
    }
    if (const QString target = progress[u"target"].toString(); !target.isEmpty())
        text = shown(target) + QStringLiteral(": ") + text;
    terminal().report(text);
}

ExitCode CommandJob::conclude(const control::Answer &answer)
{
    if (!answer) {
        control::Failure failure = answer.error();
        if (failure.error.code == ErrorCode::TimedOut && !m_plan.timeoutText.isEmpty())
            failure.error.detail = m_plan.timeoutText.toUtf8();
        return presentFailure(context(), failure, &m_plan.command);
    }
    if (context().json)
        terminal().printJson(*answer);
    else if (m_plan.present)
        m_plan.present(*answer, terminal());
    ExitCode code = m_plan.judge ? m_plan.judge(*answer) : ExitCode::Done;
    if (!m_plan.reportFile.isEmpty() && !writeReport(*answer))
        code = ExitCode::LookAtIt;
    return code;
}

bool CommandJob::writeReport(const QJsonValue &answer) const
{
    const QByteArray document = QJsonDocument(answer.toObject()).toJson();
    // Not QFile: the name may be no text.
    FILE *file = std::fopen(m_plan.reportFile.constData(), "we");
    bool written = file
        && std::fwrite(document.constData(), 1, size_t(document.size()), file)
            == size_t(document.size());
    if (file)
        written = std::fclose(file) == 0 && written;
    if (!written) {
        terminal().complain(
            QStringLiteral("the report could not be written: %1; name another file with --report")
                .arg(shown(systemFailure(errno, m_plan.reportFile).detail)));
    }
    return written;
}

} // namespace octopus::cli
