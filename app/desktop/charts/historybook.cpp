#include "app/desktop/charts/historybook.h"

#include <algorithm>

namespace octopus::desktop {

namespace {

constexpr Milliseconds interval{1000};
// So that a past can be written before the clock began.
constexpr Milliseconds origin{25 * 3'600'000};

} // namespace

HistoryBook::HistoryBook(const VaultModel &model) : m_model(model)
{
    m_clock.start();
    m_timer.setInterval(interval);
    connect(&m_timer, &QTimer::timeout, this, &HistoryBook::record);
    m_timer.start();
}

HistoryBook::Key HistoryBook::keyOf(const VaultRow &row)
{
    return {row.vault, row.peer, row.direction};
}

const History *HistoryBook::of(const VaultRow &row) const
{
    const auto it = m_histories.find(keyOf(row));
    return it == m_histories.end() ? nullptr : &it->second;
}

Milliseconds HistoryBook::now() const
{
    return origin + Milliseconds(m_clock.elapsed());
}

History &HistoryBook::edit(const VaultRow &row)
{
    return m_histories[keyOf(row)];
}

void HistoryBook::record()
{
    const Milliseconds at = now();
    for (const VaultRow &row : m_model.rows())
        edit(row).add(at, m_model.isStale() ? std::nullopt : row.lag, row.sentBytes);
    // Mirrors that are gone are forgotten.
    std::erase_if(m_histories, [this](const auto &entry) {
        return std::ranges::none_of(m_model.rows(),
                                    [&](const VaultRow &row) { return keyOf(row) == entry.first; });
    });
    Q_EMIT recorded();
}

} // namespace octopus::desktop
