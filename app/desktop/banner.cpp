#include "app/desktop/banner.h"

#include "app/desktop/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>

namespace octopus::desktop {

Banner::Banner()
{
    setFrameShape(StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::ToolTipBase);
    setForegroundRole(QPalette::ToolTipText);
    auto *sign = new QLabel(this);
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize);
    sign->setPixmap(icon(QStringLiteral("warning")).pixmap(QSize(size, size), devicePixelRatioF()));
    m_text = new QLabel(this);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setForegroundRole(QPalette::ToolTipText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_button = new QPushButton(this);
    connect(m_button, &QPushButton::clicked, this, &Banner::pressed);
    auto *layout = new QHBoxLayout(this);
    layout->addWidget(sign);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button);
    hide();
}

void Banner::show(const QString &text, const QString &button)
{
    m_text->setText(text);
    setAccessibleName(text);
    m_button->setText(button.isEmpty() ? tr("Dismiss") : button);
    setVisible(true);
}

void Banner::clear()
{
    m_text->clear();
    hide();
}

QString Banner::text() const
{
    return isHidden() ? QString() : m_text->text();
}

} // namespace octopus::desktop
