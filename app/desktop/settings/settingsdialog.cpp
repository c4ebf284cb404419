#include "app/desktop/settings/settingsdialog.h"

#include "app/desktop/fieldnote.h"
#include "app/desktop/wording.h"

#include <QButtonGroup>
#include <QDialogButtonBox>
#include <QGroupBox>
#include <QPushButton>
#include <QRadioButton>
#include <QStyle>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

QString reasonOf(Obstacle obstacle)
{
    switch (obstacle) {
    case Obstacle::None: break;
    case Obstacle::NotWritable:
        return SettingsDialog::tr("Not possible: the folder for what starts at login cannot be "
                                  "written.");
    case Obstacle::NoSystemd:
        return SettingsDialog::tr("Not possible: systemd does not run for this user.");
    case Obstacle::NoUnit:
        return SettingsDialog::tr("Not possible: the service octopusd is not installed. It comes "
                                  "with the package octopusd.");
    case Obstacle::OtherState:
        return SettingsDialog::tr("Not possible: the service uses the usual folder for its data, "
                                  "and this window was started with another.");
    }
    return {};
}

} // namespace

SettingsDialog::SettingsDialog(Startup::Place place, QWidget *parent)
    : QDialog(parent),
      m_startup(std::move(place)),
      m_choices(new QButtonGroup(this)),
      m_failure(new FieldNote(this))
{
    setWindowTitle(tr("Settings"));
    setMinimumWidth(fontMetrics().averageCharWidth() * 70);
    auto *group = new QGroupBox(tr("When you log in"), this);
    auto *choices = new QVBoxLayout(group);
    addChoice(*choices, AtLogin::Nothing, tr("Start &nothing"));
    addChoice(*choices, AtLogin::Desktop, tr("Start &Octopus in the tray"));
    addChoice(*choices, AtLogin::Engine, tr("Start only the &engine"));

    auto *buttons = new QDialogButtonBox(this);
    m_save = buttons->addButton(tr("&Save"), QDialogButtonBox::AcceptRole);
    m_save->setObjectName(QStringLiteral("save"));
    m_save->setEnabled(false);
    buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &SettingsDialog::save);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *layout = new QVBoxLayout(this);
    layout->addWidget(group);
    layout->addWidget(m_failure);
    layout->addStretch();
    layout->addWidget(buttons);

    connect(&m_startup, &Startup::looked, this, &SettingsDialog::showWhatIs);
    connect(&m_startup, &Startup::chosen, this, &QDialog::accept);
    connect(&m_startup, &Startup::failed, this, &SettingsDialog::showFailure);
    m_startup.look();
}

void SettingsDialog::addChoice(QVBoxLayout &layout, AtLogin what, const QString &text)
{
    auto *button = new QRadioButton(text, this);
    button->setEnabled(false); // until it is known what is
    m_choices->addButton(button, int(what));
    auto *note = new FieldNote(this);
    m_notes.insert(what, note);
    // Below the text of the button, not below its mark.
    const int indent = style()->pixelMetric(QStyle::PM_ExclusiveIndicatorWidth)
        + style()->pixelMetric(QStyle::PM_RadioButtonLabelSpacing);
    auto *row = new QHBoxLayout;
    row->addSpacing(indent);
    row->addWidget(note, 1);
    layout.addWidget(button);
    layout.addLayout(row);
}

void SettingsDialog::showWhatIs()
{
    explain(AtLogin::Nothing, Obstacle::None,
            tr("Mirroring goes on once you start Octopus yourself."));
    explain(AtLogin::Desktop, m_startup.desktopObstacle(),
            tr("Its window stays closed until you open it from the tray."));
    explain(AtLogin::Engine, m_startup.engineObstacle(),
            tr("Everything is mirrored without a window; there are no notifications. Octopus "
               "shows what it does when you start it."));
    m_choices->button(int(m_startup.current()))->setChecked(true);
    m_choices->checkedButton()->setFocus();
    m_save->setEnabled(true);
}

void SettingsDialog::explain(AtLogin what, Obstacle obstacle, const QString &hint)
{
    QAbstractButton *button = m_choices->button(int(what));
    const QString reason = reasonOf(obstacle);
    button->setEnabled(reason.isEmpty() || what == m_startup.current());
    m_notes[what]->showHint(reason.isEmpty() ? hint : reason);
    button->setAccessibleDescription(m_notes[what]->text());
}

void SettingsDialog::save()
{
    m_save->setEnabled(false);
    m_failure->showFault({});
    m_startup.choose(AtLogin(m_choices->checkedId()));
}

void SettingsDialog::showFailure(const QByteArray &detail)
{
    m_save->setEnabled(true);
    m_failure->showFault(
        detail.isEmpty()
            ? tr("This could not be changed, and the system does not say why. Try again, or log in "
                 "anew.")
            : tr("This could not be changed. In the system's words: %1")
                  .arg(Wording::shown(detail)));
}

} // namespace octopus::desktop
