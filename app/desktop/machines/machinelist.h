// MachineList: the machines that the engine knows or hears of, asked for again and again while
// somebody looks. What was known stays until there is a newer answer. GUI thread.
#pragma once

#include "app/desktop/enginelink.h"
#include "app/desktop/machines/machine.h"

#include <QTimer>

namespace octopus::desktop {

class MachineList : public QObject
{
    Q_OBJECT

public:
    // `link` outlives the list.
    explicit MachineList(EngineLink &link);

    [[nodiscard]] const QList<Machine> &machines() const { return m_machines; }
    [[nodiscard]] const Machine *find(const MachineId &id) const; // nullptr: none
    // True until an answer to search() has come.
    [[nodiscard]] bool isSearching() const { return m_searching; }
    // Asks the engine, which asks the network first: some seconds.
    void search();
    void refresh();
    // Every beginWatching() searches, and keeps the list fresh until its endWatching().
    void beginWatching();
    void endWatching();

Q_SIGNALS:
    void changed();

private:
    void take(const control::Answer &answer);

    EngineLink &m_link;
    QTimer m_timer;
    QList<Machine> m_machines;
    int m_watchers = 0;
    bool m_searching = false;
};

} // namespace octopus::desktop
