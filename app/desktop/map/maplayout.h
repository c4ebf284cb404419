// MapLayout: where machines, mirrors and their labels stand on the map: this machine in the middle,
// the others right and left of it, each with a line for what is mirrored there above a line for
// what is mirrored from there. A line carries one label for each mirror; of many, those that need
// somebody to look, the current one, and how many more there are. Nothing overlaps, and the same
// rows give the same picture. Lengths are in pixels. Pure.
#pragma once

#include "app/desktop/vaultrow.h"

#include <QRectF>
#include <QSet>

namespace octopus::desktop {

// A mirror that somebody should look at.
[[nodiscard]] bool needsLook(const VaultRow &row);

struct MapMetrics {
    double label = 24;       // height of a label
    double labelWidth = 240; // at most; narrower where there is less room
    double labelLeast = 150; // but not narrower than this
    double nodeWidth = 130;  // of this machine
    double peerWidth = 130;  // of the others
    double nodeHeight = 64;
    double gap = 10;       // between what stands one above the other
    double arrow = 34;     // of a line that is seen between a machine and the labels
    double fan = 70;       // between the labels and the machine in the middle
    QSizeF room;           // of the window
    bool mirrored = false; // reads from right to left
};

struct MapLabel {
    int row = -1;       // of the rows; -1: `more` others, or an end to showing them all
    qsizetype more = 0; // mirrors that have no label of their own
    QRectF place;
};

// All mirrors between two machines in one direction.
struct MapLine {
    Direction direction = Direction::Outgoing;
    QList<int> rows;
    QList<MapLabel> labels;
    QRectF place;   // of the labels together
    QPointF centre; // where it meets the machine in the middle
    QPointF peer;   // where it meets the other one
};

struct MapPeer {
    MachineId id;
    QString name;
    bool before = false; // on the side where reading begins
    QRectF place;
    QList<MapLine> lines; // outgoing first; one of each direction at most
    [[nodiscard]] bool isMutual() const { return lines.size() == 2; }
};

struct MapPlan {
    QRectF centre;
    QList<MapPeer> peers; // in the order of the rows
    QSizeF size;          // of everything, at least the room
    QList<int> order;     // of the rows, as the keys go through them
    // The place of a row's label; of the label for all others where it has none of its own.
    [[nodiscard]] QRectF placeOf(int row) const;
};

// A line with more mirrors than there is room for is bundled; never one with so few.
inline constexpr qsizetype leastMapLabels = 6;
// The lines that are to show all their labels, however many: (peer, direction).
using MapLineKey = std::pair<MachineId, Direction>;

[[nodiscard]] MapPlan planMap(const QList<VaultRow> &rows, const MapMetrics &metrics, int current,
                              const QSet<MapLineKey> &unbundled);

// A replica kept here whose files a vault of this machine mirrors on: they go through two machines.
struct MapChain {
    int incoming = -1;
    int outgoing = -1;
};
[[nodiscard]] QList<MapChain> chainsOf(const QList<VaultRow> &rows);

} // namespace octopus::desktop
