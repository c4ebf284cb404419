#include "app/desktop/mainwindow.h"

#include "app/desktop/banner.h"
#include "app/desktop/detailspane.h"
#include "app/desktop/editor/sourcefield.h"
#include "app/desktop/emptypage.h"
#include "app/desktop/failurewording.h"
#include "app/desktop/icons.h"
#include "app/desktop/start/endquestion.h"
#include "app/desktop/start/practicebar.h"
#include "app/desktop/vaultoverview.h"
#include "app/desktop/wording.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QDir>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>
#include <QUrl>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

constexpr int messageTime = 8000; // ms

} // namespace

MainWindow::MainWindow(EngineLink &link, const QString &practiceProgram)
    : m_link(link),
      m_history(m_model),
      m_actions(link, m_model, this),
      m_practice(link, practiceProgram),
      m_dialogs(link, m_model, this),
      m_machines(icon(QStringLiteral("machines")), tr("&Machines…")),
      m_quit(tr("&Quit")),
      m_tray(m_model, m_actions.allActions(), {&m_quit})
{
    setWindowTitle(tr("Octopus"));
    setWindowIcon(applicationIcon());
    m_quit.setIcon(icon(QStringLiteral("quit")));
    m_quit.setShortcut(QKeySequence::Quit);
    connect(&m_quit, &QAction::triggered, this, &MainWindow::requestQuit);
    m_machines.setShortcut(QKeySequence(Qt::CTRL | Qt::Key_M));
    m_machines.setToolTip(tr("Other machines: find, pair, and say what they may do here"));
    setAcceptDrops(true);
    setCentralWidget(buildCentre());
    buildMenus();
    buildStatusBar();
    connect(&m_link, &EngineLink::statusArrived, this, &MainWindow::takeStatus);
    connect(&m_link, &EngineLink::stateChanged, this, &MainWindow::showLinkState);
    connectActions();
    connect(&m_tray, &TrayIcon::windowWanted, this, &MainWindow::present);
    connect(&m_tray, &TrayIcon::vaultWanted, this, &MainWindow::showVault);
    resize(1160, 740);
    showLinkState();
}

MainWindow::~MainWindow() = default;

void MainWindow::connectActions()
{
    const auto tell = [this](const QString &text) { statusBar()->showMessage(text, messageTime); };
    connect(&m_actions, &VaultActions::done, this, tell);
    connect(&m_actions, &VaultActions::failed, this, &MainWindow::tellFailure);
    connect(&m_actions, &VaultActions::addWanted, &m_dialogs, [this] { m_dialogs.addVault(); });
    connect(&m_actions, &VaultActions::changeWanted, &m_dialogs, &Dialogs::changeVault);
    connect(&m_actions, &VaultActions::differencesFound, &m_dialogs, &Dialogs::showDifferences);
    connect(&m_dialogs, &Dialogs::done, this, tell);
    connect(&m_dialogs, &Dialogs::failed, this, &MainWindow::tellFailure);
    connect(&m_dialogs, &Dialogs::added, this, [this](const QString &vault) {
        m_added = vault;
        chooseAdded();
    });
    connect(&m_dialogs, &Dialogs::repairWanted, &m_actions, &VaultActions::synchronizeVault);
    connect(&m_practice, &Practice::failed, this, &MainWindow::tellFailure);
    connect(&m_machines, &QAction::triggered, &m_dialogs, &Dialogs::showMachines);
    connect(m_details, &DetailsPane::resumeWanted, &m_actions, &VaultActions::resume);
    connect(m_details, &DetailsPane::changeWanted, &m_actions, &VaultActions::change);
    connect(m_details, &DetailsPane::synchronizeWanted, &m_actions, &VaultActions::synchronize);
    connect(m_details, &DetailsPane::verifyWanted, &m_actions, &VaultActions::verify);
    connect(m_details, &DetailsPane::diagnosisWanted, &m_dialogs, &Dialogs::diagnose);
    connect(m_details, &DetailsPane::machinesWanted, &m_dialogs, &Dialogs::showMachines);
    connect(m_details, &DetailsPane::folderWanted, this, [](const QByteArray &folder) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFile::decodeName(folder)));
    });
    connect(m_empty, &EmptyPage::addWanted, &m_dialogs, [this] { m_dialogs.addVault(); });
    connect(m_empty, &EmptyPage::machinesWanted, &m_dialogs, &Dialogs::showMachines);
    connect(m_empty, &EmptyPage::practiceWanted, this, &MainWindow::startPractice);
}

QWidget *MainWindow::buildCentre()
{
    m_banner = new Banner;
    connect(m_banner, &Banner::pressed, this, [this] {
        m_banner->clear();
        if (m_link.state() != LinkState::Connected)
            m_link.open();
    });
    const QString state = QFile::decodeName(m_link.location().stateDirectory);
    m_view = new VaultOverview(m_model, m_history, m_actions.actions(),
                               state + QStringLiteral("/desktop.ini"));
    connect(m_view, &VaultOverview::currentRowChanged, this, &MainWindow::showSelection);
    m_details = new DetailsPane(m_history, m_link);
    m_details->setVisible(m_view->showsDetails());
    connect(m_view, &VaultOverview::detailsShown, m_details, &QWidget::setVisible);
    connect(m_view, &VaultOverview::detailsWanted, m_details, &DetailsPane::takeFocus);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setObjectName(QStringLiteral("vaultSplitter"));
    splitter->addWidget(m_view);
    splitter->addWidget(m_details);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    m_vaultPage = splitter;
    m_empty = new EmptyPage(m_practice.isAvailable());
    m_waiting = new QLabel(tr("Waiting for the engine…"));
    m_waiting->setAlignment(Qt::AlignCenter);
    m_pages = new QStackedWidget;
    for (QWidget *page :
         {static_cast<QWidget *>(m_waiting), static_cast<QWidget *>(m_empty), m_vaultPage})
        m_pages->addWidget(page);

    auto *centre = new QWidget;
    auto *layout = new QVBoxLayout(centre);
    layout->addWidget(m_banner);
    auto *practiceBar = new PracticeBar(m_practice);
    connect(practiceBar, &PracticeBar::endWanted, this, [this] { endPractice(false); });
    layout->addWidget(practiceBar);
    layout->addWidget(m_pages, 1);
    QMargins margins = layout->contentsMargins();
    margins.setBottom(0); // the status bar follows
    layout->setContentsMargins(margins);
    return centre;
}

void MainWindow::buildMenus()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    file->addAction(&m_machines);
    QAction *settings = file->addAction(icon(QStringLiteral("settings")), tr("&Settings…"));
    settings->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Comma));
    settings->setToolTip(tr("What starts when you log in"));
    connect(settings, &QAction::triggered, &m_dialogs, &Dialogs::showSettings);
    file->addSeparator();
    file->addAction(&m_quit);
    QMenu *vault = menuBar()->addMenu(tr("&Vault"));
    QToolBar *bar = addToolBar(tr("Vault"));
    bar->setObjectName(QStringLiteral("vaultToolBar"));
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    const QList<QAction *> actions = m_actions.actions();
    for (QAction *action : actions) {
        if (action == actions[2] || action == actions.last()) {
            vault->addSeparator();
            bar->addSeparator();
        }
        vault->addAction(action);
        bar->addAction(action);
    }
    vault->addSeparator();
    vault->addActions(m_actions.allActions());
    bar->addSeparator();
    bar->addAction(&m_machines);
    menuBar()->addMenu(tr("V&iew"))->addActions(m_view->viewActions());
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    QAction *about = help->addAction(applicationIcon(), tr("&About Octopus"));
    connect(about, &QAction::triggered, this, &MainWindow::about);
}

void MainWindow::buildStatusBar()
{
    m_machine = new QLabel;
    m_machine->setTextFormat(Qt::PlainText);
    m_machine->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_machine->setAccessibleName(tr("This machine"));
    m_place = new QLabel;
    m_place->setAccessibleName(tr("The engine"));
    m_place->setMargin(4);
    m_machine->setMargin(4);
    statusBar()->addPermanentWidget(m_place);
    statusBar()->addPermanentWidget(m_machine);
}

void MainWindow::setHostsEngine(bool hosts)
{
    m_hostsEngine = hosts;
    showLinkState();
}

void MainWindow::present()
{
    showNormal();
    raise();
    activateWindow();
}

void MainWindow::takeStatus(const control::EngineStatus &status)
{
    m_known = true;
    m_dialogs.takePairings(status.pairings);
    m_model.setRows(rowsOf(status));
    chooseAdded();
    m_view->setMachine(status.machine.name);
    m_machine->setText(
        tr("%1 at %2")
            .arg(Wording::shown(status.machine.name), Wording::shown(status.machine.address)));
    m_machine->setAccessibleDescription(m_machine->text());
    m_machine->setToolTip(status.machine.id.text());
    showPage();
}

void MainWindow::showLinkState()
{
    const LinkState state = m_link.state();
    m_model.setStale(state != LinkState::Connected);
    const QString again = tr("Try Again");
    switch (state) {
    case LinkState::Connecting: m_place->setText(tr("Waiting for the engine")); break;
    case LinkState::Connected:
        m_banner->clear();
        m_place->setText(m_hostsEngine ? tr("Engine in this window")
                                       : tr("Engine in the background"));
        break;
    case LinkState::NotAnswering:
        m_place->setText(tr("Engine does not answer"));
        m_banner->show(tr("The engine does not answer. What is shown is how it was before; whether "
                          "changes are mirrored "
                          "is unknown."),
                       again);
        break;
    case LinkState::Failed:
        m_place->setText(tr("No engine"));
        m_banner->show(m_known ? tr("%1 What is shown is how it was before; whether changes are "
                                    "mirrored is unknown.",
                                    "%1: what happened, a sentence")
                                     .arg(FailureWording::text(m_link.reason()))
                               : tr("There is no connection to the engine: %1")
                                     .arg(FailureWording::text(m_link.reason())),
                       again);
        break;
    }
    m_place->setAccessibleDescription(m_place->text());
    showPage();
    showSelection();
}

void MainWindow::showSelection()
{
    const VaultRow *row = m_view->currentRow();
    m_actions.setCurrent(row);
    m_details->show(row, m_model.isStale());
}

void MainWindow::showPage()
{
    if (!m_model.rows().isEmpty())
        m_pages->setCurrentWidget(m_vaultPage);
    else if (m_known && m_link.state() == LinkState::Connected)
        m_pages->setCurrentWidget(m_empty);
    else
        m_pages->setCurrentWidget(m_waiting);
}

void MainWindow::showVault(int row)
{
    present();
    m_view->choose(row);
    m_view->setFocus();
}

// What was just set up is what somebody wants to see; the engine lists it a moment later.
void MainWindow::chooseAdded()
{
    const QList<VaultRow> &rows = m_model.rows();
    for (int at = 0; !m_added.isEmpty() && at < rows.size(); ++at) {
        if (rows[at].name != m_added || rows[at].direction != Direction::Outgoing)
            continue;
        m_added.clear();
        m_view->choose(at);
    }
}

void MainWindow::tellFailure(const QString &text)
{
    statusBar()->clearMessage();
    m_banner->show(text);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    event->ignore();
    if (!m_tray.isReachable())
        return requestQuit();
    hide();
    if (!std::exchange(m_toldOfTray, true))
        m_tray.notify(tr("Octopus"),
                      tr("Mirroring goes on. The icon here brings the window back."));
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (m_link.state() == LinkState::Connected
        && !SourceField::localPaths(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    event->acceptProposedAction();
    m_dialogs.addVault(SourceField::localPaths(*event->mimeData()));
}

void MainWindow::startPractice(bool ownFolder)
{
    const QString name = m_dialogs.freeName(tr("practice"));
    if (!ownFolder)
        return m_practice.start({}, name);
    auto *dialog = new QFileDialog(this, tr("Choose a folder to practise with"), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this, name](const QString &folder) {
        m_practice.start(QFile::encodeName(folder), name);
    });
    dialog->open();
}

void MainWindow::requestQuit()
{
    const bool endsMirroring = m_hostsEngine && !m_model.rows().isEmpty();
    if (!endsMirroring)
        return quit();
    present();
    QStringList names;
    for (const VaultRow &row : m_model.rows())
        names.append(Wording::shown(row.name));
    names.removeDuplicates();
    auto *question =
        new QMessageBox(QMessageBox::Question, tr("Quit Octopus"),
                        tr("Mirroring stops when Octopus quits."), QMessageBox::NoButton, this);
    question->setTextFormat(Qt::PlainText);
    constexpr qsizetype mostNames = 6;
    const QString list =
        names.first(std::min(names.size(), mostNames)).join(tr(", ", "between words of a list"));
    question->setInformativeText(
        tr("What stops: %1. It catches up when Octopus is started again.")
            .arg(names.size() > mostNames
                     ? tr("%1 and %n more", nullptr, int(names.size() - mostNames)).arg(list)
                     : list));
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setObjectName(QStringLiteral("quitQuestion"));
    QPushButton *confirm = question->addButton(tr("&Quit"), QMessageBox::AcceptRole);
    question->addButton(tr("Cancel"), QMessageBox::RejectRole);
    question->setDefaultButton(confirm);
    connect(confirm, &QPushButton::clicked, this, &MainWindow::quit);
    question->open();
}

void MainWindow::quit()
{
    if (m_practice.state() != Practice::State::Idle)
        return endPractice(true);
    Q_EMIT quitting();
    QCoreApplication::exit(); // not quit(): that would ask this window to close
}

// Vaults of the user that mirror to its target lose that: this is said before.
void MainWindow::endPractice(bool quits)
{
    const auto end = [this, quits](PracticeUsers::Fate fate) {
        if (quits) {
            Q_EMIT quitting();
            connect(&m_practice, &Practice::ended, qApp, [] { QCoreApplication::exit(); });
        }
        m_practice.end(fate);
    };
    const PracticeUsers users = m_practice.state() == Practice::State::Running
        ? m_practice.usersAmong(m_model.rows())
        : PracticeUsers();
    if (users.isEmpty())
        return end(PracticeUsers::Fate::Keep);
    present();
    auto *question = new EndQuestion(users, this);
    connect(question, &EndQuestion::confirmed, this, end);
    question->open();
}

void MainWindow::about()
{
    auto *box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("About Octopus"));
    box->setIconPixmap(applicationIcon().pixmap(QSize(64, 64), devicePixelRatioF()));
    box->setText(tr("Octopus %1").arg(QCoreApplication::applicationVersion()));
    box->addButton(QMessageBox::Close)->setText(tr("Close"));
    box->setInformativeText(tr("Mirrors folders to other machines the moment they change."));
    box->open();
}

} // namespace octopus::desktop
