// MapPainter: draws a MapPlan: machines as boxes, mirrors as arrows with their labels. Each state has
// its icon, its word and its kind of line, besides its colour. GUI thread.
#pragma once

#include "app/desktop/map/maplayout.h"

#include <QCoreApplication>
#include <QFont>
#include <QPalette>

class QPainter;

namespace octopus::desktop {

struct MapScene {
    const MapPlan &plan;
    const QList<VaultRow> &rows;
    QString machine; // this one
    bool stale = false;
    int current = -1;
    bool focused = false;
    bool mirrored = false;
    QPalette palette;
    QFont font;
};

class MapPainter
{
    Q_DECLARE_TR_FUNCTIONS(octopus::desktop::MapPainter)

public:
    MapPainter(QPainter &painter, const MapScene &scene);
    // What of the plan touches `area`.
    void paint(const QRectF &area) const;

    // For a font: how large everything is.
    [[nodiscard]] static MapMetrics metricsFor(const QFont &font);
    // So that the names of the machines fit, within reason.
    [[nodiscard]] static double peerWidthFor(const QFont &font, const QList<VaultRow> &rows);
    [[nodiscard]] static QString stateText(const VaultRow &row, bool stale);

private:
    void paintArrow(const MapLine &line) const;
    void paintLabels(const MapLine &line) const;
    void paintLabel(const MapLabel &label) const;
    void paintMirror(const VaultRow &row, const QRectF &area, bool selected) const;
    void paintPeer(const MapPeer &peer) const;
    void paintMachine(const QRectF &place, const QString &name, const QStringList &more,
                      bool ours) const;
    void paintText(const QRectF &area, const QString &text, Qt::Alignment alignment) const;

    QPainter &m_painter;
    const MapScene &m_scene;
    const double m_line; // height of a line of text
};

} // namespace octopus::desktop
