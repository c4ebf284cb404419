// The machines dialog: the list, tickets in both directions, what a machine may do here.
#include "app/desktop/banner.h"
#include "app/desktop/fieldnote.h"
#include "app/desktop/machines/addressdialog.h"
#include "app/desktop/machines/digitsdialog.h"
#include "app/desktop/machines/folderdialog.h"
#include "app/desktop/machines/invitedialog.h"
#include "app/desktop/machines/machinesdialog.h"
#include "app/desktop/machines/redeemdialog.h"
#include "tests/app/desktop/enginebench.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTreeWidget>

using namespace octopus;
using namespace octopus::desktop;

class TestMachines : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void pairedOnesComeFirst();
    void theListShowsWhatIsKnown();
    void theSelectionSurvivesANewList();
    void aStrangerHasNoRights();
    void aStrangerIsPairedFromItsDetails();
    void theContextMenuOffersWhatFitsTheMachine();
    void aTicketIsMadeAndCopied();
    void aCommandStandsOnALineOfItsOwn();
    void aTicketIsUsed();
    void whatIsNoTicketIsSaid();
    void aTicketThatIsRefusedCanBeMended();
    void aFolderIsAllowedAndWithdrawn();
    void unpairingAsksFirst();
    void aFailureIsShown();
    void anAddressIsCheckedStageByStage();
    void theSameDigitsAreConfirmed();
    void aHastyReturnPairsNobody();
    void theEndOfAPairingIsSaid();

private:
    QPushButton *button(const char *name) const
    {
        return m_dialog->findChild<QPushButton *>(QLatin1StringView(name));
    }
    void click(const char *name) const { QTest::mouseClick(button(name), Qt::LeftButton); }

    std::unique_ptr<EngineBench> m_bench;
    std::unique_ptr<MachineList> m_machines;
    std::unique_ptr<MachinesDialog> m_dialog;
    QTableView *m_table = nullptr;
};

void TestMachines::init()
{
    m_bench = std::make_unique<EngineBench>();
    m_bench->peers = {peerJson('d', QStringLiteral("delta"), false),
                      peerJson('b', QStringLiteral("beta"), true)};
    QVERIFY(m_bench->isConnected());
    m_machines = std::make_unique<MachineList>(m_bench->link);
    m_dialog = std::make_unique<MachinesDialog>(m_bench->link, *m_machines, nullptr);
    m_dialog->show();
    m_table = m_dialog->findChild<QTableView *>(QStringLiteral("machines"));
    QTRY_COMPARE(m_table->model()->rowCount(), 2);
}

void TestMachines::cleanup()
{
    m_dialog.reset();
    m_machines.reset();
    m_bench.reset();
}

void TestMachines::pairedOnesComeFirst()
{
    const QAbstractItemModelTester tester(m_table->model(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(m_table->model()->index(0, 0).data().toString(), QStringLiteral("beta"));
    QCOMPARE(m_table->model()->index(1, 0).data().toString(), QStringLiteral("delta"));
    QVERIFY(
        machinesFromJson({QJsonObject{{QStringLiteral("id"), QStringLiteral("short")}}}).isEmpty());
}

void TestMachines::theListShowsWhatIsKnown()
{
    const auto text = [this](int row, int column) {
        return m_table->model()->index(row, column).data().toString();
    };
    QCOMPARE(text(0, MachineModel::State), QStringLiteral("Paired, connected"));
    QCOMPARE(text(1, MachineModel::State), QStringLiteral("Not paired"));
    QCOMPARE(text(0, MachineModel::Found), QStringLiteral("Broadcast"));
    QCOMPARE(text(0, MachineModel::Addresses), QStringLiteral("192.0.2.1:17290"));
    QCOMPARE(text(0, MachineModel::Version), QStringLiteral("0.1.0"));
}

void TestMachines::theSelectionSurvivesANewList()
{
    m_table->selectRow(1);
    m_bench->peers.prepend(peerJson('a', QStringLiteral("aleph"), true));
    m_machines->refresh();
    QTRY_COMPARE(m_table->model()->rowCount(), 3);
    QCOMPARE(m_table->currentIndex().row(), 2);
}

void TestMachines::aStrangerHasNoRights()
{
    QVERIFY(button("unpair")->isVisible());
    m_table->selectRow(1);
    for (const char *name : {"unpair", "grant", "revoke"})
        QVERIFY(!button(name)->isVisible());
}

void TestMachines::aStrangerIsPairedFromItsDetails()
{
    QPushButton *pair = button("pairMachine");
    QVERIFY(pair && !pair->isVisible()); // beta is paired
    m_table->selectRow(1);
    QVERIFY(pair->isVisible());
    QCOMPARE(pair->accessibleName(), QStringLiteral("Pair with delta"));
    pair->setFocus();
    QTest::keyClick(pair, Qt::Key_Space);
    auto *dialog = m_dialog->findChild<AddressDialog *>();
    QVERIFY(dialog && dialog->isVisible());
    QCOMPARE(dialog->findChild<QLineEdit *>()->text(), QStringLiteral("192.0.2.1:17290"));
    QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("pairWith")), Qt::LeftButton);
    QTRY_COMPARE(m_bench->last<control::PairWith>().address, QStringLiteral("192.0.2.1:17290"));
}

void TestMachines::theContextMenuOffersWhatFitsTheMachine()
{
    QCOMPARE(m_table->contextMenuPolicy(), Qt::ActionsContextMenu);
    const auto offered = [this] {
        QStringList texts;
        for (const QAction *action : m_table->actions()) {
            if (action->isVisible())
                texts.append(action->text());
        }
        return texts;
    };
    QCOMPARE(offered(),
             (QStringList{QStringLiteral("&Allow a Folder…"), QStringLiteral("&Unpair…")}));
    m_table->selectRow(1);
    QCOMPARE(offered(), QStringList{QStringLiteral("&Pair…")});
    m_table->actions().constFirst()->trigger();
    auto *dialog = m_dialog->findChild<AddressDialog *>();
    QVERIFY(dialog && dialog->isVisible());
    QCOMPARE(dialog->findChild<QLineEdit *>()->text(), QStringLiteral("192.0.2.1:17290"));
}

void TestMachines::aTicketIsMadeAndCopied()
{
    click("invite");
    auto *invite = m_dialog->findChild<InviteDialog *>();
    QVERIFY(invite && invite->isVisible());
    QVERIFY(!invite->findChild<QPushButton *>(QStringLiteral("copy"))->isVisible());
    auto *path = invite->findChild<QLineEdit *>(QStringLiteral("folderPath"));
    auto *make = invite->findChild<QPushButton *>(QStringLiteral("make"));
    QTest::keyClicks(path, QStringLiteral("relative"));
    QVERIFY(!make->isEnabled());
    path->clear();
    QTest::keyClicks(path, QStringLiteral("/srv/mirrors/"));
    m_bench->reply =
        QJsonObject{{QStringLiteral("ticket"), QStringLiteral("octopus:abc")},
                    {QStringLiteral("expires"), QStringLiteral("2026-11-22T12:00:00.000Z")}};
    QTest::keyClick(path, Qt::Key_Return);
    auto *ticket = invite->findChild<QPlainTextEdit *>(QStringLiteral("ticket"));
    QTRY_COMPARE(ticket->toPlainText(), QStringLiteral("octopus:abc"));
    QVERIFY(ticket->isVisible());
    QCOMPARE(m_bench->last<control::Invite>().grant, QByteArray("/srv/mirrors"));
    QCOMPARE(m_bench->last<control::Invite>().lifetime, std::chrono::minutes(60));
    auto *copy = invite->findChild<QPushButton *>(QStringLiteral("copy"));
    const auto *box = invite->findChild<QDialogButtonBox *>();
    QVERIFY(copy->isVisible() && box->buttons().contains(copy)); // beside the button that closes
    QTest::mouseClick(copy, Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("octopus:abc"));
}

void TestMachines::aCommandStandsOnALineOfItsOwn()
{
    const auto says = [](const QWidget *dialog, const char *command) {
        return std::ranges::any_of(dialog->findChildren<QLabel *>(), [&](const QLabel *label) {
            return label->text().split(u'\n').contains(QLatin1StringView(command));
        });
    };
    click("invite");
    QVERIFY(says(m_dialog->findChild<InviteDialog *>(), "octopusctl pair TICKET"));
    m_dialog->findChild<InviteDialog *>()->reject();
    click("redeem");
    QVERIFY(says(m_dialog->findChild<RedeemDialog *>(), "octopusctl invite --grant FOLDER"));
}

void TestMachines::aTicketIsUsed()
{
    click("redeem");
    auto *redeem = m_dialog->findChild<RedeemDialog *>();
    auto *entry = redeem->findChild<QPlainTextEdit *>(QStringLiteral("ticketEntry"));
    entry->setPlainText(QStringLiteral(" octopus:ab\n cd "));
    m_bench->reply = QJsonObject{{QStringLiteral("name"), QStringLiteral("gamma")}};
    auto *pair = redeem->findChild<QPushButton *>(QStringLiteral("pair"));
    QVERIFY(pair->isEnabled());
    QTest::mouseClick(pair, Qt::LeftButton);
    QTRY_COMPARE(m_bench->last<control::Pair>().ticket, QStringLiteral("octopus:abcd"));
    auto *note = redeem->findChild<FieldNote *>();
    QTRY_VERIFY(note->text().contains(QStringLiteral("Paired with gamma")));
    QVERIFY(!note->isFault());
}

void TestMachines::whatIsNoTicketIsSaid()
{
    click("redeem");
    auto *redeem = m_dialog->findChild<RedeemDialog *>();
    QTest::keyClicks(redeem->findChild<QPlainTextEdit *>(), QStringLiteral("hello"));
    QVERIFY(redeem->findChild<FieldNote *>()->isFault());
    QVERIFY(!redeem->findChild<QPushButton *>(QStringLiteral("pair"))->isEnabled());
}

void TestMachines::aTicketThatIsRefusedCanBeMended()
{
    m_bench->refusal =
        control::Failure{{ErrorCode::Refused, "this ticket was used already", 0}, {}};
    click("redeem");
    auto *redeem = m_dialog->findChild<RedeemDialog *>();
    auto *entry = redeem->findChild<QPlainTextEdit *>();
    entry->setPlainText(QStringLiteral("octopus:abcd"));
    auto *pair = redeem->findChild<QPushButton *>(QStringLiteral("pair"));
    QTest::mouseClick(pair, Qt::LeftButton);
    QTRY_VERIFY(redeem->findChild<FieldNote *>()->text().contains(QStringLiteral("used already")));
    QVERIFY(pair->isEnabled());
    QVERIFY(!entry->isReadOnly());
    QCOMPARE(entry->toPlainText(), QStringLiteral("octopus:abcd"));
}

void TestMachines::aFolderIsAllowedAndWithdrawn()
{
    click("grant");
    auto *dialog = m_dialog->findChild<FolderDialog *>();
    auto *accept = dialog->findChild<QPushButton *>(QStringLiteral("accept"));
    QVERIFY(!accept->isEnabled());
    auto *path = dialog->findChild<QLineEdit *>(QStringLiteral("folderPath"));
    QTest::keyClicks(path, QStringLiteral("/"));
    QVERIFY(!accept->isEnabled()); // the root is not given away
    QTest::keyClicks(path, QStringLiteral("home/x"));
    QTest::mouseClick(accept, Qt::LeftButton);
    const QString beta = m_bench->peers[1][u"id"].toString();
    QTRY_VERIFY((m_bench->last<control::Grant>() == control::Grant{beta, "/home/x"}));

    auto *grants = m_dialog->findChild<QListWidget *>(QStringLiteral("grants"));
    QCOMPARE(grants->count(), 1);
    click("revoke");
    QTRY_VERIFY((m_bench->last<control::Revoke>() == control::Revoke{beta, "/srv/mirrors"}));
}

void TestMachines::unpairingAsksFirst()
{
    click("unpair");
    auto *question = m_dialog->findChild<QMessageBox *>(QStringLiteral("unpairQuestion"));
    QVERIFY(question && question->isVisible());
    QVERIFY(question->informativeText().contains(QStringLiteral("replicas stay")));
    QTest::keyClick(question, Qt::Key_Return); // the default is to leave it
    QTest::qWait(50);
    QVERIFY(m_bench->sent.isEmpty());
    QTRY_VERIFY(!m_dialog->findChild<QMessageBox *>());
    click("unpair");
    question = m_dialog->findChild<QMessageBox *>(QStringLiteral("unpairQuestion"));
    QTest::mouseClick(question->findChild<QPushButton *>(QStringLiteral("unpairConfirmed")),
                      Qt::LeftButton);
    QTRY_COMPARE(m_bench->last<control::Unpair>().peer, m_bench->peers[1][u"id"].toString());
}

void TestMachines::aFailureIsShown()
{
    m_bench->refusal = control::Failure{{ErrorCode::NotFound, "no such folder is granted", 0}, {}};
    click("revoke");
    auto *banner = m_dialog->findChild<Banner *>();
    QTRY_VERIFY(banner->text().contains(QStringLiteral("not in the list any more")));
}

void TestMachines::anAddressIsCheckedStageByStage()
{
    m_table->selectRow(1); // the stranger: its address is where to begin
    click("byAddress");
    auto *dialog = m_dialog->findChild<AddressDialog *>();
    QVERIFY(dialog && dialog->isVisible());
    QCOMPARE(dialog->findChild<QLineEdit *>()->text(), QStringLiteral("192.0.2.1:17290"));
    const auto stage = [](const char *name, bool ok) {
        return QJsonObject{{QStringLiteral("stage"), QString::fromLatin1(name)},
                           {QStringLiteral("ok"), ok},
                           {QStringLiteral("detail"), QStringLiteral("seen")},
                           {QStringLiteral("advice"), QStringLiteral("do this")}};
    };
    m_bench->reply = QJsonObject{
        {QStringLiteral("stages"), QJsonArray{stage("resolve", true), stage("reach", false)}},
        {QStringLiteral("ok"), false},
        {QStringLiteral("id"), QJsonValue::Null}};
    QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("check")), Qt::LeftButton);
    auto *stages = dialog->findChild<QTreeWidget *>();
    QTRY_COMPARE(stages->topLevelItemCount(), 2);
    QCOMPARE(m_bench->last<control::Check>().address, QStringLiteral("192.0.2.1:17290"));
    QCOMPARE(stages->topLevelItem(1)->text(0), QStringLiteral("Reachable"));
    QCOMPARE(stages->topLevelItem(1)->text(1), QStringLiteral("seen\ndo this"));
    QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("pairWith")), Qt::LeftButton);
    QTRY_COMPARE(m_bench->last<control::PairWith>().address, QStringLiteral("192.0.2.1:17290"));
}

static PairingStatus comparing()
{
    PairingStatus status;
    status.peer = MachineId::fromBytes(QByteArray(32, 'd')).value();
    status.name = QStringLiteral("delta");
    status.digits = QStringLiteral("483920");
    return status;
}

void TestMachines::theSameDigitsAreConfirmed()
{
    DigitsDialog dialog(m_bench->link, comparing(), nullptr);
    QCOMPARE(dialog.findChild<QLabel *>(QStringLiteral("digits"))->text(),
             QStringLiteral("483 920"));
    auto *same = dialog.findChild<QPushButton *>(QStringLiteral("same"));
    auto *path = dialog.findChild<QLineEdit *>(QStringLiteral("folderPath"));
    QTest::keyClicks(path, QStringLiteral("nonsense"));
    QVERIFY(!same->isEnabled());
    path->setText(QStringLiteral("/srv/m"));
    QTest::mouseClick(same, Qt::LeftButton);
    QTRY_VERIFY((m_bench->last<control::ConfirmPairing>()
                 == control::ConfirmPairing{QStringLiteral("483920"), "/srv/m"}));
}

void TestMachines::aHastyReturnPairsNobody()
{
    DigitsDialog dialog(m_bench->link, comparing(), nullptr);
    QTest::keyClick(&dialog, Qt::Key_Return);
    QTRY_COMPARE(m_bench->sent.size(), 1);
    QVERIFY(std::holds_alternative<control::DeclinePairing>(m_bench->sent.first()));
    QVERIFY(!dialog.isVisible());
}

void TestMachines::theEndOfAPairingIsSaid()
{
    PairingStatus status = comparing();
    DigitsDialog dialog(m_bench->link, status, nullptr);
    status.state = PairingState::Failed;
    status.digits.clear();
    status.detail = "the digits were not the same";
    dialog.show(status);
    QVERIFY(dialog.findChild<FieldNote *>(Qt::FindDirectChildrenOnly)
                ->text()
                .contains(QStringLiteral("not the same")));
    QVERIFY(!dialog.findChild<QPushButton *>(QStringLiteral("same"))->isVisible());
    dialog.reject();
    QTest::qWait(50);
    QVERIFY(m_bench->sent.isEmpty()); // nothing is left to decline
}

QTEST_MAIN(TestMachines)
#include "tst_machines.moc"
