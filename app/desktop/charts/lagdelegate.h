// LagDelegate: draws the Lag column: the lag now above the course of the last 5 minutes. GUI thread.
#pragma once

#include "app/desktop/charts/historybook.h"

#include <QStyledItemDelegate>

namespace octopus::desktop {

class LagDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    LagDelegate(const HistoryBook &book, const VaultModel &model, QObject *parent);
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;

private:
    void paintCourse(QPainter &painter, const QRectF &area, const QColor &ink, bool mirrored,
                     const History &history) const;

    const HistoryBook &m_book;
    const VaultModel &m_model;
};

} // namespace octopus::desktop
