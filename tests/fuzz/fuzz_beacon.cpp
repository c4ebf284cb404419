// What anybody on the network can say before they are known. The first byte chooses: datagrams (each
// behind its length, from an address of its own) or a record of DNS-SD. What is accepted keeps the
// caps; the list of machines is bounded and never has ourselves; nothing makes us talk more than we would.
#include "discovery/beacon.h"
#include "discovery/servicerecord.h"
#include "tests/fuzz/property.h"
#include "tests/support/fakeclock.h"
#include "tests/support/seededrandom.h"

using namespace octopus;
using namespace octopus::discovery;

namespace {

class CountingPort final : public BeaconPort
{
public:
    [[nodiscard]] bool send(const Link &, Family, QByteArrayView datagram) override
    {
        fuzz::claim(decode(datagram).has_value(), "what we say is sound");
        ++sent;
        return true;
    }
    int sent = 0;
};

// The next part, behind one byte of length.
QByteArray takePart(QByteArrayView &rest)
{
    if (rest.isEmpty())
        return {};
    const qsizetype length = std::min<qsizetype>(quint8(rest.front()), rest.size() - 1);
    const QByteArray part = rest.sliced(1, length).toByteArray();
    rest = rest.sliced(1 + length);
    return part;
}

void checkDatagram(QByteArrayView datagram)
{
    const auto heard = decode(datagram);
    if (!heard)
        return;
    fuzz::claim(isAnnounceable(heard->name) && isVersion(heard->version), "texts are plain");
    fuzz::claim(heard->id.size() == idSize && heard->instance != 0, "there is an identity");
    fuzz::claim(heard->port == 0 || heard->port >= leastPort, "no port of the system");
    const QByteArray again = encode(*heard);
    fuzz::claim(datagram.startsWith(again), "an announcement has one encoding, fields aside");
    const auto back = decode(again);
    fuzz::claim(back && *back == *heard, "an announcement survives another encoding");
}

void hear(QByteArrayView stream)
{
    testing::FakeClock clock;
    testing::SeededRandom random(1);
    CountingPort port;
    Announcement self;
    self.id = QByteArray(idSize, 's');
    self.name = QStringLiteral("self");
    self.port = 17290;
    MachineTable table(clock, self.id);
    table.setConfirmed({{QByteArray(idSize, 'p'), QStringLiteral("peer")}});
    Beacon beacon(self, port, table, clock, random);
    beacon.setLinks({{2,
                      QStringLiteral("eth0"),
                      {{QHostAddress(QStringLiteral("10.0.0.1")), 8,
                        QHostAddress(QStringLiteral("10.255.255.255"))}}}});
    quint32 source = 0x0a000002;
    while (!stream.isEmpty()) {
        const quint8 step = quint8(stream.front());
        const QByteArray datagram = takePart(stream);
        checkDatagram(datagram);
        beacon.receive({datagram, QHostAddress(source + step % 8), 2});
        clock.advance(std::chrono::milliseconds(step));
        table.expire();
        beacon.tick();
    }
    const auto seconds =
        (clock.monotonic() - MonotonicTime{std::chrono::hours(1)}) / std::chrono::seconds(1);
    fuzz::claim(port.sent <= 12 + seconds, "nobody makes us talk");
    fuzz::claim(table.size() <= MachineTable::mostMachines, "the list is bounded");
    for (const Machine &machine : table.machines()) {
        fuzz::claim(machine.id != self.id, "we are not in the list");
        fuzz::claim(machine.id != QByteArray(idSize, 'p') || machine.name == QStringLiteral("peer"),
                    "nobody renames a confirmed machine");
        fuzz::claim(machine.addresses.size() <= MachineTable::mostHints, "addresses are bounded");
    }
}

void read(QByteArrayView parts)
{
    ServiceText text;
    for (const auto &key : {QStringLiteral("id"), QStringLiteral("name"), QStringLiteral("v"),
                            QStringLiteral("proto")})
        text.insert(key, takePart(parts));
    const auto sighting = readService(QStringLiteral("service"), text, 17290);
    if (!sighting)
        return;
    Announcement said;
    said.id = sighting->id;
    said.name = sighting->name;
    said.version = sighting->version;
    said.leastProtocol = sighting->leastProtocol;
    said.mostProtocol = sighting->mostProtocol;
    said.port = sighting->port;
    fuzz::claim(decode(encode(said)).has_value(), "both sources have the same caps");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const QByteArrayView rest = fuzz::inputOf(data, size).sliced(1);
    if (data[0] & 1)
        read(rest);
    else
        hear(rest);
    return 0;
}
