// VaultOverview: all vaults, as a table or as a map, with the switch between the two; both have the
// same selection. GUI thread.
#pragma once

#include "app/desktop/charts/historybook.h"
#include "app/desktop/session/settingsfile.h"
#include "app/desktop/vaultmodel.h"

#include <QAction>
#include <QWidget>

class QLabel;
class QStackedWidget;

namespace octopus::desktop {

class MapView;
class VaultView;

class VaultOverview : public QWidget
{
    Q_OBJECT

public:
    // `actions`: the entries of the context menus. `settingsFile`: where it is remembered which of
    // the two is shown. All outlive the view.
    VaultOverview(VaultModel &model, const HistoryBook &book, const QList<QAction *> &actions,
                  const QString &settingsFile);

    [[nodiscard]] const VaultRow *currentRow() const; // nullptr: none
    void choose(int row);
    void setMachine(const QString &name); // this one's
    [[nodiscard]] bool showsMap() const { return m_showMap.isChecked(); }
    [[nodiscard]] QList<QAction *> viewActions()
    {
        return {&m_showTable, &m_showMap, &m_showDetails};
    }
    [[nodiscard]] bool showsDetails() const { return m_showDetails.isChecked(); }

Q_SIGNALS:
    void currentRowChanged(); // another row, or other values in it
    void detailsShown(bool shown);
    void detailsWanted(); // of the current row: by a double click, say

private:
    [[nodiscard]] QWidget *buildSwitch();
    [[nodiscard]] QWidget *buildMap();
    void showView();
    void openDetails();
    void showChains();

    SettingsFile m_settings;
    QAction m_showTable;
    QAction m_showMap;
    QAction m_showDetails;
    QStackedWidget *m_pages;
    VaultView *m_table;
    MapView *m_map;
    QLabel *m_chains;
};

} // namespace octopus::desktop
