// ActivityDelegate: draws the Activity column: a progress bar with its text while something is
// copied, plain text else. GUI thread.
#pragma once

#include <QStyledItemDelegate>

namespace octopus::desktop {

class ActivityDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

} // namespace octopus::desktop
