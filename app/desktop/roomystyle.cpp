#include "app/desktop/roomystyle.h"

#include <QHeaderView>
#include <QTableView>

#include <algorithm>

namespace octopus::desktop {

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
    constexpr int room = 6;
    const int usual = QProxyStyle::pixelMetric(metric, option, widget);
    const bool isMargin = metric == PM_FocusFrameHMargin || metric == PM_HeaderMargin;
    return isMargin ? std::max(usual, room) : usual;
}

} // namespace octopus::desktop
