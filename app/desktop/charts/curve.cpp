#include "app/desktop/charts/curve.h"

#include <QLineF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace octopus::desktop {

void drawCurve(QPainter &painter, const QList<QPointF> &points)
{
    QList<QLineF> lines;
    lines.reserve(points.size());
    for (qsizetype at = 1; at < points.size(); ++at)
        lines.append({points[at - 1], points[at]});
    painter.drawLines(lines);
}

void fillBelow(QPainter &painter, const QList<QPointF> &points, double bottom, const QColor &colour)
{
    if (points.size() < 2)
        return;
    QList<QPointF> sorted = points;
    if (sorted.first().x() > sorted.last().x())
        std::ranges::reverse(sorted);
    // Columns of whole pixels of the screen: translucent ones must not overlap.
    const double pixels = painter.device()->devicePixelRatio();
    const auto end = qint64(std::ceil(sorted.last().x() * pixels));
    qsizetype at = 0;
    for (auto column = qint64(std::floor(sorted.first().x() * pixels)); column < end; ++column) {
        const double x = (double(column) + 0.5) / pixels;
        while (at + 2 < sorted.size() && sorted[at + 1].x() < x)
            ++at;
        const QPointF &from = sorted[at];
        const QPointF &to = sorted[at + 1];
        const double share = std::clamp((x - from.x()) / (to.x() - from.x()), 0.0, 1.0);
        const double top = std::round((from.y() + share * (to.y() - from.y())) * pixels) / pixels;
        painter.fillRect(QRectF(double(column) / pixels, top, 1 / pixels, bottom - top), colour);
    }
}

} // namespace octopus::desktop
