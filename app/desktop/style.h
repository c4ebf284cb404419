// Style: the style of the desktop with check boxes whose outline can be seen on dark palettes, too,
// where the plain built-in style loses it. GUI thread.
#pragma once

#include <QProxyStyle>

namespace octopus::desktop {

class Style : public QProxyStyle
{
    Q_OBJECT

public:
    using QProxyStyle::QProxyStyle;
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
};

} // namespace octopus::desktop
