#include "app/desktop/roomystyle.h"

#include <QHeaderView>
#include <QTableView>

#include <algorithm>

namespace octopus::desktop {

namespace {

constexpr int room = 6;

// Of what stands before the text: it would keep its room on both sides.
int spareRoom(const QStyleOptionViewItem &item)
{
    const bool follows = item.features.testFlag(QStyleOptionViewItem::HasDecoration)
        || item.features.testFlag(QStyleOptionViewItem::HasCheckIndicator);
    return follows && item.decorationPosition == QStyleOptionViewItem::Left ? room : 0;
}

} // namespace

void RoomyStyle::give(QTableView &table)
{
    auto *roomy = new RoomyStyle;
    roomy->setParent(&table); // setStyle() does not take it over
    table.setStyle(roomy);
    table.horizontalHeader()->setStyle(roomy);
}

void RoomyStyle::giveList(QTableView &table)
{
    give(table);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::SingleSelection);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setTabKeyNavigation(false);
    table.setShowGrid(false);
    table.setWordWrap(false);
    table.setTextElideMode(Qt::ElideMiddle);
    table.verticalHeader()->hide();
    table.verticalHeader()->setDefaultSectionSize(table.fontMetrics().height() + 8);
}

int RoomyStyle::pixelMetric(PixelMetric metric, const QStyleOption *option,
                            const QWidget *widget) const
{
    const int usual = Style::pixelMetric(metric, option, widget);
    switch (metric) {
    case PM_FocusFrameHMargin: return std::max(usual, room);
    // Cells add a pixel to theirs: titles stand exactly above what they are the titles of.
    case PM_HeaderMargin: return pixelMetric(PM_FocusFrameHMargin, option, widget) + 1;
    default: return usual;
    }
}

QRect RoomyStyle::subElementRect(SubElement element, const QStyleOption *option,
                                 const QWidget *widget) const
{
    const QRect rect = Style::subElementRect(element, option, widget);
    const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option);
    if (element != SE_ItemViewItemText || !item || !rect.isValid())
        return rect;
    const int spare = spareRoom(*item);
    return item->direction == Qt::RightToLeft ? rect.adjusted(0, 0, spare, 0)
                                              : rect.adjusted(-spare, 0, 0, 0);
}

QSize RoomyStyle::sizeFromContents(ContentsType type, const QStyleOption *option,
                                   const QSize &contents, const QWidget *widget) const
{
    const QSize size = Style::sizeFromContents(type, option, contents, widget);
    const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option);
    if (type != CT_ItemViewItem || !item)
        return size;
    return size - QSize(spareRoom(*item), 0);
}

} // namespace octopus::desktop
