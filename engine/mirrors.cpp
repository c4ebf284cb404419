#include "engine/mirrors.h"

#include <algorithm>

namespace octopus {

Mirrors::~Mirrors() = default;

void Mirrors::start(const Vault &vault, const VaultTarget &target, const Peer &peer,
                    const link::SessionSettings &session)
{
    const Key key(vault.id, peer.id);
    auto runner = std::make_unique<Runner>(mirror::PrimarySettings{vault, target, peer, session},
                                           m_network, m_files, m_clock);
    // What an earlier one has said before it ended says nothing of this one.
    const auto find = [this, key, run = ++m_lastRun] {
        const auto it = m_mirrors.find(key);
        return it != m_mirrors.end() && it->second.run == run ? it : m_mirrors.end();
    };
    connect(runner.get(), &Runner::statusChanged, this,
            [this, key, find](const MirrorStatus &status) {
                const auto it = find();
                if (it == m_mirrors.end())
                    return;
                it->second.status = status;
                Q_EMIT changed(key.first, status);
            });
    connect(runner.get(), &Runner::sourceIdentified, this,
            [this, key](const FileIdentity &root) { Q_EMIT sourceIdentified(key.first, root); });
    connect(runner.get(), &Runner::replicaFounded, this, [this, key, find](bool founded) {
        if (find() != m_mirrors.end())
            Q_EMIT replicaFounded(key.first, key.second, founded);
    });
    connect(runner.get(), &Runner::protocolAgreed, this,
            [this, key](quint32 protocol) { Q_EMIT protocolAgreed(key.second, protocol); });
    Mirror mirror;
    mirror.run = m_lastRun;
    mirror.status.peer = peer.id;
    mirror.status.peerName = peer.name;
    mirror.status.destination = target.destination;
    mirror.worker = std::make_unique<WorkerThread<Runner>>(std::move(runner),
                                                           QStringLiteral("mirror ") + vault.name);
    mirror.worker->post([](Runner &x) { x.start(); });
    m_mirrors.insert_or_assign(key, std::move(mirror));
}

void Mirrors::stop(const VaultId &vault)
{
    std::erase_if(m_mirrors, [&](const auto &x) { return x.first.first == vault; });
}

void Mirrors::disconnectPeer(const MachineId &peer, const wire::Refusal &why)
{
    for (const auto &[key, mirror] : m_mirrors) {
        if (peer.isNull() || key.second == peer)
            mirror.worker->post([why](Runner &runner) { runner.dismiss(why); });
    }
}

QByteArray Mirrors::offlineBecause(const MachineId &peer) const
{
    if (isOnline(peer))
        return {};
    for (const auto &[key, mirror] : m_mirrors) {
        if (key.second == peer && !mirror.status.offlineBecause.isEmpty())
            return mirror.status.offlineBecause;
    }
    return {};
}

void Mirrors::stopPeer(const MachineId &peer, const wire::Refusal &why)
{
    disconnectPeer(peer, why);
    std::erase_if(m_mirrors, [&](const auto &x) { return x.first.second == peer; });
}

QList<MirrorStatus> Mirrors::status(const Vault &vault) const
{
    QList<MirrorStatus> all;
    for (const VaultTarget &target : vault.targets) {
        const auto it = m_mirrors.find(Key(vault.id, target.peer));
        if (it != m_mirrors.end()) {
            all.append(it->second.status);
            continue;
        }
        MirrorStatus status;
        status.peer = target.peer;
        status.destination = target.destination;
        status.phase = Phase::Halted;
        status.halt = Halt{HaltReason::NotPaired, "this machine is not paired with the target", {}};
        all.append(status);
    }
    return all;
}

bool Mirrors::isOnline(const MachineId &peer) const
{
    return std::ranges::any_of(m_mirrors, [&](const auto &x) {
        const Phase phase = x.second.status.phase;
        return x.first.second == peer
            && (phase == Phase::Checking || phase == Phase::Copying || phase == Phase::Mirroring);
    });
}

QList<Mirrors::Key> Mirrors::keys(const VaultId &vault) const
{
    QList<Key> keys;
    for (const auto &[key, mirror] : m_mirrors) {
        if (key.first == vault)
            keys.append(key);
    }
    return keys;
}

void Mirrors::setAddresses(const MachineId &peer, const QStringList &addresses)
{
    for (const auto &[key, mirror] : m_mirrors) {
        if (key.second == peer)
            mirror.worker->post([addresses](Runner &runner) { runner.setAddresses(addresses); });
    }
}

void Mirrors::networkChanged()
{
    for (const auto &[key, mirror] : m_mirrors)
        mirror.worker->post([](Runner &runner) { runner.networkChanged(); });
}

void Mirrors::post(const Key &key, std::function<void(Runner &)> task)
{
    const auto it = m_mirrors.find(key);
    if (it != m_mirrors.end())
        it->second.worker->post(std::move(task));
}

} // namespace octopus
