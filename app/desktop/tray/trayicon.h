// TrayIcon: the state of all vaults at a glance where the desktop has a tray, and notifications.
// Where it has none it does nothing, and isReachable() tells: a window must not hide then. GUI
// thread.
#pragma once

#include "app/desktop/tray/notifier.h"
#include "app/desktop/tray/overallstate.h"

#include <QElapsedTimer>
#include <QMenu>
#include <QSystemTrayIcon>
#include <QTimer>

namespace octopus::desktop {

class TrayIcon : public QObject
{
    Q_OBJECT

public:
    // `allActions`: for all vaults together; `endActions`: at the end of the menu. All outlive this.
    TrayIcon(const VaultModel &model, const QList<QAction *> &allActions,
             const QList<QAction *> &endActions);

    // True while the user can bring the window back from here.
    [[nodiscard]] bool isReachable() const;
    void notify(const QString &title, const QString &text);
    [[nodiscard]] QMenu &menu() { return m_menu; }
    // One sentence on all vaults together.
    [[nodiscard]] static QString summary(const VaultModel &model);
    // The summary, the worst lag, and a line for each vault that is not in order.
    [[nodiscard]] static QString toolTip(const VaultModel &model);

Q_SIGNALS:
    void windowWanted();
    void vaultWanted(int row);

private:
    [[nodiscard]] static QString reason(const VaultRow &row);
    void refresh();
    void refreshToolTip();
    void fillMenu();
    void tellNews();

    const VaultModel &m_model;
    const QList<QAction *> m_allActions;
    const QList<QAction *> m_endActions;
    QMenu m_menu;
    QAction m_show;
    QSystemTrayIcon m_icon;
    Notifier m_notifier;
    QElapsedTimer m_clock;
    QTimer m_newsTimer;
    std::optional<OverallState> m_shown;
    QString m_toolTip;
};

} // namespace octopus::desktop
