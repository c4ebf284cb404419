// ActivityPane: what the selected mirror carried lately. Asks the engine once a second while it is
// seen, never else. GUI thread.
#pragma once

#include "app/desktop/details/activitymodel.h"
#include "app/desktop/enginelink.h"
#include "app/desktop/vaultrow.h"

#include <QTimer>
#include <QWidget>

#include <optional>

class QLabel;
class QTableView;

namespace octopus::desktop {

class ActivityPane : public QWidget
{
    Q_OBJECT

public:
    explicit ActivityPane(EngineLink &link); // outlives the pane
    void show(const VaultRow &row);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void buildTable();
    void ask();
    void take(const QJsonValue &answer);
    void showEntries(const QList<ActivityEntry> &entries);

    EngineLink &m_link;
    ActivityModel m_model;
    QTableView *m_table;
    QLabel *m_nothing;
    QTimer m_timer;
    std::optional<VaultRow> m_row;
    bool m_asking = false;
};

} // namespace octopus::desktop
