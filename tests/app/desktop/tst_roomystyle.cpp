// Titles of columns stand exactly above the text of the cells, in both directions of reading.
#include "app/desktop/roomystyle.h"

#include <QGuiApplication>
#include <QHeaderView>
#include <QImage>
#include <QScopeGuard>
#include <QTableWidget>
#include <QTest>

#include <cstdlib>

using namespace octopus::desktop;

class TestRoomyStyle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void titlesStandAboveTheirCells_data();
    void titlesStandAboveTheirCells();
};

namespace {

QImage picture(QTableWidget &table, const QString &text)
{
    table.setHorizontalHeaderLabels({text});
    table.setItem(0, 0, new QTableWidgetItem(text));
    return table.grab().toImage();
}

// The columns where two pictures differ between two lines: from, to.
std::pair<int, int> inked(const QImage &one, const QImage &other, int top, int bottom)
{
    int from = one.width();
    int to = -1;
    for (int y = top; y < bottom; ++y) {
        for (int x = 0; x < one.width(); ++x) {
            if (one.pixel(x, y) == other.pixel(x, y))
                continue;
            from = std::min(from, x);
            to = std::max(to, x);
        }
    }
    return {from, to};
}

} // namespace

void TestRoomyStyle::titlesStandAboveTheirCells_data()
{
    QTest::addColumn<Qt::LayoutDirection>("direction");
    QTest::newRow("left to right") << Qt::LeftToRight;
    QTest::newRow("right to left") << Qt::RightToLeft;
}

void TestRoomyStyle::titlesStandAboveTheirCells()
{
    QFETCH(Qt::LayoutDirection, direction);
    QGuiApplication::setLayoutDirection(direction);
    const auto back = qScopeGuard([] { QGuiApplication::setLayoutDirection(Qt::LeftToRight); });
    QTableWidget table(1, 1);
    RoomyStyle::giveList(table);
    table.horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    table.horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table.resize(200, 100);
    table.show();
    const QImage without = picture(table, QStringLiteral(" "));
    const QImage with = picture(table, QStringLiteral("HHH"));
    const int border = table.viewport()->y();
    const auto [titleFrom, titleTo] = inked(with, without, 0, border);
    const auto [cellFrom, cellTo] = inked(with, without, border, with.height());
    QVERIFY(titleTo > titleFrom && cellTo > cellFrom); // both are to be seen
    if (direction == Qt::LeftToRight)
        QCOMPARE(titleFrom, cellFrom);
    else // a text whose width is no whole number of pixels is rounded either way
        QVERIFY2(std::abs(titleTo - cellTo) <= 1,
                 qPrintable(QStringLiteral("%1, %2").arg(titleTo).arg(cellTo)));
}

QTEST_MAIN(TestRoomyStyle)
#include "tst_roomystyle.moc"
