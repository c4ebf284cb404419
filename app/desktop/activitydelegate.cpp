#include "app/desktop/activitydelegate.h"

#include "app/desktop/vaultmodel.h"

#include <QApplication>
#include <QPainter>

namespace octopus::desktop {

namespace {

constexpr int barMargin = 7;
constexpr int barHeight = 6;

} // namespace

// A sentence begins with what matters; only paths are told by both of their ends.
void ActivityDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->textElideMode = Qt::ElideRight;
}

void ActivityDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    const QVariant share = index.data(VaultModel::ShareRole);
    if (!share.isValid())
        return QStyledItemDelegate::paint(painter, option, index);
    const bool mirrored = option.direction == Qt::RightToLeft;
    QStyleOptionViewItem item(option);
    initStyleOption(&item, index);
    const QString text = std::exchange(item.text, QString());
    const QWidget *widget = option.widget;
    QStyle *style = widget ? widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter,
                       widget); // background, selection, focus

    const bool selected = item.state.testFlag(QStyle::State_Selected);
    const QRect area = item.rect.adjusted(barMargin, 0, -barMargin, 0);
    const QColor ink = item.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    const int top = area.center().y() - (item.fontMetrics.height() + barHeight + 2) / 2;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(ink);
    painter->drawText(QRect(area.left(), top, area.width(), item.fontMetrics.height()),
                      (mirrored ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute
                          | Qt::AlignVCenter,
                      item.fontMetrics.elidedText(text, Qt::ElideRight, area.width()));
    QRectF bar(area.left(), top + item.fontMetrics.height() + 2, area.width(), barHeight);
    QColor groove = ink;
    groove.setAlphaF(0.18F);
    painter->setPen(Qt::NoPen);
    painter->setBrush(groove);
    painter->drawRoundedRect(bar, barHeight / 2.0, barHeight / 2.0);
    const double done = bar.width() * share.toInt() / 1000.0;
    if (mirrored)
        bar.setLeft(bar.right() - done);
    else
        bar.setWidth(done);
    painter->setBrush(selected ? ink : item.palette.color(QPalette::Highlight));
    painter->drawRoundedRect(bar, barHeight / 2.0, barHeight / 2.0);
    painter->restore();
}

} // namespace octopus::desktop
