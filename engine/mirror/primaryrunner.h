// PrimaryRunner: one mirror of this machine at work: its thread's event loop, the source and its
// change notices, the connection to the target, and the core (Primary).
//
// Made on any thread, moved to its own, started and used there only; others call its slots through
// queued calls and listen to its signals. It calls the target again whenever the connection is lost.
#pragma once

#include "engine/base/random.h"
#include "engine/link/dialer.h"
#include "engine/link/failback.h"
#include "engine/link/network.h"
#include "engine/mirror/primary.h"
#include "engine/mirror/verification.h"
#include "engine/model/peer.h"

#include <QObject>
#include <QTimer>

#include <functional>

namespace octopus::mirror {

struct PrimarySettings {
    Vault vault;
    VaultTarget target;
    Peer peer;
    link::SessionSettings session;
};

class PrimaryRunner : public QObject
{
    Q_OBJECT

public:
    // Answers to requests; called on the runner's thread, once.
    using ComparisonAnswer = std::function<void(Result<ComparisonReport>)>;
    using VerificationAnswer = std::function<void(Result<VerificationReport>)>;
    using Answer = std::function<void(Result<void>)>;

    PrimaryRunner(PrimarySettings settings, link::Network &network, FileSystem &files,
                  const Clock &clock);
    ~PrimaryRunner() override;

    // All of these on the runner's thread.
    void start();
    // Ends the connection, and says why.
    void dismiss(const wire::Refusal &why);
    void stop();
    void setPaused(bool paused);
    // New addresses, and a change of this machine's network, are reasons to see whether a connection
    // still holds, and to call again at once where there is none.
    void setAddresses(const QStringList &addresses);
    void networkChanged();
    void resume(bool confirm);
    void synchronize(bool replaceForeign, ComparisonAnswer answer);
    void verify(bool repair, VerificationAnswer answer);
    // Answers when the target has applied everything captured so far.
    void awaitInSync(Answer answer);
    [[nodiscard]] QList<ActivityEntry> activity() const; // the newest first
    // Ends the mirror at the target as well; `erase`: with the replica. If the connection is lost
    // before the target has confirmed it, the mirror goes on.
    void closeMirror(bool erase, Answer answer);
    [[nodiscard]] Result<void> canClose() const; // the target is there to confirm it

Q_SIGNALS:
    // At most four times a second, and only if it differs.
    void statusChanged(const octopus::MirrorStatus &status);
    // With the target, higher than ever before.
    void protocolAgreed(quint32 protocol);
    // The source was opened for the first time, or a person said that another folder may stand in
    // its place: to be kept for the next start.
    void sourceIdentified(const octopus::FileIdentity &root);
    // The target has a replica from now on, or has none: to be kept for the next start, too.
    void replicaFounded(bool founded);

private:
    void open();
    [[nodiscard]] Result<void> openSource();
    void closeSource();
    void watchOverSource();
    void dial();
    void redial();
    void call(const QList<link::Endpoint> &endpoints);
    [[nodiscard]] link::Destination destination() const;
    void attach();
    void tryBetter();
    void tryBetterWhenDue();
    [[nodiscard]] bool mayMove() const;
    void onBetterReady(const wire::Hello &hello, quint32 protocol);
    void onBetterClosed(const Error &error);
    void countBytes();
    void onReady(const wire::Hello &hello, quint32 protocol);
    void onReceived(const wire::Message &message);
    void onClosed(const Error &error);
    void hangUp();
    void pump();
    void pumpLater();
    void publish();
    void publishPhase();
    void answerWaiting();
    [[nodiscard]] bool isApplied(MonotonicTime barrier) const;
    void answerClosing(const Result<void> &outcome);
    void setFounded(bool founded);
    [[nodiscard]] MirrorStatus currentStatus() const;
    [[nodiscard]] Result<void> ready() const;

    const PrimarySettings m_settings;
    link::Network &m_network;
    FileSystem &m_files;
    const Clock &m_clock;
    SystemRandom m_random;
    link::Dialer m_dialer;
    const Transports m_transports;
    link::Failback m_failback;
    RuleMatcher m_rules;
    std::unique_ptr<Root> m_source;
    std::unique_ptr<ChangeSource> m_changes;
    std::unique_ptr<Primary> m_primary;
    std::optional<FileIdentity> m_sourceRoot;
    std::optional<Halt> m_openHalt; // the source is not there, or another folder in its place
    std::unique_ptr<link::Channel> m_channel;
    std::unique_ptr<link::Channel> m_better; // on its way, over a better transport
    bool m_connected = false;
    QByteArray m_refusal;        // why this connection ends, if that has been said
    bool m_hungUp = false;       // by this side
    QByteArray m_offlineBecause; // what the last call, or connection, came to; empty: it is served
    bool m_paused = false;
    bool m_founded = false;  // there was a replica over there
    bool m_isClosed = false; // for good: the target has confirmed it
    bool m_pumpQueued = false;
    QTimer m_dialTimer;
    QTimer m_callTimer; // before a call to m_waiting
    QList<link::Endpoint> m_waiting;
    QTimer m_failbackTimer;
    QTimer m_dueTimer;
    QTimer m_publishTimer;
    QTimer m_phaseTimer;
    QTimer m_sourceTimer;
    std::optional<std::pair<Phase, bool>> m_phase; // and whether it is in sync
    QString m_peerName;
    quint32 m_highestProtocol; // ever agreed on with the target
    quint64 m_sentBefore = 0;  // over earlier connections
    quint64 m_receivedBefore = 0;
    std::optional<MirrorStatus> m_published;
    struct Comparing {
        quint64 after;
        quint64 sentBefore;
        ComparisonAnswer answer;
    };
    struct Verifying {
        quint64 after;
        bool repair;
        VerificationAnswer answer;
    };
    struct Awaiting {
        MonotonicTime barrier;
        Answer answer;
    };
    std::vector<Comparing> m_comparing;
    std::vector<Verifying> m_verifying;
    std::vector<Awaiting> m_awaiting;
    std::vector<Answer> m_closing;
    bool m_closeSent = false;
    bool m_eraseOnClose = false;
};

} // namespace octopus::mirror
