#include "discovery/machinetable.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace octopus::discovery {

// What one address is said to be called, and its port, change at most this often: a forger must not
// make the list flicker.
static constexpr auto settled = 10s;
// Another run of the same identity that was heard this recently still runs.
static constexpr auto overlap = 60s;

MachineTable::MachineTable(const Clock &clock, QByteArray self)
    : m_clock(clock),
      m_self(std::move(self))
{}

MachineTable::Place MachineTable::placeOf(const Sighting &sighting)
{
    return {sighting.address, sighting.source};
}

void MachineTable::setConfirmed(const QList<ConfirmedMachine> &machines)
{
    QHash<QByteArray, QString> confirmed;
    for (const ConfirmedMachine &machine : machines)
        confirmed.insert(machine.id, machine.name);
    if (confirmed == m_confirmed)
        return;
    m_confirmed = std::move(confirmed);
    ++m_revision;
}

MachineTable::Verdict MachineTable::see(const Sighting &sighting)
{
    if (sighting.id == m_self)
        return Verdict::Self;
    Record *record = recordFor(sighting);
    if (!record)
        return Verdict::Refused;
    const auto hint = std::ranges::find_if(record->hints, [&](const Hint &h) {
        return h.sighting.source == sighting.source && h.sighting.address == sighting.address
            && h.sighting.service == sighting.service;
    });
    if (hint != record->hints.end()) {
        if (refresh(*hint, sighting))
            ++m_revision;
    } else if (!add(*record, sighting)) {
        if (record->hints.empty())
            m_records.erase(sighting.id);
        return Verdict::Refused;
    }
    noteInstance(*record, sighting.instance);
    return Verdict::Taken;
}

// Null: unknown, and there is no room for it.
MachineTable::Record *MachineTable::recordFor(const Sighting &sighting)
{
    if (const auto it = m_records.find(sighting.id); it != m_records.end())
        return &it->second;
    const bool confirmed = m_confirmed.contains(sighting.id);
    const bool crowded = m_heardAt.value(placeOf(sighting)) >= mostAtOneAddress;
    if ((crowded && !confirmed) || (size() >= mostMachines && !makeRoom(confirmed)))
        return nullptr;
    return &m_records[sighting.id];
}

// A stranger gets no place of another one: all are refreshed, or they wear off by themselves. A
// confirmed machine gets that of the stranger who was not heard of for longest.
bool MachineTable::makeRoom(bool confirmed)
{
    if (!confirmed)
        return false;
    auto oldest = m_records.end();
    for (auto it = m_records.begin(); it != m_records.end(); ++it) {
        if (m_confirmed.contains(it->first))
            continue;
        if (oldest == m_records.end() || it->second.lastSeen() < oldest->second.lastSeen())
            oldest = it;
    }
    if (oldest == m_records.end())
        return false;
    removeHints(oldest->second, [](const Hint &) { return true; });
    m_records.erase(oldest);
    return true;
}

// True if something that is shown changed.
bool MachineTable::refresh(Hint &hint, const Sighting &sighting)
{
    const MonotonicTime now = m_clock.monotonic();
    hint.lastSeen = now;
    hint.sighting.instance = sighting.instance;
    const Sighting &old = hint.sighting;
    const bool same = old.name == sighting.name && old.version == sighting.version
        && old.port == sighting.port && old.leastProtocol == sighting.leastProtocol
        && old.mostProtocol == sighting.mostProtocol;
    if (same || (hint.changed && now - *hint.changed < settled))
        return false;
    hint.sighting = sighting;
    hint.changed = now;
    return true;
}

bool MachineTable::add(Record &record, const Sighting &sighting)
{
    const bool confirmed = m_confirmed.contains(sighting.id);
    const auto hints = std::ranges::count_if(
        record.hints, [&](const Hint &h) { return h.sighting.source == sighting.source; });
    const bool crowded = m_heardAt.value(placeOf(sighting)) >= mostAtOneAddress;
    if (hints >= mostHints || (crowded && !confirmed))
        return false;
    ++m_heardAt[placeOf(sighting)];
    record.hints.push_back({sighting, m_clock.monotonic(), {}});
    ++m_revision;
    return true;
}

// A machine that restarts speaks under a new number once; two machines with one identity take turns.
void MachineTable::noteInstance(Record &record, quint64 instance)
{
    const MonotonicTime now = m_clock.monotonic();
    if (instance == 0 || instance == record.instance) {
        record.instanceSeen = now;
        return;
    }
    if (instance == record.earlierInstance && now - record.instanceSeen < overlap) {
        if (!isContested(record, now))
            ++m_revision;
        record.contestedUntil = now + overlap;
    }
    record.earlierInstance = record.instance;
    record.instance = instance;
    record.instanceSeen = now;
}

bool MachineTable::isContested(const Record &record, MonotonicTime now)
{
    return record.contestedUntil && *record.contestedUntil > now;
}

void MachineTable::leave(const QByteArray &id, const QHostAddress &address, quint64 instance)
{
    const auto it = m_records.find(id);
    if (it == m_records.end() || m_confirmed.contains(id))
        return;
    const bool removed = removeHints(it->second, [&](const Hint &hint) {
        return hint.sighting.source == Source::Broadcast && hint.sighting.address == address
            && hint.sighting.instance == instance;
    });
    if (removed && it->second.hints.empty())
        m_records.erase(it);
}

void MachineTable::withdraw(const QString &service)
{
    removeEverywhere([&](const Hint &hint) {
        return hint.sighting.source == Source::DnsSd && hint.sighting.service == service;
    });
}

void MachineTable::withdrawAll(Source source)
{
    removeEverywhere([&](const Hint &hint) { return hint.sighting.source == source; });
}

void MachineTable::expire()
{
    const MonotonicTime now = m_clock.monotonic();
    removeEverywhere([&](const Hint &hint) {
        const bool broadcast = hint.sighting.source == Source::Broadcast;
        return now - hint.lastSeen > (broadcast ? broadcastLifetime : dnsSdLifetime);
    });
    for (auto &[id, record] : m_records) {
        if (record.contestedUntil && *record.contestedUntil <= now) {
            record.contestedUntil.reset();
            ++m_revision;
        }
    }
}

template <typename Predicate> bool MachineTable::removeHints(Record &record, Predicate gone)
{
    const auto removed = std::erase_if(record.hints, [&](const Hint &hint) {
        if (!gone(hint))
            return false;
        const Place place = placeOf(hint.sighting);
        if (--m_heardAt[place] <= 0)
            m_heardAt.remove(place);
        return true;
    });
    if (removed > 0)
        ++m_revision;
    return removed > 0;
}

template <typename Predicate> void MachineTable::removeEverywhere(Predicate gone)
{
    std::erase_if(m_records, [&](auto &entry) {
        removeHints(entry.second, gone);
        return entry.second.hints.empty();
    });
}

bool MachineTable::knows(const QHostAddress &address) const
{
    return m_heardAt.contains({address, Source::Broadcast});
}

Machine MachineTable::machineOf(const QByteArray &id, const Record &record) const
{
    Machine machine;
    machine.id = id;
    machine.name = m_confirmed.value(id);
    machine.contested = isContested(record, m_clock.monotonic());
    machine.lastSeen = record.lastSeen();
    const Sighting &first = record.hints.front().sighting;
    machine.version = first.version;
    machine.leastProtocol = first.leastProtocol;
    machine.mostProtocol = first.mostProtocol;
    for (const Hint &hint : record.hints) {
        const Sighting &said = hint.sighting;
        machine.sources |= said.source;
        if (machine.name.isEmpty())
            machine.name = said.name;
        else if (said.name != machine.name && !machine.otherNames.contains(said.name))
            machine.otherNames.append(said.name);
        const auto known = std::ranges::find_if(machine.addresses, [&](const MachineAddress &a) {
            return a.address == said.address && a.port == said.port;
        });
        if (known == machine.addresses.end())
            machine.addresses.append({said.address, said.port, said.source});
        else
            known->sources |= said.source;
    }
    std::ranges::stable_partition(machine.addresses, [](const MachineAddress &a) {
        return a.address.protocol() == QAbstractSocket::IPv4Protocol;
    });
    return machine;
}

Machines MachineTable::machines() const
{
    Machines machines;
    machines.reserve(size());
    for (const auto &[id, record] : m_records)
        machines.append(machineOf(id, record));
    std::ranges::sort(machines, [](const Machine &a, const Machine &b) {
        const int order = a.name.compare(b.name, Qt::CaseInsensitive);
        return order != 0 ? order < 0 : a.id < b.id;
    });
    return machines;
}

} // namespace octopus::discovery
