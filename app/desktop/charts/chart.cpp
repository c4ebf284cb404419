#include "app/desktop/charts/chart.h"

#include "app/desktop/charts/curve.h"
#include "app/desktop/wording.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace octopus::desktop {

namespace {

constexpr double above = 4; // room for half a line of text at the top tick
constexpr double gap = 6;

QColor faint(QColor colour, float alpha)
{
    colour.setAlphaF(alpha);
    return colour;
}

} // namespace

Chart::Chart(Quantity quantity) : m_quantity(quantity)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(quantity == Quantity::Lag ? tr("Lag over time") : tr("Throughput over time"));
}

void Chart::show(const QList<Sample> &samples, Span span)
{
    m_samples = samples;
    m_span = span;
    double largest = 0;
    for (const Sample &sample : samples)
        largest = std::max(largest, valueOf(sample));
    m_scale = m_quantity == Quantity::Lag ? timeScale(largest) : rateScale(largest);
    if (m_pointed && *m_pointed >= samples.size())
        m_pointed.reset();
    setAccessibleDescription(description());
    update();
}

void Chart::point(std::optional<qsizetype> slot)
{
    m_pointed = slot;
    setAccessibleDescription(description());
    update();
}

bool Chart::hasSeen() const
{
    return isEnabled() && std::ranges::any_of(m_samples, &Sample::seen);
}

double Chart::valueOf(const Sample &sample) const
{
    return m_quantity == Quantity::Lag ? double(sample.lag.count()) : sample.bytesPerSecond;
}

QString Chart::amountText(double value) const
{
    return m_quantity == Quantity::Lag
        ? Wording::duration(Milliseconds(qint64(value)))
        : tr("%1/s", "an amount of data in each second").arg(Wording::size(quint64(value)));
}

QString Chart::tickText(double value) const
{
    return m_quantity == Quantity::Lag
        ? Wording::roundDuration(Milliseconds(qint64(value)))
        : tr("%1/s", "an amount of data in each second").arg(Wording::roundSize(quint64(value)));
}

QString Chart::valueText(qsizetype slot) const
{
    const Sample &sample = m_samples[slot];
    const Milliseconds ago = History::slotLength(m_span) * (m_samples.size() - 1 - slot);
    const QString when =
        ago.count() == 0 ? tr("now") : tr("%1 ago").arg(Wording::roundDuration(ago));
    if (!sample.seen)
        return tr("%1: not looked at").arg(when);
    if (m_quantity == Quantity::Lag && sample.unknown)
        return tr("%1: unknown").arg(when);
    return tr("%1: %2", "a time and the value then").arg(when, amountText(valueOf(sample)));
}

QString Chart::description() const
{
    if (m_samples.isEmpty())
        return {};
    const auto worst = std::ranges::max_element(
        m_samples, {}, [this](const Sample &sample) { return valueOf(sample); });
    return valueText(m_pointed.value_or(m_samples.size() - 1)) + QLatin1String("; ")
        + tr("at most %1").arg(amountText(valueOf(*worst)));
}

QSize Chart::minimumSizeHint() const
{
    const int line = fontMetrics().height();
    return {line * 10, line * 5};
}

QSize Chart::sizeHint() const
{
    const int line = fontMetrics().height();
    return {line * 18, line * 7};
}

QRectF Chart::plot() const
{
    double widest = 0;
    for (const double tick : m_scale.ticks)
        widest = std::max(widest, double(fontMetrics().horizontalAdvance(tickText(tick))));
    const double line = fontMetrics().height();
    QRectF area = QRectF(rect()).adjusted(0, line / 2 + above, -gap, -line - gap);
    if (layoutDirection() == Qt::RightToLeft)
        area.adjust(gap, 0, -widest, 0);
    else
        area.adjust(widest + gap, 0, 0, 0);
    return area;
}

// Time goes as the text does: to the right, or to the left.
double Chart::xOf(double slot) const
{
    const QRectF &area = m_plot;
    const double share = slot / double(std::max<qsizetype>(m_samples.size() - 1, 1));
    return layoutDirection() == Qt::RightToLeft ? area.right() - share * area.width()
                                                : area.left() + share * area.width();
}

double Chart::yOf(double value) const
{
    const QRectF &area = m_plot;
    return area.bottom() - std::min(value / m_scale.top, 1.0) * area.height();
}

void Chart::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    m_plot = plot(); // measures text: once for all points
    paintAxes(painter);
    paintTimes(painter);
    paintUnknown(painter);
    paintCurve(painter);
    if (!hasSeen())
        paintNothing(painter);
    paintPointed(painter);
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(palette().color(QPalette::Highlight), 1));
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void Chart::paintAxes(QPainter &painter) const
{
    if (m_scale.ticks.size() < 2)
        return; // nothing was shown yet
    const QRectF &area = m_plot;
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const QColor ink = palette().color(QPalette::WindowText);
    const double line = fontMetrics().height();
    // Of a low chart fewer, so that no figure touches another; of an empty one only the ground.
    const double apart = yOf(m_scale.ticks.first()) - yOf(m_scale.ticks.value(1));
    const qsizetype step =
        hasSeen() ? qsizetype(std::ceil(line / std::max(apart, 1.0))) : m_scale.ticks.size();
    for (qsizetype at = 0; at < m_scale.ticks.size(); at += step) {
        const double tick = m_scale.ticks[at];
        const double y = yOf(tick);
        painter.setPen(QPen(faint(ink, tick == 0 ? 0.45F : 0.14F), 1));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(faint(ink, 0.75F));
        const QRectF place = mirrored
            ? QRectF(area.right() + gap, y - line / 2, width() - area.right() - gap, line)
            : QRectF(0, y - line / 2, area.left() - gap, line);
        painter.drawText(place,
                         (mirrored ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignAbsolute
                             | Qt::AlignVCenter,
                         tickText(tick));
    }
}

void Chart::paintNothing(QPainter &painter) const
{
    painter.setPen(faint(palette().color(QPalette::WindowText), 0.75F));
    painter.drawText(m_plot, int(Qt::AlignCenter) | int(Qt::TextWordWrap),
                     isEnabled() ? tr("Nothing was measured in this time.")
                                 : tr("The machine that sends measures this."));
}

void Chart::paintTimes(QPainter &painter) const
{
    const QRectF &area = m_plot;
    const int parts = m_span == Span::Day ? 4 : 5; // 6 hours or 2 minutes each
    const Milliseconds whole = History::slotLength(m_span) * History::slotCount(m_span);
    const double line = fontMetrics().height();
    painter.setPen(faint(palette().color(QPalette::WindowText), 0.75F));
    for (int part = 0; part <= parts; ++part) {
        // The ends keep within the plot, the others stand below their moment.
        const Milliseconds ago = whole * (parts - part) / parts;
        const QString text = part == parts ? tr("now") : Wording::roundDuration(-ago);
        const double width = fontMetrics().horizontalAdvance(text) + 2;
        const double x = xOf(double(m_samples.size() - 1) * part / parts);
        const double left = std::clamp(x - width / 2, area.left(), area.right() - width);
        painter.drawText(QRectF(left, area.bottom() + 3, width, line), Qt::AlignCenter, text);
    }
}

// Where the lag was unknown there is no curve to trust: the time is hatched.
void Chart::paintUnknown(QPainter &painter) const
{
    if (m_quantity != Quantity::Lag)
        return;
    const QRectF &area = m_plot;
    const QBrush hatch(faint(palette().color(QPalette::WindowText), 0.3F), Qt::BDiagPattern);
    for (qsizetype begin = 0; begin < m_samples.size(); ++begin) {
        if (!m_samples[begin].unknown)
            continue;
        qsizetype end = begin;
        while (end < m_samples.size() && m_samples[end].unknown)
            ++end;
        const double from = xOf(double(begin));
        const double to = xOf(double(end));
        painter.fillRect(QRectF(QPointF(std::min(from, to), area.top()),
                                QPointF(std::max(from, to), area.bottom()))
                             & area,
                         hatch);
        begin = end;
    }
}

void Chart::paintCurve(QPainter &painter) const
{
    const auto isGap = [this](qsizetype at) {
        const Sample &sample = m_samples[at];
        return !sample.seen || (m_quantity == Quantity::Lag && sample.unknown);
    };
    for (qsizetype begin = 0; begin < m_samples.size(); ++begin) {
        if (isGap(begin))
            continue;
        qsizetype end = begin;
        while (end < m_samples.size() && !isGap(end))
            ++end;
        paintCurvePart(painter, begin, end);
        begin = end;
    }
}

void Chart::paintCurvePart(QPainter &painter, qsizetype begin, qsizetype end) const
{
    const QColor colour = palette().color(QPalette::Highlight);
    QList<QPointF> points;
    points.reserve(end - begin);
    for (qsizetype at = begin; at < end; ++at)
        points.append({xOf(double(at)), yOf(valueOf(m_samples[at]))});
    if (points.size() == 1) // a single slot is a short dash
        points.append(points.first() + QPointF(1.5, 0));
    fillBelow(painter, points, m_plot.bottom(), faint(colour, 0.22F));
    painter.setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::SquareCap));
    drawCurve(painter, points);
}

void Chart::paintPointed(QPainter &painter) const
{
    if (!m_pointed || *m_pointed >= m_samples.size())
        return;
    const QRectF &area = m_plot;
    const double x = xOf(double(*m_pointed));
    const QColor ink = palette().color(QPalette::WindowText);
    painter.setPen(QPen(faint(ink, 0.6F), 1));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    const QString text = valueText(*m_pointed);
    const double width = fontMetrics().horizontalAdvance(text) + 2 * gap;
    QRectF box(std::clamp(x - width / 2, area.left(), std::max(area.left(), area.right() - width)),
               area.top() - above, width, fontMetrics().height() + 4);
    painter.setPen(QPen(faint(ink, 0.4F), 1));
    painter.setBrush(palette().color(QPalette::ToolTipBase));
    painter.drawRoundedRect(box, 3, 3);
    painter.setPen(palette().color(QPalette::ToolTipText));
    painter.drawText(box, Qt::AlignCenter, text);
}

void Chart::mouseMoveEvent(QMouseEvent *event)
{
    const QRectF area = plot();
    if (m_samples.isEmpty() || !area.adjusted(-2, -above, 2, 2).contains(event->position()))
        return point(std::nullopt);
    double share = (event->position().x() - area.left()) / area.width();
    if (layoutDirection() == Qt::RightToLeft)
        share = 1 - share;
    point(std::llround(std::clamp(share, 0.0, 1.0) * double(m_samples.size() - 1)));
}

void Chart::leaveEvent(QEvent * /*event*/)
{
    point(std::nullopt);
}

void Chart::keyPressEvent(QKeyEvent *event)
{
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const int earlier = mirrored ? Qt::Key_Right : Qt::Key_Left;
    const int later = mirrored ? Qt::Key_Left : Qt::Key_Right;
    if (m_samples.isEmpty() || (event->key() != earlier && event->key() != later))
        return QWidget::keyPressEvent(event);
    const qsizetype last = m_samples.size() - 1;
    const qsizetype step = event->key() == earlier ? -1 : 1;
    point(std::clamp<qsizetype>(m_pointed.value_or(last) + step, 0, last));
}

void Chart::focusOutEvent(QFocusEvent *event)
{
    point(std::nullopt);
    QWidget::focusOutEvent(event);
}

} // namespace octopus::desktop
