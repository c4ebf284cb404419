// MachineModel: the table of machines. Rows keep their identity, so that a selection survives every
// new list. GUI thread.
#pragma once

#include "app/desktop/machines/machine.h"

#include <QAbstractTableModel>

namespace octopus::desktop {

class MachineModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, State, Found, Addresses, Version, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setMachines(const QList<Machine> &machines);
    [[nodiscard]] const Machine *machineAt(const QModelIndex &index) const; // nullptr: none
    [[nodiscard]] int rowOf(const MachineId &id) const;                     // -1: none

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] QString text(const Machine &machine, int column) const;

    QList<Machine> m_machines;
};

} // namespace octopus::desktop
