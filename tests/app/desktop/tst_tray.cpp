// The tray: the worst state shows, every state has a look of its own, and news is told once.
#include "app/desktop/singleinstance.h"
#include "app/desktop/tray/trayicon.h"
#include "tests/engine/control/fakeapi.h"

#include <QImage>
#include <QSignalSpy>
#include <QTest>

using namespace octopus;
using namespace octopus::desktop;

class TestTray : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theWorstStateShows();
    void everyStateHasAShapeOfItsOwn();
    void theToolTipNamesTheWorstLag();
    void theToolTipSaysWhatTheMatterIs();
    void theMenuShowsEveryVault();
    void theMenuSaysWhatTheMatterIs();
    void aLagOverTheLimitIsToldOnceAndWhenItIsOver();
    void whatFlapsIsToldOnce();
    void whatPassesAtOnceIsNoNews();
    void aHaltIsToldAtOnce();
    void anEngineThatIsSilentIsTold();
    void aSecondStartRaisesTheFirst();

private:
    [[nodiscard]] QStringList titles(int second, bool stale = false)
    {
        QStringList list;
        for (const Notice &notice : m_notifier.take(m_rows, stale, Milliseconds(second * 1000)))
            list.append(notice.title);
        return list;
    }
    OverallState state()
    {
        m_model.setRows(m_rows);
        return overallState(m_model);
    }

    QList<VaultRow> m_rows;
    VaultModel m_model;
    Notifier m_notifier;
};

void TestTray::init()
{
    m_rows = rowsOf(control::exampleStatus());
    m_rows[1].phase = Phase::Mirroring;
    m_rows[1].inSync = true;
    m_rows[1].lag = Milliseconds(0);
    m_model.setStale(false);
    m_notifier = {};
}

void TestTray::theWorstStateShows()
{
    QCOMPARE(overallState(VaultModel()), OverallState::Nothing);
    QCOMPARE(state(), OverallState::InSync);
    m_rows[0].phase = Phase::Paused;
    QCOMPARE(state(), OverallState::Paused);
    m_rows[1].inSync = false;
    QCOMPARE(state(), OverallState::Working);
    m_rows[1].lag = Milliseconds(60'001);
    QCOMPARE(state(), OverallState::Behind);
    m_rows[2].phase = Phase::Offline;
    QCOMPARE(state(), OverallState::Offline);
    m_rows[1].problems = {{RelPath::of("a"), ProblemCode::CannotRead, {}, {}}};
    QCOMPARE(state(), OverallState::Problem);
    m_rows[0].phase = Phase::Halted;
    QCOMPARE(state(), OverallState::Halted);
    m_model.setStale(true);
    QCOMPARE(state(), OverallState::Offline);
}

void TestTray::everyStateHasAShapeOfItsOwn()
{
    QList<QImage> shapes;
    for (int state = int(OverallState::InSync); state <= int(OverallState::Paused); ++state) {
        const QImage image = trayPicture(OverallState(state)).pixmap(QSize(16, 16), 1.0).toImage();
        QCOMPARE(image.size(), QSize(16, 16));
        // Without its colours.
        const QImage grey = image.convertToFormat(QImage::Format_Grayscale8);
        QVERIFY(!shapes.contains(grey));
        shapes.append(grey);
    }
}

void TestTray::theToolTipNamesTheWorstLag()
{
    m_rows[1].lag = Milliseconds(2500);
    m_rows[1].inSync = false;
    m_model.setRows(m_rows);
    const QString text = TrayIcon::toolTip(m_model);
    QVERIFY2(text.contains(QStringLiteral("Worst lag: 2.5 s")), qPrintable(text));
    QVERIFY(text.contains(QStringLiteral("photos: Mirroring, lag 2.5 s")));
    QVERIFY(!text.contains(QStringLiteral("docs:"))); // in order
}

void TestTray::theToolTipSaysWhatTheMatterIs()
{
    m_rows[0].phase = Phase::Offline;
    m_rows[0].inSync = false;
    m_rows[0].lag = Milliseconds(3000);
    m_rows[0].peerName = QStringLiteral("beta");
    m_model.setRows(m_rows);
    QStringList lines = TrayIcon::toolTip(m_model).split(u'\n');
    QCOMPARE(lines[0], QStringLiteral("Octopus: beta cannot be reached"));
    QCOMPARE(lines[2], QStringLiteral("docs: beta cannot be reached, lag 3.0 s"));
    m_rows[1] = m_rows[0]; // a second vault on the same machine
    m_rows[1].name = QStringLiteral("photos");
    m_model.setRows(m_rows);
    QCOMPARE(TrayIcon::summary(m_model), QStringLiteral("Octopus: beta cannot be reached"));
    m_rows[1].peerName = QStringLiteral("gamma");
    m_model.setRows(m_rows);
    QVERIFY(TrayIcon::summary(m_model).contains(QStringLiteral("2 machine(s)")));
    m_rows[0].problems = {{RelPath::of("a"), ProblemCode::CannotRead, {}, {}}};
    m_model.setRows(m_rows);
    QCOMPARE(TrayIcon::summary(m_model), QStringLiteral("Octopus: docs has problems"));
    m_rows[0].phase = Phase::Halted;
    m_rows[0].halt = Halt{HaltReason::RootGone, {}, {}};
    m_model.setRows(m_rows);
    lines = TrayIcon::toolTip(m_model).split(u'\n');
    QCOMPARE(lines[0], QStringLiteral("Octopus: docs has halted"));
    QVERIFY2(lines[2].startsWith(
                 QStringLiteral("docs: Halted (The source folder is missing or another one)")),
             qPrintable(lines[2]));
}

void TestTray::theMenuSaysWhatTheMatterIs()
{
    m_rows[0].phase = Phase::Offline;
    m_rows[0].peerName = QStringLiteral("be&ta");
    m_model.setRows(m_rows);
    TrayIcon tray(m_model, {}, {});
    const QList<QAction *> entries = tray.menu().actions();
    QVERIFY(std::ranges::any_of(entries, [](const QAction *entry) {
        return entry->text() == u"docs: be&&ta cannot be reached";
    }));
}

void TestTray::theMenuShowsEveryVault()
{
    QAction all(QStringLiteral("all"));
    QAction quit(QStringLiteral("quit"));
    m_rows[0].name = QStringLiteral("a&b");
    m_model.setRows(m_rows);
    TrayIcon tray(m_model, {&all}, {&quit});
    QStringList texts;
    for (const QAction *action : tray.menu().actions()) {
        if (!action->isSeparator())
            texts.append(action->text());
    }
    QCOMPARE(texts.size(), 6); // open, three vaults, all, quit
    QCOMPARE(texts[1], QStringLiteral("a&&b: Mirroring"));
    QSignalSpy wanted(&tray, &TrayIcon::vaultWanted);
    tray.menu().actions().at(3)->trigger();
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted[0][0].toInt(), 1);
}

void TestTray::aLagOverTheLimitIsToldOnceAndWhenItIsOver()
{
    QVERIFY(titles(0).isEmpty());
    m_rows[0].lag = Milliseconds(61'000);
    QCOMPARE(titles(1), QStringList{QStringLiteral("docs is behind")});
    QVERIFY(titles(2).isEmpty());
    m_rows[0].lag = Milliseconds(0);
    QVERIFY(titles(3).isEmpty());
    QVERIFY(titles(62).isEmpty());
    QCOMPARE(titles(63), QStringList{QStringLiteral("docs has caught up")});
    QVERIFY(titles(200).isEmpty());
}

void TestTray::whatFlapsIsToldOnce()
{
    int told = 0;
    for (int second = 0; second < 600; ++second) {
        m_rows[0].phase = second / 40 % 2 == 0 ? Phase::Offline : Phase::Mirroring;
        told += int(titles(second).size());
    }
    QCOMPARE(told, 1);
}

void TestTray::whatPassesAtOnceIsNoNews()
{
    m_rows[0].phase = Phase::Offline;
    QVERIFY(titles(0).isEmpty());
    QVERIFY(titles(29).isEmpty());
    m_rows[0].phase = Phase::Mirroring;
    QVERIFY(titles(30).isEmpty());
    QVERIFY(titles(100).isEmpty());
}

void TestTray::aHaltIsToldAtOnce()
{
    m_rows[0].phase = Phase::Halted;
    m_rows[0].halt = Halt{HaltReason::RootGone, {}, {}};
    QCOMPARE(titles(0), QStringList{QStringLiteral("docs has halted")});
    m_rows.removeFirst(); // the vault is removed: nothing more is said of it
    QVERIFY(titles(100).isEmpty());
}

void TestTray::anEngineThatIsSilentIsTold()
{
    QVERIFY(titles(0, true).isEmpty());
    QCOMPARE(titles(10, true), QStringList{QStringLiteral("The engine does not answer")});
    QVERIFY(titles(11, false).isEmpty());
    QCOMPARE(titles(71, false), QStringList{QStringLiteral("The engine answers again")});
}

void TestTray::aSecondStartRaisesTheFirst()
{
    const QByteArray state =
        "/no/such/state/" + QByteArray::number(QCoreApplication::applicationPid());
    SingleInstance first(state);
    QVERIFY(!first.handOver());
    QSignalSpy wanted(&first, &SingleInstance::windowWanted);
    SingleInstance second(state);
    QVERIFY(second.handOver());
    QTRY_COMPARE(wanted.size(), 1);
    SingleInstance elsewhere(state + "-other");
    QVERIFY(!elsewhere.handOver());
}

QTEST_MAIN(TestTray)
#include "tst_tray.moc"
