// MainWindow: places the table, the details, the menus and the messages, and nothing more. Shows
// what the link tells it. GUI thread.
#pragma once

#include "app/desktop/charts/historybook.h"
#include "app/desktop/dialogs.h"
#include "app/desktop/enginelink.h"
#include "app/desktop/start/practice.h"
#include "app/desktop/tray/trayicon.h"
#include "app/desktop/vaultactions.h"
#include "app/desktop/vaultmodel.h"

#include <QMainWindow>

class QLabel;
class QStackedWidget;

namespace octopus::desktop {

class Banner;
class DetailsPane;
class EmptyPage;
class VaultOverview;

class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    // `link` outlives the window. `practiceProgram`: the octopusd for a practice; empty: none.
    explicit MainWindow(EngineLink &link, const QString &practiceProgram = {});
    ~MainWindow() override;

    // Whether the engine lives in this process: then it ends with it, and quitting is confirmed.
    void setHostsEngine(bool hosts);
    // Shows the window on top, wherever it was.
    void present();
    [[nodiscard]] VaultModel &model() { return m_model; }
    [[nodiscard]] HistoryBook &history() { return m_history; }
    [[nodiscard]] Dialogs &dialogs() { return m_dialogs; }
    [[nodiscard]] VaultActions &actions() { return m_actions; }

Q_SIGNALS:
    // The user ends Octopus; the program ends when this was told.
    void quitting();

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    [[nodiscard]] QWidget *buildCentre();
    void buildMenus();
    void connectActions();
    void buildStatusBar();
    void takeStatus(const control::EngineStatus &status);
    void showLinkState();
    void showSelection();
    void showPage();
    void showVault(int row);
    void chooseAdded();
    void tellFailure(const QString &text);
    void startPractice(bool ownFolder);
    void requestQuit();
    void quit();
    void endPractice(bool quits);
    void about();

    EngineLink &m_link;
    VaultModel m_model;
    HistoryBook m_history;
    VaultActions m_actions;
    Practice m_practice;
    Dialogs m_dialogs;
    QAction m_machines;
    QAction m_quit;
    TrayIcon m_tray;
    Banner *m_banner = nullptr;
    QStackedWidget *m_pages = nullptr;
    EmptyPage *m_empty = nullptr;
    QLabel *m_waiting = nullptr;
    QWidget *m_vaultPage = nullptr;
    VaultOverview *m_view = nullptr;
    DetailsPane *m_details = nullptr;
    QLabel *m_machine = nullptr; // this one
    QLabel *m_place = nullptr;
    bool m_hostsEngine = false;
    bool m_known = false; // a status has come
    bool m_toldOfTray = false;
    QString m_added; // a vault that has not been seen yet
};

} // namespace octopus::desktop
