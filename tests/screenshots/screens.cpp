#include "tests/screenshots/screens.h"

#include "app/desktop/banner.h"
#include "app/desktop/editor/vaulteditor.h"
#include "app/desktop/machines/addressdialog.h"
#include "app/desktop/machines/digitsdialog.h"
#include "app/desktop/machines/invitedialog.h"
#include "app/desktop/machines/machinesdialog.h"
#include "app/desktop/machines/redeemdialog.h"
#include "app/desktop/removedialog.h"
#include "app/desktop/settings/settingsdialog.h"
#include "app/desktop/start/endquestion.h"
#include "app/desktop/tray/overallstate.h"
#include "app/desktop/vaultoverview.h"
#include "app/desktop/vaultview.h"
#include "app/desktop/verificationdialog.h"
#include "tests/screenshots/stage.h"

#include <QComboBox>
#include <QDir>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTableWidget>
#include <QTest>

namespace octopus::screenshots {

namespace {

using namespace octopus::desktop;

template <typename Widget> Widget *child(QWidget &parent, const char *name = nullptr)
{
    return name ? parent.findChild<Widget *>(QLatin1StringView(name))
                : parent.findChild<Widget *>();
}

// What is done with the selected vault.
void trigger(QWidget &window, QStringView action)
{
    for (QAction *one : child<VaultView>(window)->actions()) {
        if (one->objectName() == action)
            one->trigger();
    }
}

// The main window with so many vaults, one of them selected.
std::function<void(const QString &, const Camera &)> window(int vaults, int selected,
                                                            bool day = false)
{
    return [=](const QString &name, const Camera &camera) {
        Stage stage(statusWith(vaults));
        if (!stage.isReady())
            return;
        stage.writeHistory();
        if (vaults > 0)
            child<VaultView>(stage.window())->choose(selected);
        if (day)
            child<QComboBox>(stage.window(), "span")->setCurrentIndex(1);
        Stage::settle();
        camera(name, stage.window());
    };
}

// Names that are longer than any column, and a failure that has much to say.
std::function<void(const QString &, const Camera &)> longNames(int selected, bool onMap)
{
    return [=](const QString &name, const Camera &camera) {
        Stage stage(statusWithLongNames());
        if (!stage.isReady())
            return;
        stage.writeHistory();
        auto *overview = child<VaultOverview>(stage.window());
        overview->viewActions()[onMap ? 1 : 0]->setChecked(true);
        overview->choose(selected);
        if (selected == 0) {
            trigger(stage.window(), u"synchronize");
            const auto *banner = child<Banner>(stage.window());
            if (!QTest::qWaitFor([banner] { return banner->isVisible(); }))
                return;
        }
        Stage::settle();
        camera(name, stage.window());
    };
}

// The map of such a status, with the details or alone.
std::function<void(const QString &, const Camera &)> map(control::EngineStatus (*status)(),
                                                         int selected, bool details)
{
    return [=](const QString &name, const Camera &camera) {
        Stage stage(status());
        if (!stage.isReady())
            return;
        stage.writeHistory();
        auto *overview = child<VaultOverview>(stage.window());
        overview->viewActions()[1]->setChecked(true);
        overview->viewActions()[2]->setChecked(details);
        overview->choose(selected);
        Stage::settle();
        camera(name, stage.window());
    };
}

// A page of the details of one of eight vaults.
std::function<void(const QString &, const Camera &)> details(int selected, int page)
{
    return [=](const QString &name, const Camera &camera) {
        Stage stage(statusWith(8));
        if (!stage.isReady())
            return;
        child<VaultView>(stage.window())->choose(selected);
        child<QTabWidget>(stage.window(), "details")->setCurrentIndex(page);
        Stage::settle(300);
        camera(name, stage.window());
    };
}

void gone(const QString &name, const Camera &camera)
{
    Stage stage(statusWith(3));
    if (!stage.isReady())
        return;
    stage.stopEngine();
    camera(name, stage.window());
}

// A folder to mirror that is the same everywhere, among so many others that the tree shows no more.
QString sampleFolder()
{
    const QString home = QDir::tempPath() + QStringLiteral("/octopus-pictures/home/");
    for (const char *name :
         {"Accounts", "Archive",   "Books",   "Calendars", "Camera",  "Camping",   "Children",
          "Concerts", "Contracts", "Cooking", "Courses",   "Cycling", "Designs",   "Dictionaries",
          "Drafts",   "Family",    "Films",   "Garden",    "House",   "Insurance", "Journeys",
          "Kitchen",  "Letters",   "Maps",    "Music",     "Photos",  "Projects",  "Recipes"})
        QDir().mkpath(home + QLatin1StringView(name));
    const QString path = home + QStringLiteral("Documents");
    for (const char *name : {"letters", "pictures", "cache"})
        QDir().mkpath(path + u'/' + QLatin1StringView(name));
    for (const char *name :
         {"letters/a.odt", "pictures/b.jpg", "cache/c.tmp", "notes.txt", "d.tmp"}) {
        QFile file(path + u'/' + QLatin1StringView(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(QByteArray(123'456, 'x'));
    }
    return path;
}

void editor(const QString &name, const Camera &camera)
{
    Stage stage(statusWith(1));
    if (!stage.isReady())
        return;
    stage.window().dialogs().addVault();
    auto *dialog = child<VaultEditor>(stage.window());
    Stage::settle(400);
    camera(name + QStringLiteral("-empty"), *dialog);
    const QString folder = sampleFolder();
    child<QLineEdit>(*dialog, "sourcePath")->setText(folder);
    dialog->findChildren<QPlainTextEdit *>().constFirst()->setPlainText(
        QStringLiteral("*.tmp\n/cache/"));
    Stage::settle(900);
    child<QTableWidget>(*dialog, "targets")->item(0, 0)->setCheckState(Qt::Checked);
    Stage::settle(900); // the machine is asked about the folder there
    camera(name, *dialog);
    auto *targets = child<QTableWidget>(*dialog, "targets");
    targets->item(1, 0)->setCheckState(Qt::Checked);
    targets->setCurrentCell(1, 0);
    child<QLineEdit>(*dialog, "targetTransportText")->setText(QStringLiteral("eth0,wlan0"));
    Stage::settle(900);
    camera(name + QStringLiteral("-targets"), *dialog);
    targets->item(1, 0)->setCheckState(Qt::Unchecked);
    targets->item(0, 0)->setCheckState(Qt::Unchecked);
    child<QLineEdit>(*dialog, "vaultName")->setText(QStringLiteral("documents"));
    child<QLineEdit>(*dialog, "sourcePath")->setText(folder + QStringLiteral("/nowhere"));
    dialog->findChildren<QPlainTextEdit *>().constFirst()->setPlainText(QStringLiteral("../up"));
    child<QPushButton>(*dialog, "save")->click();
    Stage::settle(500);
    camera(name + QStringLiteral("-faults"), *dialog);
}

void discard(const QString &name, const Camera &camera)
{
    Stage stage(statusWith(1));
    if (!stage.isReady())
        return;
    stage.window().dialogs().addVault({"/usr"});
    auto *dialog = child<VaultEditor>(stage.window());
    dialog->reject();
    Stage::settle();
    if (auto *question = child<QMessageBox>(*dialog))
        camera(name, *question);
}

void machines(const QString &name, const Camera &camera)
{
    Stage stage(statusWith(1));
    if (!stage.isReady())
        return;
    stage.window().dialogs().showMachines();
    auto *dialog = child<MachinesDialog>(stage.window());
    auto *table = child<QTableView>(*dialog, "machines");
    if (!QTest::qWaitFor([table] { return table->model()->rowCount() > 0; }))
        return;
    table->setCurrentIndex(table->model()->index(table->model()->rowCount() - 1, 0));
    Stage::settle();
    camera(name + QStringLiteral("-stranger"), *dialog);
    table->setCurrentIndex(table->model()->index(0, 0));
    Stage::settle();
    camera(name, *dialog);
    dialog->invite();
    auto *invite = child<InviteDialog>(*dialog);
    Stage::settle();
    camera(name + QStringLiteral("-invite"), *invite);
    child<QPushButton>(*invite, "make")->click();
    Stage::settle(200);
    camera(name + QStringLiteral("-ticket"), *invite);
    invite->reject();
    dialog->redeem();
    auto *redeem = child<RedeemDialog>(*dialog);
    child<QPlainTextEdit>(*redeem, "ticketEntry")->setPlainText(QStringLiteral("otopus:abc"));
    Stage::settle();
    camera(name + QStringLiteral("-redeem"), *redeem);
    redeem->reject();
    child<QPushButton>(*dialog, "unpair")->click();
    Stage::settle();
    if (auto *question = child<QMessageBox>(*dialog, "unpairQuestion"))
        camera(name + QStringLiteral("-unpair"), *question);
}

void pairing(const QString &name, const Camera &camera)
{
    Stage stage(statusWith(1));
    if (!stage.isReady())
        return;
    AddressDialog dialog(stage.link(), QStringLiteral("beta"), nullptr);
    dialog.show();
    child<QPushButton>(dialog, "check")->click();
    Stage::settle(300);
    camera(name + QStringLiteral("-address"), dialog);
    PairingStatus status;
    status.peer = stage.api().current.vaults.first().targets.first().peer;
    status.name = QStringLiteral("delta");
    status.address = QStringLiteral("192.0.2.99:17290");
    status.digits = QStringLiteral("483920");
    status.left = Milliseconds(47'000);
    DigitsDialog digits(stage.link(), status, nullptr);
    Stage::settle();
    camera(name + QStringLiteral("-digits"), digits);
    status.state = PairingState::Waiting;
    digits.show(status);
    Stage::settle();
    camera(name + QStringLiteral("-waiting"), digits);
}

// Every look of the tray icon, in its own size and larger.
void tray(const QString &name, const Camera &camera)
{
    QWidget sheet;
    auto *layout = new QGridLayout(&sheet);
    for (int state = 0; state <= int(OverallState::Paused); ++state) {
        int column = 0;
        for (const int size : {16, 22, 32, 64}) {
            auto *label = new QLabel(&sheet);
            label->setPixmap(trayPicture(OverallState(state)).pixmap(QSize(size, size), 1.0));
            layout->addWidget(label, state, column++, Qt::AlignCenter);
        }
        layout->addWidget(new QLabel(QLatin1StringView(overallName(OverallState(state)))), state,
                          column);
    }
    sheet.show();
    Stage::settle();
    camera(name, sheet);
}

void questions(const QString &name, const Camera &camera)
{
    Stage stage(statusWith(5));
    if (!stage.isReady())
        return;
    trigger(stage.window(), u"remove");
    Stage::settle();
    camera(name + QStringLiteral("-remove"), *child<RemoveDialog>(stage.window()));
    child<RemoveDialog>(stage.window())->reject();
    child<VaultView>(stage.window())->choose(2);
    child<QPushButton>(stage.window(), "haltHelp")->click();
    Stage::settle();
    camera(name + QStringLiteral("-resume"), *child<QMessageBox>(stage.window(), "resumeQuestion"));
    EndQuestion end(
        {{QStringLiteral("letters"), QStringLiteral("photos")}, {QStringLiteral("documents")}},
        &stage.window());
    end.setAttribute(Qt::WA_DeleteOnClose, false);
    end.open();
    Stage::settle();
    camera(name + QStringLiteral("-end"), end);
    end.reject();
    stage.window().setHostsEngine(true);
    stage.window().close();
    Stage::settle();
    camera(name + QStringLiteral("-quit"), *child<QMessageBox>(stage.window(), "quitQuestion"));
}

void longQuestions(const QString &name, const Camera &camera)
{
    Stage stage(statusWithLongNames());
    if (!stage.isReady())
        return;
    trigger(stage.window(), u"remove");
    Stage::settle();
    camera(name + QStringLiteral("-remove"), *child<RemoveDialog>(stage.window()));
    child<RemoveDialog>(stage.window())->reject();
    stage.window().setHostsEngine(true);
    stage.window().close();
    Stage::settle();
    camera(name + QStringLiteral("-quit"), *child<QMessageBox>(stage.window(), "quitQuestion"));
}

void differences(const QString &name, const Camera &camera)
{
    const QJsonArray different{
        QJsonObject{{QStringLiteral("path"), QStringLiteral("letters/2019/a.odt")},
                    {QStringLiteral("what"), QStringLiteral("content")}},
        QJsonObject{{QStringLiteral("path"), QStringLiteral("photos/b.jpg")},
                    {QStringLiteral("what"), QStringLiteral("missing")}}};
    VerificationDialog dialog(QStringLiteral("documents"), different, nullptr);
    dialog.show();
    Stage::settle();
    camera(name, dialog);
}

void settings(const QString &name, const Camera &camera)
{
    Startup::Place place;
    place.autostartFolder = QDir::tempPath() + QStringLiteral("/octopus-pictures/autostart");
    SettingsDialog dialog(place, nullptr);
    dialog.show();
    Stage::settle();
    camera(name, dialog);
}

} // namespace

const QList<Screen> &screens()
{
    static const QList<Screen> all{{"none", window(0, 0)},
                                   {"one", window(1, 0)},
                                   {"one-day", window(1, 0, true)},
                                   {"copying", window(8, 1)},
                                   {"halted", window(8, 2)},
                                   {"problems", window(8, 4)},
                                   {"fifty", window(50, 3)},
                                   {"map", map(statusOfManyMachines, 3, true)},
                                   {"map-alone", map(statusOfManyMachines, 8, false)},
                                   {"map-one", map([] { return statusWith(1); }, 0, true)},
                                   {"map-fifty", map([] { return statusWith(50); }, 20, false)},
                                   {"activity", details(0, 1)},
                                   {"verification", details(4, 2)},
                                   {"verified", details(0, 2)},
                                   {"long", longNames(0, false)},
                                   {"long-problems", longNames(4, false)},
                                   {"long-halted", longNames(2, false)},
                                   {"long-map", longNames(3, true)},
                                   {"gone", gone},
                                   {"editor", editor},
                                   {"discard", discard},
                                   {"machines", machines},
                                   {"pairing", pairing},
                                   {"tray", tray},
                                   {"question", questions},
                                   {"long-question", longQuestions},
                                   {"differences", differences},
                                   {"settings", settings}};
    return all;
}

} // namespace octopus::screenshots
