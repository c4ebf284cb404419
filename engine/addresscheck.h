// AddressCheck: finds out, stage by stage, whether the machine at a typed name or address can be
// mirrored to, and ends at the first stage that is in the way, after 10 s at the latest. Changes
// nothing here or there. Main thread; destroying it gives up.
#pragma once

#include "engine/checkstages.h"
#include "engine/control/command.h"

#include <QPointer>

namespace octopus {

class AddressCheck : public QObject
{
    Q_OBJECT

public:
    // What this machine knows already.
    struct Known {
        QList<Peer> peers;
        QList<FoundMachine> found;
    };

    // Nullopt for text that is neither an address nor the name of a machine in `known`. Otherwise
    // where it may be.
    [[nodiscard]] static std::optional<QList<link::Endpoint>> endpointsOf(const QString &address,
                                                                          const Known &known);

    AddressCheck(control::Check command, Known known, link::SessionSettings settings,
                 const Clock &clock, QObject *parent);
    void start();

Q_SIGNALS:
    void progressed(const octopus::control::CheckReport &report); // after each stage
    void finished(const octopus::control::CheckReport &report);   // once, last

private:
    void add(const control::CheckStage &stage);
    void onResolved(const QList<link::Endpoint> &addresses, const Transport &over);
    void onAdvanced(link::SessionState reached);
    void onFailed(const link::CallFailure &failure);
    void onWon(link::Session *session, const wire::Hello &hello, quint32 protocol);
    void ask();
    void onAnswer(const wire::Message &message);
    void onGrants(const wire::Grants &grants);
    void onLimit();
    [[nodiscard]] bool has(const char *stage) const;
    [[nodiscard]] std::optional<Peer> peerAt(const QString &address) const;

    const control::Check m_command;
    const Known m_known;
    const MachineId m_self;
    const Clock &m_clock;
    control::CheckReport m_report;
    link::Call m_call;
    QPointer<link::Session> m_session; // child
    QTimer m_limit;
    QElapsedTimer m_asked;
    bool m_ended = false;
};

} // namespace octopus
