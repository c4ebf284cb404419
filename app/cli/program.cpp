#include "app/cli/program.h"

#include "app/cli/text.h"
#include "app/process/rawtext.h"
#include "app/process/version.h"

#include <QTimer>

namespace octopus::cli {

namespace {

// The positions of the words of the command: what is neither an option nor the value of --state.
QList<qsizetype> wordPositions(const QStringList &arguments)
{
    QList<qsizetype> positions;
    for (qsizetype i = 0; i < arguments.size() && arguments[i] != u"--" && positions.size() < 2;
         ++i) {
        if (arguments[i] == u"--state")
            ++i;
        else if (!arguments[i].startsWith(u'-'))
            positions.append(i);
    }
    return positions;
}

} // namespace

Program::Program(QStringList arguments, Terminal terminal, control::Environment environment)
    : m_arguments(std::move(arguments)),
      m_terminal(std::move(terminal)),
      m_environment(std::move(environment))
{}

void Program::start()
{
    QTimer::singleShot(0, this, [this] {
        const ExitCode code = begin();
        if (!m_job) {
            Q_EMIT finished(int(code));
            return;
        }
        connect(m_job.get(), &Job::finished, this,
                [this](ExitCode outcome) { Q_EMIT finished(int(outcome)); });
        m_job->start();
    });
}

void Program::stop()
{
    if (m_job)
        m_job->stop();
    else
        Q_EMIT finished(int(ExitCode::Interrupted));
}

ExitCode Program::begin()
{
    QStringList rest = m_arguments;
    const Verb *verb = takeVerb(rest);
    if (verb)
        return prepare(*verb, rest);

    const Usage usage(commonOptions(), m_arguments);
    const QString word = usage.argument(0);
    if (usage.has("help") || word == u"help") {
        m_terminal.print(generalHelp());
        return ExitCode::Done;
    }
    if (usage.has("version")) {
        m_terminal.print(QStringLiteral("octopusctl ") + process::programVersion());
        return ExitCode::Done;
    }
    if (word == u"vault")
        return misused(QStringLiteral("\"vault\" needs one of add, list, show, edit, remove"));
    if (!word.isEmpty())
        return misused(QStringLiteral("there is no command \"%1\"").arg(shown(word)));
    return misused(usage.error().isEmpty() ? QStringLiteral("a command is missing")
                                           : shown(usage.error()));
}

ExitCode Program::prepare(const Verb &verb, const QStringList &rest)
{
    const Usage usage(verb.options + commonOptions(), rest);
    if (usage.has("help")) {
        m_terminal.print(helpFor(verb));
        return ExitCode::Done;
    }
    if (!usage.error().isEmpty())
        return misused(shown(usage.error()), verb.name);
    const qsizetype given = usage.arguments().size();
    if (given < verb.leastArguments)
        return misused(QStringLiteral("something is missing: %1 %2").arg(verb.name, verb.arguments),
                       verb.name);
    if (given > verb.mostArguments) {
        return misused(QStringLiteral("\"%1\" is too much")
                           .arg(shown(usage.arguments().at(verb.mostArguments))),
                       verb.name);
    }
    const QList<QByteArray> state = usage.rawList("state");
    const Result<control::Location> location =
        control::locate(state.isEmpty() ? QByteArray() : state.constLast(), m_environment);
    if (!location)
        return misused(shown(location.error().detail), verb.name);
    JobResult job = verb.prepare(usage, Context{m_terminal, *location, usage.has("json")});
    if (!job)
        return misused(shown(job.error().detail), verb.name);
    m_job = *std::move(job);
    return ExitCode::Done;
}

ExitCode Program::misused(const QString &text, const QString &command)
{
    const QString asked =
        command.isEmpty() ? QStringLiteral("--help") : command + QStringLiteral(" --help");
    // Advice that is given already is not given twice.
    m_terminal.complain(text.contains(QStringLiteral("octopusctl "))
                            ? text
                            : QStringLiteral("%1; see \"octopusctl %2\"").arg(text, asked));
    return ExitCode::WrongUsage;
}

// Finds the verb among the arguments and takes its words out of them.
const Verb *Program::takeVerb(QStringList &arguments) const
{
    const QList<qsizetype> positions = wordPositions(arguments);
    for (qsizetype words = positions.size(); words > 0; --words) {
        QStringList name;
        for (const qsizetype position : positions.first(words))
            name.append(arguments[position]);
        for (const Verb &verb : allVerbs()) {
            if (verb.name != name.join(u' '))
                continue;
            for (qsizetype i = words - 1; i >= 0; --i)
                arguments.removeAt(positions[i]);
            return &verb;
        }
    }
    return nullptr;
}

} // namespace octopus::cli
