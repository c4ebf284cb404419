#include "app/desktop/emptypage.h"

#include "app/desktop/icons.h"
#include "app/desktop/paragraph.h"

#include <QGridLayout>
#include <QGroupBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

constexpr int pictureSize = 88;
constexpr int widest = 640;

// A step with the button that takes it.
void addStep(QGridLayout &grid, int row, const QString &text, QPushButton *button)
{
    QWidget *parent = grid.parentWidget();
    auto *number = new QLabel(parent->locale().toString(row + 1), parent);
    QFont large = number->font();
    large.setPointSizeF(large.pointSizeF() * 1.6);
    number->setFont(large);
    grid.addWidget(number, row, 0, Qt::AlignCenter);
    grid.addWidget(paragraph(text, parent), row, 1);
    grid.addWidget(button, row, 2);
}

} // namespace

EmptyPage::EmptyPage(bool canPractice)
{
    auto *picture = new QLabel(this);
    picture->setPixmap(
        applicationIcon().pixmap(QSize(pictureSize, pictureSize), devicePixelRatioF()));
    auto *title = new QLabel(tr("Nothing is mirrored yet"), this);
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 1.5);
    title->setFont(large);
    auto *text = paragraph(tr("Octopus mirrors a folder to another machine the moment something "
                              "in it changes."),
                           this);
    text->setAlignment(Qt::AlignCenter);

    auto *column = new QWidget(this);
    column->setMaximumWidth(widest);
    auto *inner = new QVBoxLayout(column);
    inner->setSpacing(12);
    inner->addWidget(picture, 0, Qt::AlignHCenter);
    inner->addWidget(title, 0, Qt::AlignHCenter);
    inner->addWidget(text);
    inner->addWidget(buildSteps());
    if (canPractice)
        inner->addWidget(buildPractice());
    auto *layout = new QGridLayout(this);
    layout->addWidget(column, 1, 1);
    layout->setRowStretch(0, 1);
    layout->setRowStretch(2, 1);
    layout->setColumnStretch(0, 1);
    layout->setColumnStretch(1, 8);
    layout->setColumnStretch(2, 1);
}

QWidget *EmptyPage::buildSteps()
{
    auto *box = new QGroupBox(tr("With another machine"), this);
    auto *machines = new QPushButton(icon(QStringLiteral("machines")), tr("&Machines…"), box);
    machines->setObjectName(QStringLiteral("emptyMachines"));
    auto *add = new QPushButton(icon(QStringLiteral("add")), tr("&Add a Vault…"), box);
    add->setObjectName(QStringLiteral("emptyAdd"));
    connect(machines, &QPushButton::clicked, this, &EmptyPage::machinesWanted);
    connect(add, &QPushButton::clicked, this, &EmptyPage::addWanted);
    auto *grid = new QGridLayout(box);
    grid->setColumnStretch(1, 1);
    grid->setHorizontalSpacing(14);
    grid->setVerticalSpacing(10);
    addStep(*grid, 0,
            tr("Pair this machine with the one that is to keep the replica. On a server without a "
               "display, run there:")
                + commandLine(tr("octopusctl invite --grant FOLDER")),
            machines);
    addStep(*grid, 1, tr("Choose the folder to mirror, or drop it on this window."), add);
    return box;
}

QWidget *EmptyPage::buildPractice()
{
    auto *box = new QGroupBox(tr("Try it on this computer"), this);
    auto *sample = new QPushButton(icon(QStringLiteral("practice")), tr("With a &Sample"), box);
    sample->setObjectName(QStringLiteral("practiceSample"));
    auto *folder = new QPushButton(icon(QStringLiteral("folder")), tr("With a Fol&der…"), box);
    folder->setObjectName(QStringLiteral("practiceFolder"));
    connect(sample, &QPushButton::clicked, this, [this] { Q_EMIT practiceWanted(false); });
    connect(folder, &QPushButton::clicked, this, [this] { Q_EMIT practiceWanted(true); });
    auto *layout = new QHBoxLayout(box);
    layout->addWidget(paragraph(tr("Starts a practice target on this computer and mirrors a "
                                   "sample, or a folder of yours, to it. When you end the "
                                   "practice the target is erased; your folder is not touched."),
                                box),
                      1);
    layout->addWidget(sample);
    layout->addWidget(folder);
    return box;
}

} // namespace octopus::desktop
