// Engine: the one composition root below app. Owns the state directory, the identity, the network
// threads, every mirror and every replica of this machine, and answers what front ends ask.
//
// Belongs to the thread that made it, which needs an event loop; everything heavy runs on threads of
// its own. start() before anything else; the destructor stops all.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/nativefilesystem.h"
#include "engine/control/answer.h"
#include "engine/control/api.h"
#include "engine/link/listener.h"
#include "engine/link/ticketredemption.h"
#include "engine/mirrors.h"
#include "engine/pairings.h"
#include "engine/replicas.h"
#include "engine/store/configurationfile.h"
#include "engine/store/identity.h"
#include "engine/store/statedirectory.h"
#include "engine/store/verificationbook.h"

#include <QHostAddress>
#include <QTimer>

#include <optional>

namespace octopus {

struct EngineOptions {
    QByteArray stateDirectory; // absolute
    QString name;              // empty: as configured, else the host's name
    QHostAddress listenAddress = QHostAddress(QHostAddress::Any);
    std::optional<quint16> port; // nullopt: as configured; 0: any free one
    QString version;
};

class Engine : public control::Api
{
    Q_OBJECT

public:
    explicit Engine(EngineOptions options);
    ~Engine() override;

    // Opens the state, makes an identity if there is none, listens, and starts every mirror. The
    // error says what is wrong and what to do.
    [[nodiscard]] Result<void> start();

    [[nodiscard]] control::EngineStatus status() const override;
    void handle(const control::Command &command,
                std::shared_ptr<control::Responder> responder) override;

    // What announces itself on the network around: further addresses of paired machines, and a list
    // for people to choose from. Lends no trust.
    void setFound(const QList<FoundMachine> &machines);
    // This machine's interfaces or addresses are not what they were.
    void networkChanged() { m_mirrors.networkChanged(); }
    // Somebody on the network announces this machine's identity and says to listen there (empty:
    // nowhere). A hint: shown, and at most once a minute called to prove it.
    void hearCopy(const QString &address);
    [[nodiscard]] const store::Configuration &configuration() const { return m_configuration; }
    [[nodiscard]] const MachineId &id() const { return m_id; }
    [[nodiscard]] quint16 port() const; // where it listens; 0 before start()

Q_SIGNALS:
    void lookAround(); // somebody wants to see what is there: the network is to be asked
    void peersChanged();

private:
    using Responder = std::shared_ptr<control::Responder>;
    using MirrorKeys = QList<Mirrors::Key>;
    using MirrorAnswer = mirror::PrimaryRunner::Answer;

    // Peers (enginepeers.cpp)
    void on(const control::GetIdentity &command, const Responder &responder);
    void on(const control::ListPeers &command, const Responder &responder);
    [[nodiscard]] QJsonArray peersJson() const;
    [[nodiscard]] Peer withFoundAddresses(const Peer &peer) const;
    void spreadAddresses();
    void on(const control::Check &command, const Responder &responder);
    void on(const control::Invite &command, const Responder &responder);
    void on(const control::Pair &command, const Responder &responder);
    void on(const control::Unpair &command, const Responder &responder);
    void on(const control::Grant &command, const Responder &responder);
    void on(const control::Revoke &command, const Responder &responder);
    void on(const control::PairWith &command, const Responder &responder);
    void on(const control::ListPairings &command, const Responder &responder);
    void on(const control::ConfirmPairing &command, const Responder &responder);
    void on(const control::DeclinePairing &command, const Responder &responder);
    void on(const control::ListTickets &command, const Responder &responder);
    void on(const control::RevokeTicket &command, const Responder &responder);
    void onPairing(const link::PairAttempt &attempt);
    void noteProtocol(const MachineId &peer, quint32 protocol);
    void onDoubled(const MachineId &machine);
    void callCopy(const QString &address);
    [[nodiscard]] QByteArray warning() const;
    [[nodiscard]] QByteArray problemOf(const MachineId &peer) const;
    void restartMirrors(const MachineId &peer);
    [[nodiscard]] Result<void> trust(const Peer &peer);
    [[nodiscard]] Result<void> prepareGrant(const QByteArray &folder);

    // Vaults (enginevaults.cpp)
    void on(const control::AddVault &command, const Responder &responder);
    void on(const control::ListVaults &command, const Responder &responder);
    void on(const control::ShowVault &command, const Responder &responder);
    void on(const control::EditVault &command, const Responder &responder);
    void on(const control::RemoveVault &command, const Responder &responder);
    void awaitAcceptance(const VaultId &vault, const Responder &responder);
    void eraseVault(const VaultId &vault);
    [[nodiscard]] Result<Vault> vaultFor(const control::AddVault &command);
    [[nodiscard]] Result<VaultTarget> targetFor(const control::TargetChoice &choice,
                                                const QString &vaultName, bool adopt);
    [[nodiscard]] Result<void> setTransports(Vault &vault, const std::optional<QString> &ofAll,
                                             const QList<control::TargetTransport> &ofTargets,
                                             const Vault &known) const;
    [[nodiscard]] Result<void> checkVault(const Vault &vault) const;

    // Mirrors at work (enginemirrors.cpp)
    void on(const control::Pause &command, const Responder &responder);
    void on(const control::Resume &command, const Responder &responder);
    void on(const control::Synchronize &command, const Responder &responder);
    void on(const control::Verify &command, const Responder &responder);
    void on(const control::WaitInSync &command, const Responder &responder);
    void on(const control::Activity &command, const Responder &responder);
    void on(const control::Verifications &command, const Responder &responder);
    void remember(const Mirrors::Key &mirror, const mirror::VerificationReport &report,
                  bool repair);
    void verifyVault(const Vault &vault, bool repair,
                     std::function<void(Result<control::VerificationReport>)> answer);
    void askAll(const MirrorKeys &keys,
                const std::function<void(mirror::PrimaryRunner &, MirrorAnswer)> &ask,
                const std::function<void(const std::optional<Error> &)> &done);
    [[nodiscard]] Result<void> setPaused(Vault &vault, const QString &peer, bool paused);

    [[nodiscard]] Result<store::Configuration> change(
        const std::function<Result<void>(store::Configuration &)> &edit);
    [[nodiscard]] Result<Peer> findPeer(const QString &text) const;
    [[nodiscard]] Result<Vault> findVault(const QString &name) const;
    [[nodiscard]] Result<MirrorKeys> mirrorsOf(const Vault &vault, const QString &peer) const;
    [[nodiscard]] QString nameOf(const MachineId &id) const;
    [[nodiscard]] QJsonObject vaultJson(const Vault &vault) const;
    [[nodiscard]] QStringList addresses() const;
    [[nodiscard]] Result<void> listen();
    void startMirrors(const Vault &vault);
    void startMirror(const Vault &vault, const VaultTarget &target);
    void keepSourceRoot(const VaultId &id, const FileIdentity &root);
    void keepFounded(const VaultId &id, const MachineId &peer, bool founded);

    const EngineOptions m_options;
    SystemClock m_clock;
    SystemRandom m_random;
    NativeFileSystem m_files;
    std::unique_ptr<store::StateDirectory> m_state;
    std::unique_ptr<store::ConfigurationFile> m_configurationFile;
    std::unique_ptr<store::VerificationBook> m_verifications;
    store::Configuration m_configuration;
    MachineId m_id;
    std::optional<link::SessionSettings> m_session;
    MonotonicTime m_copyHeardUntil; // somebody announces this machine's identity
    std::optional<MonotonicTime> m_copyCalledAt;
    std::shared_ptr<TrustedPeers> m_peers = std::make_shared<TrustedPeers>();
    link::Network m_network;
    Mirrors m_mirrors;
    Replicas m_replicas;
    std::unique_ptr<link::Listener> m_listener;
    Pairings m_pairings;
    QList<FoundMachine> m_found;
    QTimer m_spreadTimer; // since found addresses were passed to the mirrors
    bool m_spreadDue = false;
};

} // namespace octopus
