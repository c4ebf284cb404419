// Program: one run of octopusctl, from its arguments to its exit code. Needs an event loop; the
// terminal and the environment are handed in, so that tests run it within themselves.
#pragma once

#include "app/cli/terminal.h"
#include "app/cli/verb.h"
#include "engine/control/location.h"

#include <QObject>

namespace octopus::cli {

class Program : public QObject
{
    Q_OBJECT

public:
    // `arguments` without the program's name; raw bytes as process::textFromRaw() makes them.
    Program(QStringList arguments, Terminal terminal, control::Environment environment);
    void start(); // finished() follows, always
    void stop();  // SIGINT, SIGTERM

Q_SIGNALS:
    void finished(int exitCode);

private:
    [[nodiscard]] ExitCode begin(); // Done while a job runs
    [[nodiscard]] ExitCode prepare(const Verb &verb, const QStringList &rest);
    [[nodiscard]] ExitCode misused(const QString &text, const QString &command = {});
    [[nodiscard]] const Verb *takeVerb(QStringList &arguments) const;

    const QStringList m_arguments;
    Terminal m_terminal;
    const control::Environment m_environment;
    std::unique_ptr<Job> m_job;
};

} // namespace octopus::cli
