#include "app/desktop/emptypage.h"

#include "app/desktop/icons.h"

#include <QFontDatabase>
#include <QLabel>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

constexpr int pictureSize = 96;

} // namespace

EmptyPage::EmptyPage()
{
    auto *picture = new QLabel(this);
    picture->setPixmap(
        applicationIcon().pixmap(QSize(pictureSize, pictureSize), devicePixelRatioF()));
    auto *title = new QLabel(tr("Nothing is mirrored yet"), this);
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 1.5);
    title->setFont(large);
    auto *text = new QLabel(
        tr("Pair this machine with another one, then say what to mirror there. In a terminal:"),
        this);
    text->setWordWrap(true);
    text->setAlignment(Qt::AlignCenter);
    m_commands = new QLabel(this);
    m_commands->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_commands->setTextFormat(Qt::PlainText);
    m_commands->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_commands->setFrameShape(QFrame::StyledPanel);
    m_commands->setMargin(12);
    m_commands->setAccessibleName(tr("Commands to begin with"));

    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addStretch();
    layout->addWidget(picture, 0, Qt::AlignHCenter);
    layout->addWidget(title, 0, Qt::AlignHCenter);
    layout->addWidget(text); // as wide as there is room, as it wraps
    layout->addWidget(m_commands, 0, Qt::AlignHCenter);
    layout->addStretch();
    setStateOption({});
}

void EmptyPage::setStateOption(const QString &stateOption)
{
    const QString program = QStringLiteral("octopusctl") + stateOption;
    m_commands->setText(tr("# on the other machine, which is to keep the replica:\n"
                           "octopusctl invite --grant /srv/mirrors\n"
                           "\n"
                           "# here, with the ticket that it prints:\n"
                           "%1 pair octopus:…\n"
                           "%1 vault add documents --source ~/Documents --target NAME")
                            .arg(program));
}

} // namespace octopus::desktop
