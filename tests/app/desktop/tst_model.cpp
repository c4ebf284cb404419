// The vault table: what it shows for each state, and that rows keep their identity.
#include "app/desktop/icons.h"
#include "app/desktop/tray/trayicon.h"
#include "app/desktop/vaultmodel.h"
#include "app/desktop/wording.h"
#include "tests/engine/control/fakeapi.h"

#include <QAbstractItemModelTester>
#include <QImage>
#include <QSignalSpy>
#include <QTest>

using namespace octopus;
using namespace octopus::desktop;

class TestModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyMirrorAndReplicaIsARow();
    void everyPhaseHasItsWordAndIcon_data();
    void everyPhaseHasItsWordAndIcon();
    void anUnknownLagIsNeverZero();
    void copyingShowsItsShareAndTheTimeLeft();
    void waitingChangesAreCounted();
    void onlyAMirroringVaultClaimsToBeInSync();
    void aTickClaimsNoMoreThanIsTrue();
    void whatIsNotInSyncSaysSinceWhen();
    void noticesAreNoProblems();
    void aStaleModelClaimsNothing();
    void valuesChangeInPlace();
    void whatChangesTogetherIsToldOnce();
    void otherMirrorsResetTheTable();
    void namesOfOthersAreEscaped();
    void theSummaryNamesTheWorst();
    void everyIconIsThere_data();
    void everyIconIsThere();

private:
    [[nodiscard]] QString text(const VaultModel &model, int row, int column) const
    {
        return model.index(row, column).data().toString();
    }
};

void TestModel::everyMirrorAndReplicaIsARow()
{
    VaultModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRows(rowsOf(control::exampleStatus()));
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(text(model, 0, VaultModel::Name), QStringLiteral("docs"));
    QCOMPARE(text(model, 0, VaultModel::With), QStringLiteral("to beta"));
    QCOMPARE(text(model, 0, VaultModel::Place), QStringLiteral("/srv/mirrors/docs"));
    QCOMPARE(text(model, 0, VaultModel::State), QStringLiteral("Mirroring"));
    QCOMPARE(text(model, 0, VaultModel::Lag), QStringLiteral("0 ms"));
    QCOMPARE(text(model, 2, VaultModel::With), QStringLiteral("from gamma"));
    QCOMPARE(text(model, 2, VaultModel::Lag), QStringLiteral("12 ms"));
}

void TestModel::everyPhaseHasItsWordAndIcon_data()
{
    QTest::addColumn<int>("phase");
    for (int phase = int(Phase::Offline); phase <= int(Phase::Diverged); ++phase)
        QTest::newRow(phaseName(Phase(phase))) << phase;
}

void TestModel::everyPhaseHasItsWordAndIcon()
{
    QFETCH(int, phase);
    QList<VaultRow> rows = rowsOf(control::exampleStatus());
    rows[0].phase = Phase(phase);
    VaultModel model;
    model.setRows(rows);
    QCOMPARE(text(model, 0, VaultModel::State).toLower(),
             QString::fromLatin1(phaseName(Phase(phase))));
    const QIcon sign = model.index(0, VaultModel::State).data(Qt::DecorationRole).value<QIcon>();
    QVERIFY(!sign.isNull());
    QVERIFY(!Wording::phaseExplained(rows[0]).isEmpty());
}

void TestModel::anUnknownLagIsNeverZero()
{
    VaultModel model;
    model.setRows(rowsOf(control::exampleStatus()));
    QCOMPARE(text(model, 1, VaultModel::Lag), QStringLiteral("Unknown"));
}

void TestModel::copyingShowsItsShareAndTheTimeLeft()
{
    QList<VaultRow> rows = rowsOf(control::exampleStatus());
    VaultModel model;
    model.setRows(rows);
    QCOMPARE(model.index(1, VaultModel::Activity).data(VaultModel::ShareRole).toInt(), 250);
    QCOMPARE(text(model, 1, VaultModel::Activity), QStringLiteral("25 %, 1 min 30 s left"));
    QVERIFY(!model.index(0, VaultModel::Activity).data(VaultModel::ShareRole).isValid());
    rows[1].progress.done = 5000; // more than was thought
    model.setRows(rows);
    QCOMPARE(model.index(1, VaultModel::Activity).data(VaultModel::ShareRole).toInt(), 1000);
}

void TestModel::waitingChangesAreCounted()
{
    QList<VaultRow> rows = rowsOf(control::exampleStatus());
    rows[0].inSync = false;
    rows[0].backlogOperations = 12;
    VaultModel model;
    model.setRows(rows);
    QVERIFY(text(model, 0, VaultModel::Activity).startsWith(QStringLiteral("12 change")));
}

void TestModel::onlyAMirroringVaultClaimsToBeInSync()
{
    QList<VaultRow> rows = rowsOf(control::exampleStatus());
    VaultModel model;
    model.setRows(rows);
    QVERIFY(text(model, 0, VaultModel::Activity).startsWith(QStringLiteral("In sync")));
    rows[0].phase = Phase::Paused;
    model.setRows(rows);
    QCOMPARE(text(model, 0, VaultModel::Activity), QString());
}

void TestModel::aTickClaimsNoMoreThanIsTrue()
{
    QList<VaultRow> rows = rowsOf(control::exampleStatus());
    const auto sign = [&rows] {
        VaultModel model;
        model.setRows(rows);
        return model.index(0, VaultModel::State)
            .data(Qt::DecorationRole)
            .value<QIcon>()
            .pixmap(32)
            .toImage();
    };
    const auto looksLike = [&sign](const QIcon &icon) {
        return sign() == icon.pixmap(32).toImage();
    };
    rows[0].lag = Milliseconds(0);
    QVERIFY(looksLike(phaseIcon(Phase::Mirroring)));
    rows[0].problems = {{RelPath::of("a"), ProblemCode::CannotRead, {}, {}}};
    QVERIFY(looksLike(icon(QStringLiteral("warning"))));
    rows[0].phase = Phase::Paused; // what was wrong before is no news of a mirror that rests
    QVERIFY(looksLike(phaseIcon(Phase::Paused)));
    rows[0].phase = Phase::Mirroring;
    rows[0].problems.clear();
    rows[0].lag = Milliseconds(61'000);
    QVERIFY(looksLike(icon(QStringLiteral("phase-behind"))));
}

void TestModel::whatIsNotInSyncSaysSinceWhen()
{
    QList<VaultRow> rows = rowsOf(control::exampleStatus());
    rows[0].phase = Phase::Offline;
    rows[0].inSync = false;
    rows[0].backlogOperations = 0;
    rows[0].lastInSync = WallTime{1'795'348'800'000'000'000};
    VaultModel model;
    model.setRows(rows);
    QCOMPARE(text(model, 0, VaultModel::Activity),
             QStringLiteral("Last in sync: ") + Wording::time(*rows[0].lastInSync));
    model.setStale(true);
    QCOMPARE(text(model, 0, VaultModel::Activity), QString());
}

void TestModel::noticesAreNoProblems()
{
    QList<VaultRow> rows = rowsOf(control::exampleStatus());
    rows[0].problems = {{RelPath::of("s"), ProblemCode::NotMirrored, {}, {}}};
    VaultModel model;
    model.setRows(rows);
    QCOMPARE(text(model, 0, VaultModel::Problems), QStringLiteral("–"));
    rows[0].problems.append({RelPath::of("a"), ProblemCode::CannotRead, {}, {}});
    model.setRows(rows);
    QCOMPARE(text(model, 0, VaultModel::Problems), QStringLiteral("1"));
    QVERIFY(model.index(0, VaultModel::Problems).data(Qt::DecorationRole).isValid());
}

void TestModel::aStaleModelClaimsNothing()
{
    VaultModel model;
    model.setRows(rowsOf(control::exampleStatus()));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setStale(true);
    QCOMPARE(changed.size(), 1);
    for (int row = 0; row < model.rowCount(); ++row) {
        QCOMPARE(text(model, row, VaultModel::State), QStringLiteral("Unknown"));
        QCOMPARE(text(model, row, VaultModel::Lag), QStringLiteral("Unknown"));
        QCOMPARE(text(model, row, VaultModel::Activity), QString());
        QVERIFY(!model.index(row, VaultModel::Activity).data(VaultModel::ShareRole).isValid());
    }
    model.setStale(false);
    QCOMPARE(text(model, 0, VaultModel::State), QStringLiteral("Mirroring"));
}

void TestModel::valuesChangeInPlace()
{
    QList<VaultRow> rows = rowsOf(control::exampleStatus());
    VaultModel model;
    model.setRows(rows);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setRows(rows);
    QCOMPARE(changed.size(), 0);
    rows[1].lag = Milliseconds(5);
    model.setRows(rows);
    QCOMPARE(reset.size(), 0);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed[0][0].toModelIndex().row(), 1);
    QCOMPARE(changed[0][1].toModelIndex().row(), 1);
}

// Each change that is told makes views measure and paint: with fifty vaults that is what a window costs.
void TestModel::whatChangesTogetherIsToldOnce()
{
    QList<VaultRow> rows = rowsOf(control::exampleStatus());
    VaultModel model;
    model.setRows(rows);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    const auto columns = [&changed] {
        const QList<QVariant> last = changed.takeLast();
        return std::pair(last[0].toModelIndex().column(), last[1].toModelIndex().column());
    };
    rows[0].lag = Milliseconds(5);
    rows[2].lag = Milliseconds(7);
    rows[2].backlogOperations = 3;
    model.setRows(rows);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed[0][0].toModelIndex().row(), 0);
    QCOMPARE(changed[0][1].toModelIndex().row(), 2);
    QCOMPARE(columns(), std::pair(int(VaultModel::Lag), int(VaultModel::Activity)));

    const std::pair everything(0, VaultModel::ColumnCount - 1);
    rows[1].phase = Phase::Paused;
    model.setRows(rows);
    QCOMPARE(columns(), everything);
    rows[0].lag = Milliseconds(70'000); // from now on it is behind: its state has another picture
    model.setRows(rows);
    QCOMPARE(columns(), everything);
    rows[1].problems = {{RelPath::of("a"), ProblemCode::CannotRead, {}, {}}};
    model.setRows(rows);
    QCOMPARE(columns(), everything);
    rows[0].destination = "/elsewhere";
    model.setRows(rows);
    QCOMPARE(columns(), everything);
}

void TestModel::otherMirrorsResetTheTable()
{
    QList<VaultRow> rows = rowsOf(control::exampleStatus());
    VaultModel model;
    model.setRows(rows);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    rows.removeFirst();
    model.setRows(rows);
    QCOMPARE(reset.size(), 1);
    QCOMPARE(model.rowCount(), 2);
}

void TestModel::namesOfOthersAreEscaped()
{
    QList<VaultRow> rows = rowsOf(control::exampleStatus());
    rows[0].peerName = QStringLiteral("<b>evil\n\u202e");
    rows[0].destination = "/srv/\xff";
    VaultModel model;
    model.setRows(rows);
    QVERIFY(!text(model, 0, VaultModel::With).contains(u'\n'));
    QVERIFY(!text(model, 0, VaultModel::With).contains(QChar(0x202e)));
    QCOMPARE(text(model, 0, VaultModel::Place), QStringLiteral("/srv/\\xff"));
}

void TestModel::theSummaryNamesTheWorst()
{
    VaultModel model;
    QVERIFY(TrayIcon::summary(model).contains(QStringLiteral("nothing is mirrored")));
    QList<VaultRow> rows = rowsOf(control::exampleStatus());
    model.setRows(rows);
    QVERIFY(TrayIcon::summary(model).contains(QStringLiteral("not in sync")));
    rows[1].inSync = true;
    model.setRows(rows);
    QVERIFY(TrayIcon::summary(model).contains(QStringLiteral("everything is in sync")));
    rows[0].phase = Phase::Halted;
    model.setRows(rows);
    QVERIFY(TrayIcon::summary(model).contains(QStringLiteral("halted")));
    model.setStale(true);
    QVERIFY(TrayIcon::summary(model).contains(QStringLiteral("does not answer")));
}

void TestModel::everyIconIsThere_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"synchronize",   "pause",           "resume",        "remove",
                             "quit",          "window",          "outgoing",      "incoming",
                             "notice",        "warning",         "octopus",       "details",
                             "map",           "table",           "phase-offline", "phase-checking",
                             "phase-copying", "phase-mirroring", "phase-paused",  "phase-halted",
                             "phase-diverged"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestModel::everyIconIsThere()
{
    QFETCH(QString, name);
    const QImage image = icon(name).pixmap(QSize(32, 32), 1.0).toImage();
    QCOMPARE(image.size(), QSize(32, 32));
    int inked = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            inked += image.pixelColor(x, y).alpha() > 128;
    }
    QVERIFY2(inked > 60, qPrintable(QString::number(inked)));
    QVERIFY(inked < 32 * 32);
}

QTEST_MAIN(TestModel)
#include "tst_model.moc"
