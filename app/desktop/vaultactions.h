// VaultActions: what can be done with the selected vault: enabled where it makes sense, confirmed
// where it may destroy something, sent through the link. Adding and changing are only asked for:
// the window has the dialog. GUI thread.
#pragma once

#include "app/desktop/enginelink.h"
#include "app/desktop/vaultmodel.h"

#include <QAction>

namespace octopus::desktop {

class VaultActions : public QObject
{
    Q_OBJECT

public:
    // `window`: what dialogs belong to. All outlive the actions.
    VaultActions(EngineLink &link, VaultModel &model, QWidget *window);

    [[nodiscard]] QList<QAction *> actions();    // for the current row
    [[nodiscard]] QList<QAction *> allActions(); // for all vaults of this machine together
    // The row that the actions are about; nullptr: none.
    void setCurrent(const VaultRow *row);
    void synchronizeVault(const QString &name);
    // Of the current row, as their actions.
    void synchronize();
    void verify();
    void change();
    void resume(); // asks first where it halted
    // Of every vault of this machine, as their actions.
    void pauseAll();
    void resumeAll();
    void synchronizeAll();

Q_SIGNALS:
    void addWanted();
    void changeWanted(const octopus::desktop::VaultRow &row);
    void differencesFound(const QString &vault, const QJsonArray &different);
    void done(const QString &text);   // something to tell, in passing
    void failed(const QString &text); // something went wrong

private:
    void describe(QAction &action, const QString &icon, const QString &text, const QString &tip,
                  const QKeySequence &shortcut, void (VaultActions::*slot)());
    void enable();
    void pause();
    void confirmResume();
    [[nodiscard]] bool anyVault(bool (*is)(const VaultRow &)) const;
    void remove();
    void run(const control::Command &command, const QString &doneText);

    EngineLink &m_link;
    VaultModel &m_model;
    QWidget *const m_window;
    std::optional<VaultRow> m_current;
    QAction m_add;
    QAction m_change;
    QAction m_synchronize;
    QAction m_verify;
    QAction m_pause;
    QAction m_resume;
    QAction m_remove;
    QAction m_pauseAll;
    QAction m_resumeAll;
    QAction m_synchronizeAll;
};

} // namespace octopus::desktop
