#include "app/desktop/map/maplayout.h"

#include <algorithm>
#include <array>

namespace octopus::desktop {

namespace {

bool isWithin(const QByteArray &path, const QByteArray &folder)
{
    return path == folder || path.startsWith(folder.endsWith('/') ? folder : folder + '/');
}

QList<MapPeer> peersOf(const QList<VaultRow> &rows)
{
    QList<MapPeer> peers;
    for (int row = 0; row < rows.size(); ++row) {
        auto peer = std::ranges::find(peers, rows[row].peer, &MapPeer::id);
        if (peer == peers.end())
            peer = peers.insert(peers.end(),
                                MapPeer{rows[row].peer, rows[row].peerName, false, {}, {}});
        auto line = std::ranges::find(peer->lines, rows[row].direction, &MapLine::direction);
        if (line == peer->lines.end()) {
            // Outgoing first, whichever was met first.
            const bool first = rows[row].direction == Direction::Outgoing;
            MapLine made;
            made.direction = rows[row].direction;
            line = peer->lines.insert(first ? peer->lines.begin() : peer->lines.end(), made);
        }
        line->rows.append(row);
    }
    return peers;
}

// How many labels a line may have, so that the room is used and the lines of a side share it.
qsizetype mostLabelsOf(const QList<MapPeer> &peers, const MapMetrics &metrics)
{
    qsizetype lines = 0;
    for (const MapPeer &peer : peers)
        lines += peer.lines.size();
    const qsizetype fullerSide = (lines + 1) / 2;
    const auto share = double(fullerSide);
    const double around = 2 * metrics.gap;
    const double room = metrics.room.height() - around * (share + 1);
    return std::max(leastMapLabels, qsizetype(room / metrics.label / std::max(share, 1.0)));
}

// Those that need a look before the others, and always the current one; the order is that of the
// rows.
QList<MapLabel> labelsOf(const MapLine &line, const QList<VaultRow> &rows, int current, bool all,
                         qsizetype most)
{
    QList<MapLabel> labels;
    if (all || line.rows.size() <= most) {
        for (const int row : line.rows)
            labels.append({row, 0, {}});
        if (line.rows.size() > most)
            labels.append({-1, 0, {}}); // to be bundled again
        return labels;
    }
    // One place is for the number of the others, one for the current row.
    QSet<int> shown{current};
    for (const bool looked : {true, false}) {
        for (const int row : line.rows) {
            if (shown.size() < most - 1 && needsLook(rows[row]) == looked)
                shown.insert(row);
        }
    }
    for (const int row : line.rows) {
        if (shown.contains(row))
            labels.append({row, 0, {}});
    }
    labels.append({-1, line.rows.size() - labels.size(), {}});
    return labels;
}

double heightOf(const MapLine &line, const MapMetrics &metrics)
{
    return double(line.labels.size()) * metrics.label;
}

double heightOf(const MapPeer &peer, const MapMetrics &metrics)
{
    double height = metrics.gap * double(peer.lines.size() - 1);
    for (const MapLine &line : peer.lines)
        height += heightOf(line, metrics);
    return std::max(height, metrics.nodeHeight);
}

// How far apart two machines of one side stand.
double distance(const MapMetrics &metrics)
{
    return 2 * metrics.gap;
}

// Each peer goes to the side that is less full; the first to where reading goes on.
std::array<double, 2> chooseSides(QList<MapPeer> &peers, const MapMetrics &metrics)
{
    std::array<double, 2> heights{};
    for (MapPeer &peer : peers) {
        peer.before = heights[1] < heights[0];
        double &height = heights[peer.before ? 1 : 0];
        height += heightOf(peer, metrics) + (height > 0 ? distance(metrics) : 0);
    }
    return heights;
}

void placeLine(MapLine &line, double left, double top, double width, const MapMetrics &metrics)
{
    line.place = QRectF(left, top, width, heightOf(line, metrics));
    for (MapLabel &label : line.labels) {
        label.place = QRectF(left, top, width, metrics.label);
        top += metrics.label;
    }
}

struct Columns {
    double node = 0;  // left edge of the machines
    double label = 0; // left edge of the labels
    double width = 0; // of the labels
};

void placeSide(MapPlan &plan, bool before, double height, const Columns &columns,
               const MapMetrics &metrics)
{
    double top = (plan.size.height() - height) / 2;
    const double nodeEdge = before ? columns.node + metrics.peerWidth : columns.node;
    QList<MapLine *> lines;
    for (MapPeer &peer : plan.peers) {
        if (peer.before != before)
            continue;
        const double slot = heightOf(peer, metrics);
        peer.place = QRectF(columns.node, top + (slot - metrics.nodeHeight) / 2, metrics.peerWidth,
                            metrics.nodeHeight);
        double used = metrics.gap * double(peer.lines.size() - 1);
        for (const MapLine &line : peer.lines)
            used += heightOf(line, metrics);
        double at = top + (slot - used) / 2;
        for (MapLine &line : peer.lines) {
            placeLine(line, columns.label, at, columns.width, metrics);
            at += line.place.height() + metrics.gap;
            lines.append(&line);
        }
        for (qsizetype i = 0; i < peer.lines.size(); ++i) {
            const double share = double(i + 1) / double(peer.lines.size() + 1);
            peer.lines[i].peer = {nodeEdge, peer.place.top() + share * peer.place.height()};
        }
        top += slot + distance(metrics);
    }
    const double edge = before ? plan.centre.left() : plan.centre.right();
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const double share = double(i + 1) / double(lines.size() + 1);
        lines[i]->centre = {edge, plan.centre.top() + share * plan.centre.height()};
    }
}

void flip(QRectF &place, double width)
{
    place.moveLeft(width - place.right());
}

void flip(MapPlan &plan)
{
    const double width = plan.size.width();
    flip(plan.centre, width);
    for (MapPeer &peer : plan.peers) {
        flip(peer.place, width);
        for (MapLine &line : peer.lines) {
            flip(line.place, width);
            line.centre.setX(width - line.centre.x());
            line.peer.setX(width - line.peer.x());
            for (MapLabel &label : line.labels)
                flip(label.place, width);
        }
    }
}

// Down the side where reading goes on, then down the other.
void putInOrder(MapPlan &plan)
{
    for (const bool before : {false, true}) {
        for (const MapPeer &peer : plan.peers) {
            for (const MapLine &line : peer.lines) {
                if (peer.before == before)
                    plan.order.append(line.rows);
            }
        }
    }
}

} // namespace

bool needsLook(const VaultRow &row)
{
    return row.halt || row.faults() > 0 || row.isBehind() || row.phase == Phase::Offline
        || row.phase == Phase::Halted || row.phase == Phase::Diverged;
}

QRectF MapPlan::placeOf(int row) const
{
    for (const MapPeer &peer : peers) {
        for (const MapLine &line : peer.lines) {
            if (!line.rows.contains(row))
                continue;
            for (const MapLabel &label : line.labels) {
                if (label.row == row || label.row < 0)
                    return label.place;
            }
        }
    }
    return {};
}

MapPlan planMap(const QList<VaultRow> &rows, const MapMetrics &metrics, int current,
                const QSet<MapLineKey> &unbundled)
{
    MapPlan plan;
    plan.peers = peersOf(rows);
    const qsizetype most = mostLabelsOf(plan.peers, metrics);
    for (MapPeer &peer : plan.peers) {
        for (MapLine &line : peer.lines)
            line.labels =
                labelsOf(line, rows, current, unbundled.contains({peer.id, line.direction}), most);
    }
    const std::array<double, 2> heights = chooseSides(plan.peers, metrics);
    const int sides = heights[1] > 0 ? 2 : 1;
    const double margin = 2 * metrics.gap;
    const double rigid =
        2 * margin + metrics.nodeWidth + sides * (metrics.fan + metrics.arrow + metrics.peerWidth);
    const double width = std::clamp((metrics.room.width() - rigid) / sides, metrics.labelLeast,
                                    std::max(metrics.labelLeast, metrics.labelWidth));
    // The machine in the middle is as high as its lines need to leave it apart.
    qsizetype mostLines = 0;
    for (const bool before : {false, true}) {
        qsizetype lines = 0;
        for (const MapPeer &peer : plan.peers)
            lines += peer.before == before ? peer.lines.size() : 0;
        mostLines = std::max(mostLines, lines);
    }
    const double centreHeight =
        std::max(metrics.nodeHeight, metrics.label * double(mostLines + 1) / 2);
    const double content = std::max({heights[0], heights[1], centreHeight}) + 2 * margin;
    const double taken = rigid + sides * width;
    plan.size =
        QSizeF(std::max(metrics.room.width(), taken), std::max(metrics.room.height(), content));
    // In the middle of the window, also where only one side is used.
    const double left = (plan.size.width() - taken) / 2 + margin;
    const double side = metrics.peerWidth + metrics.arrow + width + metrics.fan;
    plan.centre = QRectF(left + (sides == 2 ? side : 0), (plan.size.height() - centreHeight) / 2,
                         metrics.nodeWidth, centreHeight);
    const double after = plan.centre.right() + metrics.fan;
    placeSide(plan, false, heights[0], {after + width + metrics.arrow, after, width}, metrics);
    placeSide(plan, true, heights[1], {left, left + metrics.peerWidth + metrics.arrow, width},
              metrics);
    putInOrder(plan);
    if (metrics.mirrored)
        flip(plan);
    return plan;
}

QList<MapChain> chainsOf(const QList<VaultRow> &rows)
{
    QList<MapChain> chains;
    for (int in = 0; in < rows.size(); ++in) {
        const QByteArray &kept = rows[in].destination;
        if (rows[in].direction != Direction::Incoming || kept.isEmpty())
            continue;
        for (int out = 0; out < rows.size(); ++out) {
            const bool goesOn =
                std::ranges::any_of(rows[out].sources, [&](const QByteArray &source) {
                    return isWithin(kept, source) || isWithin(source, kept);
                });
            if (rows[out].direction == Direction::Outgoing && goesOn)
                chains.append({in, out});
        }
    }
    return chains;
}

} // namespace octopus::desktop
