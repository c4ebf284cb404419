#include "app/desktop/machines/machinelist.h"

#include <algorithm>

namespace octopus::desktop {

namespace {

constexpr Milliseconds freshFor{3000};
constexpr quint64 searchTime = 3; // s: then every machine in reach has answered

} // namespace

MachineList::MachineList(EngineLink &link) : m_link(link)
{
    m_timer.setInterval(freshFor);
    connect(&m_timer, &QTimer::timeout, this, &MachineList::refresh);
}

const Machine *MachineList::find(const MachineId &id) const
{
    const auto it = std::ranges::find(m_machines, id, &Machine::id);
    return it == m_machines.end() ? nullptr : &*it;
}

void MachineList::search()
{
    refresh(); // what is known shows at once
    if (std::exchange(m_searching, true))
        return;
    m_link.send(control::ListPeers{searchTime}, this, [this](const control::Answer &answer) {
        m_searching = false;
        take(answer);
    });
    Q_EMIT changed();
}

void MachineList::refresh()
{
    m_link.send(control::ListPeers{}, this,
                [this](const control::Answer &answer) { take(answer); });
}

void MachineList::beginWatching()
{
    if (++m_watchers == 1)
        m_timer.start();
    search();
}

void MachineList::endWatching()
{
    if (--m_watchers == 0)
        m_timer.stop();
}

void MachineList::take(const control::Answer &answer)
{
    if (answer)
        m_machines = machinesFromJson(answer->toArray());
    Q_EMIT changed();
}

} // namespace octopus::desktop
