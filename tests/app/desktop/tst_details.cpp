// The details: what was mirrored lately, and the reports of verifications; asked for only while they
// are seen.
#include "app/desktop/charts/chart.h"
#include "app/desktop/charts/historybook.h"
#include "app/desktop/details/activitymodel.h"
#include "app/desktop/detailspane.h"
#include "app/desktop/problemmodel.h"
#include "app/desktop/vaultmodel.h"
#include "app/desktop/wording.h"
#include "engine/control/json.h"
#include "tests/app/desktop/enginebench.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableWidget>

using namespace octopus;
using namespace octopus::desktop;

class TestDetails : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_pane.reset(), m_bench.reset(); }
    void nothingIsAskedUnlessItIsSeen();
    void whatWasMirroredIsListedTheNewestFirst();
    void namesOfFilesAreEscaped();
    void theTipOfAProblemSaysFirstWhatIsWrongAndWhatToDo();
    void aChosenLineStaysChosen();
    void withoutActivityItIsSaid();
    void aReplicaHasNeither();
    void reportsAreShownWithTheirDifferences();
    void neverVerifiedIsSaid();
    void aNewReportIsAskedFor();
    void nothingCanBeVerifiedThatDoesNotRun();
    void problemsAreNoChangesOnTheirWay();
    void theTimeShownIsChosenForBothCharts();
    void anOfflineMirrorIsLookedInto();
    void theTableSaysWhenItWasVerified_data();
    void theTableSaysWhenItWasVerified();

private:
    [[nodiscard]] VaultRow row(int at) const { return m_rows[at]; }
    void answerActivity(const QList<ActivityEntry> &entries);
    void answerReports(const QList<VerificationRecord> &records);
    void turnTo(int page) { m_pane->findChild<QTabWidget *>()->setCurrentIndex(page); }
    template <typename Widget> [[nodiscard]] Widget *find(const char *name) const
    {
        return m_pane->findChild<Widget *>(QLatin1StringView(name));
    }

    QList<VaultRow> m_rows;
    VaultModel m_model;
    std::unique_ptr<HistoryBook> m_book;
    std::unique_ptr<EngineBench> m_bench;
    std::unique_ptr<DetailsPane> m_pane;
};

namespace {

constexpr WallTime noon{1'795'348'800'000'000'000};

VerificationRecord report(quint64 different)
{
    VerificationRecord record;
    record.summary = {noon, 1000, different, Milliseconds(61'000), "abcd", false};
    for (quint64 i = 0; i < std::min<quint64>(different, 100); ++i)
        record.differences.append({RelPath::parse("f" + QByteArray::number(i)).value(), "content"});
    return record;
}

} // namespace

void TestDetails::init()
{
    m_rows = rowsOf(control::exampleStatus());
    m_book = std::make_unique<HistoryBook>(m_model);
    m_bench = std::make_unique<EngineBench>();
    QVERIFY(m_bench->isConnected());
    m_pane = std::make_unique<DetailsPane>(*m_book, m_bench->link);
    m_pane->show(&m_rows.first(), false);
    static_cast<QWidget *>(m_pane.get())->show();
}

void TestDetails::answerActivity(const QList<ActivityEntry> &entries)
{
    QJsonArray list;
    for (const ActivityEntry &entry : entries)
        list.append(control::toJson(entry));
    m_bench->reply = QJsonArray{QJsonObject{{QStringLiteral("peerId"), row(0).peer.text()},
                                            {QStringLiteral("entries"), list}}};
}

void TestDetails::answerReports(const QList<VerificationRecord> &records)
{
    QJsonArray list;
    for (const VerificationRecord &record : records)
        list.append(control::toJson(record));
    m_bench->reply = QJsonArray{QJsonObject{{QStringLiteral("peerId"), row(0).peer.text()},
                                            {QStringLiteral("reports"), list}}};
}

void TestDetails::nothingIsAskedUnlessItIsSeen()
{
    QTest::qWait(1200);
    QVERIFY(m_bench->sent.isEmpty());
    turnTo(1);
    QTRY_VERIFY(m_bench->sent.size() >= 2); // and again after a second
    QCOMPARE(m_bench->last<control::Activity>().vault, QStringLiteral("docs"));
    m_pane->hide();
    QTest::qWait(100);
    m_bench->sent.clear();
    QTest::qWait(1200);
    QVERIFY(m_bench->sent.isEmpty());
}

void TestDetails::whatWasMirroredIsListedTheNewestFirst()
{
    answerActivity({{9, noon, ActivityKind::Moved, RelPath::of("b"), RelPath::of("a"), 0, 9950},
                    {8, noon, ActivityKind::Created, RelPath::of("a"), {}, 2048, 0},
                    {7, noon, ActivityKind::Attributes, {}, {}, 0, 0}});
    turnTo(1);
    auto *table = find<QTableView>("activity");
    QTRY_COMPARE(table->model()->rowCount(), 4);
    const auto text = [&](int line, int column) {
        return table->model()->index(line, column).data().toString();
    };
    QVERIFY(text(0, ActivityModel::Path).startsWith(QStringLiteral("and 9950 more")));
    QCOMPARE(text(1, ActivityModel::What), QStringLiteral("Moved"));
    QCOMPARE(text(1, ActivityModel::Path), QStringLiteral("b, before: a"));
    QCOMPARE(text(2, ActivityModel::Path), QStringLiteral("a"));
    QCOMPARE(text(2, ActivityModel::Size), QStringLiteral("2.0 KiB"));
    QCOMPARE(text(3, ActivityModel::Path), QStringLiteral("(the folder itself)"));
    QVERIFY(!find<QLabel>("noActivity")->isVisible());
}

void TestDetails::namesOfFilesAreEscaped()
{
    ActivityModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setEntries({{1,
                       noon,
                       ActivityKind::Created,
                       RelPath::parse("a\n<img src=x>\xff\xe2\x80\xae").value(),
                       {},
                       0,
                       0}});
    const QModelIndex path = model.index(0, ActivityModel::Path);
    QCOMPARE(path.data().toString(), QStringLiteral("a\\u{000a}<img src=x>\\xff\\u{202e}"));
    QVERIFY(path.data(Qt::ToolTipRole).toString().contains(QStringLiteral("&lt;img")));
}

// In the user's language; the system's words stand behind it.
void TestDetails::theTipOfAProblemSaysFirstWhatIsWrongAndWhatToDo()
{
    ProblemModel model;
    model.setProblems({{RelPath::of("a"), ProblemCode::CannotRead, "permission <denied>", {}}});
    const QString tip = model.index(0, ProblemModel::What).data(Qt::ToolTipRole).toString();
    QVERIFY(tip.contains(QStringLiteral("permission &lt;denied&gt;")));
    const qsizetype wrong = tip.indexOf(Wording::problem(ProblemCode::CannotRead));
    const qsizetype advice = tip.indexOf(Wording::problemAdvice(ProblemCode::CannotRead).left(40));
    const qsizetype detail = tip.indexOf(QStringLiteral("words: permission"));
    QVERIFY2(0 <= wrong && wrong < advice && advice < detail, qPrintable(tip));
}

void TestDetails::aChosenLineStaysChosen()
{
    const ActivityEntry old{8, noon, ActivityKind::Created, RelPath::of("a"), {}, 0, 0};
    answerActivity({old});
    turnTo(1);
    auto *table = find<QTableView>("activity");
    QTRY_COMPARE(table->model()->rowCount(), 1);
    table->selectRow(0);
    answerActivity({{9, noon, ActivityKind::Created, RelPath::of("b"), {}, 0, 0}, old});
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QCOMPARE(table->currentIndex().row(), 1);
}

void TestDetails::withoutActivityItIsSaid()
{
    answerActivity({});
    turnTo(1);
    QTRY_VERIFY(!m_bench->sent.isEmpty());
    QVERIFY(find<QLabel>("noActivity")->isVisible());
    QVERIFY(!find<QTableView>("activity")->isVisible());
}

void TestDetails::aReplicaHasNeither()
{
    const auto *pages = m_pane->findChild<QTabWidget *>();
    turnTo(1);
    m_pane->show(&m_rows[2], false);
    QVERIFY(!pages->isTabVisible(1));
    QVERIFY(!pages->isTabVisible(2));
    QCOMPARE(pages->currentIndex(), 0);
    m_pane->show(&m_rows[0], false);
    QVERIFY(pages->isTabVisible(1));
}

void TestDetails::reportsAreShownWithTheirDifferences()
{
    answerReports({report(250), report(0)});
    m_rows[0].lastVerified = report(250).summary;
    m_pane->show(&m_rows[0], false);
    turnTo(2);
    auto *reports = find<QTableWidget>("reports");
    QTRY_COMPARE(reports->rowCount(), 2);
    QCOMPARE(m_bench->last<control::Verifications>().vault, QStringLiteral("docs"));
    QCOMPARE(reports->item(0, 1)->text(), QStringLiteral("250 difference(s)"));
    QCOMPARE(reports->item(1, 1)->text(), QStringLiteral("Identical"));
    auto *differences = find<QTableWidget>("reportDifferences");
    QCOMPARE(differences->rowCount(), 100);
    QCOMPARE(differences->item(0, 0)->text(), QStringLiteral("f0"));
    QVERIFY(find<QLabel>("verificationText")->text().contains(QStringLiteral("100 of 250")));
    auto *repair = find<QPushButton>("verificationRepair");
    QVERIFY(repair->isVisible() && repair->isEnabled());
    QSignalSpy wanted(m_pane.get(), &DetailsPane::synchronizeWanted);
    QTest::mouseClick(repair, Qt::LeftButton);
    QCOMPARE(wanted.size(), 1);
    reports->setCurrentCell(1, 0);
    QVERIFY(!repair->isVisible());
    QVERIFY(!differences->isVisible());
}

void TestDetails::neverVerifiedIsSaid()
{
    answerReports({});
    turnTo(2);
    QTRY_VERIFY(find<QLabel>("verificationText")->text().startsWith(QStringLiteral("Never")));
    QSignalSpy wanted(m_pane.get(), &DetailsPane::verifyWanted);
    QTest::keyClick(find<QPushButton>("verifyNow"), Qt::Key_Space);
    QCOMPARE(wanted.size(), 1);
}

void TestDetails::aNewReportIsAskedFor()
{
    answerReports({});
    turnTo(2);
    QTRY_COMPARE(m_bench->sent.size(), 1);
    m_pane->show(&m_rows[0], false); // nothing new
    answerReports({report(3)});
    m_rows[0].lastVerified = report(3).summary;
    m_pane->show(&m_rows[0], false);
    QTRY_COMPARE(find<QTableWidget>("reports")->rowCount(), 1);
    QCOMPARE(m_bench->sent.size(), 2);
}

void TestDetails::nothingCanBeVerifiedThatDoesNotRun()
{
    turnTo(2);
    auto *verify = find<QPushButton>("verifyNow");
    QVERIFY(verify->isEnabled());
    m_rows[0].phase = Phase::Paused;
    m_pane->show(&m_rows[0], false);
    QVERIFY(!verify->isEnabled());
    m_rows[0].phase = Phase::Mirroring;
    m_pane->show(&m_rows[0], true);
    QVERIFY(!verify->isEnabled());
}

void TestDetails::problemsAreNoChangesOnTheirWay()
{
    const auto says = [this](const char *words) {
        const QList<QLabel *> labels = m_pane->findChildren<QLabel *>();
        return std::ranges::any_of(labels, [&](QLabel *label) {
            return label->text().contains(QLatin1StringView(words));
        });
    };
    m_rows[0].inSync = false;
    m_rows[0].lag = Milliseconds(0);
    m_rows[0].backlogOperations = 0;
    m_rows[0].problems = {{RelPath::of("a"), ProblemCode::CannotRead, {}, {}},
                          {RelPath::of("b"), ProblemCode::NotMirrored, {}, {}}};
    m_pane->show(&m_rows[0], false);
    QVERIFY(says("Everything is mirrored but for 1 problem(s)"));
    QVERIFY(!says("on their way"));
    QCOMPARE(Wording::phaseExplained(m_rows[0]), // on the table's state, too
             QStringLiteral("Everything is mirrored but for 1 problem(s)."));
    m_rows[0].backlogOperations = 3;
    m_pane->show(&m_rows[0], false);
    QVERIFY(says("on their way"));
}

void TestDetails::theTimeShownIsChosenForBothCharts()
{
    m_pane->show(&m_rows[0], false);
    const auto *span = find<QComboBox>("span");
    auto *pages = find<QTabWidget>("details");
    QVERIFY(span->isVisible());
    const QList<Chart *> charts = m_pane->findChildren<Chart *>();
    QCOMPARE(charts.size(), 2);
    for (const Chart *chart : charts) // it stands above both, and belongs to none
        QVERIFY(span->mapTo(m_pane.get(), QPoint()).y() + span->height()
                <= chart->mapTo(m_pane.get(), QPoint()).y());
    QVERIFY(charts[0]->parentWidget() != span->parentWidget());
    pages->setCurrentIndex(1);
    QVERIFY(!span->isVisible()); // nothing there is drawn over a time
    pages->setCurrentIndex(0);
    QVERIFY(span->isVisible());
}

void TestDetails::anOfflineMirrorIsLookedInto()
{
    m_rows[0].phase = Phase::Offline;
    m_pane->show(&m_rows[0], false);
    auto *help = find<QPushButton>("haltHelp");
    QVERIFY(help->isVisible());
    QSignalSpy wanted(m_pane.get(), &DetailsPane::diagnosisWanted);
    QTest::mouseClick(help, Qt::LeftButton);
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted.first().first().toString(), QStringLiteral("beta"));
    m_pane->show(&m_rows[0], true); // nothing is known any more
    QVERIFY(!help->isVisible());
    m_rows[0].phase = Phase::Mirroring;
    m_pane->show(&m_rows[0], false);
    QVERIFY(!help->isVisible());
}

void TestDetails::theTableSaysWhenItWasVerified_data()
{
    QTest::addColumn<qint64>("minutes");
    QTest::addColumn<int>("different");
    QTest::addColumn<bool>("repaired");
    QTest::addColumn<QString>("text");
    const auto add = [](const char *name, qint64 minutes, int different, bool repaired,
                        const char *text) {
        QTest::newRow(name) << minutes << different << repaired << QString::fromUtf8(text);
    };
    add("just now", 0, 0, false, "Just now, identical");
    add("a clock set back", -90, 0, false, "Just now, identical");
    add("minutes", 59, 0, false, "59 min ago, identical");
    add("hours", 125, 3, false, "2 h ago, 3 difference(s)");
    add("repaired", 125, 1, true, "2 h ago, 1 difference(s), repaired");
    add("days", 3 * 24 * 60 + 5, 0, false, "3 day(s) ago, identical");
}

void TestDetails::theTableSaysWhenItWasVerified()
{
    QFETCH(qint64, minutes);
    QFETCH(int, different);
    QFETCH(bool, repaired);
    QFETCH(QString, text);
    VaultRow one = row(0);
    QCOMPARE(Wording::verified(one, noon), QStringLiteral("Never"));
    one.lastVerified = LastVerification{noon, 10, quint64(different), {}, {}, repaired};
    const WallTime now{noon.nanoseconds + minutes * 60'000'000'000};
    QCOMPARE(Wording::verified(one, now), text);
    m_model.setRows({one});
    const QModelIndex cell = m_model.index(0, VaultModel::Verified);
    QCOMPARE(cell.data(Qt::DecorationRole).isValid(), different > 0 && !repaired);
    QCOMPARE(Wording::verified(row(2), now), QStringLiteral("–"));
}

QTEST_MAIN(TestDetails)
#include "tst_details.moc"
