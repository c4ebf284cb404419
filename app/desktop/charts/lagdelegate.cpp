#include "app/desktop/charts/lagdelegate.h"

#include "app/desktop/charts/curve.h"
#include "app/desktop/charts/scale.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace octopus::desktop {

namespace {

constexpr qsizetype shownSeconds = 300;
constexpr qsizetype slotSeconds = 5;
constexpr int margin = 7;
constexpr int courseHeight = 10;
constexpr int courseWidth = 84;

struct Point {
    bool known = false;
    double lag = 0;
};

// The worst of every few seconds.
QList<Point> pointsOf(const QList<Sample> &samples)
{
    QList<Point> points;
    for (qsizetype at = 0; at < samples.size(); at += slotSeconds) {
        Point point{true, 0};
        for (qsizetype i = at; i < std::min(at + slotSeconds, samples.size()); ++i) {
            // A second that has just begun may not have been written yet.
            const bool isLast = i == samples.size() - 1;
            point.known = point.known && ((samples[i].seen && !samples[i].unknown) || isLast);
            point.lag = std::max(point.lag, double(samples[i].lag.count()));
        }
        points.append(point);
    }
    return points;
}

} // namespace

LagDelegate::LagDelegate(const HistoryBook &book, const VaultModel &model, QObject *parent)
    : QStyledItemDelegate(parent),
      m_book(book),
      m_model(model)
{}

QSize LagDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QSize hint = QStyledItemDelegate::sizeHint(option, index);
    return {std::max(hint.width(), courseWidth + 2 * margin), hint.height()};
}

void LagDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                        const QModelIndex &index) const
{
    QStyleOptionViewItem item(option);
    initStyleOption(&item, index);
    const QString text = std::exchange(item.text, QString());
    QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, option.widget);
    const bool selected = item.state.testFlag(QStyle::State_Selected);
    const QColor ink = item.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    const QRect area = item.rect.adjusted(margin, 0, -margin, 0);
    const int line = item.fontMetrics.height();
    const VaultRow *row = m_model.rowAt(index);
    const History *history = row ? m_book.of(*row) : nullptr;
    const int top = area.center().y() - (line + (history ? courseHeight : 0)) / 2;
    const bool mirrored = item.direction == Qt::RightToLeft;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(ink);
    painter->drawText(
        QRect(area.left(), top, area.width(), line), // below its header
        (mirrored ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignAbsolute | Qt::AlignVCenter, text);
    if (history)
        paintCourse(*painter, QRectF(area.left(), top + line, area.width(), courseHeight),
                    selected ? ink : item.palette.color(QPalette::Highlight), mirrored, *history);
    painter->restore();
}

void LagDelegate::paintCourse(QPainter &painter, const QRectF &area, const QColor &ink,
                              bool mirrored, const History &history) const
{
    const QList<Point> points = pointsOf(history.seconds(shownSeconds, m_book.now()));
    double largest = 0;
    for (const Point &point : points)
        largest = std::max(largest, point.lag);
    // Never below a second: the noise of a good line is no mountain.
    const double top = std::max(timeScale(largest).top, 1000.0);
    const auto place = [&](qsizetype at) {
        const double share = double(at) / double(points.size() - 1);
        return QPointF(mirrored ? area.right() - share * area.width()
                                : area.left() + share * area.width(),
                       area.bottom() - 1 - points[at].lag / top * (area.height() - 2));
    };
    painter.setPen(QPen(ink, 1.2, Qt::SolidLine, Qt::SquareCap));
    QList<QPointF> course;
    for (qsizetype at = 0; at < points.size(); ++at) {
        if (points[at].known)
            course.append(place(at));
        else
            drawCurve(painter, std::exchange(course, {}));
    }
    drawCurve(painter, course);
}

} // namespace octopus::desktop
