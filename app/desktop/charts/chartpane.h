// ChartPane: lag and throughput of the selected mirror side by side, over 10 minutes or 24 hours.
// GUI thread.
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

private:
    void refresh();

    HistoryBook &m_book;
    std::optional<VaultRow> m_row;
    QComboBox *m_span;
    Chart *m_lag;
    Chart *m_throughput;
};

} // namespace octopus::desktop
