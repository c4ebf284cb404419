#include "app/desktop/style.h"

#include <QPainter>
#include <QStyleOption>

namespace octopus::desktop {

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                          const QWidget *widget) const
{
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    const bool isBox = element == PE_IndicatorCheckBox || element == PE_IndicatorItemViewItemCheck;
    const bool isDark = option->palette.color(QPalette::Base).lightnessF() < 0.5F;
    if ((!isBox && element != PE_IndicatorRadioButton) || !isDark)
        return;
    QColor ink = option->palette.color(QPalette::Text);
    ink.setAlphaF(option->state.testFlag(State_Enabled) ? 0.55F : 0.25F);
    const QRectF outline = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(ink, 1));
    painter->setBrush(Qt::NoBrush);
    if (isBox)
        painter->drawRoundedRect(outline, 2, 2);
    else
        painter->drawEllipse(outline);
    painter->restore();
}

} // namespace octopus::desktop
