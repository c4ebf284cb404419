// MapView: the vaults as a map: machines, and the mirrors between them as arrows. A list for the
// keys and for assistive technology: each mirror is an entry of it, and it may share a selection
// with a table of the same model. GUI thread.
#pragma once

#include "app/desktop/map/maplayout.h"
#include "app/desktop/vaultmodel.h"

#include <QListView>

namespace octopus::desktop {

class MapView : public QListView
{
    Q_OBJECT

public:
    // `actions`: the entries of the context menu. All outlive the view.
    MapView(VaultModel &model, const QList<QAction *> &actions);

    void setMachine(const QString &name); // this one's
    [[nodiscard]] const MapPlan &plan() const { return m_plan; }
    // The chains that go through this machine, in one line of words; empty: none.
    [[nodiscard]] QString chainText() const;

    [[nodiscard]] QRect visualRect(const QModelIndex &index) const override;
    [[nodiscard]] QModelIndex indexAt(const QPoint &point) const override;
    void scrollTo(const QModelIndex &index, ScrollHint hint) override;
    void doItemsLayout() override;
    void reset() override;

Q_SIGNALS:
    void planned();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void updateGeometries() override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight,
                     const QList<int> &roles) override;
    [[nodiscard]] QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers keys) override;
    void setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags flags) override;
    [[nodiscard]] QRegion visualRegionForSelection(const QItemSelection &selection) const override;
    [[nodiscard]] QItemSelectionModel::SelectionFlags selectionCommand(
        const QModelIndex &index, const QEvent *event) const override;
    [[nodiscard]] int horizontalOffset() const override;
    [[nodiscard]] int verticalOffset() const override;

private:
    void replan();
    [[nodiscard]] QPointF offset() const;
    [[nodiscard]] int across(int row) const;
    [[nodiscard]] QString toolTipAt(const QPoint &point) const;
    [[nodiscard]] const MapLine *bundleAt(const QPoint &point, MachineId &peer) const;

    VaultModel &m_model;
    QString m_machine;
    MapPlan m_plan;
    QSet<MapLineKey> m_unbundled;
};

} // namespace octopus::desktop
