// StatusJob: the status once, or with --watch until it is stopped: redrawn in place on a terminal,
// elsewhere one line a change; with --json one document a line.
#pragma once

#include "app/cli/job.h"
#include "engine/control/client.h"

namespace octopus::cli {

class StatusJob final : public Job
{
    Q_OBJECT

public:
    // `vault` empty: all of them.
    StatusJob(const Context &context, QString vault, bool watch);
    void start() override;
    void stop() override { Q_EMIT finished(ExitCode::Done); }

private:
    void ask();
    void showOnce(const control::Answer &answer);
    void showChange(const QJsonObject &document);

    const QString m_vault;
    const bool m_watch;
    QStringList m_shown; // the last change lines
    control::Client m_client;
};

} // namespace octopus::cli
