// MachinePane: one machine: its identity, the folders here below which it may keep replicas, and
// the beginning and the end of the pairing. Its actions are what can be done with the machine, for
// a context menu; only those that fit are visible. GUI thread.
#pragma once

#include "app/desktop/enginelink.h"
#include "app/desktop/machines/machine.h"

#include <QWidget>

#include <optional>

class QAction;
class QLabel;
class QListWidget;
class QPushButton;

namespace octopus::desktop {

class MachinePane : public QWidget
{
    Q_OBJECT

public:
    explicit MachinePane(EngineLink &link); // outlives the pane
    void show(const Machine *machine);      // nullptr: none is selected

Q_SIGNALS:
    void done(); // something was changed
    void failed(const QString &text);
    void pairWanted(); // with the machine that is shown

private:
    void buildButtons();
    void buildLayout();
    void showChoices();
    void showGrants();
    void enable();
    void grant();
    void revoke();
    void unpair();
    void run(const control::Command &command);

    EngineLink &m_link;
    std::optional<Machine> m_machine;
    QLabel *m_title;
    QLabel *m_identity;
    QLabel *m_grantTitle;
    QListWidget *m_grants;
    QPushButton *m_grant;
    QPushButton *m_revoke;
    QPushButton *m_unpair;
    QPushButton *m_pair;
    QAction *m_grantAction;
    QAction *m_unpairAction;
    QAction *m_pairAction;
};

} // namespace octopus::desktop
