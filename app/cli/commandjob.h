// CommandJob: asks the engine one thing, shows the answer. The way of nearly every command.
#pragma once

#include "app/cli/job.h"
#include "engine/control/client.h"

namespace octopus::cli {

struct CommandPlan {
    control::Command command;
    // Shows the answer to a person.
    std::function<void(const QJsonValue &answer, Terminal &terminal)> present;
    // The exit code for an answer; Done without one.
    std::function<ExitCode(const QJsonValue &answer)> judge;
    // Shows the news of a running command to a person; without it as amounts of data.
    std::function<void(const QJsonObject &report, Terminal &terminal)> progress;
    Milliseconds timeout{0}; // none
    QString timeoutText;     // what to say then
    QByteArray reportFile;   // the answer is written there too, as JSON; empty: nowhere
};

class CommandJob final : public Job
{
    Q_OBJECT

public:
    CommandJob(const Context &context, CommandPlan plan);
    void start() override;

private:
    void ask();
    void showProgress(const QJsonObject &progress);
    [[nodiscard]] ExitCode conclude(const control::Answer &answer);
    [[nodiscard]] bool writeReport(const QJsonValue &answer) const;

    const CommandPlan m_plan;
    control::Client m_client;
};

} // namespace octopus::cli
