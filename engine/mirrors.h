// Mirrors: the mirrors whose primary this machine is, one thread each, and their last status.
// Belongs to the engine's main thread; answers to requests come there, too.
#pragma once

#include "engine/base/workerthread.h"
#include "engine/mirror/primaryrunner.h"

#include <QObject>

#include <map>

namespace octopus {

class Mirrors : public QObject
{
    Q_OBJECT

public:
    using Key = std::pair<VaultId, MachineId>;
    using Runner = mirror::PrimaryRunner;

    Mirrors(link::Network &network, FileSystem &files, const Clock &clock)
        : m_network(network),
          m_files(files),
          m_clock(clock)
    {}
    ~Mirrors() override;

    void start(const Vault &vault, const VaultTarget &target, const Peer &peer,
               const link::SessionSettings &session);
    void stop(const VaultId &vault);
    // Tells the peer why, and ends its mirrors.
    void stopPeer(const MachineId &peer, const wire::Refusal &why);
    // Tells the peers (null: all) why, and ends their connections; they are called again.
    void disconnectPeer(const MachineId &peer, const wire::Refusal &why);
    // Why the peer cannot be reached; empty: it can, or nobody tried.
    [[nodiscard]] QByteArray offlineBecause(const MachineId &peer) const;
    void stopAll() { m_mirrors.clear(); }

    // The vault's mirrors as they last said; one that does not run is halted as not paired.
    [[nodiscard]] QList<MirrorStatus> status(const Vault &vault) const;
    [[nodiscard]] bool isOnline(const MachineId &peer) const;
    [[nodiscard]] QList<Key> keys(const VaultId &vault) const;
    // Where else the peer may be reached, best first.
    void setAddresses(const MachineId &peer, const QStringList &addresses);
    void networkChanged(); // see PrimaryRunner
    // Runs `task(runner)` on the mirror's thread.
    void post(const Key &key, std::function<void(Runner &)> task);

Q_SIGNALS:
    void changed(const octopus::VaultId &vault, const octopus::MirrorStatus &status);
    void protocolAgreed(const octopus::MachineId &peer, quint32 protocol);
    // See PrimaryRunner.
    void sourceIdentified(const octopus::VaultId &vault, const octopus::FileIdentity &root);
    void replicaFounded(const octopus::VaultId &vault, const octopus::MachineId &peer,
                        bool founded);

private:
    struct Mirror {
        quint64 run = 0; // which of those that were ever started
        std::unique_ptr<WorkerThread<Runner>> worker;
        MirrorStatus status;
    };
    link::Network &m_network;
    FileSystem &m_files;
    const Clock &m_clock;
    std::map<Key, Mirror> m_mirrors;
    quint64 m_lastRun = 0;
};

} // namespace octopus
