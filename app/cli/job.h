// Job: what one call of octopusctl does once its arguments are understood. Lives on the event loop;
// finished() is emitted exactly once, from it, never from within start().
#pragma once

#include "app/cli/exitcode.h"
#include "app/cli/terminal.h"
#include "engine/control/api.h"
#include "engine/control/location.h"

#include <QObject>

namespace octopus::cli {

// What every job needs. `terminal` outlives the job.
struct Context {
    Terminal &terminal;
    control::Location location;
    bool json = false;
};

class Job : public QObject
{
    Q_OBJECT

public:
    explicit Job(const Context &context) : m_context(context) {}
    virtual void start() = 0;
    // SIGINT or SIGTERM. A job that has something to clean up does so and finishes then.
    virtual void stop() { Q_EMIT finished(ExitCode::Interrupted); }

Q_SIGNALS:
    void finished(octopus::cli::ExitCode code);

protected:
    [[nodiscard]] Terminal &terminal() const { return m_context.terminal; }
    [[nodiscard]] const Context &context() const { return m_context; }

private:
    const Context m_context;
};

// Says on standard error what is wrong and what to do, shows the paths concerned as data, and
// returns the exit code. `command` may be nullptr.
[[nodiscard]] ExitCode presentFailure(const Context &context, const control::Failure &failure,
                                      const control::Command *command);
// The same for a connection to the engine that could not be made, or ended.
[[nodiscard]] ExitCode presentNoEngine(const Context &context, const Error &error);

} // namespace octopus::cli
