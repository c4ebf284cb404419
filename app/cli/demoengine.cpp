#include "app/cli/demoengine.h"

#include "app/cli/text.h"
#include "app/process/signals.h"

#include <QFile>

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

namespace octopus::cli {

namespace {

constexpr Milliseconds startPatience{20'000};
constexpr Milliseconds stopPatience{6'000}; // octopusd promises 5 s

control::Location locationOf(const QByteArray &state)
{
    const auto nothing = [](const char *) { return QByteArray(); };
    return control::locate(state, nothing).value_or(control::Location());
}

} // namespace

DemoEngine::DemoEngine(QString name, QByteArray state)
    : m_name(std::move(name)),
      m_location(locationOf(state))
{
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        if (m_stopping)
            m_process.kill();
        else
            fail(QStringLiteral("it did not get ready in time"));
    });
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &DemoEngine::readOutput);
    connect(&m_process, &QProcess::finished, this, &DemoEngine::processEnded);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            fail(m_process.errorString());
    });
    connect(&m_client, &control::Client::opened, this, [this] {
        m_patience.stop();
        Q_EMIT ready();
    });
    connect(&m_client, &control::Client::ended, this, [this](const Error &error) {
        if (!m_stopping)
            fail(shown(error.detail));
    });
}

DemoEngine::~DemoEngine()
{
    m_process.disconnect(this);
    if (m_process.state() != QProcess::NotRunning) {
        m_process.kill();
        m_process.waitForFinished(1000);
    }
}

void DemoEngine::start(const QString &program)
{
    m_process.setChildProcessModifier([] {
        process::Signals::release();
        ::setpgid(0, 0); // the terminal's Ctrl-C is for octopusctl, which stops this in order
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    });
    m_process.setProcessChannelMode(QProcess::SeparateChannels);
    m_process.start(program,
                    {QStringLiteral("--state"), QFile::decodeName(m_location.stateDirectory),
                     QStringLiteral("--name"), m_name, QStringLiteral("--listen"),
                     QStringLiteral("127.0.0.1:0"), QStringLiteral("--no-discovery"),
                     QStringLiteral("--log-level"), QStringLiteral("warning")});
    m_patience.start(startPatience);
}

void DemoEngine::stop()
{
    m_stopping = true;
    m_client.close();
    if (m_process.state() == QProcess::NotRunning) {
        QMetaObject::invokeMethod(this, &DemoEngine::stopped, Qt::QueuedConnection);
        return;
    }
    m_process.terminate();
    m_patience.start(stopPatience);
}

void DemoEngine::readOutput()
{
    while (m_process.canReadLine()) {
        // ready NAME ID ADDRESS:PORT
        const QStringList words = QString::fromUtf8(m_process.readLine()).trimmed().split(u' ');
        if (words.size() < 4 || words.first() != u"ready" || m_stopping)
            continue;
        m_address = words.last();
        m_client.open(m_location.entrance);
    }
}

void DemoEngine::processEnded()
{
    m_patience.stop();
    if (m_stopping)
        Q_EMIT stopped();
    else
        fail(QStringLiteral("it ended on its own"));
}

void DemoEngine::fail(const QString &reason)
{
    if (std::exchange(m_failed, true))
        return;
    const QStringList log =
        QString::fromUtf8(m_process.readAllStandardError()).trimmed().split(u'\n');
    const QString last = log.last().isEmpty()
        ? QString()
        : QStringLiteral(" (its last words: %1)").arg(shown(log.last()));
    Q_EMIT failed(QStringLiteral("the engine \"%1\" failed: %2%3").arg(m_name, reason, last));
}

} // namespace octopus::cli
