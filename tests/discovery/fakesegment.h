// FakeSegment: machines on one network segment, with a clock that passes only when told. Every
// datagram reaches every machine after a delay, unless it is lost. One seed replays one history.
#pragma once

#include "discovery/beacon.h"
#include "tests/support/fakeclock.h"
#include "tests/support/seededrandom.h"

#include <deque>
#include <memory>
#include <vector>

namespace octopus::discovery {

class FakeSegment
{
public:
    // `loss`: datagrams lost in a hundred, each for each receiver.
    explicit FakeSegment(quint64 seed, int loss = 0);
    ~FakeSegment();

    // Connects another machine, which starts at once; its number.
    quint32 add();
    void passTime(Milliseconds time);

    [[nodiscard]] Beacon &beacon(quint32 number);
    [[nodiscard]] const MachineTable &table(quint32 number) const;
    [[nodiscard]] quint32 size() const { return quint32(m_machines.size()); }
    [[nodiscard]] quint64 datagrams() const { return m_datagrams; }
    [[nodiscard]] quint64 bytes() const { return m_bytes; }
    // Of any one machine since its start.
    [[nodiscard]] quint64 mostSentByOne() const;

private:
    class Station;
    struct Flight {
        MonotonicTime arrives;
        quint32 from;
        QByteArray bytes;
    };

    void deliver();

    testing::FakeClock m_clock;
    testing::SeededRandom m_random;
    const int m_loss;
    std::vector<std::unique_ptr<Station>> m_machines;
    std::deque<Flight> m_flights;
    quint64 m_datagrams = 0;
    quint64 m_bytes = 0;
};

} // namespace octopus::discovery
