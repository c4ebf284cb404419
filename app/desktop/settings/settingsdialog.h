// SettingsDialog: what starts at login. What cannot be had says why. Closes when the choice has been
// carried out, and stays with the reason where it could not. GUI thread.
#pragma once

#include "app/desktop/settings/startup.h"

#include <QDialog>

class QButtonGroup;
class QPushButton;
class QVBoxLayout;

namespace octopus::desktop {

class FieldNote;

class SettingsDialog : public QDialog
{
    Q_OBJECT

public:
    SettingsDialog(Startup::Place place, QWidget *parent);

private:
    void addChoice(QVBoxLayout &layout, AtLogin what, const QString &text);
    void showWhatIs();
    void explain(AtLogin what, Obstacle obstacle, const QString &hint);
    void save();
    void showFailure(const QByteArray &detail);

    Startup m_startup;
    QButtonGroup *m_choices;
    QMap<AtLogin, FieldNote *> m_notes;
    FieldNote *m_failure;
    QPushButton *m_save;
};

} // namespace octopus::desktop
