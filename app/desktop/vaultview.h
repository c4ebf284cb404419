// VaultView: the table of vaults with its context menu. GUI thread.
#pragma once

#include "app/desktop/charts/historybook.h"
#include "app/desktop/vaultmodel.h"

#include <QTableView>

namespace octopus::desktop {

class VaultView : public QTableView
{
    Q_OBJECT

public:
    // `actions`: the entries of the context menu. All outlive the view.
    VaultView(VaultModel &model, const HistoryBook &book, const QList<QAction *> &actions);
    [[nodiscard]] const VaultRow *currentRow() const; // nullptr: none
    // Not selectRow(): that finds no row where the table reads from right to left.
    void choose(int row);
    // The activity is as wide as there is room for; the user has not given it a width.
    [[nodiscard]] bool activityIsFitted() const;
    // `state`: of the header, as it was saved. `fitted`: so was the activity then.
    void restoreColumns(const QByteArray &state, bool fitted);

Q_SIGNALS:
    void currentRowChanged(); // another row, or other values in it

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void keepSelection();
    void widenColumns(bool others);
    [[nodiscard]] int widest(int column) const;
    void fitColumns();
    void widenActivity();

    VaultModel &m_model;
    std::optional<VaultRow> m_last; // selected before the rows were replaced
    int m_activityWidth = 0;        // as fitted last
    bool m_othersChanged = false;   // columns beside lag and activity, since they were measured
};

} // namespace octopus::desktop
