// AddressDialog: a machine by its name or address: checked stage by stage while the user watches,
// and paired with by comparing six digits. open() it. GUI thread.
#pragma once

#include "app/desktop/enginelink.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace octopus::desktop {

class FieldNote;
class StageList;

class AddressDialog : public QDialog
{
    Q_OBJECT

public:
    // `address`: to begin with; may be empty. `link` outlives the dialog.
    AddressDialog(EngineLink &link, const QString &address, QWidget *parent);
    // Only to see why a machine that is paired cannot be reached: checks at once.
    void diagnose(const QString &name);

private:
    void buildLayout();
    void check();
    void conclude(const control::Answer &answer, const QString &checked);
    void pair();

    EngineLink &m_link;
    QLineEdit *m_address;
    FieldNote *m_note;
    StageList *m_stages;
    QPushButton *m_check = nullptr;
    QPushButton *m_pair = nullptr;
    QPushButton *m_close = nullptr;
};

} // namespace octopus::desktop
