// The style: outlines that can be seen on dark palettes, words whose letters join are not torn by an
// underline, pictures stand close to their text, and numbers and bars begin where the reading does.
#include "app/desktop/charts/historybook.h"
#include "app/desktop/roomystyle.h"
#include "app/desktop/vaultview.h"

#include <QApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QStandardItemModel>
#include <QStyleOptionViewItem>
#include <QTest>
#include <QToolBar>

using namespace octopus;
using namespace octopus::desktop;

class TestStyle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void outlinesCanBeSeenInTheDark_data();
    void outlinesCanBeSeenInTheDark();
    void separatorsOfToolBarsCanBeSeenInTheDark();
    void joinedLettersAreUnderlinedOnlyWhileAltIsHeld();
    void pictureAndBoxStandCloseToTheirText_data();
    void pictureAndBoxStandCloseToTheirText();
    void numbersAndBarsFollowTheReading_data();
    void numbersAndBarsFollowTheReading();
};

namespace {

QPalette darkPalette()
{
    QPalette palette(QColor(0x2d, 0x30, 0x33), QColor(0x23, 0x26, 0x29));
    palette.setColor(QPalette::Base, QColor(0x1b, 0x1e, 0x20));
    return palette;
}

// How much brighter than the darkest the brightest of the pixels along the left border is.
int contrastAtTheLeft(const QImage &image)
{
    int least = 255;
    int most = 0;
    for (int x = 0; x < 4; ++x) {
        const int grey = qGray(image.pixel(x, image.height() / 2));
        least = std::min(least, grey);
        most = std::max(most, grey);
    }
    return most - least;
}

// The columns in which something is drawn, from the first to the last.
std::pair<int, int> inkOf(const QImage &image, int contrast = 60)
{
    int first = image.width();
    int last = -1;
    for (int x = 0; x < image.width(); ++x) {
        for (int y = 0; y < image.height(); ++y) {
            if (qAbs(qGray(image.pixel(x, y)) - qGray(image.pixel(0, 0))) > contrast) {
                first = std::min(first, x);
                last = x;
            }
        }
    }
    return {first, last};
}

} // namespace

void TestStyle::initTestCase()
{
    QApplication::setStyle(new Style(QStringLiteral("fusion")));
}

void TestStyle::cleanup()
{
    QApplication::setPalette(QPalette());
    QGuiApplication::setLayoutDirection(Qt::LeftToRight);
}

void TestStyle::outlinesCanBeSeenInTheDark_data()
{
    QTest::addColumn<QWidget *>("widget");
    auto *table = new QTableView;
    auto *model = new QStandardItemModel(1, 1, table);
    auto *item = new QStandardItem;
    item->setCheckable(true);
    model->setItem(0, 0, item);
    table->setModel(model);
    RoomyStyle::give(*table);
    QTest::newRow("a check box in a table") << static_cast<QWidget *>(table);
    QTest::newRow("a field") << static_cast<QWidget *>(new QLineEdit);
    auto *frame = new QFrame;
    frame->setFrameShape(QFrame::StyledPanel);
    QTest::newRow("a frame") << static_cast<QWidget *>(frame);
}

void TestStyle::separatorsOfToolBarsCanBeSeenInTheDark()
{
    QApplication::setPalette(darkPalette());
    QToolBar bar;
    bar.addAction(QStringLiteral("one"));
    QAction *separator = bar.addSeparator();
    bar.addAction(QStringLiteral("two"));
    bar.resize(300, 40);
    bar.ensurePolished();
    (void)bar.grab();
    const QImage image = bar.widgetForAction(separator)->grab().toImage();
    const auto [first, last] = inkOf(image, 20);
    QVERIFY2(first <= last && last - first < 3, qPrintable(QString::number(last)));
}

void TestStyle::outlinesCanBeSeenInTheDark()
{
    QFETCH(QWidget *, widget);
    const std::unique_ptr<QWidget> owner(widget);
    QApplication::setPalette(darkPalette());
    widget->resize(120, 80);
    QImage image = widget->grab().toImage();
    if (auto *table = qobject_cast<QTableView *>(widget)) {
        QStyleOptionViewItem option;
        option.initFrom(table);
        option.rect = table->visualRect(table->model()->index(0, 0));
        option.features = QStyleOptionViewItem::HasCheckIndicator;
        const QRect box =
            table->style()->subElementRect(QStyle::SE_ItemViewItemCheckIndicator, &option, table);
        image = table->viewport()->grab(box).toImage();
    }
    QVERIFY2(contrastAtTheLeft(image) >= 20, qPrintable(QString::number(contrastAtTheLeft(image))));
}

void TestStyle::joinedLettersAreUnderlinedOnlyWhileAltIsHeld()
{
    QLabel label(QStringLiteral("&مساعدة"));
    QLineEdit field;
    label.setBuddy(&field);
    const auto underlines = [&label] {
        return label.style()->styleHint(QStyle::SH_UnderlineShortcut, nullptr, &label) != 0;
    };
    QVERIFY(underlines());
    const QImage torn = label.grab().toImage();
    QGuiApplication::setLayoutDirection(Qt::RightToLeft);
    QVERIFY(!underlines());
    QVERIFY(label.grab().toImage() != torn);
    QTest::keyPress(&field, Qt::Key_Alt);
    QVERIFY(underlines());
    QTest::keyRelease(&field, Qt::Key_Alt);
    QVERIFY(!underlines());
}

void TestStyle::pictureAndBoxStandCloseToTheirText_data()
{
    QTest::addColumn<Qt::LayoutDirection>("direction");
    QTest::addColumn<bool>("picture");
    for (const bool picture : {true, false}) {
        const char *what = picture ? "a picture" : "a box";
        QTest::addRow("%s, from the left", what) << Qt::LeftToRight << picture;
        QTest::addRow("%s, from the right", what) << Qt::RightToLeft << picture;
    }
}

void TestStyle::pictureAndBoxStandCloseToTheirText()
{
    QFETCH(Qt::LayoutDirection, direction);
    QFETCH(bool, picture);
    QTableView table;
    RoomyStyle::give(table);
    QStyleOptionViewItem option;
    option.initFrom(&table);
    option.direction = direction;
    option.widget = &table;
    option.rect = QRect(0, 0, 300, 30);
    option.decorationSize = QSize(16, 16);
    option.decorationAlignment = Qt::AlignCenter; // as views have it
    option.text = QStringLiteral("to beta");
    option.features = QStyleOptionViewItem::HasDisplay;
    option.features |=
        picture ? QStyleOptionViewItem::HasDecoration : QStyleOptionViewItem::HasCheckIndicator;
    const QStyle *style = table.style();
    const QRect before = style->subElementRect(picture ? QStyle::SE_ItemViewItemDecoration
                                                       : QStyle::SE_ItemViewItemCheckIndicator,
                                               &option, &table);
    const QRect text = style->subElementRect(QStyle::SE_ItemViewItemText, &option, &table);
    // Within its rectangle the text keeps a margin.
    const int margin = style->pixelMetric(QStyle::PM_FocusFrameHMargin, &option, &table) + 1;
    const int gap = margin
        + (direction == Qt::LeftToRight ? text.left() - before.right()
                                        : before.left() - text.right());
    QVERIFY2(gap >= 4 && gap <= margin + 4, qPrintable(QString::number(gap)));
    // A cell as wide as it wants to be holds its text, and no more.
    option.rect.setWidth(
        style->sizeFromContents(QStyle::CT_ItemViewItem, &option, {}, &table).width());
    const int room =
        style->subElementRect(QStyle::SE_ItemViewItemText, &option, &table).width() - 2 * margin;
    const int letters = option.fontMetrics.horizontalAdvance(option.text);
    QVERIFY2(room >= letters && room <= letters + 2, qPrintable(QString::number(room - letters)));
}

void TestStyle::numbersAndBarsFollowTheReading_data()
{
    QTest::addColumn<Qt::LayoutDirection>("direction");
    QTest::newRow("from the left") << Qt::LeftToRight;
    QTest::newRow("from the right") << Qt::RightToLeft;
}

void TestStyle::numbersAndBarsFollowTheReading()
{
    QFETCH(Qt::LayoutDirection, direction);
    QGuiApplication::setLayoutDirection(direction);
    VaultModel model;
    const HistoryBook book(model);
    VaultView view(model, book, {});
    VaultRow row;
    row.phase = Phase::Copying;
    row.lag = Milliseconds(0);
    row.progress = {1, 4, {}};
    model.setRows({row});
    view.clearSelection();
    view.resize(1400, 200);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.setColumnWidth(VaultModel::Lag, 200);
    const auto ink = [&view, &model](VaultModel::Column column, int part) {
        QRect cell = view.visualRect(model.index(0, column)).adjusted(1, 1, -1, -1);
        cell.setTop(cell.bottom() - cell.height() * part / 100);
        return inkOf(view.viewport()->grab(cell).toImage());
    };
    view.setCurrentIndex({});
    const auto [number, numberEnd] = ink(VaultModel::Lag, 100);
    const auto [bar, barEnd] = ink(VaultModel::Activity, 30);
    const int width = view.columnWidth(VaultModel::Activity);
    QVERIFY(numberEnd > number && barEnd > bar);
    if (direction == Qt::LeftToRight) { // numbers end where the reading does
        QVERIFY2(number > 100, qPrintable(QString::number(number)));
        QVERIFY2(bar < 10 && barEnd < width / 2, qPrintable(QString::number(barEnd)));
    } else {
        QVERIFY2(numberEnd < 100, qPrintable(QString::number(numberEnd)));
        QVERIFY2(bar > width / 2, qPrintable(QString::number(bar)));
    }
}

QTEST_MAIN(TestStyle)
#include "tst_style.moc"
