// Replicas: what other machines keep here. Takes their connections in, checks the grant, and gives
// each replica a thread of its own. Belongs to the engine's main thread.
#pragma once

#include "engine/base/workerthread.h"
#include "engine/mirror/targetrunner.h"
#include "engine/trustedpeers.h"

#include <QObject>
#include <QThreadPool>

#include <map>

namespace octopus {

class Replicas : public QObject
{
    Q_OBJECT

public:
    Replicas(const TrustedPeers &peers, FileSystem &files, const Clock &clock)
        : m_peers(peers),
          m_files(files),
          m_clock(clock)
    {}
    ~Replicas() override;

    // A paired peer has connected; the first message says which mirror it is about.
    void take(const link::Incoming &incoming);
    [[nodiscard]] QList<ReplicaStatus> status() const;
    // Ends the replicas of this peer that no grant covers any more.
    void review(const MachineId &peer);
    void stopAll();

Q_SIGNALS:
    void changed();

private:
    using Runner = mirror::TargetRunner;
    // What one peer calls a vault says nothing about another's.
    struct Key {
        MachineId primary;
        VaultId vault;
        friend auto operator<=>(const Key &, const Key &) = default;
    };
    struct Replica {
        quint64 run = 0; // which of those that were ever launched
        QByteArray destination;
        FileIdentity identity; // of the folder that is served
        std::unique_ptr<WorkerThread<Runner>> worker;
        ReplicaStatus status;
    };
    // Where the peer may keep it: made if missing, checked to lie below a grant without crossing a
    // symbolic link. NotGranted, Invalid, Refused (another replica), NotFound (the replica that was
    // there is not), and what the file system says.
    [[nodiscard]] Result<mirror::ReplicaSettings> settle(const MachineId &peer,
                                                         const wire::OpenMirror &open);
    void dropVanished(const Key &key, const QByteArray &destination);
    [[nodiscard]] bool overlapsAnother(const Key &key, const QByteArray &destination) const;
    [[nodiscard]] Result<void> makeRoom(const MachineId &peer);
    Replica &launch(const mirror::ReplicaSettings &settings, const QString &name);
    void begin(std::unique_ptr<link::Channel> channel, const link::Incoming &incoming,
               const wire::Message &message);
    void tellGrants(std::unique_ptr<link::Channel> channel, const MachineId &peer);
    void open(std::unique_ptr<link::Channel> channel, const MachineId &peer, const QString &name,
              const wire::OpenMirror &open);

    const TrustedPeers &m_peers;
    FileSystem &m_files;
    const Clock &m_clock;
    std::map<Key, Replica> m_replicas;
    quint64 m_lastRun = 0;
    std::map<quint64, std::unique_ptr<link::Channel>> m_arriving;
    quint64 m_lastArrival = 0;
    QThreadPool m_inquiries; // what peers ask of file systems; last, so that it ends first
};

} // namespace octopus
