#include "app/desktop/charts/chartpane.h"

#include "app/desktop/charts/chart.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>

namespace octopus::desktop {

ChartPane::ChartPane(HistoryBook &book)
    : m_book(book),
      m_choice(new QWidget(this)),
      m_span(new QComboBox(m_choice)),
      m_lag(new Chart(Chart::Quantity::Lag)),
      m_throughput(new Chart(Chart::Quantity::Throughput))
{
    buildChoice();
    connect(&m_book, &HistoryBook::recorded, this, &ChartPane::refresh);
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(18);
    layout->addWidget(new QLabel(tr("Lag"), this), 0, 0);
    layout->addWidget(new QLabel(tr("Throughput"), this), 0, 1);
    layout->addWidget(m_lag, 1, 0);
    layout->addWidget(m_throughput, 1, 1);
    layout->setColumnStretch(0, 1);
    layout->setColumnStretch(1, 1);
    layout->setRowStretch(1, 1);
}

void ChartPane::buildChoice()
{
    m_span->setObjectName(QStringLiteral("span"));
    m_span->setAccessibleName(tr("Time shown"));
    m_span->addItem(tr("%L1 minutes").arg(10), int(Span::TenMinutes));
    m_span->addItem(tr("%L1 hours").arg(24), int(Span::Day));
    m_span->setToolTip(tr("As far as this window has been open"));
    connect(m_span, &QComboBox::currentIndexChanged, this, &ChartPane::refresh);
    auto *layout = new QHBoxLayout(m_choice);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(new QLabel(tr("Charts over"), m_choice));
    layout->addWidget(m_span);
}

void ChartPane::show(const VaultRow &row)
{
    if (m_row && m_row->isSameMirror(row))
        return; // refreshed once a second
    m_row = row;
    m_lag->point(std::nullopt);
    m_throughput->point(std::nullopt);
    // What a replica receives its primary counts, not this machine.
    m_throughput->setEnabled(row.direction == Direction::Outgoing);
    refresh();
}

void ChartPane::refresh()
{
    if (!m_row)
        return;
    const auto span = Span(m_span->currentData().toInt());
    const History *history = m_book.of(*m_row);
    const Milliseconds now = m_book.now();
    const QList<Sample> samples =
        history ? history->samples(span, now) : QList<Sample>(History::slotCount(span));
    m_lag->show(samples, span);
    m_throughput->show(samples, span);
}

} // namespace octopus::desktop
