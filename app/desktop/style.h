// Style: the built-in style of the desktop, mended. On dark palettes the outlines of check boxes,
// fields and frames and the separators of tool bars can be seen, too. In scripts whose letters join, an underlined letter would be
// torn out of its word: there the letters of the keyboard are underlined while Alt is held. The
// buttons of dialogs are words alone. Around another style it changes nothing: that knows its
// palettes. GUI thread.
#pragma once

#include <QProxyStyle>

namespace octopus::desktop {

class Style : public QProxyStyle
{
    Q_OBJECT

public:
    using QProxyStyle::polish;
    using QProxyStyle::QProxyStyle;
    using QProxyStyle::unpolish;
    void polish(QApplication *application) override;
    void unpolish(QApplication *application) override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
                            QPainter *painter, const QWidget *widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &contents,
                           const QWidget *widget) const override;
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *more) const override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] bool isBuiltIn() const;
    [[nodiscard]] bool isDark(const QStyleOption &option) const;

    bool m_altHeld = false;
};

} // namespace octopus::desktop
