#include "app/desktop/machines/machinesdialog.h"

#include "app/desktop/banner.h"
#include "app/desktop/icons.h"
#include "app/desktop/machines/addressdialog.h"
#include "app/desktop/machines/invitedialog.h"
#include "app/desktop/machines/machinepane.h"
#include "app/desktop/machines/redeemdialog.h"
#include "app/desktop/roomystyle.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

constexpr QSize usualSize{780, 540};

} // namespace

MachinesDialog::MachinesDialog(EngineLink &link, MachineList &machines, QWidget *parent)
    : QDialog(parent),
      m_link(link),
      m_machines(machines),
      m_failure(new Banner),
      m_table(new QTableView),
      m_empty(new QLabel),
      m_pane(new MachinePane(link))
{
    setWindowTitle(tr("Machines"));
    setObjectName(QStringLiteral("machinesDialog"));
    buildTable();
    m_empty->setWordWrap(true);
    m_empty->setAlignment(Qt::AlignCenter);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_failure);
    layout->addWidget(buildButtons());
    layout->addWidget(m_table, 3);
    layout->addWidget(m_empty, 3);
    layout->addWidget(m_pane, 2);
    connect(m_failure, &Banner::pressed, m_failure, &Banner::clear);
    connect(&m_machines, &MachineList::changed, this, &MachinesDialog::refresh);
    connect(m_pane, &MachinePane::pairWanted, this, &MachinesDialog::pairByAddress);
    connect(m_pane, &MachinePane::failed, this,
            [this](const QString &text) { m_failure->show(text); });
    connect(m_pane, &MachinePane::done, this, [this] {
        m_failure->clear();
        m_machines.refresh();
    });
    resize(usualSize);
    refresh();
}

MachinesDialog::~MachinesDialog()
{
    if (m_watching)
        m_machines.endWatching();
}

void MachinesDialog::buildTable()
{
    m_table->setModel(&m_model);
    RoomyStyle::giveList(*m_table);
    m_table->setObjectName(QStringLiteral("machines"));
    m_table->setAccessibleName(tr("Machines"));
    m_table->setAlternatingRowColors(true);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 14);
    QHeaderView *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(MachineModel::Addresses, QHeaderView::Stretch);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &MachinesDialog::showSelection);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_table->addActions(m_pane->actions());
}

QWidget *MachinesDialog::buildButtons()
{
    auto *row = new QWidget;
    auto *invite = new QPushButton(icon(QStringLiteral("pair")), tr("&Invite a Machine…"), row);
    invite->setObjectName(QStringLiteral("invite"));
    invite->setToolTip(tr("Make a ticket for another machine, which may then keep replicas here"));
    auto *redeem = new QPushButton(icon(QStringLiteral("ticket")), tr("Use a &Ticket…"), row);
    redeem->setObjectName(QStringLiteral("redeem"));
    redeem->setToolTip(tr("Pair with the machine where a ticket was made"));
    auto *address = new QPushButton(icon(QStringLiteral("machine")), tr("By A&ddress…"), row);
    address->setObjectName(QStringLiteral("byAddress"));
    address->setToolTip(tr("Check a machine by its name or address, and pair with six digits"));
    m_search = new QPushButton(icon(QStringLiteral("phase-checking")), tr("&Search Again"), row);
    m_search->setObjectName(QStringLiteral("search"));
    for (QPushButton *button : {invite, redeem, address, m_search})
        button->setAutoDefault(false);
    connect(invite, &QPushButton::clicked, this, &MachinesDialog::invite);
    connect(redeem, &QPushButton::clicked, this, &MachinesDialog::redeem);
    connect(address, &QPushButton::clicked, this, &MachinesDialog::pairByAddress);
    connect(m_search, &QPushButton::clicked, &m_machines, &MachineList::search);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(invite);
    layout->addWidget(redeem);
    layout->addWidget(address);
    layout->addStretch();
    layout->addWidget(m_search);
    return row;
}

void MachinesDialog::showEvent(QShowEvent *event)
{
    if (!std::exchange(m_watching, true))
        m_machines.beginWatching();
    QDialog::showEvent(event);
}

void MachinesDialog::hideEvent(QHideEvent *event)
{
    if (std::exchange(m_watching, false))
        m_machines.endWatching();
    QDialog::hideEvent(event);
}

void MachinesDialog::refresh()
{
    const MachineId current = m_current;
    m_model.setMachines(m_machines.machines());
    const bool none = m_model.rowCount() == 0;
    m_table->setVisible(!none);
    m_empty->setVisible(none);
    const bool searching = m_machines.isSearching();
    m_empty->setText(searching
                         ? tr("Looking for machines that run Octopus on this network…")
                         : tr("No machine was found.\nOn the other machine, start Octopus. Then "
                              "make a ticket on one of the two and use it on the other."));
    m_search->setEnabled(!searching);
    m_search->setText(searching ? tr("Searching…") : tr("&Search Again"));
    const int row = std::max(m_model.rowOf(current), 0);
    if (!none && m_table->currentIndex().row() != row)
        m_table->setCurrentIndex(m_model.index(row, MachineModel::Name));
    showSelection();
}

void MachinesDialog::showSelection()
{
    const Machine *machine = m_model.machineAt(m_table->currentIndex());
    m_current = machine ? machine->id : MachineId();
    m_pane->show(machine);
}

void MachinesDialog::invite()
{
    auto *dialog = new InviteDialog(m_link, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::finished, &m_machines, &MachineList::refresh);
    dialog->open();
}

// The selected stranger's address is where to begin.
void MachinesDialog::pairByAddress()
{
    const Machine *machine = m_machines.find(m_current);
    const QString address = machine && !machine->paired ? machine->addresses.value(0) : QString();
    auto *dialog = new AddressDialog(m_link, address, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::finished, &m_machines, &MachineList::refresh);
    dialog->open();
}

void MachinesDialog::redeem()
{
    auto *dialog = new RedeemDialog(m_link, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::finished, &m_machines, &MachineList::refresh);
    dialog->open();
}

} // namespace octopus::desktop
