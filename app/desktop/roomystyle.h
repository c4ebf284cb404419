// RoomyStyle: the style of the application with more room around the text of a table's cells and
// headers; a picture or a check box stands close to its text all the same. GUI thread.
#pragma once

#include "app/desktop/style.h"

class QTableView;

namespace octopus::desktop {

class RoomyStyle : public Style
{
    Q_OBJECT

public:
    // Gives the table and its header this style; it belongs to the table.
    static void give(QTableView &table);
    // Likewise, and makes it a list to read: one row is chosen, nothing edited, each row is one line.
    static void giveList(QTableView &table);
    int pixelMetric(PixelMetric metric, const QStyleOption *option,
                    const QWidget *widget) const override;
    QRect subElementRect(SubElement element, const QStyleOption *option,
                         const QWidget *widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &contents,
                           const QWidget *widget) const override;
};

} // namespace octopus::desktop
