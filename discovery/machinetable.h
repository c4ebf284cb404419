// MachineTable: the machines that were heard of, merged by identity from all sources.
//
// Whatever is heard is a hint. It can add a machine or an address, and it wears off; it can neither
// rename nor remove a confirmed machine, nor push out what was heard before. Bounded: 1024 machines
// and, for each source, 8 hints a machine and 16 at one address, so that forged DNS-SD records do not
// push out what was heard by broadcast. Pure and step by step; one thread.
#pragma once

#include "discovery/machine.h"

#include <QHash>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <vector>

namespace octopus::discovery {

class MachineTable
{
public:
    static constexpr qsizetype mostMachines = 1024;
    static constexpr int mostHints = 8;
    static constexpr int mostAtOneAddress = 16;
    // Of what is not heard again.
    static constexpr Milliseconds broadcastLifetime{60'000};
    static constexpr Milliseconds dnsSdLifetime{300'000};

    enum class Verdict : quint8 { Taken, Self, Refused };

    // `self` is never listed.
    MachineTable(const Clock &clock, QByteArray self);

    // Machines that the engine knows by their keys, with their names. Replaces the earlier list.
    void setConfirmed(const QList<ConfirmedMachine> &machines);

    // `sighting.address` is on one of our links. Refused: there is no room for a stranger.
    Verdict see(const Sighting &sighting);
    // A machine says from this address that it ends: takes the hint of that address and run. Means
    // nothing for a confirmed machine: its session, or silence, says so.
    void leave(const QByteArray &id, const QHostAddress &address, quint64 instance);
    // DNS-SD no longer has this service instance, or no service at all.
    void withdraw(const QString &service);
    void withdrawAll(Source source);
    // Drops what has worn off. Call it about once a second.
    void expire();

    // A listed machine was heard from this address.
    [[nodiscard]] bool knows(const QHostAddress &address) const;
    [[nodiscard]] qsizetype size() const { return qsizetype(m_records.size()); }
    [[nodiscard]] Machines machines() const;
    // Goes up whenever machines() gives something else, times aside.
    [[nodiscard]] quint64 revision() const { return m_revision; }

private:
    struct Hint {
        Sighting sighting;
        MonotonicTime lastSeen;
        std::optional<MonotonicTime> changed; // when something that is shown last changed
    };
    struct Record {
        std::vector<Hint> hints; // never empty between calls; in the order of their first sighting
        quint64 instance = 0;    // the run that was heard last, and the one before it
        quint64 earlierInstance = 0;
        MonotonicTime instanceSeen;
        std::optional<MonotonicTime> contestedUntil;
        [[nodiscard]] MonotonicTime lastSeen() const
        {
            return std::ranges::max(hints, {}, &Hint::lastSeen).lastSeen;
        }
    };
    using Place = std::pair<QHostAddress, Source>;

    [[nodiscard]] Record *recordFor(const Sighting &sighting);
    [[nodiscard]] bool makeRoom(bool confirmed);
    bool refresh(Hint &hint, const Sighting &sighting);
    [[nodiscard]] bool add(Record &record, const Sighting &sighting);
    void noteInstance(Record &record, quint64 instance);
    template <typename Predicate> bool removeHints(Record &record, Predicate gone);
    template <typename Predicate> void removeEverywhere(Predicate gone);
    [[nodiscard]] Machine machineOf(const QByteArray &id, const Record &record) const;
    [[nodiscard]] static Place placeOf(const Sighting &sighting);
    [[nodiscard]] static bool isContested(const Record &record, MonotonicTime now);

    const Clock &m_clock;
    const QByteArray m_self;
    QHash<QByteArray, QString> m_confirmed;
    std::unordered_map<QByteArray, Record> m_records;
    QHash<Place, int> m_heardAt; // the number of hints there
    quint64 m_revision = 0;
};

} // namespace octopus::discovery
