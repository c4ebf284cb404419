// ChartPane: lag and throughput of the selected mirror side by side, over 10 minutes or 24 hours:
// which, is chosen beside it, for both. GUI thread.
#pragma once

#include "app/desktop/charts/historybook.h"

#include <QWidget>

#include <optional>

class QComboBox;

namespace octopus::desktop {

class Chart;

class ChartPane : public QWidget
{
    Q_OBJECT

public:
    explicit ChartPane(HistoryBook &book); // outlives the pane
    void show(const VaultRow &row);
    // Whoever shows the pane finds a place for it.
    [[nodiscard]] QWidget *spanChoice() const { return m_choice; }

private:
    void buildChoice();
    void refresh();

    HistoryBook &m_book;
    std::optional<VaultRow> m_row;
    QWidget *m_choice;
    QComboBox *m_span;
    Chart *m_lag;
    Chart *m_throughput;
};

} // namespace octopus::desktop
