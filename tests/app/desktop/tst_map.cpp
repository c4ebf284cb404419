// The map: nothing overlaps, however many machines and vaults there are; every mirror can be reached
// by the keys; the selection is that of the table; chains are told.
#include "app/desktop/map/mappainter.h"
#include "app/desktop/map/mapview.h"
#include "app/desktop/vaultoverview.h"
#include "app/desktop/vaultview.h"
#include "tests/engine/control/fakeapi.h"

#include <QAccessible>
#include <QApplication>
#include <QLabel>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace octopus;
using namespace octopus::desktop;

class TestMap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingOverlaps_data();
    void nothingOverlaps();
    void theSameRowsGiveTheSamePicture();
    void aNarrowWindowScrollsAndAWideOneDoesNotStretch();
    void fromRightToLeftItIsMirrored();
    void mutualMirrorsAreTwoOppositeLines();
    void manyMirrorsAreBundledAndTheTroubledOnesShown();
    void theCurrentMirrorAlwaysHasALabel();
    void everyMirrorIsInTheOrderOnce();
    void aReplicaThatIsMirroredOnIsAChain_data();
    void aReplicaThatIsMirroredOnIsAChain();
    void theSelectionIsThatOfTheTable();
    void theKeysReachEveryMirror();
    void aClickChoosesAndADoubleClickOpensTheDetails();
    void aClickBesideEverythingChangesNothing();
    void aBundleOpensAndClosesByAClick();
    void manyChangesAreOneLayout();
    void theViewIsRemembered();
    void itIsAListForAssistiveTechnology();
    void statesAreToldInWords();

private:
    struct Window {
        explicit Window(const QList<VaultRow> &rows, bool map = true);
        [[nodiscard]] QPoint centreOf(int row) const
        {
            return map->visualRect(model.index(row, 0)).center();
        }
        QTemporaryDir folder;
        VaultModel model;
        HistoryBook book{model};
        std::unique_ptr<VaultOverview> overview;
        MapView *map = nullptr;
        VaultView *table = nullptr;
    };
};

namespace {

MachineId machine(int number)
{
    QByteArray bytes(32, '\0');
    bytes[0] = char(number + 1);
    return MachineId::fromBytes(bytes).value();
}

VaultRow row(int number, int peer, Direction direction = Direction::Outgoing)
{
    VaultRow row;
    QByteArray id(16, '\0');
    id[0] = char(number);
    id[1] = char(number / 256);
    row.vault = VaultId::fromBytes(id).value();
    row.peer = machine(peer);
    row.name = QStringLiteral("vault %1").arg(number);
    row.peerName = QStringLiteral("peer %1").arg(peer);
    row.direction = direction;
    row.phase = Phase::Mirroring;
    row.inSync = true;
    row.lag = Milliseconds(3);
    row.sources = {"/home/a/" + QByteArray::number(number)};
    row.destination = "/srv/" + QByteArray::number(number);
    return row;
}

// So many vaults, dealt to so many machines; some go both ways.
QList<VaultRow> rowsFor(int vaults, int peers)
{
    QList<VaultRow> rows;
    for (int i = 0; i < vaults; ++i)
        rows.append(row(i, i % peers, i % 3 == 2 ? Direction::Incoming : Direction::Outgoing));
    return rows;
}

MapMetrics metrics(QSizeF room = {1000, 400})
{
    MapMetrics metrics;
    metrics.room = room;
    return metrics;
}

QList<QRectF> boxesOf(const MapPlan &plan)
{
    QList<QRectF> boxes{plan.centre};
    for (const MapPeer &peer : plan.peers) {
        boxes.append(peer.place);
        for (const MapLine &line : peer.lines) {
            for (const MapLabel &label : line.labels)
                boxes.append(label.place);
        }
    }
    return boxes;
}

} // namespace

TestMap::Window::Window(const QList<VaultRow> &rows, bool showsMap)
    : overview(std::make_unique<VaultOverview>(model, book, QList<QAction *>(),
                                               folder.filePath(QStringLiteral("desktop.ini")))),
      map(overview->findChild<MapView *>()),
      table(overview->findChild<VaultView *>())
{
    overview->setMachine(QStringLiteral("alpha"));
    overview->viewActions()[showsMap ? 1 : 0]->setChecked(true);
    overview->resize(1000, 420);
    overview->show();
    model.setRows(rows);
    QApplication::processEvents();
}

void TestMap::nothingOverlaps_data()
{
    QTest::addColumn<int>("vaults");
    QTest::addColumn<int>("peers");
    QTest::addColumn<QSizeF>("room");
    for (const int vaults : {1, 2, 5, 50, 300}) {
        for (const int peers : {1, 2, 3, 7, 64}) {
            for (const QSizeF room : {QSizeF(1000, 400), QSizeF(300, 100), QSizeF(3000, 2000)})
                QTest::addRow("%d vaults, %d peers, %g px", vaults, peers, room.width())
                    << vaults << peers << room;
        }
    }
}

void TestMap::nothingOverlaps()
{
    QFETCH(int, vaults);
    QFETCH(int, peers);
    QFETCH(QSizeF, room);
    for (const bool mirrored : {false, true}) {
        MapMetrics how = metrics(room);
        how.mirrored = mirrored;
        const MapPlan plan = planMap(rowsFor(vaults, peers), how, 0, {});
        const QList<QRectF> boxes = boxesOf(plan);
        const QRectF whole(QPointF(0, 0), plan.size);
        for (qsizetype i = 0; i < boxes.size(); ++i) {
            QVERIFY(!boxes[i].isEmpty());
            QVERIFY(whole.contains(boxes[i]));
            for (qsizetype j = 0; j < i; ++j)
                QVERIFY2(!boxes[i].intersects(boxes[j]), qPrintable(QString::number(i)));
        }
        QVERIFY(plan.size.width() >= room.width());
        QVERIFY(plan.size.height() >= room.height());
    }
}

void TestMap::theSameRowsGiveTheSamePicture()
{
    const QList<VaultRow> rows = rowsFor(40, 7);
    QCOMPARE(boxesOf(planMap(rows, metrics(), 3, {})), boxesOf(planMap(rows, metrics(), 3, {})));
    QList<VaultRow> later = rows;
    for (VaultRow &row : later)
        row.lag = Milliseconds(500); // no reason to move anything
    QCOMPARE(boxesOf(planMap(later, metrics(), 3, {})), boxesOf(planMap(rows, metrics(), 3, {})));
}

void TestMap::aNarrowWindowScrollsAndAWideOneDoesNotStretch()
{
    const MapPlan narrow = planMap(rowsFor(6, 3), metrics({200, 100}), 0, {});
    QVERIFY(narrow.size.width() > 200);
    QCOMPARE(narrow.peers.first().lines.first().place.width(), metrics().labelLeast);
    const MapPlan wide = planMap(rowsFor(6, 3), metrics({5000, 100}), 0, {});
    QCOMPARE(wide.peers.first().lines.first().place.width(), metrics().labelWidth);
    const QPointF middle = wide.centre.center();
    QCOMPARE(middle.x(), 2500.0);
}

void TestMap::fromRightToLeftItIsMirrored()
{
    const QList<VaultRow> rows = rowsFor(1, 1);
    const MapPlan left = planMap(rows, metrics(), 0, {});
    MapMetrics how = metrics();
    how.mirrored = true;
    const MapPlan right = planMap(rows, how, 0, {});
    QVERIFY(left.peers.first().place.left() > left.centre.right());
    QVERIFY(right.peers.first().place.right() < right.centre.left());
    QCOMPARE(right.centre.left(), right.size.width() - left.centre.right());
}

void TestMap::mutualMirrorsAreTwoOppositeLines()
{
    const MapPlan plan =
        planMap({row(1, 0, Direction::Incoming), row(2, 0), row(3, 1)}, metrics(), 0, {});
    QCOMPARE(plan.peers.size(), 2);
    QVERIFY(plan.peers[0].isMutual());
    QVERIFY(!plan.peers[1].isMutual());
    const QList<MapLine> &lines = plan.peers[0].lines;
    QCOMPARE(lines[0].direction, Direction::Outgoing);
    QCOMPARE(lines[1].direction, Direction::Incoming);
    QVERIFY(lines[0].place.bottom() < lines[1].place.top());
    QVERIFY(lines[0].peer != lines[1].peer);
    QVERIFY(lines[0].centre != lines[1].centre);
}

void TestMap::manyMirrorsAreBundledAndTheTroubledOnesShown()
{
    QList<VaultRow> rows;
    for (int i = 0; i < 30; ++i)
        rows.append(row(i, 0));
    rows[12].halt = Halt{};
    rows[12].phase = Phase::Halted;
    rows[25].phase = Phase::Offline;
    const MapMetrics low = metrics({1000, 100});
    const MapPlan plan = planMap(rows, low, -1, {});
    const QList<MapLabel> &labels = plan.peers.first().lines.first().labels;
    QCOMPARE(labels.size(), leastMapLabels - 1);
    QCOMPARE(labels[0].row, 0); // whoever comes first fills what the troubled ones leave
    QCOMPARE(labels[1].row, 1);
    QCOMPARE(labels[2].row, 12);
    QCOMPARE(labels[3].row, 25);
    QCOMPARE(labels[4].row, -1);
    QCOMPARE(labels[4].more, 26);
    for (VaultRow &one : rows)
        one.phase = Phase::Offline; // everything is in trouble: still a bundle
    QCOMPARE(planMap(rows, low, 29, {}).peers.first().lines.first().labels.size(), leastMapLabels);
    // In a high window there is room for more, but it need not be scrolled.
    const MapPlan high = planMap(rows, metrics({1000, 600}), 29, {});
    QCOMPARE(high.peers.first().lines.first().labels.size(), 23);
    QCOMPARE(high.size.height(), 600);
    QCOMPARE(planMap(rows, metrics({1000, 900}), 29, {}).peers.first().lines.first().labels.size(),
             30);
    const QSet<MapLineKey> open{{machine(0), Direction::Outgoing}};
    QCOMPARE(planMap(rows, metrics(), -1, open).peers.first().lines.first().labels.size(), 31);
}

void TestMap::theCurrentMirrorAlwaysHasALabel()
{
    const QList<VaultRow> rows = rowsFor(90, 2);
    for (int current = 0; current < rows.size(); ++current) {
        const MapPlan plan = planMap(rows, metrics(), current, {});
        int labels = 0;
        for (const MapPeer &peer : plan.peers) {
            for (const MapLine &line : peer.lines) {
                qsizetype all = 0;
                for (const MapLabel &label : line.labels) {
                    labels += label.row == current;
                    all += label.row >= 0 ? 1 : label.more;
                }
                QCOMPARE(all, line.rows.size());
            }
        }
        QCOMPARE(labels, 1);
        QVERIFY(!plan.placeOf(current).isEmpty());
    }
}

void TestMap::everyMirrorIsInTheOrderOnce()
{
    QList<int> order = planMap(rowsFor(50, 6), metrics(), 0, {}).order;
    std::ranges::sort(order);
    for (int i = 0; i < 50; ++i)
        QCOMPARE(order.value(i), i);
    QCOMPARE(order.size(), 50);
}

void TestMap::aReplicaThatIsMirroredOnIsAChain_data()
{
    QTest::addColumn<QByteArray>("kept");
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<bool>("chained");
    QTest::newRow("the same folder") << QByteArray("/srv/m") << QByteArray("/srv/m") << true;
    QTest::newRow("within the source") << QByteArray("/srv/m/a") << QByteArray("/srv/m") << true;
    QTest::newRow("a part of the replica")
        << QByteArray("/srv/m") << QByteArray("/srv/m/a") << true;
    QTest::newRow("everything") << QByteArray("/srv/m") << QByteArray("/") << true;
    QTest::newRow("beside") << QByteArray("/srv/m") << QByteArray("/srv/mm") << false;
    QTest::newRow("unknown") << QByteArray() << QByteArray("/srv") << false;
}

void TestMap::aReplicaThatIsMirroredOnIsAChain()
{
    QFETCH(QByteArray, kept);
    QFETCH(QByteArray, source);
    QFETCH(bool, chained);
    QList<VaultRow> rows{row(0, 0), row(1, 1, Direction::Incoming)};
    rows[0].sources = {source};
    rows[1].destination = kept;
    const QList<MapChain> chains = chainsOf(rows);
    QCOMPARE(chains.size(), chained ? 1 : 0);
    Window window(rows);
    const auto *label = window.overview->findChild<QLabel *>(QStringLiteral("chains"));
    QCOMPARE(label->isVisible(), chained);
    if (chained)
        QCOMPARE(label->text(),
                 QStringLiteral("In a chain: peer 1 → alpha (vault 1) → peer 0 (vault 0)"));
}

void TestMap::theSelectionIsThatOfTheTable()
{
    Window window(rowsFor(9, 3));
    window.overview->choose(4);
    QCOMPARE(window.map->currentIndex().row(), 4);
    QList<VaultRow> fewer = window.model.rows(); // other rows: the same mirror stays chosen
    fewer.removeFirst();
    window.model.setRows(fewer);
    QCOMPARE(window.overview->currentRow()->name, QStringLiteral("vault 4"));
    window.model.setRows(rowsFor(9, 3));
    QCOMPARE(window.overview->currentRow()->name, QStringLiteral("vault 4"));
    QApplication::processEvents();
    QSignalSpy changed(window.overview.get(), &VaultOverview::currentRowChanged);
    QTest::mouseClick(window.map->viewport(), Qt::LeftButton, {}, window.centreOf(7));
    QCOMPARE(window.table->currentIndex().row(), 7);
    QCOMPARE(window.overview->currentRow()->name, QStringLiteral("vault 7"));
    QVERIFY(!changed.isEmpty());
    QCOMPARE(window.map->selectionModel()->selectedRows().size(), 1);
}

void TestMap::theKeysReachEveryMirror()
{
    Window window(rowsFor(50, 4));
    window.map->setFocus();
    QTest::keyClick(window.map, Qt::Key_Home);
    QSet<int> seen{window.map->currentIndex().row()};
    for (int i = 1; i < 50; ++i) {
        QTest::keyClick(window.map, Qt::Key_Down);
        const int row = window.map->currentIndex().row();
        QVERIFY(!seen.contains(row));
        seen.insert(row);
        QVERIFY(window.map->viewport()->rect().contains(window.centreOf(row)));
    }
    QCOMPARE(seen.size(), 50);
    QTest::keyClick(window.map, Qt::Key_Home);
    const QPoint before = window.centreOf(window.map->currentIndex().row());
    QTest::keyClick(window.map, Qt::Key_Left); // to the other side of the machine in the middle
    QVERIFY(window.centreOf(window.map->currentIndex().row()).x() < before.x());
    QTest::keyClick(window.map, Qt::Key_Right);
    QCOMPARE(window.centreOf(window.map->currentIndex().row()).x(), before.x());
}

void TestMap::aClickChoosesAndADoubleClickOpensTheDetails()
{
    Window window(rowsFor(3, 2));
    QAction *details = window.overview->viewActions()[2];
    details->setChecked(false);
    QSignalSpy wanted(window.overview.get(), &VaultOverview::detailsWanted);
    QSignalSpy shown(window.overview.get(), &VaultOverview::detailsShown);
    QTest::mouseClick(window.map->viewport(), Qt::LeftButton, {}, window.centreOf(2));
    QTest::mouseDClick(window.map->viewport(), Qt::LeftButton, {}, window.centreOf(2));
    QCOMPARE(window.overview->currentRow()->name, QStringLiteral("vault 2"));
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(shown.size(), 1);
    QVERIFY(details->isChecked());
    window.map->setFocus();
    QTest::keyClick(window.map, Qt::Key_Return);
    QCOMPARE(wanted.size(), 2);
}

void TestMap::aClickBesideEverythingChangesNothing()
{
    Window window(rowsFor(3, 2));
    window.overview->choose(1);
    QTest::mouseClick(window.map->viewport(), Qt::LeftButton, {}, {2, 2});
    QCOMPARE(window.map->currentIndex().row(), 1);
    QVERIFY(window.map->selectionModel()->isRowSelected(1));
}

void TestMap::aBundleOpensAndClosesByAClick()
{
    QList<VaultRow> rows;
    for (int i = 0; i < 40; ++i)
        rows.append(row(i, 0));
    Window window(rows);
    const auto last = [&window] {
        return window.map->plan().peers.first().lines.first().labels.last();
    };
    const qsizetype bundled = last().more;
    QVERIFY(bundled > 20);
    const auto click = [&] {
        window.map->scrollTo(window.model.index(39, 0), QAbstractItemView::EnsureVisible);
        const QPointF offset(0, window.map->verticalScrollBar()->value());
        QTest::mouseClick(window.map->viewport(), Qt::LeftButton, {},
                          (last().place.center() - offset).toPoint());
    };
    click();
    QCOMPARE(window.map->plan().peers.first().lines.first().labels.size(), 41);
    window.map->verticalScrollBar()->setValue(window.map->verticalScrollBar()->maximum());
    click();
    QCOMPARE(last().more, bundled);
    QCOMPARE(window.map->currentIndex().row(), 0);
}

void TestMap::manyChangesAreOneLayout()
{
    QList<VaultRow> rows = rowsFor(50, 3);
    Window window(rows);
    QSignalSpy planned(window.map, &MapView::planned);
    for (VaultRow &one : rows)
        one.phase = Phase::Offline;
    window.model.setRows(rows);
    QTRY_COMPARE(planned.size(), 1);
    window.overview->viewActions()[0]->setChecked(true); // out of sight it costs nothing
    planned.clear();
    for (VaultRow &one : rows)
        one.phase = Phase::Mirroring;
    window.model.setRows(rows);
    QTest::qWait(50);
    QCOMPARE(planned.size(), 0);
}

void TestMap::theViewIsRemembered()
{
    Window window(rowsFor(2, 1), false);
    QVERIFY(window.table->isVisible());
    window.overview->viewActions()[1]->trigger();
    QVERIFY(window.map->isVisible());
    QVERIFY(!window.table->isVisible());
    window.overview->viewActions()[2]->trigger();
    const QString file = window.folder.filePath(QStringLiteral("desktop.ini"));
    QTRY_VERIFY(VaultOverview(window.model, window.book, {}, file).showsMap());
    QTRY_VERIFY(!VaultOverview(window.model, window.book, {}, file).showsDetails());
    window.overview->viewActions()[0]->trigger();
    QTRY_VERIFY(!VaultOverview(window.model, window.book, {}, file).showsMap());
    QVERIFY(!VaultOverview(window.model, window.book, {}, QStringLiteral("/nowhere/x")).showsMap());
}

void TestMap::itIsAListForAssistiveTechnology()
{
    QList<VaultRow> rows = rowsFor(3, 2);
    rows[1].name = QStringLiteral("evil\n\u202ename");
    Window window(rows);
    QAccessibleInterface *list = QAccessible::queryAccessibleInterface(window.map);
    QVERIFY(list);
    QCOMPARE(list->role(), QAccessible::List);
    QVERIFY(!list->text(QAccessible::Name).isEmpty());
    QCOMPARE(list->childCount(), 3);
    QAccessibleInterface *item = list->child(1);
    QVERIFY(item->text(QAccessible::Name).contains(QStringLiteral("evil\\u{000a}")));
    QVERIFY(item->text(QAccessible::Description).contains(QStringLiteral("to peer 1")));
    QVERIFY(item->text(QAccessible::Description).contains(QStringLiteral("Mirroring")));
    QVERIFY(window.map->visualRect(window.model.index(1, 0)).isValid());
    QVERIFY(!item->rect().isEmpty());
}

void TestMap::statesAreToldInWords()
{
    VaultRow one = row(0, 0);
    QCOMPARE(MapPainter::stateText(one, false), QStringLiteral("Lag 3 ms"));
    one.lag = std::nullopt;
    QCOMPARE(MapPainter::stateText(one, false), QStringLiteral("Lag unknown"));
    one.lag = Milliseconds(0);
    QCOMPARE(MapPainter::stateText(one, false), QStringLiteral("In sync"));
    one.inSync = false; // and yet nothing is claimed
    QCOMPARE(MapPainter::stateText(one, false), QStringLiteral("Lag 0 ms"));
    QCOMPARE(MapPainter::stateText(one, true), QStringLiteral("Unknown"));
    one.problems = {{RelPath::of("a"), ProblemCode::CannotRead, {}, {}}};
    QCOMPARE(MapPainter::stateText(one, false), QStringLiteral("1 problem(s)"));
    one.problems.clear();
    for (int phase = int(Phase::Offline); phase <= int(Phase::Diverged); ++phase) {
        one.phase = Phase(phase);
        if (one.phase == Phase::Mirroring)
            continue;
        QVERIFY(MapPainter::stateText(one, false)
                    .toLower()
                    .startsWith(QLatin1StringView(phaseName(one.phase))));
    }
}

QTEST_MAIN(TestMap)
#include "tst_map.moc"
