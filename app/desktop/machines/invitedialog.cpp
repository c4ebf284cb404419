#include "app/desktop/machines/invitedialog.h"

#include "app/desktop/banner.h"
#include "app/desktop/failurewording.h"
#include "app/desktop/icons.h"
#include "app/desktop/machines/folderdialog.h"
#include "app/desktop/paragraph.h"
#include "app/desktop/wording.h"
#include "engine/control/json.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace octopus::desktop {

InviteDialog::InviteDialog(EngineLink &link, QWidget *parent)
    : QDialog(parent),
      m_link(link),
      m_failure(new Banner),
      m_pages(new QStackedWidget),
      m_folder(new FolderField(true)),
      m_lifetime(new QComboBox),
      m_ticket(new QPlainTextEdit),
      m_expiry(paragraph({}, this))
{
    setWindowTitle(tr("Invite a machine"));
    m_pages->addWidget(buildQuestion());
    m_pages->addWidget(buildTicket());
    auto *buttons = new QDialogButtonBox(this);
    m_make = buttons->addButton(tr("&Make a Ticket"), QDialogButtonBox::ActionRole);
    m_make->setObjectName(QStringLiteral("make"));
    m_make->setDefault(true);
    m_copy = buttons->addButton(tr("&Copy"), QDialogButtonBox::ActionRole);
    m_copy->setObjectName(QStringLiteral("copy"));
    m_copy->hide(); // until there is a ticket
    m_close = buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    connect(m_copy, &QPushButton::clicked, this, &InviteDialog::copy);
    connect(m_make, &QPushButton::clicked, this, &InviteDialog::ask);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_folder, &FolderField::changed, this,
            [this] { m_make->setEnabled(m_folder->isValid()); });
    connect(m_failure, &Banner::pressed, m_failure, &Banner::clear);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_failure);
    layout->addWidget(m_pages, 1);
    layout->addWidget(buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 70);
    m_folder->setFocus();
}

QWidget *InviteDialog::buildQuestion()
{
    auto *page = new QWidget;
    auto *folder = new QLabel(tr("&Folder here below which it may keep replicas"), page);
    folder->setBuddy(m_folder);
    auto *lifetime = new QLabel(tr("The ticket is &valid for"), page);
    for (const auto &[minutes, text] :
         {std::pair(10, tr("10 minutes")), std::pair(60, tr("1 hour")),
          std::pair(24 * 60, tr("1 day"))})
        m_lifetime->addItem(text, minutes);
    m_lifetime->setCurrentIndex(1);
    lifetime->setBuddy(m_lifetime);
    auto *lifetimeRow = new QHBoxLayout;
    lifetimeRow->addWidget(lifetime);
    lifetimeRow->addWidget(m_lifetime);
    lifetimeRow->addStretch();
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(paragraph(tr("A ticket pairs this machine with the one where it is used. It "
                                   "works once. Whoever has it can use it: hand it over in a way "
                                   "that others cannot read."),
                                page));
    layout->addSpacing(6);
    layout->addWidget(folder);
    layout->addWidget(m_folder);
    layout->addWidget(paragraph(tr("Without a folder the two are paired, and the other machine may "
                                   "write nothing here until you allow a folder."),
                                page));
    layout->addSpacing(6);
    layout->addLayout(lifetimeRow);
    layout->addStretch();
    return page;
}

QWidget *InviteDialog::buildTicket()
{
    auto *page = new QWidget;
    m_ticket->setReadOnly(true);
    m_ticket->setObjectName(QStringLiteral("ticket"));
    m_ticket->setAccessibleName(tr("The ticket"));
    m_ticket->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_ticket->setWordWrapMode(QTextOption::WrapAnywhere);
    m_ticket->setTabChangesFocus(true);
    m_ticket->setLayoutDirection(Qt::LeftToRight);
    m_ticket->setMinimumHeight(fontMetrics().lineSpacing() * 5);
    m_ticket->setSizePolicy(QSizePolicy::Expanding,
                            QSizePolicy::Ignored); // no higher than it need be
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(paragraph(tr("On the other machine choose Machines, Use a Ticket, and paste "
                                   "this; or run there:")
                                    + commandLine(tr("octopusctl pair TICKET")),
                                page));
    layout->addWidget(m_ticket, 1);
    layout->addWidget(m_expiry);
    return page;
}

void InviteDialog::ask()
{
    m_failure->clear();
    m_make->setEnabled(false);
    m_link.send(control::Invite{m_folder->folder(),
                                std::chrono::minutes(m_lifetime->currentData().toInt())},
                this, [this](const control::Answer &answer) { show(answer); });
}

void InviteDialog::show(const control::Answer &answer)
{
    m_make->setEnabled(true);
    if (!answer)
        return m_failure->show(FailureWording::text(answer.error(), control::Invite{}));
    const QJsonObject ticket = answer->toObject();
    m_ticket->setPlainText(ticket[u"ticket"].toString());
    const auto expires = control::timeFromJson(ticket[u"expires"]);
    m_expiry->setText(expires ? tr("Usable once, until %1.").arg(Wording::time(*expires))
                              : tr("Usable once."));
    m_pages->setCurrentIndex(1);
    m_make->hide();
    m_close->setText(tr("Close"));
    m_copy->show();
    m_copy->setDefault(true);
    m_copy->setFocus();
}

void InviteDialog::copy()
{
    QGuiApplication::clipboard()->setText(m_ticket->toPlainText());
    m_copy->setText(tr("Copied"));
}

} // namespace octopus::desktop
