// Beacon: our own announcements: when they are sent, and what is made of those that arrive.
//
// It says who we are when it starts, when a link appears and every 20 s or so, and answers whoever
// asks, always to everybody on that link: no datagram makes it send to an address of somebody's
// choice. However many ask, on one link and family an answer goes out every two seconds at most.
// Pure and step by step: call tick() when nextDue() has come. One thread.
#pragma once

#include "discovery/announcement.h"
#include "discovery/intake.h"
#include "discovery/link.h"
#include "discovery/machinetable.h"
#include "engine/base/random.h"

#include <optional>
#include <vector>

namespace octopus::discovery {

// The way out.
class BeaconPort
{
public:
    virtual ~BeaconPort() = default;
    // To everybody on this link. False: not now, the address is not ready yet, say.
    [[nodiscard]] virtual bool send(const Link &link, Family family, QByteArrayView datagram) = 0;
};

struct ReceivedDatagram {
    QByteArray bytes;
    QHostAddress source;
    int link = 0; // index of the interface; 0: unknown
};

// Since the start. Nothing that is turned away goes unseen.
struct BeaconCounters {
    quint64 sent = 0;
    quint64 notSent = 0;
    quint64 heard = 0;       // sightings, questions and good-byes of others
    quint64 limited = 0;     // too many from there, or in total
    quint64 malformed = 0;   // or of another format
    quint64 elsewhere = 0;   // from an address that is on none of our links
    quint64 noRoom = 0;      // the table is full
    quint64 ownIdentity = 0; // ours, but not sent by this program: a clone of this machine
    QString ownIdentityAt;   // where the last of these said to listen; empty: nowhere
    friend bool operator==(const BeaconCounters &, const BeaconCounters &) = default;
};

class Beacon
{
public:
    // `self`: kind and nonce do not matter.
    Beacon(const Announcement &self, BeaconPort &port, MachineTable &table, const Clock &clock,
           Random &random);

    // Starts to announce on links that are new, or whose addresses changed, with a question.
    void setLinks(const Links &links);
    // One datagram for each link and family, at most one a second.
    void ask();
    // Says good-bye on every link and sends nothing more until there are links again.
    void stop();

    void receive(const ReceivedDatagram &datagram);
    void tick();
    // nullopt: nothing is to be done before something happens.
    [[nodiscard]] std::optional<MonotonicTime> nextDue() const;
    [[nodiscard]] const BeaconCounters &counters() const { return m_counters; }

private:
    // One link and family.
    struct Channel {
        Link link;
        Family family;
        std::optional<MonotonicTime> askDue;
        MonotonicTime announceDue; // the next one of our own accord
        std::optional<MonotonicTime> answerDue;
        std::optional<MonotonicTime> lastAsked;
        std::optional<MonotonicTime> lastSent;
        TokenBucket answers; // what strangers can make us send
        int announced = 0;
        int failed = 0; // in a row
        [[nodiscard]] MonotonicTime due() const;
    };

    [[nodiscard]] Channel openChannel(const Link &link, Family family);
    void advance(Channel &channel, MonotonicTime now);
    bool send(Channel &channel, AnnouncementKind kind);
    void answer(int link, Family family);
    void take(const Announcement &heard, const QHostAddress &address, const QHostAddress &source,
              int link);
    [[nodiscard]] Nanoseconds upTo(Nanoseconds longest);
    [[nodiscard]] Nanoseconds untilNextAnnouncement(int announced);

    Announcement m_self;
    BeaconPort &m_port;
    MachineTable &m_table;
    const Clock &m_clock;
    Random &m_random;
    Links m_links;
    std::vector<Channel> m_channels;
    Intake m_intake;
    BeaconCounters m_counters;
};

} // namespace octopus::discovery
