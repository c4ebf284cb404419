// Practice: a target on this computer to try Octopus with: starts a second engine, pairs with it and
// mirrors a folder to it; at the end everything of it goes again, but the folder that the user
// chose. Clears what a crash left of an earlier one. GUI thread.
#pragma once

#include "app/desktop/enginelink.h"
#include "app/desktop/start/practicefolder.h"
#include "app/desktop/start/practiceusers.h"
#include "app/process/engineprocess.h"

#include <QTimer>

namespace octopus::desktop {

class Practice : public QObject
{
    Q_OBJECT

public:
    enum class State : quint8 { Idle, Starting, Running, Ending };

    // `program`: the octopusd; empty: there can be no practice. `link` outlives this.
    Practice(EngineLink &link, QString program);
    ~Practice() override;

    [[nodiscard]] bool isAvailable() const { return !m_program.isEmpty(); }
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const QByteArray &source() const { return m_source; }
    [[nodiscard]] QByteArray replica() const; // while it runs
    // An empty `source`: a sample is made. stateChanged() or failed() follows.
    void start(const QByteArray &source, const QString &vaultName);
    // The user's vaults that its end takes the target from.
    [[nodiscard]] PracticeUsers usersAmong(const QList<VaultRow> &rows) const;
    // ended() follows. `fate`: of the user's vaults that have no other target.
    void end(PracticeUsers::Fate fate = PracticeUsers::Fate::Keep);

Q_SIGNALS:
    void stateChanged();
    void failed(const QString &text);
    void ended();

private:
    using Next = void (Practice::*)(const QJsonValue &answer);

    void prepare();
    void invite();
    void pair(const QJsonValue &ticket);
    void addVault(const QJsonValue &peer);
    void run(const QJsonValue &vault);
    void ask(const control::Command &command, Next next);
    void giveUp(const QString &reason);
    void removeVault();
    void findUsers();
    void releaseNext();
    void unpair();
    void stopTarget();
    void finish();
    void clearLeftovers();
    [[nodiscard]] bool isOurs(const QJsonValue &vault) const;
    void setState(State state);

    EngineLink &m_link;
    const QString m_program;
    State m_state = State::Idle;
    QByteArray m_source;
    bool m_ownSource = false; // a sample
    std::optional<PracticeFolder> m_folder;
    PracticeRecord m_record;
    std::unique_ptr<process::EngineProcess> m_target;
    std::unique_ptr<control::Client> m_targetClient;
    PracticeUsers::Fate m_fate = PracticeUsers::Fate::Keep;
    QList<control::Command> m_releases; // of the user's vaults, still to be sent
    QTimer m_patience;                  // while ending
    bool m_lookedForLeftovers = false;
};

} // namespace octopus::desktop
