// VaultModel: the vault table. Rows keep their place and identity while their values change, so
// that a selection survives every status. Once the engine does not answer the values are stale:
// phase and lag read "unknown" then, as nothing is known. GUI thread.
#pragma once

#include "app/desktop/vaultrow.h"

#include <QAbstractTableModel>

namespace octopus::desktop {

class VaultModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, With, Place, State, Lag, Activity, Verified, Problems, ColumnCount };
    // Of Activity, while something is copied: 0..1000 (a qint32); invalid else.
    static constexpr int ShareRole = Qt::UserRole;

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(const QList<VaultRow> &rows);
    void setStale(bool stale);
    [[nodiscard]] bool isStale() const { return m_stale; }
    [[nodiscard]] const QList<VaultRow> &rows() const { return m_rows; }
    [[nodiscard]] const VaultRow *rowAt(const QModelIndex &index) const; // nullptr: none

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] QString text(const VaultRow &row, int column) const;
    [[nodiscard]] QString accessibleText(const VaultRow &row) const;
    [[nodiscard]] QString stateText(const VaultRow &row) const;
    [[nodiscard]] QString activityText(const VaultRow &row) const;
    [[nodiscard]] QString toolTip(const VaultRow &row, int column) const;
    [[nodiscard]] QVariant decoration(const VaultRow &row, int column) const;
    [[nodiscard]] QVariant share(const VaultRow &row) const;

    QList<VaultRow> m_rows;
    bool m_stale = false;
};

} // namespace octopus::desktop
