// RedeemDialog: pairs by a ticket that was made on another machine. open() it. GUI thread.
#pragma once

#include "app/desktop/enginelink.h"

#include <QDialog>

class QPlainTextEdit;
class QPushButton;

namespace octopus::desktop {

class FieldNote;

class RedeemDialog : public QDialog
{
    Q_OBJECT

public:
    RedeemDialog(EngineLink &link, QWidget *parent); // `link` outlives the dialog

Q_SIGNALS:
    void paired(const QString &name);

private:
    [[nodiscard]] QString ticket() const;
    void check();
    void pair();
    void conclude(const control::Answer &answer);

    EngineLink &m_link;
    QPlainTextEdit *m_ticket;
    FieldNote *m_note;
    QPushButton *m_pair;
    QPushButton *m_close;
};

} // namespace octopus::desktop
