// Curves of many points, drawn line by line and column by column: as one path with smooth edges a
// jagged one of 600 points takes 50 times as long, and more than the eye would forgive. Pure.
#pragma once

#include <QList>
#include <QPointF>

class QColor;
class QPainter;

namespace octopus::desktop {

// With the painter's pen, which must be opaque: where lines meet they overlap.
void drawCurve(QPainter &painter, const QList<QPointF> &points);

// What lies between the curve and `bottom`. The points go from left to right, or from right to left.
void fillBelow(QPainter &painter, const QList<QPointF> &points, double bottom,
               const QColor &colour);

} // namespace octopus::desktop
