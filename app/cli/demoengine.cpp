#include "app/cli/demoengine.h"

#include "app/cli/text.h"

namespace octopus::cli {

namespace {

control::Location locationOf(const QByteArray &state)
{
    const auto nothing = [](const char *) { return QByteArray(); };
    return control::locate(state, nothing).value_or(control::Location());
}

} // namespace

DemoEngine::DemoEngine(const QString &name, const QByteArray &state)
    : m_location(locationOf(state)),
      m_process(name, m_location.stateDirectory)
{
    connect(&m_process, &process::EngineProcess::serving, this,
            [this] { m_client.open(m_location.entrance); });
    connect(&m_process, &process::EngineProcess::failed, this, &DemoEngine::failed);
    connect(&m_process, &process::EngineProcess::stopped, this, &DemoEngine::stopped);
    connect(&m_client, &control::Client::opened, this, &DemoEngine::ready);
    connect(&m_client, &control::Client::ended, this, [this](const Error &error) {
        if (!m_stopping)
            Q_EMIT failed(QStringLiteral("the connection to the engine \"%1\" ended: %2")
                              .arg(m_process.name(), shown(error.detail)));
    });
}

void DemoEngine::start(const QString &program)
{
    m_process.start(program);
}

void DemoEngine::stop()
{
    m_stopping = true;
    m_client.close();
    m_process.stop();
}

} // namespace octopus::cli
