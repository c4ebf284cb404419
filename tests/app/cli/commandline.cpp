#include "tests/app/cli/commandline.h"

#include <QFile>
#include <QTest>

namespace octopus::cli {

CommandLine::CommandLine() : m_server(m_api, QStringLiteral("1"))
{
    m_api.current = control::exampleStatus();
    const QByteArray socket = folder() + "/run/control.sock";
    if (!m_server.listen({folder(), socket, socket}))
        qFatal("the control socket cannot be served");
}

QByteArray CommandLine::folder() const
{
    return QFile::encodeName(m_folder.path());
}

Outcome CommandLine::run(const char *text)
{
    return run(QString::fromUtf8(text).split(u' ', Qt::SkipEmptyParts));
}

Outcome CommandLine::run(const QStringList &arguments)
{
    Outcome outcome;
    const auto program = begin(arguments, outcome);
    (void)QTest::qWaitFor([&outcome] { return outcome.code >= 0; }, 10'000);
    return outcome;
}

std::unique_ptr<Program> CommandLine::begin(const QStringList &arguments, Outcome &outcome,
                                            const Terminal::Abilities &abilities)
{
    Terminal terminal([&outcome](const QByteArray &bytes) { outcome.output += bytes; },
                      [&outcome](const QByteArray &bytes) { outcome.messages += bytes; },
                      [this]() -> Result<QByteArray> {
                          if (m_input.isEmpty())
                              return failure(ErrorCode::Invalid, "nothing is there");
                          return m_input.takeFirst();
                      },
                      abilities);
    const QByteArray state = folder();
    auto program =
        std::make_unique<Program>(arguments, std::move(terminal), [state](const char *name) {
            return QByteArray(name) == "OCTOPUS_STATE" ? state : QByteArray();
        });
    QObject::connect(program.get(), &Program::finished, program.get(),
                     [&outcome](int code) { outcome.code = code; });
    program->start();
    return program;
}

} // namespace octopus::cli
