// TrayIcon: the state of all vaults at a glance where the desktop has a tray. Where it has none it
// does nothing, and isReachable() tells: a window must not hide then. GUI thread.
#pragma once

#include "app/desktop/vaultmodel.h"

#include <QMenu>
#include <QSystemTrayIcon>

namespace octopus::desktop {

class TrayIcon : public QObject
{
    Q_OBJECT

public:
    // `menuActions`: beside showing the window.
    TrayIcon(const VaultModel &model, const QList<QAction *> &menuActions);

    // True while the user can bring the window back from here.
    [[nodiscard]] bool isReachable() const;
    void notify(const QString &title, const QString &text);
    // One sentence on all vaults together.
    [[nodiscard]] static QString summary(const VaultModel &model);

Q_SIGNALS:
    void windowWanted();

private:
    void refresh();

    const VaultModel &m_model;
    QMenu m_menu;
    QSystemTrayIcon m_icon;
    std::optional<Phase> m_shown; // whose badge the icon has; nullopt: none
    QString m_sentence;
};

} // namespace octopus::desktop
