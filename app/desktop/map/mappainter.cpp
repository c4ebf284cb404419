#include "app/desktop/map/mappainter.h"

#include "app/desktop/icons.h"
#include "app/desktop/wording.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <QStyle>

#include <algorithm>

namespace octopus::desktop {

namespace {

constexpr double corner = 5;
constexpr double inset = 7;       // of text from a border
constexpr double signShare = 1.5; // of a machine, in lines

// The worse comes later.
enum class Course : quint8 { Well, Busy, Paused, Offline, Late, Stopped, Unknown };

Course courseOf(const VaultRow &row)
{
    if (row.halt || row.phase == Phase::Halted || row.phase == Phase::Diverged)
        return Course::Stopped;
    if (row.faults() > 0 || (row.phase == Phase::Mirroring && row.isBehind()))
        return Course::Late;
    switch (row.phase) {
    case Phase::Offline: return Course::Offline;
    case Phase::Paused: return Course::Paused;
    case Phase::Checking:
    case Phase::Copying: return Course::Busy;
    default: return Course::Well;
    }
}

// The colours of the icons; the kind of the line says the same without them.
QPen penFor(Course course, double width)
{
    switch (course) {
    case Course::Well: return {QColor(0x2e, 0x9e, 0x5b), width};
    case Course::Busy: return {QColor(0x3b, 0x8f, 0xd9), width};
    case Course::Paused: return {QColor(0x8a, 0x8f, 0x98), width, Qt::DotLine};
    case Course::Offline: return {QColor(0x8a, 0x8f, 0x98), width, Qt::DashLine};
    case Course::Late: return {QColor(0xd9, 0x7f, 0x1c), width, Qt::DashDotLine};
    case Course::Stopped: return {QColor(0xd6, 0x45, 0x45), width, Qt::DashDotDotLine};
    case Course::Unknown: break;
    }
    return {QColor(0x8a, 0x8f, 0x98), width, Qt::DotLine};
}

QPen penOf(const MapLine &line, const MapScene &scene)
{
    Course worst = scene.stale ? Course::Unknown : Course::Well;
    for (const int row : line.rows) {
        if (!scene.stale)
            worst = std::max(worst, courseOf(scene.rows[row]));
    }
    return penFor(worst, line.rows.size() > 1 ? 2.6 : 1.8); // a bundle is thicker
}

// From the middle out, behind the labels, to the other machine.
QPainterPath pathOf(const MapLine &line)
{
    const bool rightwards = line.peer.x() > line.centre.x();
    const double middle = line.place.center().y();
    const QPointF inner(rightwards ? line.place.left() : line.place.right(), middle);
    const QPointF outer(rightwards ? line.place.right() : line.place.left(), middle);
    const auto bend = [](QPainterPath &path, const QPointF &from, const QPointF &to) {
        const double half = (from.x() + to.x()) / 2;
        path.cubicTo({half, from.y()}, {half, to.y()}, to);
    };
    QPainterPath path(line.centre);
    bend(path, line.centre, inner);
    path.lineTo(outer);
    bend(path, outer, line.peer);
    return path;
}

} // namespace

MapPainter::MapPainter(QPainter &painter, const MapScene &scene)
    : m_painter(painter),
      m_scene(scene),
      m_line(QFontMetricsF(scene.font).height())
{
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setLayoutDirection(scene.mirrored ? Qt::RightToLeft : Qt::LeftToRight);
    m_painter.setFont(scene.font);
}

MapMetrics MapPainter::metricsFor(const QFont &font)
{
    const QFontMetricsF metrics(font);
    const double letter = metrics.averageCharWidth();
    MapMetrics map;
    map.label = metrics.height() + 10;
    map.labelWidth = letter * 46;
    map.labelLeast = letter * 25;
    map.nodeWidth = letter * 22;
    map.peerWidth = map.nodeWidth;
    map.nodeHeight = 3 * metrics.height() + 2 * inset + 4;
    map.gap = metrics.height() * 0.6;
    map.arrow = letter * 4;
    map.fan = letter * 6;
    return map;
}

double MapPainter::peerWidthFor(const QFont &font, const QList<VaultRow> &rows)
{
    QFont bold = font;
    bold.setBold(true);
    const QFontMetricsF letters(bold);
    const double beside = QFontMetricsF(font).height() * signShare + 3 * inset + 2;
    double widest = 0;
    for (const VaultRow &row : rows)
        widest = std::max(widest, letters.horizontalAdvance(Wording::shown(row.peerName)) + beside);
    const double letter = QFontMetricsF(font).averageCharWidth();
    return std::clamp(widest, letter * 22, letter * 26);
}

QString MapPainter::stateText(const VaultRow &row, bool stale)
{
    if (stale)
        return tr("Unknown");
    if (row.phase != Phase::Mirroring)
        return Wording::phase(row.phase);
    // Nothing is on its way only if the lag is exactly 0.
    const bool still = row.lag == Milliseconds(0);
    if (const qsizetype faults = row.faults(); faults > 0) {
        return still ? tr("%n problem(s)", nullptr, int(faults))
                     : tr("%n problem(s), lag %1", nullptr, int(faults)).arg(Wording::lag(row.lag));
    }
    return row.inSync && still ? tr("In sync") : tr("Lag %1").arg(Wording::lag(row.lag));
}

void MapPainter::paint(const QRectF &area) const
{
    for (const MapPeer &peer : m_scene.plan.peers) {
        for (const MapLine &line : peer.lines)
            paintArrow(line);
    }
    for (const MapPeer &peer : m_scene.plan.peers) {
        for (const MapLine &line : peer.lines) {
            if (line.place.intersects(area))
                paintLabels(line);
        }
        if (peer.place.intersects(area))
            paintPeer(peer);
    }
    paintMachine(m_scene.plan.centre, m_scene.machine, {tr("This machine")}, true);
}

void MapPainter::paintArrow(const MapLine &line) const
{
    const QPen pen = penOf(line, m_scene);
    m_painter.setPen(pen);
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawPath(pathOf(line));
    const bool outgoing = line.direction == Direction::Outgoing;
    const QPointF tip = outgoing ? line.peer : line.centre;
    const bool rightwards = (line.peer.x() > line.centre.x()) == outgoing;
    const double length = m_line * 0.75;
    const double back = tip.x() + (rightwards ? -length : length);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(pen.color());
    m_painter.drawPolygon(
        QPolygonF{tip, QPointF(back, tip.y() - length / 2), QPointF(back, tip.y() + length / 2)});
}

void MapPainter::paintLabels(const MapLine &line) const
{
    QPen border = penOf(line, m_scene);
    border.setStyle(Qt::SolidLine);
    border.setWidthF(1);
    m_painter.setPen(border);
    m_painter.setBrush(m_scene.palette.base());
    m_painter.drawRoundedRect(line.place.adjusted(0.5, 0.5, -0.5, -0.5), corner, corner);
    for (const MapLabel &label : line.labels)
        paintLabel(label);
}

void MapPainter::paintLabel(const MapLabel &label) const
{
    const bool selected = label.row >= 0 && label.row == m_scene.current;
    const QRectF inner = label.place.adjusted(2, 2, -2, -2);
    if (selected) {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(m_scene.palette.highlight());
        m_painter.drawRoundedRect(inner, corner - 1, corner - 1);
    }
    if (selected && m_scene.focused) {
        m_painter.setPen(QPen(m_scene.palette.color(QPalette::Text), 1, Qt::DotLine));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRoundedRect(label.place.adjusted(1, 1, -1, -1), corner, corner);
    }
    const QRectF area = inner.adjusted(inset - 2, 0, -inset + 2, 0);
    m_painter.setPen(m_scene.palette.color(selected ? QPalette::HighlightedText : QPalette::Text));
    if (label.row >= 0)
        return paintMirror(m_scene.rows[label.row], area, selected);
    QFont slanted = m_scene.font;
    slanted.setItalic(true);
    m_painter.setFont(slanted);
    paintText(area,
              label.more > 0 ? tr("and %n more…", nullptr, int(label.more)) : tr("Show fewer"),
              Qt::AlignLeading);
    m_painter.setFont(m_scene.font);
}

void MapPainter::paintMirror(const VaultRow &row, const QRectF &area, bool selected) const
{
    const double sign = m_line;
    const QString state = stateText(row, m_scene.stale);
    const double stateWidth =
        std::min(QFontMetricsF(m_scene.font).horizontalAdvance(state) + 2, area.width() * 0.6);
    const double nameWidth = area.width() - sign - inset - stateWidth - inset;
    const auto part = [&](double from, double width) {
        const double left = m_scene.mirrored ? area.right() - from - width : area.left() + from;
        return QRectF(left, area.top(), width, area.height());
    };
    stateIcon(row, m_scene.stale)
        .paint(&m_painter,
               QRectF(part(0, sign).left(), area.center().y() - sign / 2, sign, sign).toRect(),
               Qt::AlignCenter, selected ? QIcon::Selected : QIcon::Normal);
    paintText(part(sign + inset, nameWidth), Wording::shown(row.name), Qt::AlignLeading);
    paintText(part(area.width() - stateWidth, stateWidth), state, Qt::AlignTrailing);
}

void MapPainter::paintPeer(const MapPeer &peer) const
{
    QStringList more;
    for (const MapLine &line : peer.lines) {
        const int count = int(line.rows.size());
        more.append(line.direction == Direction::Outgoing
                        ? tr("%n vault(s) to it", nullptr, count)
                        : tr("%n vault(s) from it", nullptr, count));
    }
    paintMachine(peer.place, peer.name, more, false);
}

void MapPainter::paintMachine(const QRectF &place, const QString &name, const QStringList &more,
                              bool ours) const
{
    const QColor text = m_scene.palette.color(QPalette::WindowText);
    QColor border = ours ? m_scene.palette.color(QPalette::Highlight) : text;
    border.setAlphaF(ours ? 1.0F : 0.35F);
    m_painter.setPen(QPen(border, ours ? 2 : 1));
    m_painter.setBrush(m_scene.palette.button());
    m_painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), corner, corner);
    const double sign = m_line * signShare;
    const QRectF area = place.adjusted(inset, inset, -inset, -inset);
    const double lines = double(1 + more.size()) * m_line;
    double top = area.center().y() - lines / 2;
    const QRectF signPlace(m_scene.mirrored ? area.right() - sign : area.left(),
                           area.center().y() - sign / 2, sign, sign);
    icon(QStringLiteral("machine")).paint(&m_painter, signPlace.toRect());
    const double left = m_scene.mirrored ? area.left() : signPlace.right() + inset;
    const double width = area.width() - sign - inset;
    m_painter.setPen(text);
    QFont bold = m_scene.font;
    bold.setBold(true);
    m_painter.setFont(bold);
    paintText(QRectF(left, top, width, m_line), Wording::shown(name), Qt::AlignLeading);
    m_painter.setFont(m_scene.font);
    for (const QString &line : more) {
        top += m_line;
        paintText(QRectF(left, top, width, m_line), line, Qt::AlignLeading);
    }
}

// Where reading begins is told by the map, not by the letters of a name.
void MapPainter::paintText(const QRectF &area, const QString &text, Qt::Alignment alignment) const
{
    const auto direction = m_scene.mirrored ? Qt::RightToLeft : Qt::LeftToRight;
    const Qt::Alignment side = QStyle::visualAlignment(direction, alignment) | Qt::AlignAbsolute;
    m_painter.drawText(
        area, int(side | Qt::AlignVCenter) | Qt::TextSingleLine,
        QFontMetricsF(m_painter.font()).elidedText(text, Qt::ElideMiddle, area.width()));
}

} // namespace octopus::desktop
