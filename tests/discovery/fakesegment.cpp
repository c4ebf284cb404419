#include "tests/discovery/fakesegment.h"

#include "tests/discovery/samples.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace octopus::discovery {

static constexpr int linkIndex = 2;
static constexpr auto latency = 1ms;

class FakeSegment::Station final : public BeaconPort
{
public:
    Station(FakeSegment &segment, quint32 ownNumber)
        : number(ownNumber),
          random(segment.m_random.fork()),
          table(segment.m_clock, samples::id(ownNumber)),
          beacon(samples::announcement(ownNumber), *this, table, segment.m_clock, random),
          m_segment(segment)
    {
        const QHostAddress ours = samples::address(number);
        beacon.setLinks({{linkIndex,
                          QStringLiteral("eth0"),
                          {{ours, 16, QHostAddress(ours.toIPv4Address() | 0xffff)}}}});
    }
    [[nodiscard]] bool send(const Link &, Family, QByteArrayView datagram) override
    {
        ++m_segment.m_datagrams;
        m_segment.m_bytes += quint64(datagram.size());
        m_segment.m_flights.push_back(
            {m_segment.m_clock.monotonic() + latency, number, datagram.toByteArray()});
        return true;
    }

    const quint32 number;
    testing::SeededRandom random;
    MachineTable table;
    Beacon beacon;

private:
    FakeSegment &m_segment;
};

FakeSegment::FakeSegment(quint64 seed, int loss) : m_random(seed), m_loss(loss) {}

FakeSegment::~FakeSegment() = default;

quint32 FakeSegment::add()
{
    m_machines.push_back(std::make_unique<Station>(*this, size()));
    return size() - 1;
}

void FakeSegment::passTime(Milliseconds time)
{
    for (int ms = 0; ms < time.count(); ++ms) {
        m_clock.advance(1ms);
        deliver();
        for (const auto &machine : m_machines) {
            if (const auto due = machine->beacon.nextDue(); due && *due <= m_clock.monotonic())
                machine->beacon.tick();
        }
    }
}

void FakeSegment::deliver()
{
    while (!m_flights.empty() && m_flights.front().arrives <= m_clock.monotonic()) {
        const Flight flight = std::move(m_flights.front());
        m_flights.pop_front();
        for (const auto &machine : m_machines) {
            if (m_loss == 0 || int(m_random.below(100)) >= m_loss)
                machine->beacon.receive({flight.bytes, samples::address(flight.from), linkIndex});
        }
    }
}

Beacon &FakeSegment::beacon(quint32 number)
{
    return m_machines[number]->beacon;
}

const MachineTable &FakeSegment::table(quint32 number) const
{
    return m_machines[number]->table;
}

quint64 FakeSegment::mostSentByOne() const
{
    quint64 most = 0;
    for (const auto &machine : m_machines)
        most = std::max(most, machine->beacon.counters().sent);
    return most;
}

} // namespace octopus::discovery
