// HistoryBook: the History of every mirror, written once a second from what the table holds; also
// when nothing changes, as an unchanged lag is one too. GUI thread.
#pragma once

#include "app/desktop/charts/history.h"
#include "app/desktop/vaultmodel.h"

#include <QElapsedTimer>
#include <QTimer>

#include <map>

namespace octopus::desktop {

class HistoryBook : public QObject
{
    Q_OBJECT

public:
    explicit HistoryBook(const VaultModel &model); // outlives the book

    [[nodiscard]] const History *of(const VaultRow &row) const; // nullptr: none yet
    // Of the clock that the histories are written by.
    [[nodiscard]] Milliseconds now() const;
    // Writes down the present; for tests and pictures also a past.
    void record();
    History &edit(const VaultRow &row);

Q_SIGNALS:
    void recorded();

private:
    using Key = std::tuple<VaultId, MachineId, Direction>;
    [[nodiscard]] static Key keyOf(const VaultRow &row);

    const VaultModel &m_model;
    QElapsedTimer m_clock;
    QTimer m_timer;
    std::map<Key, History> m_histories;
};

} // namespace octopus::desktop
