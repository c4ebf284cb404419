// MachinesDialog: the machines around, what they may do here, and pairing. Not modal; watches the
// list while it is shown. GUI thread.
#pragma once

#include "app/desktop/enginelink.h"
#include "app/desktop/machines/machinelist.h"
#include "app/desktop/machines/machinemodel.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QTableView;

namespace octopus::desktop {

class Banner;
class MachinePane;

class MachinesDialog : public QDialog
{
    Q_OBJECT

public:
    // Both outlive the dialog.
    MachinesDialog(EngineLink &link, MachineList &machines, QWidget *parent);
    ~MachinesDialog() override;

    void invite();
    void redeem();
    void pairByAddress();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void buildTable();
    [[nodiscard]] QWidget *buildButtons();
    void refresh();
    void showSelection();

    EngineLink &m_link;
    MachineList &m_machines;
    MachineModel m_model;
    Banner *m_failure;
    QTableView *m_table;
    QLabel *m_empty;
    QPushButton *m_search = nullptr;
    MachinePane *m_pane;
    MachineId m_current;
    bool m_watching = false;
};

} // namespace octopus::desktop
