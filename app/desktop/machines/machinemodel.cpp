#include "app/desktop/machines/machinemodel.h"

#include "app/desktop/icons.h"
#include "app/desktop/wording.h"

#include <algorithm>

namespace octopus::desktop {

void MachineModel::setMachines(const QList<Machine> &machines)
{
    if (machines == m_machines)
        return;
    const bool sameRows = std::ranges::equal(machines, m_machines, {}, &Machine::id, &Machine::id);
    if (!sameRows) {
        beginResetModel();
        m_machines = machines;
        endResetModel();
        return;
    }
    m_machines = machines;
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

const Machine *MachineModel::machineAt(const QModelIndex &index) const
{
    return index.isValid() && index.row() < m_machines.size() ? &m_machines[index.row()] : nullptr;
}

int MachineModel::rowOf(const MachineId &id) const
{
    const auto it = std::ranges::find(m_machines, id, &Machine::id);
    return it == m_machines.end() ? -1 : int(it - m_machines.begin());
}

int MachineModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_machines.size());
}

int MachineModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant MachineModel::data(const QModelIndex &index, int role) const
{
    const Machine *machine = machineAt(index);
    if (!machine)
        return {};
    switch (role) {
    case Qt::DisplayRole: return text(*machine, index.column());
    case Qt::ToolTipRole:
        return index.column() == Name ? machine->id.text() : text(*machine, index.column());
    case Qt::DecorationRole:
        if (index.column() == Name)
            return icon(machine->paired ? QStringLiteral("machine") : QStringLiteral("stranger"));
        return {};
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1: %2").arg(
            headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString(),
            text(*machine, index.column()));
    default: return {};
    }
}

QVariant MachineModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Machine");
    case State: return tr("State");
    case Found: return tr("Found by");
    case Addresses: return tr("Addresses");
    case Version: return tr("Version");
    default: return {};
    }
}

QString MachineModel::text(const Machine &machine, int column) const
{
    switch (column) {
    case Name: return Wording::shown(machine.name);
    case State: return Wording::machineState(machine);
    case Found: return Wording::foundBy(machine);
    case Addresses: return Wording::shown(machine.addresses.join(QStringLiteral(", ")));
    case Version: return Wording::shown(machine.version);
    default: return {};
    }
}

} // namespace octopus::desktop
