#include "app/desktop/fieldnote.h"

#include "app/desktop/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>

namespace octopus::desktop {

FieldNote::FieldNote(QWidget *parent) : QWidget(parent)
{
    m_sign = new QLabel(this);
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize);
    m_sign->setPixmap(
        icon(QStringLiteral("warning")).pixmap(QSize(size, size), devicePixelRatioF()));
    m_text = new QLabel(this);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_sign, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    hide();
}

void FieldNote::showFault(const QString &text)
{
    show(text, true);
}

void FieldNote::showHint(const QString &text)
{
    show(text, false);
}

QString FieldNote::text() const
{
    return isHidden() ? QString() : m_text->text();
}

void FieldNote::show(const QString &text, bool fault)
{
    m_fault = fault && !text.isEmpty();
    m_text->setText(text);
    m_sign->setVisible(m_fault);
    m_text->setForegroundRole(m_fault ? QPalette::WindowText : QPalette::PlaceholderText);
    setAccessibleName(text);
    setVisible(!text.isEmpty());
}

} // namespace octopus::desktop
