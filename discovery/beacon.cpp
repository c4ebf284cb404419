#include "discovery/beacon.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace octopus::discovery {

// Machines that were switched on together, or asked together, do not all speak at once.
static constexpr auto startJitter = 100ms;
static constexpr auto answerJitter = 200ms;
// A datagram can get lost: the first ones follow each other soon.
static constexpr auto secondAnnouncement = 1s;
static constexpr auto thirdAnnouncement = 2s;
static constexpr auto shortestPeriod = 15s; // a listed machine is dropped after 60 s of silence
static constexpr auto periodJitter = 10s;
static constexpr auto questionGap = 1s;  // between two questions of ours on one channel
static constexpr auto answerGap = 250ms; // between whatever we sent there and an answer
// An address of IPv6 cannot be used before the system has found that nobody else has it.
static constexpr auto retryGap = 250ms;
static constexpr int mostRetries = 20;
static constexpr TokenBucket freshAnswers(6, 2s);

MonotonicTime Beacon::Channel::due() const
{
    MonotonicTime due = announceDue;
    if (answerDue)
        due = std::min(due, *answerDue);
    if (askDue)
        due = std::min(due, *askDue);
    return due;
}

Beacon::Beacon(const Announcement &self, BeaconPort &port, MachineTable &table, const Clock &clock,
               Random &random)
    : m_self(self),
      m_port(port),
      m_table(table),
      m_clock(clock),
      m_random(random)
{}

Nanoseconds Beacon::upTo(Nanoseconds longest)
{
    return Nanoseconds(qint64(m_random.below(quint64(longest.count()) + 1)));
}

Nanoseconds Beacon::untilNextAnnouncement(int announced)
{
    if (announced == 1)
        return secondAnnouncement + upTo(answerJitter);
    if (announced == 2)
        return thirdAnnouncement + upTo(answerJitter);
    return shortestPeriod + upTo(periodJitter);
}

Beacon::Channel Beacon::openChannel(const Link &link, Family family)
{
    const MonotonicTime start = m_clock.monotonic() + upTo(startJitter);
    return {link, family, start, start + shortestPeriod, {}, {}, {}, freshAnswers};
}

void Beacon::setLinks(const Links &links)
{
    m_links = links;
    std::vector<Channel> channels;
    for (const Link &link : links) {
        for (const Family family : {Family::Ipv4, Family::Ipv6}) {
            if (link.reached(family).isEmpty())
                continue;
            const auto known = std::ranges::find_if(m_channels, [&](const Channel &c) {
                return c.link.index == link.index && c.family == family
                    && c.link.reached(family) == link.reached(family);
            });
            channels.push_back(known != m_channels.end() ? *known : openChannel(link, family));
            channels.back().link = link;
        }
    }
    m_channels = std::move(channels);
}

void Beacon::ask()
{
    const MonotonicTime now = m_clock.monotonic();
    for (Channel &channel : m_channels) {
        if (!channel.askDue)
            channel.askDue =
                channel.lastAsked ? std::max(now, *channel.lastAsked + questionGap) : now;
    }
}

void Beacon::stop()
{
    for (Channel &channel : m_channels)
        send(channel, AnnouncementKind::Goodbye);
    m_channels.clear();
    m_links.clear();
}

bool Beacon::send(Channel &channel, AnnouncementKind kind)
{
    if (m_self.port == 0 && kind != AnnouncementKind::Ask)
        return true; // nobody can call us
    m_self.kind = kind;
    m_self.nonce = m_random.next64();
    const bool sent = m_port.send(channel.link, channel.family, encode(m_self));
    ++(sent ? m_counters.sent : m_counters.notSent);
    return sent;
}

std::optional<MonotonicTime> Beacon::nextDue() const
{
    if (m_channels.empty())
        return std::nullopt;
    return std::ranges::min(m_channels, {}, &Channel::due).due();
}

void Beacon::tick()
{
    const MonotonicTime now = m_clock.monotonic();
    for (Channel &channel : m_channels) {
        if (channel.due() <= now)
            advance(channel, now);
    }
}

// A question announces as well, and every announcement answers everybody who asked.
void Beacon::advance(Channel &channel, MonotonicTime now)
{
    const bool asks = channel.askDue && *channel.askDue <= now;
    const auto kind = asks ? AnnouncementKind::Ask : AnnouncementKind::Announce;
    channel.failed = send(channel, kind) ? 0 : channel.failed + 1;
    if (channel.failed > 0 && channel.failed <= mostRetries) {
        (asks ? *channel.askDue : channel.announceDue) = now + retryGap;
        channel.answerDue.reset();
        return;
    }
    channel.lastSent = now;
    if (asks) {
        channel.lastAsked = now;
        channel.askDue.reset();
    }
    channel.answerDue.reset();
    channel.announceDue = now + untilNextAnnouncement(++channel.announced);
}

void Beacon::answer(int link, Family family)
{
    const MonotonicTime now = m_clock.monotonic();
    for (Channel &channel : m_channels) {
        if (channel.link.index != link || channel.family != family || channel.answerDue)
            continue;
        MonotonicTime due = now;
        if (channel.lastSent)
            due = std::max(due, *channel.lastSent + answerGap);
        due = std::max(due, channel.answers.next());
        (void)channel.answers.take(due);
        channel.answerDue = due + upTo(answerJitter);
    }
}

void Beacon::receive(const ReceivedDatagram &datagram)
{
    const QHostAddress address = onLink(m_links, datagram.source, datagram.link);
    if (address.isNull()) {
        ++m_counters.elsewhere;
        return;
    }
    if (!m_intake.admit(address, m_table.knows(address), m_clock.monotonic())) {
        ++m_counters.limited;
        return;
    }
    const Result<Announcement> heard = decode(datagram.bytes);
    if (!heard) {
        ++m_counters.malformed;
        return;
    }
    if (heard->id == m_self.id) {
        if (heard->instance != m_self.instance) {
            ++m_counters.ownIdentity;
            m_counters.ownIdentityAt =
                heard->port == 0 ? QString() : MachineAddress{address, heard->port, {}}.text();
        }
        return;
    }
    ++m_counters.heard;
    take(*heard, address, datagram.source, datagram.link);
}

void Beacon::take(const Announcement &heard, const QHostAddress &address,
                  const QHostAddress &source, int link)
{
    if (heard.kind == AnnouncementKind::Goodbye) {
        m_table.leave(heard.id, address, heard.instance);
        return;
    }
    const Sighting sighting{
        heard.id,       heard.name, heard.version, heard.leastProtocol, heard.mostProtocol,
        heard.instance, address,    heard.port,    Source::Broadcast,   {}};
    if (heard.port != 0 && m_table.see(sighting) == MachineTable::Verdict::Refused)
        ++m_counters.noRoom;
    if (heard.kind == AnnouncementKind::Ask)
        answer(link, familyOf(source));
}

} // namespace octopus::discovery
