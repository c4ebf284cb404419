// TargetRunner: one replica kept on this machine: its thread's event loop, its root, the core
// (Target) and the connection of its primary, one at a time.
//
// Made on any thread, moved to its own, used there only; others call its functions through queued
// calls. It stays, with the replica locked, until stop(). A disk that fails ends the connection; the
// replica is opened (and recovered) again when the primary comes back. One that is not in its place
// any more is not served.
#pragma once

#include "engine/link/network.h"
#include "engine/mirror/target.h"
#include "engine/model/status.h"

#include <QObject>
#include <QTimer>

namespace octopus::mirror {

struct ReplicaSettings {
    VaultId vault;
    MachineId primary;
    QByteArray destination; // absolute, checked to lie below a grant of the primary
    bool adopt = false;
    FileIdentity identity; // of the destination when that was checked
};

class TargetRunner : public QObject
{
    Q_OBJECT

public:
    TargetRunner(ReplicaSettings settings, FileSystem &files, const Clock &clock);
    ~TargetRunner() override;

    // On the runner's thread. `channel` was moved there; it replaces an earlier connection.
    void serve(std::unique_ptr<link::Channel> channel, const wire::OpenMirror &open,
               const QString &primaryName);
    // Ends the connection, and says why.
    void dismiss(const wire::Refusal &why);
    void stop();

Q_SIGNALS:
    void statusChanged(const octopus::ReplicaStatus &status); // at most twice a second
    void refused(); // there is no replica here for this primary; the runner is not needed
    void erased();  // the primary has removed the replica; the runner is not needed any more

private:
    [[nodiscard]] Result<void> openReplica(const wire::OpenMirror &open);
    void onReceived(const wire::Message &message);
    void onRefusal(const wire::Refusal &refusal);
    void pump();
    void pumpLater();
    void fail(const Error &error);
    void publish();
    void watchOverPlace();
    [[nodiscard]] std::unexpected<Error> isGone() const;

    const ReplicaSettings m_settings;
    FileSystem &m_files;
    const Clock &m_clock;
    std::unique_ptr<Root> m_root;
    std::unique_ptr<Target> m_target;
    std::unique_ptr<link::Channel> m_channel;
    QString m_vaultName;
    QString m_primaryName;
    bool m_pumpQueued = false;
    QTimer m_dueTimer;
    QTimer m_publishTimer;
    QTimer m_placeTimer;
    std::optional<Problem> m_failure;
    std::optional<Halt> m_parted; // the primary does not want to be mirrored here any more
    std::optional<ReplicaStatus> m_published;
};

} // namespace octopus::mirror
