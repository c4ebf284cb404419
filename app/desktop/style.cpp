#include "app/desktop/style.h"

#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QStyleOption>
#include <QToolButton>

namespace octopus::desktop {

namespace {

void paintOutline(QPainter &painter, const QStyleOption &option, float strength, double corner)
{
    QColor ink = option.palette.color(QPalette::Text);
    ink.setAlphaF(option.state.testFlag(QStyle::State_Enabled) ? strength : strength / 2);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(ink, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), corner, corner);
    painter.restore();
}

// Of a tool bar: across it, half way.
void paintSeparator(QPainter &painter, const QStyleOption &option)
{
    constexpr float strength = 0.3F;
    constexpr int margin = 3;
    QColor ink = option.palette.color(QPalette::WindowText);
    ink.setAlphaF(strength);
    const QRect rect = option.rect;
    painter.fillRect(
        option.state.testFlag(QStyle::State_Horizontal)
            ? QRect(rect.center().x(), rect.y() + margin, 1, rect.height() - 2 * margin)
            : QRect(rect.x() + margin, rect.center().y(), rect.width() - 2 * margin, 1),
        ink);
}

// How strong an outline this needs on a dark palette; 0: none.
float outlineOf(QStyle::PrimitiveElement element, const QStyleOption &option)
{
    constexpr float ofBox = 0.55F;
    constexpr float ofField = 0.3F;
    constexpr float ofFrame = 0.16F;
    switch (element) {
    case QStyle::PE_IndicatorCheckBox:
    case QStyle::PE_IndicatorItemViewItemCheck:
    case QStyle::PE_IndicatorRadioButton: return ofBox;
    case QStyle::PE_FrameLineEdit: // the one with the focus has a coloured one
        return option.state.testFlag(QStyle::State_HasFocus) ? 0 : ofField;
    case QStyle::PE_Frame:
    case QStyle::PE_FrameGroupBox: return ofFrame;
    default: return 0;
    }
}

} // namespace

bool Style::isBuiltIn() const
{
    return baseStyle()->name() == u"fusion";
}

bool Style::isDark(const QStyleOption &option) const
{
    return option.palette.color(QPalette::Base).lightnessF() < 0.5F && isBuiltIn();
}

void Style::polish(QApplication *application)
{
    QProxyStyle::polish(application);
    application->installEventFilter(this);
}

void Style::unpolish(QApplication *application)
{
    application->removeEventFilter(this);
    QProxyStyle::unpolish(application);
}

bool Style::eventFilter(QObject *watched, QEvent *event)
{
    const bool isKey = event->type() == QEvent::KeyPress || event->type() == QEvent::KeyRelease;
    const bool isAlt = isKey && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Alt;
    if (isAlt || event->type() == QEvent::ApplicationStateChange) {
        const bool held = isAlt && event->type() == QEvent::KeyPress;
        if (std::exchange(m_altHeld, held) != held && QGuiApplication::isRightToLeft()) {
            for (QWidget *widget : QApplication::allWidgets())
                widget->update();
        }
    }
    return QProxyStyle::eventFilter(watched, event);
}

int Style::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                     QStyleHintReturn *more) const
{
    if (hint == SH_UnderlineShortcut && QGuiApplication::isRightToLeft() && isBuiltIn())
        return m_altHeld;
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons && isBuiltIn())
        return 0; // only some would: those whose words are Qt's
    return QProxyStyle::styleHint(hint, option, widget, more);
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                          const QWidget *widget) const
{
    if (element == PE_IndicatorToolBarSeparator && isDark(*option))
        return paintSeparator(*painter, *option);
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    const float strength = outlineOf(element, *option);
    if (strength <= 0 || !isDark(*option))
        return;
    const bool isRound = element == PE_IndicatorRadioButton;
    paintOutline(*painter, *option, strength, isRound ? option->rect.width() / 2.0 : 2);
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
                               QPainter *painter, const QWidget *widget) const
{
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    const auto *box = qstyleoption_cast<const QStyleOptionComboBox *>(option);
    if (control == CC_ComboBox && box && box->editable && isDark(*option)
        && !option->state.testFlag(State_HasFocus))
        paintOutline(*painter, *option, 0.3F, 2);
}

// The built-in style leaves room for two letters after the text of a tool button, on one side only.
QSize Style::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &contents,
                              const QWidget *widget) const
{
    const QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
    const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
    if (type != CT_ToolButton || !button || button->toolButtonStyle != Qt::ToolButtonTextBesideIcon
        || button->text.isEmpty() || !isBuiltIn())
        return size;
    return size - QSize(button->fontMetrics.horizontalAdvance(u' ') * 2, 0);
}

} // namespace octopus::desktop
