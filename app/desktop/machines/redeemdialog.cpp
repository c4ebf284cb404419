#include "app/desktop/machines/redeemdialog.h"

#include "app/desktop/failurewording.h"
#include "app/desktop/fieldnote.h"
#include "app/desktop/paragraph.h"
#include "app/desktop/wording.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace octopus::desktop {

RedeemDialog::RedeemDialog(EngineLink &link, QWidget *parent)
    : QDialog(parent),
      m_link(link),
      m_ticket(new QPlainTextEdit(this)),
      m_note(new FieldNote(this))
{
    setWindowTitle(tr("Use a ticket"));
    auto *label = new QLabel(tr("&Ticket from the other machine"), this);
    label->setBuddy(m_ticket);
    m_ticket->setObjectName(QStringLiteral("ticketEntry"));
    m_ticket->setPlaceholderText(QStringLiteral("octopus:…"));
    m_ticket->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_ticket->setWordWrapMode(QTextOption::WrapAnywhere);
    m_ticket->setTabChangesFocus(true);
    m_ticket->setLayoutDirection(Qt::LeftToRight);
    m_ticket->setMinimumHeight(fontMetrics().lineSpacing() * 5);
    auto *hint = paragraph(tr("On the other machine choose Machines, Invite a Machine, and copy "
                              "the ticket; or run there:")
                               + commandLine(tr("octopusctl invite --grant FOLDER")),
                           this);
    auto *buttons = new QDialogButtonBox(this);
    m_pair = buttons->addButton(tr("&Pair"), QDialogButtonBox::ActionRole);
    m_pair->setObjectName(QStringLiteral("pair"));
    m_pair->setDefault(true);
    m_pair->setEnabled(false);
    m_close = buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    connect(m_pair, &QPushButton::clicked, this, &RedeemDialog::pair);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_ticket, &QPlainTextEdit::textChanged, this, &RedeemDialog::check);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(hint);
    layout->addWidget(label);
    layout->addWidget(m_ticket, 1);
    layout->addWidget(m_note);
    layout->addWidget(buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 70);
    m_ticket->setFocus();
}

// A mail program may have broken it into lines.
QString RedeemDialog::ticket() const
{
    QString text = m_ticket->toPlainText();
    text.removeIf([](QChar c) { return c.isSpace(); });
    return text;
}

void RedeemDialog::check()
{
    const QString text = ticket();
    const bool plausible = text.startsWith(u"octopus:") && text.size() > 8;
    m_note->showFault(plausible || text.isEmpty()
                          ? QString()
                          : tr("This is no ticket: one begins with \"octopus:\"."));
    m_pair->setEnabled(plausible);
}

void RedeemDialog::pair()
{
    m_pair->setEnabled(false);
    m_ticket->setReadOnly(true);
    m_note->showHint(tr("Calling the other machine…"));
    m_link.send(control::Pair{ticket()}, this,
                [this](const control::Answer &answer) { conclude(answer); });
}

void RedeemDialog::conclude(const control::Answer &answer)
{
    if (!answer) {
        m_ticket->setReadOnly(false);
        m_pair->setEnabled(true);
        m_note->showFault(FailureWording::text(answer.error(), control::Pair{}));
        return;
    }
    const QString name = answer->toObject()[u"name"].toString();
    m_note->showHint(
        tr("Paired with %1. It can be chosen as a target now.").arg(Wording::shown(name)));
    m_pair->hide();
    m_close->setText(tr("Close"));
    m_close->setDefault(true);
    Q_EMIT paired(name);
}

} // namespace octopus::desktop
