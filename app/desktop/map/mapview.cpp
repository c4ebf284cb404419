#include "app/desktop/map/mapview.h"

#include "app/desktop/map/mappainter.h"
#include "app/desktop/wording.h"

#include <QAction>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace octopus::desktop {

namespace {

constexpr qsizetype shownChains = 3;

} // namespace

MapView::MapView(VaultModel &model, const QList<QAction *> &actions) : m_model(model)
{
    setModel(&model);
    setObjectName(QStringLiteral("map"));
    setAccessibleName(tr("Map of machines and mirrors"));
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setTabKeyNavigation(false);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerPixel);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    addActions(actions);
    // Drawn on the window, not on paper: the labels stand out.
    viewport()->setBackgroundRole(QPalette::Window);
}

void MapView::setMachine(const QString &name)
{
    if (std::exchange(m_machine, name) != name)
        viewport()->update();
}

void MapView::replan()
{
    MapMetrics metrics = MapPainter::metricsFor(font());
    metrics.peerWidth = MapPainter::peerWidthFor(font(), m_model.rows());
    metrics.room = QSizeF(maximumViewportSize());
    metrics.mirrored = isRightToLeft();
    const auto plan = [&] {
        m_plan = planMap(m_model.rows(), metrics, currentIndex().row(), m_unbundled);
    };
    plan();
    if (m_plan.size.height() > metrics.room.height()) { // a scroll bar takes its part
        metrics.room.rwidth() -= verticalScrollBar()->sizeHint().width();
        plan();
    }
    updateGeometries();
    viewport()->update();
    Q_EMIT planned();
}

QString MapView::chainText() const
{
    const QList<VaultRow> &rows = m_model.rows();
    const QList<MapChain> chains = chainsOf(rows);
    QStringList texts;
    for (const MapChain &chain : chains.first(std::min(chains.size(), shownChains))) {
        const VaultRow &in = rows[chain.incoming];
        const VaultRow &out = rows[chain.outgoing];
        texts.append(tr("%1 → %2 (%3) → %4 (%5)", "a chain of machines, each with the vault it has")
                         .arg(Wording::shown(in.peerName), Wording::shown(m_machine),
                              Wording::shown(in.name), Wording::shown(out.peerName),
                              Wording::shown(out.name)));
    }
    if (chains.size() > shownChains)
        texts.append(tr("and %n more", nullptr, int(chains.size() - shownChains)));
    return texts.isEmpty() ? QString()
                           : tr("In a chain: %1").arg(texts.join(QStringLiteral(" · ")));
}

QPointF MapView::offset() const
{
    return {double(horizontalOffset()), double(verticalOffset())};
}

int MapView::horizontalOffset() const
{
    const QScrollBar *bar = horizontalScrollBar();
    return isRightToLeft() ? bar->maximum() - bar->value() : bar->value();
}

int MapView::verticalOffset() const
{
    return verticalScrollBar()->value();
}

QRect MapView::visualRect(const QModelIndex &index) const
{
    return index.isValid() ? m_plan.placeOf(index.row()).translated(-offset()).toRect() : QRect();
}

QModelIndex MapView::indexAt(const QPoint &point) const
{
    const QPointF at = QPointF(point) + offset();
    for (const MapPeer &peer : m_plan.peers) {
        for (const MapLine &line : peer.lines) {
            for (const MapLabel &label : line.labels) {
                if (label.row >= 0 && label.place.contains(at))
                    return m_model.index(label.row, VaultModel::Name);
            }
        }
    }
    return {};
}

void MapView::scrollTo(const QModelIndex &index, ScrollHint /*hint*/)
{
    const QRect place = visualRect(index);
    const QRect seen = viewport()->rect();
    if (!place.isValid() || seen.contains(place))
        return;
    const auto move = [](QScrollBar *bar, int low, int high, int most, int sign) {
        if (low < 0)
            bar->setValue(bar->value() + sign * low);
        else if (high > most)
            bar->setValue(bar->value() + sign * std::min(high - most, low));
    };
    move(verticalScrollBar(), place.top(), place.bottom(), seen.bottom(), 1);
    move(horizontalScrollBar(), place.left(), place.right(), seen.right(),
         isRightToLeft() ? -1 : 1);
}

// A view that is reset forgets the selection; this one may belong to a table that has just chosen.
void MapView::reset()
{
    const int row = currentIndex().row();
    QListView::reset();
    if (row >= 0)
        selectionModel()->setCurrentIndex(m_model.index(row, VaultModel::Name),
                                          QItemSelectionModel::ClearAndSelect
                                              | QItemSelectionModel::Rows);
}

void MapView::doItemsLayout()
{
    // NOLINTNEXTLINE(bugprone-parent-virtual-call): QListView's is for the list that it lays out
    QAbstractItemView::doItemsLayout();
    replan();
}

void MapView::updateGeometries()
{
    const QSize seen = maximumViewportSize();
    const QSize whole = m_plan.size.toSize();
    const auto fit = [](QScrollBar *bar, int all, int part) {
        bar->setRange(0, std::max(0, all - part));
        bar->setPageStep(part);
        bar->setSingleStep(part / 12);
    };
    const bool high = whole.height() > seen.height();
    const int narrower = high ? verticalScrollBar()->sizeHint().width() : 0;
    const bool wide = whole.width() > seen.width() - narrower;
    fit(verticalScrollBar(), whole.height(),
        seen.height() - (wide ? horizontalScrollBar()->sizeHint().height() : 0));
    fit(horizontalScrollBar(), whole.width(), seen.width() - narrower);
    // NOLINTNEXTLINE(bugprone-parent-virtual-call): QListView's is for the list that it lays out
    QAbstractItemView::updateGeometries();
}

void MapView::resizeEvent(QResizeEvent *event)
{
    // NOLINTNEXTLINE(bugprone-parent-virtual-call): QListView's is for the list that it lays out
    QAbstractItemView::resizeEvent(event);
    replan();
}

void MapView::showEvent(QShowEvent *event)
{
    QListView::showEvent(event);
    replan();
    scrollTo(currentIndex(), EnsureVisible);
}

void MapView::changeEvent(QEvent *event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LayoutDirectionChange)
        replan();
}

void MapView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    replan(); // the current mirror has a label, whatever bundle it is in
    QListView::currentChanged(current, previous);
    if (isVisible())
        scrollTo(current, EnsureVisible);
}

void MapView::dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight,
                          const QList<int> &roles)
{
    // NOLINTNEXTLINE(bugprone-parent-virtual-call): QListView's is for the list that it lays out
    QAbstractItemView::dataChanged(topLeft, bottomRight, roles);
    // Another mirror of a bundle may need a look now; of many changes at once this is done once.
    if (isVisible())
        scheduleDelayedItemsLayout();
}

void MapView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    painter.translate(-offset());
    const MapScene scene{m_plan,
                         m_model.rows(),
                         m_machine,
                         m_model.isStale(),
                         currentIndex().row(),
                         hasFocus(),
                         isRightToLeft(),
                         palette(),
                         font()};
    MapPainter(painter, scene).paint(QRectF(event->rect()).translated(offset()));
}

// The next mirror of the other side, at the same height.
int MapView::across(int row) const
{
    const QRectF from = m_plan.placeOf(row);
    const bool isRight = from.center().x() > m_plan.centre.center().x();
    int best = row;
    double least = -1;
    for (const int other : m_plan.order) {
        const QPointF place = m_plan.placeOf(other).center();
        if ((place.x() > m_plan.centre.center().x()) == isRight)
            continue;
        const double distance = std::abs(place.y() - from.center().y());
        if (least < 0 || distance < least) {
            least = distance;
            best = other;
        }
    }
    return best;
}

QModelIndex MapView::moveCursor(CursorAction action, Qt::KeyboardModifiers /*keys*/)
{
    constexpr qsizetype page = 5;
    if (m_plan.order.isEmpty())
        return {};
    const int row = currentIndex().row();
    const qsizetype at = m_plan.order.indexOf(row);
    qsizetype wanted = 0;
    switch (action) {
    case MoveUp:
    case MovePrevious: wanted = at - 1; break;
    case MoveDown:
    case MoveNext: wanted = at + 1; break;
    case MovePageUp: wanted = at - page; break;
    case MovePageDown: wanted = at + page; break;
    case MoveHome: wanted = 0; break;
    case MoveEnd: wanted = m_plan.order.size() - 1; break;
    case MoveLeft:
    case MoveRight: {
        const bool isRight = m_plan.placeOf(row).center().x() > m_plan.centre.center().x();
        const bool leaves = isRight == (action == MoveLeft);
        return m_model.index(leaves ? across(row) : row, VaultModel::Name);
    }
    }
    wanted = std::clamp<qsizetype>(wanted, 0, m_plan.order.size() - 1);
    return m_model.index(m_plan.order[wanted], VaultModel::Name);
}

void MapView::setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags flags)
{
    selectionModel()->select(indexAt(rect.center()), flags);
}

QRegion MapView::visualRegionForSelection(const QItemSelection &selection) const
{
    QRegion region;
    for (const QModelIndex &index : selection.indexes())
        region += visualRect(index);
    return region;
}

// A click beside everything changes nothing.
QItemSelectionModel::SelectionFlags MapView::selectionCommand(const QModelIndex &index,
                                                              const QEvent *event) const
{
    if (!index.isValid())
        return QItemSelectionModel::NoUpdate;
    return QListView::selectionCommand(index, event);
}

const MapLine *MapView::bundleAt(const QPoint &point, MachineId &peer) const
{
    const QPointF at = QPointF(point) + offset();
    for (const MapPeer &one : m_plan.peers) {
        for (const MapLine &line : one.lines) {
            peer = one.id;
            if (line.labels.last().row < 0 && line.labels.last().place.contains(at))
                return &line;
        }
    }
    return nullptr;
}

// "and 40 more" shows them, "show fewer" hides them.
void MapView::mouseReleaseEvent(QMouseEvent *event)
{
    // NOLINTNEXTLINE(bugprone-parent-virtual-call): QListView's is for the list that it lays out
    QAbstractItemView::mouseReleaseEvent(event);
    MachineId peer;
    const MapLine *line = bundleAt(event->position().toPoint(), peer);
    if (!line || event->button() != Qt::LeftButton)
        return;
    const MapLineKey key(peer, line->direction);
    if (!m_unbundled.remove(key))
        m_unbundled.insert(key);
    replan();
}

QString MapView::toolTipAt(const QPoint &point) const
{
    const VaultRow *row = m_model.rowAt(indexAt(point));
    if (row)
        return Wording::toolTip(Wording::mirror(*row, m_machine, m_model.isStale()));
    MachineId bundled;
    if (const MapLine *line = bundleAt(point, bundled))
        return line->labels.last().more > 0 ? tr("Click to see them all") : QString();
    const QPointF at = QPointF(point) + offset();
    const auto peer = std::ranges::find_if(
        m_plan.peers, [&at](const MapPeer &one) { return one.place.contains(at); });
    if (peer == m_plan.peers.end())
        return {};
    const QString name = Wording::shown(peer->name);
    const QString text =
        peer->isMutual() ? tr("%1 and this machine mirror each other.").arg(name) : name;
    return Wording::toolTip(text + u'\n' + peer->id.text());
}

bool MapView::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QListView::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    QToolTip::showText(help->globalPos(), toolTipAt(help->pos()), viewport());
    return true;
}

} // namespace octopus::desktop
