#include "app/desktop/machines/machinepane.h"

#include "app/desktop/failurewording.h"
#include "app/desktop/icons.h"
#include "app/desktop/machines/folderdialog.h"
#include "app/desktop/wording.h"

#include <QAction>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

constexpr int groupLength = 8;

// 64 digits in groups that two people can compare by voice.
QString grouped(const QString &id)
{
    QStringList groups;
    for (qsizetype at = 0; at < id.size(); at += groupLength)
        groups.append(id.mid(at, groupLength));
    return groups.join(u' ');
}

} // namespace

MachinePane::MachinePane(EngineLink &link)
    : m_link(link),
      m_title(new QLabel(this)),
      m_identity(new QLabel(this)),
      m_grantTitle(new QLabel(tr("Folders here below which it may keep replicas"), this)),
      m_grants(new QListWidget(this)),
      m_grant(new QPushButton(tr("&Allow a Folder…"), this)),
      m_revoke(new QPushButton(tr("&Withdraw"), this)),
      m_unpair(new QPushButton(tr("&Unpair…"), this)),
      m_pair(new QPushButton(icon(QStringLiteral("pair")), tr("&Pair…"), this)),
      m_grantAction(new QAction(m_grant->text(), this)),
      m_unpairAction(new QAction(m_unpair->text(), this)),
      m_pairAction(new QAction(m_pair->icon(), m_pair->text(), this))
{
    m_title->setTextFormat(Qt::PlainText);
    if (isRightToLeft()) // also a name in Latin letters begins where the others do
        m_title->setAlignment(Qt::AlignRight | Qt::AlignAbsolute | Qt::AlignVCenter);
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_identity->setTextFormat(Qt::PlainText);
    m_identity->setWordWrap(true);
    m_identity->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_grants->setObjectName(QStringLiteral("grants"));
    m_grants->setAccessibleName(m_grantTitle->text());
    buildButtons();
    buildLayout();
    connect(m_grants, &QListWidget::currentRowChanged, this, &MachinePane::enable);
    show(nullptr);
}

void MachinePane::buildButtons()
{
    m_grant->setObjectName(QStringLiteral("grant"));
    m_revoke->setObjectName(QStringLiteral("revoke"));
    m_revoke->setToolTip(tr("It may write there no more; what is there stays"));
    m_unpair->setObjectName(QStringLiteral("unpair"));
    m_pair->setObjectName(QStringLiteral("pairMachine"));
    m_pairAction->setObjectName(QStringLiteral("pairMachine"));
    for (QPushButton *button : {m_grant, m_revoke, m_unpair, m_pair})
        button->setAutoDefault(false);
    addActions({m_pairAction, m_grantAction, m_unpairAction});
    connect(m_grant, &QPushButton::clicked, this, &MachinePane::grant);
    connect(m_grantAction, &QAction::triggered, this, &MachinePane::grant);
    connect(m_revoke, &QPushButton::clicked, this, &MachinePane::revoke);
    connect(m_unpair, &QPushButton::clicked, this, &MachinePane::unpair);
    connect(m_unpairAction, &QAction::triggered, this, &MachinePane::unpair);
    connect(m_pair, &QPushButton::clicked, this, &MachinePane::pairWanted);
    connect(m_pairAction, &QAction::triggered, this, &MachinePane::pairWanted);
}

void MachinePane::buildLayout()
{
    auto *buttons = new QVBoxLayout;
    buttons->addWidget(m_grant);
    buttons->addWidget(m_revoke);
    buttons->addStretch();
    buttons->addWidget(m_unpair);
    auto *row = new QHBoxLayout;
    row->addWidget(m_grants, 1);
    row->addLayout(buttons);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_title);
    layout->addWidget(m_identity);
    layout->addSpacing(6);
    layout->addWidget(m_pair, 0, Qt::AlignLeading);
    layout->addWidget(m_grantTitle);
    layout->addLayout(row, 1);
}

void MachinePane::show(const Machine *machine)
{
    const bool sameGrants = machine && m_machine && machine->id == m_machine->id
        && machine->grants == m_machine->grants;
    m_machine = machine ? std::optional(*machine) : std::nullopt;
    m_title->setText(machine ? Wording::shown(machine->name) : QString());
    m_identity->setText(
        !machine ? QString()
            : machine->paired
            ? tr("Its key: %1").arg(grouped(machine->id.text()))
            : tr("Not paired: nothing is sent to it, and it may do nothing here. It says that its "
                 "key is %1.")
                  .arg(grouped(machine->id.text())));
    showChoices();
    if (!sameGrants)
        showGrants();
    enable();
}

// A machine that is paired has rights; one that is not can be paired.
void MachinePane::showChoices()
{
    const bool paired = m_machine && m_machine->paired;
    const bool stranger = m_machine && !m_machine->paired;
    for (QWidget *widget : {static_cast<QWidget *>(m_grantTitle), static_cast<QWidget *>(m_grants),
                            static_cast<QWidget *>(m_grant), static_cast<QWidget *>(m_revoke),
                            static_cast<QWidget *>(m_unpair)})
        widget->setVisible(paired);
    m_grantAction->setVisible(paired);
    m_unpairAction->setVisible(paired);
    m_pair->setVisible(stranger);
    m_pairAction->setVisible(stranger);
    m_pair->setAccessibleName(stranger ? tr("Pair with %1").arg(Wording::shown(m_machine->name))
                                       : QString());
    m_pair->setToolTip(tr("Both screens show six digits: compare them, and confirm on both"));
}

void MachinePane::showGrants()
{
    m_grants->clear();
    if (!m_machine)
        return;
    for (const QByteArray &folder : m_machine->grants) {
        auto *item = new QListWidgetItem(Wording::shown(folder), m_grants);
        item->setData(Qt::UserRole, folder);
        item->setToolTip(item->text());
    }
    m_grants->setCurrentRow(0);
}

void MachinePane::enable()
{
    m_revoke->setEnabled(m_grants->currentItem());
}

void MachinePane::grant()
{
    if (!m_machine)
        return;
    auto *dialog = new FolderDialog(
        tr("Allow a folder"),
        tr("Below which folder of this machine may %1 keep replicas? It is made if it is missing.")
            .arg(Wording::shown(m_machine->name)),
        tr("&Allow"), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, id = m_machine->id] {
        run(control::Grant{id.text(), dialog->folder()});
    });
    dialog->open();
}

void MachinePane::revoke()
{
    const QListWidgetItem *item = m_grants->currentItem();
    if (m_machine && item)
        run(control::Revoke{m_machine->id.text(), item->data(Qt::UserRole).toByteArray()});
}

void MachinePane::unpair()
{
    if (!m_machine)
        return;
    const QString name = Wording::shown(m_machine->name);
    auto *question =
        new QMessageBox(QMessageBox::Warning, tr("Unpair %1").arg(name),
                        tr("End the pairing with %1?").arg(name), QMessageBox::NoButton, this);
    question->setTextFormat(Qt::PlainText);
    question->setInformativeText(
        tr("Nothing more is sent to it and it may write nothing here. Vaults that are mirrored to "
           "it halt; replicas stay where they are, on both sides."));
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setObjectName(QStringLiteral("unpairQuestion"));
    QPushButton *go = question->addButton(tr("&Unpair"), QMessageBox::DestructiveRole);
    go->setObjectName(QStringLiteral("unpairConfirmed"));
    question->setDefaultButton(question->addButton(tr("Cancel"), QMessageBox::RejectRole));
    connect(go, &QPushButton::clicked, this,
            [this, id = m_machine->id] { run(control::Unpair{id.text()}); });
    question->open();
}

void MachinePane::run(const control::Command &command)
{
    m_link.send(command, this, [this, command](const control::Answer &answer) {
        if (answer)
            Q_EMIT done();
        else
            Q_EMIT failed(FailureWording::text(answer.error(), command));
    });
}

} // namespace octopus::desktop
