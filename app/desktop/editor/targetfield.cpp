#include "app/desktop/editor/targetfield.h"

#include "app/desktop/editor/draftcheck.h"
#include "app/desktop/editor/transportfield.h"
#include "app/desktop/fieldnote.h"
#include "app/desktop/icons.h"
#include "app/desktop/roomystyle.h"
#include "app/desktop/wording.h"
#include "app/process/rawtext.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace octopus::desktop {

namespace {

enum Column { Name, State, Folder, ColumnCount };

// A path, below the title of its column.
void alignWithHeader(QLineEdit &folder, const QHeaderView &header)
{
    const bool fromTheRight = folder.isRightToLeft();
    folder.setLayoutDirection(Qt::LeftToRight);
    if (fromTheRight)
        folder.setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    constexpr int ownMargin = 2; // of every such field
    const int margin = header.style()->pixelMetric(QStyle::PM_HeaderMargin) - ownMargin;
    folder.setTextMargins(margin, 0, margin, 0);
}

} // namespace

TargetField::TargetField(EngineLink &link, MachineList &machines)
    : m_machines(machines),
      m_places(link)
{
    auto *label = new QLabel(tr("&Machines that keep a replica"), this);
    m_table = new QTableWidget(0, ColumnCount, this);
    buildTable();
    label->setBuddy(m_table);
    auto *pair = new QPushButton(icon(QStringLiteral("pair")), tr("Pair a Mac&hine…"), this);
    pair->setAutoDefault(false);
    connect(pair, &QPushButton::clicked, this, &TargetField::pairingWanted);
    m_note = new FieldNote(this);
    m_found = new FieldNote(this);
    m_found->setObjectName(QStringLiteral("targetCheck"));
    m_way = new TransportField(TransportField::Of::Target);
    auto *top = new QHBoxLayout;
    top->addWidget(label, 1);
    top->addWidget(pair);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(top);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_note);
    layout->addWidget(m_found);
    layout->addWidget(m_way);
    setFocusProxy(m_table);
    connect(&m_machines, &MachineList::changed, this, &TargetField::refresh);
    connect(&m_places, &TargetCheck::changed, this, &TargetField::showPlaces);
    connect(m_table, &QTableWidget::currentCellChanged, this, [this] {
        showWay();
        if (m_checked)
            check();
    });
    connect(m_way, &TransportField::changed, this, &TargetField::takeWay);
    m_machines.beginWatching();
    refresh();
}

TargetField::~TargetField()
{
    m_machines.endWatching();
}

void TargetField::buildTable()
{
    m_table->setObjectName(QStringLiteral("targets"));
    RoomyStyle::give(*m_table);
    m_table->setAccessibleName(tr("Machines that keep a replica"));
    m_table->setHorizontalHeaderLabels({tr("Machine"), tr("State"), tr("Folder there")});
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 14);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(Name, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(State, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeaderItem(Folder)->setToolTip(
        tr("Relative to a folder that this machine was granted there, or its whole path"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setMinimumHeight(fontMetrics().height() * 6);
    connect(m_table, &QTableWidget::itemChanged, this, [this](const QTableWidgetItem *item) {
        if (item->column() == Name)
            touch();
    });
}

QList<DraftTarget> TargetField::targets() const
{
    QList<DraftTarget> targets;
    for (const auto &[id, row] : m_rows) {
        if (row.name->checkState() == Qt::Checked)
            targets.append({id, process::rawFromText(row.folder->text()), row.transport});
    }
    return targets;
}

void TargetField::setTargets(const QList<DraftTarget> &targets)
{
    m_quiet = true;
    for (const DraftTarget &target : targets) {
        Row &row = rowFor(target.peer);
        row.name->setCheckState(Qt::Checked);
        row.folder->setText(process::textFromRaw(target.destination));
        row.transport = target.transport;
        if (!currentRow())
            m_table->setCurrentItem(row.name);
    }
    m_quiet = false;
    refresh();
}

void TargetField::proposeTheOnlyOne()
{
    m_proposes = true;
    refresh();
}

void TargetField::propose()
{
    const auto isPaired = [](const Machine &machine) { return machine.paired; };
    const QList<Machine> &machines = m_machines.machines();
    const auto paired = std::ranges::count_if(machines, isPaired);
    if (!m_proposes || paired == 0)
        return;
    m_proposes = false; // one that is paired later is chosen by hand
    if (paired > 1 || !targets().isEmpty())
        return;
    const Row &row = m_rows.at(std::ranges::find_if(machines, isPaired)->id);
    row.name->setCheckState(Qt::Checked);
    m_table->setCurrentItem(row.name);
    Q_EMIT proposed();
}

void TargetField::setVaultName(const QString &name)
{
    m_vaultName = name;
    for (const auto &[id, row] : m_rows)
        row.folder->setPlaceholderText(m_vaultName);
    checkPlaces();
}

void TargetField::setVaultTransport(const QString &transport)
{
    m_vaultTransport = transport;
    checkPlaces();
}

bool TargetField::check()
{
    m_checked = true;
    const QList<DraftTarget> chosen = targets();
    QString fault;
    if (chosen.isEmpty()) {
        fault = m_rows.empty()
            ? tr("No other machine is known yet. Pair one first.")
            : tr("Check the machine that is to keep the replica; one that is not paired must be "
                 "paired first.");
    }
    for (const DraftTarget &target : chosen) {
        if (fault.isEmpty())
            fault = faultOf(m_rows.at(target.peer));
    }
    m_note->showFault(fault);
    const bool wayIsWrong = !m_way->isHidden() && !m_way->isValid(); // said beside it
    return fault.isEmpty() && !wayIsWrong;
}

QString TargetField::faultOf(const Row &row) const
{
    QString place = DraftCheck::destination(process::rawFromText(row.folder->text()));
    const bool isShown = m_table->currentRow() == row.name->row();
    if (!place.isEmpty() || row.transport.isEmpty() || isShown)
        return place;
    const QString way = DraftCheck::transport(row.transport);
    return way.isEmpty() ? QString() : tr("Network to %1: %2").arg(row.name->text(), way);
}

TargetField::Row *TargetField::currentRow()
{
    for (auto &[id, row] : m_rows) {
        if (row.name->row() == m_table->currentRow() && row.name->checkState() == Qt::Checked)
            return &row;
    }
    return nullptr;
}

// With one target, what is said of the vault is said of it.
void TargetField::showWay()
{
    const QList<DraftTarget> chosen = targets();
    m_offersWays = m_offersWays || chosen.size() > 1
        || std::ranges::any_of(chosen,
                               [](const DraftTarget &one) { return !one.transport.isEmpty(); });
    const Row *row = currentRow();
    m_way->setVisible(row && m_offersWays);
    if (!row)
        return;
    QString name = fontMetrics().elidedText(row->name->text(), Qt::ElideMiddle,
                                            fontMetrics().averageCharWidth() * 30);
    m_way->setTitle(tr("Networ&k to %1").arg(name.replace(u'&', QStringLiteral("&&"))));
    if (m_way->text() != row->transport) // else it is what is being typed
        m_way->setText(row->transport);
}

void TargetField::takeWay()
{
    Row *row = currentRow();
    if (!row || row->transport == m_way->text())
        return;
    row->transport = m_way->text();
    touch();
}

void TargetField::refresh()
{
    m_quiet = true;
    for (const Machine &machine : m_machines.machines())
        show(rowFor(machine.id), machine);
    propose();
    m_quiet = false;
    showWay();
    if (m_checked)
        check();
    else if (m_rows.empty())
        m_note->showHint(m_machines.isSearching()
                             ? tr("Looking for machines on the network…")
                             : tr("No other machine was found. Pair one with a ticket."));
    else
        m_note->showHint({});
    checkPlaces();
}

// Whether each chosen machine can keep the replica where it is wanted.
void TargetField::checkPlaces()
{
    QList<TargetCheck::Wanted> wanted;
    for (const Machine &machine : m_machines.machines()) {
        const auto row = m_rows.find(machine.id);
        if (row == m_rows.end() || row->second.name->checkState() != Qt::Checked || !machine.paired
            || machine.addresses.isEmpty())
            continue;
        QByteArray place = process::rawFromText(row->second.folder->text());
        if (!DraftCheck::destination(place).isEmpty())
            continue; // said beside it
        if (place.isEmpty())
            place = m_vaultName.toUtf8();
        if (place.isEmpty())
            continue; // as long as the vault has no name
        const QString &own = row->second.transport;
        const QString way = own.isEmpty() ? m_vaultTransport : own;
        if (DraftCheck::transport(way).isEmpty()) // else said beside it
            wanted.append({machine.id, machine.name, machine.addresses.first(), place, way});
    }
    m_places.want(wanted);
}

void TargetField::showPlaces()
{
    if (m_places.isFault())
        m_found->showFault(m_places.text());
    else
        m_found->showHint(m_places.text());
}

TargetField::Row &TargetField::rowFor(const MachineId &id)
{
    Row &row = m_rows[id];
    if (row.name)
        return row;
    const int line = m_table->rowCount();
    m_table->insertRow(line);
    row.name = new QTableWidgetItem(id.text().first(8));
    row.name->setToolTip(id.text());
    row.name->setCheckState(Qt::Unchecked);
    row.name->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    row.state = new QTableWidgetItem(tr("not known any more"));
    row.state->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    auto *space = new QTableWidgetItem;
    space->setFlags(Qt::ItemIsEnabled);
    row.folder = new QLineEdit;
    row.folder->setFrame(false);
    row.folder->setPlaceholderText(m_vaultName);
    alignWithHeader(*row.folder, *m_table->horizontalHeader());
    row.folder->setToolTip(m_table->horizontalHeaderItem(Folder)->toolTip());
    connect(row.folder, &QLineEdit::textChanged, this, &TargetField::touch);
    m_table->setItem(line, Name, row.name);
    m_table->setItem(line, State, row.state);
    m_table->setItem(line, Folder, space);
    m_table->setCellWidget(line, Folder, row.folder);
    return row;
}

void TargetField::show(Row &row, const Machine &machine)
{
    const QString name = Wording::shown(machine.name);
    row.name->setText(name);
    row.state->setText(Wording::machineState(machine));
    row.folder->setAccessibleName(tr("Folder on %1").arg(name));
    const bool usable = machine.paired || row.name->checkState() == Qt::Checked;
    Qt::ItemFlags flags = Qt::ItemIsSelectable | Qt::ItemIsUserCheckable;
    flags.setFlag(Qt::ItemIsEnabled, usable);
    row.name->setFlags(flags);
    row.state->setToolTip(usable ? QString()
                                 : tr("Pair this machine first: nothing is sent to strangers."));
    row.folder->setEnabled(usable);
}

void TargetField::touch()
{
    if (m_quiet)
        return;
    showWay();
    check();
    checkPlaces();
    Q_EMIT changed();
}

} // namespace octopus::desktop
