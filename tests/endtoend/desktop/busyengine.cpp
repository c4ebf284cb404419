// busyengine STATE VAULTS INTERVAL: serves the control socket of this state folder like an engine
// with so many vaults, each of whose states is another one every INTERVAL milliseconds.
#include "engine/control/server.h"
#include "tests/engine/control/fakeapi.h"

#include <QCoreApplication>
#include <QFile>
#include <QTimer>

#include <cstdio>

using namespace octopus;

namespace {

class BusyEngine
{
public:
    explicit BusyEngine(int vaults) : m_server(m_api, QStringLiteral("1"))
    {
        m_api.answer = [](const control::Command &,
                          const std::shared_ptr<control::Responder> &responder) {
            responder->finish();
        };
        const VaultStatus pattern = control::exampleStatus().vaults.first();
        m_status.machine = control::exampleStatus().machine;
        for (int number = 0; number < vaults; ++number) {
            VaultStatus vault = pattern;
            QByteArray id(16, 'v');
            id[0] = char(number % 256);
            id[1] = char(number / 256);
            vault.vault.id = VaultId::fromBytes(id).value();
            vault.vault.name = QStringLiteral("vault %1").arg(number);
            m_status.vaults.append(vault);
        }
        change();
    }

    [[nodiscard]] bool serve(const QByteArray &state)
    {
        const auto nothing = [](const char *) { return QByteArray(); };
        const Result<control::Location> location = control::locate(state, nothing);
        return location && m_server.listen(*location);
    }

    // Lag, backlog and throughput of every vault, as a busy line has them.
    void change()
    {
        for (VaultStatus &vault : m_status.vaults) {
            MirrorStatus &mirror = vault.targets.first();
            m_seed = m_seed * 1'103'515'245 + 12'345;
            const quint64 noise = m_seed >> 16U & 0x7fffU;
            mirror.inSync = noise % 8 == 0;
            mirror.lag = Milliseconds(mirror.inSync ? 0 : 1 + qint64(noise) % 3000);
            mirror.backlogOperations = mirror.inSync ? 0 : 1 + noise % 400;
            mirror.backlogBytes = mirror.backlogOperations * 4096;
            mirror.sentBytes += noise * 100;
            mirror.operations += noise % 100;
            mirror.files = 1000 + noise % 7;
            mirror.bytes += 4096;
        }
        m_api.setStatus(m_status);
    }

private:
    control::FakeApi m_api;
    control::Server m_server;
    control::EngineStatus m_status;
    quint64 m_seed = 1;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 4)
        return 2;
    BusyEngine engine(arguments[2].toInt());
    if (!engine.serve(QFile::encodeName(arguments[1])))
        return 1;
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer, &QTimer::timeout, &timer, [&engine] { engine.change(); });
    timer.start(arguments[3].toInt());
    std::puts("ready");
    std::fflush(stdout);
    return QCoreApplication::exec();
}
