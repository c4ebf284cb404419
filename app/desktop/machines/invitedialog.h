// InviteDialog: makes one ticket, to be copied to the other machine. open() it. GUI thread.
#pragma once

#include "app/desktop/enginelink.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace octopus::desktop {

class Banner;
class FolderField;

class InviteDialog : public QDialog
{
    Q_OBJECT

public:
    InviteDialog(EngineLink &link, QWidget *parent); // `link` outlives the dialog

private:
    [[nodiscard]] QWidget *buildQuestion();
    [[nodiscard]] QWidget *buildTicket();
    void ask();
    void show(const control::Answer &answer);
    void copy();

    EngineLink &m_link;
    Banner *m_failure;
    QStackedWidget *m_pages;
    FolderField *m_folder;
    QComboBox *m_lifetime;
    QPlainTextEdit *m_ticket;
    QLabel *m_expiry;
    QPushButton *m_make;
    QPushButton *m_copy;
    QPushButton *m_close;
};

} // namespace octopus::desktop
