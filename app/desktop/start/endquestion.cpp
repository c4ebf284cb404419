#include "app/desktop/start/endquestion.h"

#include "app/desktop/wording.h"

#include <QGuiApplication>
#include <QPushButton>

namespace octopus::desktop {

namespace {

// Each on a line of its own, which begins where the others do, also with a name in Latin letters.
QString listed(const QStringList &names)
{
    constexpr qsizetype mostNames = 6;
    const QString indent =
        QGuiApplication::isRightToLeft() ? QStringLiteral("\u200f    ") : QStringLiteral("    ");
    QStringList lines;
    for (const QString &name : names.first(std::min(names.size(), mostNames)))
        lines.append(indent + Wording::shown(name));
    if (names.size() > mostNames)
        lines.append(EndQuestion::tr("    and %n more", nullptr, int(names.size() - mostNames)));
    return lines.join(u'\n');
}

} // namespace

EndQuestion::EndQuestion(const PracticeUsers &users, QWidget *parent)
    : QMessageBox(QMessageBox::Warning, tr("End practice"),
                  tr("Vaults of yours are mirrored to the practice target, which is erased now."),
                  QMessageBox::NoButton, parent)
{
    setTextFormat(Qt::PlainText);
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("endQuestion"));
    QStringList parts;
    if (!users.alone.isEmpty())
        parts.append(tr("These have no other target. If you keep them, they stand still until you "
                        "choose another one:")
                     + u'\n' + listed(users.alone));
    if (!users.shared.isEmpty())
        parts.append(tr("These lose this target and go on with their others:") + u'\n'
                     + listed(users.shared));
    parts.append(tr("The folders that they mirror are not touched."));
    setInformativeText(parts.join(QStringLiteral("\n\n")));
    addButtons(!users.alone.isEmpty());
}

void EndQuestion::addButtons(bool offersRemoval)
{
    QPushButton *keep = addButton(offersRemoval ? tr("End and &Keep Them") : tr("&End Practice"),
                                  QMessageBox::AcceptRole);
    keep->setObjectName(QStringLiteral("endAndKeep"));
    connect(keep, &QPushButton::clicked, this,
            [this] { Q_EMIT confirmed(PracticeUsers::Fate::Keep); });
    if (offersRemoval) {
        QPushButton *remove = addButton(tr("End and &Remove Them"), QMessageBox::DestructiveRole);
        remove->setObjectName(QStringLiteral("endAndRemove"));
        connect(remove, &QPushButton::clicked, this,
                [this] { Q_EMIT confirmed(PracticeUsers::Fate::Remove); });
    }
    setDefaultButton(addButton(tr("Cancel"), QMessageBox::RejectRole));
}

} // namespace octopus::desktop
