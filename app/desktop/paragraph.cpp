#include "app/desktop/paragraph.h"

#include <QGuiApplication>
#include <QLabel>

namespace octopus::desktop {

QLabel *paragraph(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    if (parent->isRightToLeft()) // also a command in Latin letters begins where the others do
        label->setAlignment(Qt::AlignRight | Qt::AlignAbsolute | Qt::AlignVCenter);
    return label;
}

QString commandLine(const QString &command)
{
    constexpr QChar leftToRightIsolate(0x2066);
    constexpr QChar endOfIsolate(0x2069);
    if (!QGuiApplication::isRightToLeft())
        return u'\n' + command;
    return u'\n' + (leftToRightIsolate + command + endOfIsolate);
}

} // namespace octopus::desktop
