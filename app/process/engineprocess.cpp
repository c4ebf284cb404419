#include "app/process/engineprocess.h"

#include "app/process/signals.h"
#include "engine/base/relpath.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <sys/prctl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

namespace octopus::process {

namespace {

using namespace std::chrono_literals;

constexpr auto startPatience = 20s;
constexpr auto stopPatience = 6s; // octopusd promises 5 s

} // namespace

EngineProcess::EngineProcess(QString name, QByteArray state)
    : m_name(std::move(name)),
      m_state(std::move(state))
{
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        if (m_stopping)
            m_process.kill();
        else
            fail(QStringLiteral("it did not get ready in time"));
    });
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &EngineProcess::readOutput);
    connect(&m_process, &QProcess::finished, this, &EngineProcess::processEnded);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            fail(m_process.errorString());
    });
}

EngineProcess::~EngineProcess()
{
    m_process.disconnect(this);
    if (m_process.state() != QProcess::NotRunning) {
        m_process.kill();
        m_process.waitForFinished(1000);
    }
}

QString EngineProcess::programBeside()
{
    const QString program = QCoreApplication::applicationDirPath() + QStringLiteral("/octopusd");
    return QFileInfo(program).isExecutable() ? program : QString();
}

void EngineProcess::start(const QString &program)
{
    m_process.setChildProcessModifier([] {
        Signals::release();
        ::setpgid(0, 0); // the terminal's Ctrl-C is for the program, which stops this in order
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    });
    m_process.setProcessChannelMode(QProcess::SeparateChannels);
    m_process.start(program,
                    {QStringLiteral("--state"), QFile::decodeName(m_state),
                     QStringLiteral("--name"), m_name, QStringLiteral("--listen"),
                     QStringLiteral("127.0.0.1:0"), QStringLiteral("--no-discovery"),
                     QStringLiteral("--log-level"), QStringLiteral("warning")});
    m_patience.start(startPatience);
}

void EngineProcess::stop()
{
    m_stopping = true;
    if (m_process.state() == QProcess::NotRunning) {
        QMetaObject::invokeMethod(this, &EngineProcess::stopped, Qt::QueuedConnection);
        return;
    }
    m_process.terminate();
    m_patience.start(stopPatience);
}

void EngineProcess::readOutput()
{
    while (m_process.canReadLine()) {
        // ready NAME ID ADDRESS:PORT
        const QStringList words = QString::fromUtf8(m_process.readLine()).trimmed().split(u' ');
        if (words.size() < 4 || words.first() != u"ready" || m_stopping)
            continue;
        m_patience.stop();
        m_address = words.last();
        Q_EMIT serving();
    }
}

void EngineProcess::processEnded()
{
    m_patience.stop();
    if (m_stopping)
        Q_EMIT stopped();
    else
        fail(QStringLiteral("it ended on its own"));
}

void EngineProcess::fail(const QString &reason)
{
    if (std::exchange(m_failed, true))
        return;
    const QByteArray log = m_process.readAllStandardError().trimmed();
    const QByteArray last = log.sliced(log.lastIndexOf('\n') + 1);
    const QString words =
        last.isEmpty() ? QString() : QStringLiteral(" (its last words: %1)").arg(displayText(last));
    Q_EMIT failed(QStringLiteral("the engine \"%1\" failed: %2%3").arg(m_name, reason, words));
}

} // namespace octopus::process
