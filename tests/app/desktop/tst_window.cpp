// The window with an engine that does what the test says: pages, actions, confirmations, halts.
// With OCTOPUS_SCREENSHOTS=DIR the pages are saved there as pictures.
#include "app/desktop/banner.h"
#include "app/desktop/mainwindow.h"
#include "app/desktop/removedialog.h"
#include "app/desktop/vaultview.h"
#include "engine/control/server.h"
#include "tests/engine/control/fakeapi.h"

#include <QApplication>
#include <QDialogButtonBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QRadioButton>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>

using namespace octopus;
using namespace octopus::desktop;

class TestWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void theTableIsShown();
    void columnsHaveRoomForTheirRows();
    void theActivityGetsTheRoomThatIsLeft();
    void aNewVaultIsChosenOnceItIsListed();
    void longNamesPushNothingOutOfTheWindow();
    void withoutVaultsItSaysWhatToDoNext();
    void synchronizeAsksForTheSelectedVault();
    void pauseNamesVaultAndTarget();
    void aPausedVaultCanBeResumed();
    void aHaltIsExplainedAndResumedOnlyWhenConfirmed();
    void removingKeepsTheReplicaUnlessTold();
    void removingCanEraseTheReplica();
    void removingCanBeCancelled();
    void aReplicaCannotBeChangedHere();
    void problemsOfTheSelectedVaultAreListed();
    void theSelectionSurvivesNewRows();
    void aFailureIsShownUntilDismissed();
    void anEngineThatWentAwayMakesEverythingUnknown();
    void quittingAHostAsksFirst();
    void everythingHasAnAccessibleName();

private:
    [[nodiscard]] QAction *action(const char *name) const;
    void select(int row);
    void edit(const std::function<void(MirrorStatus &)> &change);
    [[nodiscard]] QString allText(const QWidget *widget) const;
    void picture(const char *name) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    control::Location m_location;
    std::unique_ptr<control::FakeApi> m_api;
    std::unique_ptr<control::Server> m_server;
    std::unique_ptr<EngineLink> m_link;
    std::unique_ptr<MainWindow> m_window;
    VaultView *m_view = nullptr;
};

void TestWindow::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const QByteArray state = QFile::encodeName(m_folder->path());
    m_location = {state, state + "/run/control.sock", state + "/run/control.sock"};
    m_api = std::make_unique<control::FakeApi>();
    m_api->current = control::exampleStatus();
    m_api->answer = [](const control::Command &,
                       const std::shared_ptr<control::Responder> &responder) {
        responder->finish();
    };
    m_server = std::make_unique<control::Server>(*m_api, QStringLiteral("1"));
    QVERIFY(m_server->listen(m_location));
    m_link = std::make_unique<EngineLink>(m_location);
    m_window = std::make_unique<MainWindow>(*m_link);
    m_view = m_window->findChild<VaultView *>();
    m_window->show();
    m_link->open();
    QTRY_COMPARE(m_link->state(), LinkState::Connected);
    QTRY_COMPARE(m_window->model().rowCount(), 3);
}

void TestWindow::cleanup()
{
    m_window.reset();
    m_link.reset();
    m_server.reset();
    m_api.reset();
    m_folder.reset();
}

QAction *TestWindow::action(const char *name) const
{
    for (QAction *one : m_view->actions()) {
        if (one->objectName() == QLatin1StringView(name))
            return one;
    }
    return nullptr;
}

void TestWindow::select(int row)
{
    m_view->selectRow(row);
}

void TestWindow::edit(const std::function<void(MirrorStatus &)> &change)
{
    control::EngineStatus status = m_api->current;
    change(status.vaults.first().targets.first());
    m_api->setStatus(status);
}

QString TestWindow::allText(const QWidget *widget) const
{
    QStringList texts;
    for (const QLabel *label : widget->findChildren<QLabel *>()) {
        if (label->isVisible())
            texts.append(label->text());
    }
    return texts.join(u'\n');
}

void TestWindow::picture(const char *name) const
{
    const QString folder = qEnvironmentVariable("OCTOPUS_SCREENSHOTS");
    if (folder.isEmpty())
        return;
    QTest::qWait(50); // until everything is laid out
    for (const bool dark : {false, true}) {
        QPalette palette;
        if (dark) {
            palette = QPalette(QColor(0x2d, 0x30, 0x33), QColor(0x23, 0x26, 0x29));
            palette.setColor(QPalette::Base, QColor(0x1b, 0x1e, 0x20));
            palette.setColor(QPalette::AlternateBase, QColor(0x23, 0x26, 0x29));
            palette.setColor(QPalette::Highlight, QColor(0x3d, 0x7e, 0xb8));
            palette.setColor(QPalette::ToolTipBase, QColor(0x31, 0x36, 0x3b));
            palette.setColor(QPalette::ToolTipText, QColor(0xfc, 0xfc, 0xfc));
        }
        QApplication::setPalette(palette);
        QTest::qWait(50);
        const QString file = QStringLiteral("%1/%2-%3.png")
                                 .arg(folder, QLatin1StringView(name),
                                      dark ? QStringLiteral("dark") : QStringLiteral("light"));
        QWidget *top = QApplication::activeModalWidget();
        QVERIFY((top ? top : m_window.get())->grab().save(file));
    }
    QApplication::setPalette(QPalette());
}

void TestWindow::theTableIsShown()
{
    QVERIFY(m_view->isVisible());
    QCOMPARE(m_view->currentIndex().row(), 0);
    const QString text = allText(m_window.get());
    QVERIFY(text.contains(QStringLiteral("alpha at 127.0.0.1:17290")));
    QVERIFY(text.contains(QStringLiteral("No problems.")));
    QVERIFY(text.contains(QStringLiteral("Reached over eth0 at 192.0.2.7:17290.")));
    select(1);
    picture("table");
}

void TestWindow::columnsHaveRoomForTheirRows()
{
    const auto hasRoom = [this](int column) {
        const auto fits = [&](int row) {
            const QString text = m_window->model().index(row, column).data().toString();
            return m_view->fontMetrics().horizontalAdvance(text) < m_view->columnWidth(column);
        };
        return fits(0) && fits(1) && fits(2);
    };
    for (const int column : {int(VaultModel::Name), int(VaultModel::With), int(VaultModel::State),
                             int(VaultModel::Lag), int(VaultModel::Problems)})
        QVERIFY2(hasRoom(column), qPrintable(QString::number(column)));
    const int narrow = m_view->columnWidth(VaultModel::Name);
    QVERIFY(narrow < 200);
    // The same mirror with a longer name: within a second.
    control::EngineStatus status = m_api->current;
    status.vaults.first().vault.name = QStringLiteral("a vault with a longer name");
    m_api->setStatus(status);
    QTRY_VERIFY(m_view->columnWidth(VaultModel::Name) > narrow && hasRoom(VaultModel::Name));
    // Other mirrors: as wide as they need.
    status.vaults.removeFirst();
    m_api->setStatus(status);
    QTRY_COMPARE(m_window->model().rowCount(), 2);
    QTRY_VERIFY(m_view->columnWidth(VaultModel::Name) <= narrow);
}

void TestWindow::theActivityGetsTheRoomThatIsLeft()
{
    control::EngineStatus status = m_api->current;
    MirrorStatus &mirror = status.vaults.first().targets.first();
    mirror.phase = Phase::Halted;
    mirror.halt = Halt{.reason = HaltReason::MassDeletion};
    m_api->setStatus(status);
    const auto width = [this] { return m_view->columnWidth(VaultModel::Activity); };
    const auto wanted = [this] {
        return m_view->fontMetrics().horizontalAdvance(
            m_window->model().index(0, VaultModel::Activity).data().toString());
    };
    m_window->resize(700, m_window->height());
    QTRY_VERIFY(width() < wanted());
    m_window->resize(1600, m_window->height());
    QTRY_VERIFY(width() > wanted());
    m_window->resize(700, m_window->height());
    QTRY_VERIFY(width() < wanted());
    m_view->setColumnWidth(VaultModel::Activity, 100); // the user's choice
    m_window->resize(1600, m_window->height());
    QTRY_VERIFY(m_view->width() > 1500);
    QCOMPARE(width(), 100);
}

void TestWindow::aNewVaultIsChosenOnceItIsListed()
{
    const auto chosen = [this] {
        return m_view->currentRow() ? m_view->currentRow()->name : QString();
    };
    select(0);
    Q_EMIT m_window->dialogs().added(QStringLiteral("new one"));
    QCOMPARE(chosen(), QStringLiteral("docs"));
    control::EngineStatus status = m_api->current;
    VaultStatus vault = status.vaults.first();
    vault.vault.id = VaultId::fromBytes(QByteArray(16, 'n')).value();
    vault.vault.name = QStringLiteral("new one");
    status.vaults.append(vault);
    m_api->setStatus(status);
    QTRY_COMPARE(chosen(), QStringLiteral("new one"));
    select(0); // once: then it is a vault as any other
    status.vaults.last().targets.first().files += 1;
    m_api->setStatus(status);
    QTRY_COMPARE(m_window->model().rows()[int(status.vaults.size()) - 1].files,
                 status.vaults.last().targets.first().files);
    QCOMPARE(chosen(), QStringLiteral("docs"));
}

void TestWindow::longNamesPushNothingOutOfTheWindow()
{
    control::EngineStatus status = m_api->current;
    const QString name = QStringLiteral("sixty letters ").repeated(5).first(60);
    for (VaultStatus &vault : status.vaults) {
        vault.vault.name = name;
        for (MirrorStatus &mirror : vault.targets)
            mirror.peerName = name;
    }
    m_api->setStatus(status);
    QTRY_COMPARE(m_window->model().index(0, VaultModel::Name).data().toString(), name);
    const auto end = [this] {
        return m_view->columnViewportPosition(VaultModel::Problems)
            + m_view->columnWidth(VaultModel::Problems);
    };
    QTRY_VERIFY(m_view->columnWidth(VaultModel::Name) > 150); // widened, but
    QVERIFY2(end() <= m_view->viewport()->width(), qPrintable(QString::number(end())));
    const QModelIndex cell = m_window->model().index(0, VaultModel::Name);
    QVERIFY(cell.data(Qt::ToolTipRole).toString().contains(name));
    const int narrow = m_view->columnWidth(VaultModel::Name);
    m_window->resize(m_window->width() + 600, m_window->height());
    QTRY_VERIFY(m_view->columnWidth(VaultModel::Name) > narrow);
}

void TestWindow::withoutVaultsItSaysWhatToDoNext()
{
    control::EngineStatus status;
    status.machine = m_api->current.machine;
    m_api->setStatus(status);
    QTRY_VERIFY(!m_view->isVisible());
    const QString text = allText(m_window.get());
    QVERIFY(text.contains(QStringLiteral("octopusctl invite --grant FOLDER")));
    QVERIFY(m_window->findChild<QPushButton *>(QStringLiteral("emptyAdd"))->isVisible());
    // No octopusd to practise with: no control for it.
    QVERIFY(!m_window->findChild<QPushButton *>(QStringLiteral("practiceSample")));
    QVERIFY(!action("remove")->isEnabled());
    picture("empty");
}

void TestWindow::synchronizeAsksForTheSelectedVault()
{
    m_api->answer = [](const control::Command &,
                       const std::shared_ptr<control::Responder> &responder) {
        responder->finish(
            QJsonObject{{QStringLiteral("copied"), 3}, {QStringLiteral("removed"), 1}});
    };
    select(1);
    action("synchronize")->trigger();
    QTRY_COMPARE(m_api->commands.size(), 1);
    QVERIFY((m_api->last<control::Synchronize>()
             == control::Synchronize{QStringLiteral("photos"), false}));
    QTRY_VERIFY(
        m_window->statusBar()->currentMessage().contains(QStringLiteral("3 copied, 1 removed")));
}

void TestWindow::pauseNamesVaultAndTarget()
{
    select(0);
    QVERIFY(action("pause")->isEnabled());
    QVERIFY(!action("resume")->isEnabled());
    action("pause")->trigger();
    QTRY_COMPARE(m_api->commands.size(), 1);
    const QString beta = m_api->current.vaults.first().targets.first().peer.text();
    QVERIFY((m_api->last<control::Pause>() == control::Pause{QStringLiteral("docs"), beta}));
}

void TestWindow::aPausedVaultCanBeResumed()
{
    edit([](MirrorStatus &mirror) { mirror.phase = Phase::Paused; });
    QTRY_VERIFY(action("resume")->isEnabled());
    QVERIFY(!action("pause")->isEnabled());
    QVERIFY(!action("synchronize")->isEnabled());
    action("resume")->trigger();
    QTRY_COMPARE(m_api->commands.size(), 1);
    QVERIFY(!m_api->last<control::Resume>().confirm);
    QCOMPARE(m_api->last<control::Resume>().vault, QStringLiteral("docs"));
}

void TestWindow::aHaltIsExplainedAndResumedOnlyWhenConfirmed()
{
    edit([](MirrorStatus &mirror) {
        mirror.phase = Phase::Halted;
        mirror.inSync = false;
        mirror.lag = std::nullopt;
        mirror.halt = Halt{HaltReason::MassDeletion,
                           "4000 of 9000 entries are gone",
                           {"letters/2019", "raw\xff"},
                           4000,
                           9000};
    });
    auto *text = m_window->findChild<QLabel *>(QStringLiteral("haltText"));
    QTRY_VERIFY(text->isVisible());
    QVERIFY(text->text().contains(QStringLiteral("4,000 of 9,000")));
    QVERIFY(text->text().contains(QStringLiteral("raw\\xff")));
    picture("halted");

    action("resume")->trigger();
    auto *question = m_window->findChild<QMessageBox *>(QStringLiteral("resumeQuestion"));
    QVERIFY(question);
    QVERIFY(question->isVisible());
    QVERIFY(question->informativeText().contains(QStringLiteral("4,000 of 9,000")));
    QCOMPARE(question->defaultButton(), question->button(QMessageBox::Cancel));
    picture("resume");
    question->button(QMessageBox::Cancel)->click();
    QTest::qWait(50);
    QVERIFY(m_api->commands.isEmpty());

    action("resume")->trigger();
    QTRY_VERIFY(m_window->findChild<QMessageBox *>(QStringLiteral("resumeQuestion")) != question
                || m_window->findChildren<QMessageBox *>().size() == 1);
    question = m_window->findChildren<QMessageBox *>().constLast();
    for (QAbstractButton *button : question->buttons()) {
        if (question->buttonRole(button) == QMessageBox::AcceptRole)
            button->click();
    }
    QTRY_COMPARE(m_api->commands.size(), 1);
    QVERIFY(m_api->last<control::Resume>().confirm);
}

void TestWindow::removingKeepsTheReplicaUnlessTold()
{
    action("remove")->trigger();
    auto *dialog = m_window->findChild<RemoveDialog *>();
    QVERIFY(dialog && dialog->isVisible());
    const QString text = allText(dialog);
    QVERIFY2(text.contains(QStringLiteral("/srv/mirrors/docs on beta")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("stays as it is")), qPrintable(text));
    QVERIFY(m_api->commands.isEmpty());
    picture("remove");
    dialog->findChild<QPushButton *>(QStringLiteral("removeButton"))->click();
    QTRY_COMPARE(m_api->commands.size(), 1);
    QVERIFY((m_api->last<control::RemoveVault>()
             == control::RemoveVault{QStringLiteral("docs"), false}));
}

void TestWindow::removingCanEraseTheReplica()
{
    action("remove")->trigger();
    auto *dialog = m_window->findChild<RemoveDialog *>();
    dialog->findChildren<QRadioButton *>().constLast()->click();
    QVERIFY(dialog->erasesReplicas());
    QVERIFY(allText(dialog).contains(QStringLiteral("deleted for good")));
    picture("erase");
    dialog->findChild<QPushButton *>(QStringLiteral("removeButton"))->click();
    QTRY_COMPARE(m_api->commands.size(), 1);
    QVERIFY(m_api->last<control::RemoveVault>().eraseReplicas);
}

void TestWindow::removingCanBeCancelled()
{
    action("remove")->trigger();
    auto *dialog = m_window->findChild<RemoveDialog *>();
    auto *cancel = dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Cancel);
    QVERIFY(cancel->isDefault());
    cancel->click();
    QTest::qWait(50);
    QVERIFY(m_api->commands.isEmpty());
}

void TestWindow::aReplicaCannotBeChangedHere()
{
    select(2);
    for (const char *name : {"synchronize", "pause", "resume", "remove"})
        QVERIFY(!action(name)->isEnabled());
    QVERIFY(allText(m_window.get())
                .contains(QStringLiteral("A replica kept here in /srv/mirrors/mail for gamma.")));
}

void TestWindow::problemsOfTheSelectedVaultAreListed()
{
    edit([](MirrorStatus &mirror) {
        mirror.problems = {{RelPath::of("private/key"), ProblemCode::CannotRead,
                            "permission denied", WallTime{1'795'348'800'000'000'000}},
                           {RelPath::parse("s\xff").value(),
                            ProblemCode::NotMirrored,
                            {},
                            WallTime{1'795'348'800'000'000'000}}};
    });
    auto *problems = m_window->findChild<QTableView *>(QStringLiteral("problems"));
    QTRY_COMPARE(problems->model()->rowCount(), 2);
    QVERIFY(problems->isVisible());
    QCOMPARE(problems->model()->index(0, 0).data().toString(), QStringLiteral("private/key"));
    QCOMPARE(problems->model()->index(1, 0).data().toString(), QStringLiteral("s\\xff"));
    picture("problems");
    select(1);
    QVERIFY(!problems->isVisible());
}

void TestWindow::theSelectionSurvivesNewRows()
{
    select(1);
    control::EngineStatus status = m_api->current;
    status.vaults.removeFirst();
    m_api->setStatus(status);
    QTRY_COMPARE(m_window->model().rowCount(), 2);
    QCOMPARE(m_view->currentRow()->name, QStringLiteral("photos"));
}

void TestWindow::aFailureIsShownUntilDismissed()
{
    m_api->answer = [](const control::Command &,
                       const std::shared_ptr<control::Responder> &responder) {
        responder->fail({{ErrorCode::Unreachable, "beta cannot be reached\x1b", 0}, {}});
    };
    auto *banner = m_window->findChild<Banner *>();
    QCOMPARE(banner->text(), QString());
    action("pause")->trigger();
    QTRY_VERIFY(banner->text().contains(QStringLiteral("beta cannot be reached")));
    QVERIFY(!banner->text().contains(QChar(0x1b)));
    banner->findChild<QPushButton *>()->click();
    QCOMPARE(banner->text(), QString());
}

void TestWindow::anEngineThatWentAwayMakesEverythingUnknown()
{
    m_server->close();
    QTRY_VERIFY(m_window->model().isStale());
    QCOMPARE(m_window->model().index(0, VaultModel::Lag).data().toString(),
             QStringLiteral("Unknown"));
    QVERIFY(!action("pause")->isEnabled());
    QVERIFY(!m_window->findChild<Banner *>()->text().isEmpty());
    picture("gone");
    QVERIFY(m_server->listen(m_location));
    m_link->open();
    QTRY_VERIFY(!m_window->model().isStale());
    QCOMPARE(m_window->findChild<Banner *>()->text(), QString());
}

void TestWindow::quittingAHostAsksFirst()
{
    m_window->setHostsEngine(true);
    m_window->close(); // no tray here
    QVERIFY(m_window->isVisible());
    auto *question = m_window->findChild<QMessageBox *>(QStringLiteral("quitQuestion"));
    QVERIFY(question && question->isVisible());
    QVERIFY(question->informativeText().contains(QStringLiteral("docs, photos, mail")));
    question->reject();
    QVERIFY(m_window->isVisible());
}

void TestWindow::everythingHasAnAccessibleName()
{
    for (const QTableView *view : m_window->findChildren<QTableView *>())
        QVERIFY(!view->accessibleName().isEmpty());
    for (const QAction *one : m_view->actions()) {
        QVERIFY(!one->text().isEmpty());
        QVERIFY(!one->shortcut().isEmpty());
        QVERIFY(!one->toolTip().isEmpty());
    }
    for (int column = 0; column < VaultModel::ColumnCount; ++column) {
        const QString text =
            m_window->model().index(0, column).data(Qt::AccessibleTextRole).toString();
        QVERIFY(text.contains(u':'));
    }
}

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
