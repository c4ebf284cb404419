// DigitsDialog: a pairing by comparing six digits, asked for here or on the other machine: shows
// them, and takes the user's answer. Follows the status of the pairing to its end. GUI thread.
#pragma once

#include "app/desktop/enginelink.h"
#include "engine/model/pairing.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace octopus::desktop {

class FieldNote;
class FolderField;

class DigitsDialog : public QDialog
{
    Q_OBJECT

public:
    DigitsDialog(EngineLink &link, const PairingStatus &pairing, QWidget *parent);
    void show(const PairingStatus &pairing);
    [[nodiscard]] const MachineId &peer() const { return m_pairing.peer; }
    // Closing it declines a pairing that is not over.
    void reject() override;

private:
    void confirm();
    [[nodiscard]] bool isOver() const;
    [[nodiscard]] QString question() const;

    EngineLink &m_link;
    PairingStatus m_pairing;
    QLabel *m_question;
    QLabel *m_digits;
    QWidget *m_grant;
    FolderField *m_folder;
    FieldNote *m_note;
    QPushButton *m_same;
    QPushButton *m_differ;
};

} // namespace octopus::desktop
