// History: what the lag and the throughput of one mirror were, as far as this window has seen them:
// the last 10 minutes by the second, the last 24 hours by the minute. The engine's status has only
// the present. Times are milliseconds of any monotonic clock, handed in. Value; pure.
#pragma once

#include "engine/base/clock.h"

#include <QList>

#include <optional>

namespace octopus::desktop {

// One slot of time.
struct Sample {
    bool seen = false;         // the window looked at all
    bool unknown = false;      // the lag was unknown at some moment in it
    Milliseconds lag{0};       // the worst in it
    double bytesPerSecond = 0; // the mean over it
    friend bool operator==(const Sample &, const Sample &) = default;
};

enum class Span : quint8 { TenMinutes, Day };

class History
{
public:
    // `lag`: nullopt: unknown. `sentBytes`: counts up; a smaller one than before begins anew.
    void add(Milliseconds now, std::optional<Milliseconds> lag, quint64 sentBytes);

    // Slots, the oldest first; the last one is that of `now`.
    [[nodiscard]] QList<Sample> samples(Span span, Milliseconds now) const;
    // The last `count` seconds.
    [[nodiscard]] QList<Sample> seconds(qsizetype count, Milliseconds now) const;
    [[nodiscard]] static Milliseconds slotLength(Span span);
    [[nodiscard]] static qsizetype slotCount(Span span);

private:
    class Ring
    {
    public:
        Ring(Milliseconds slot, qsizetype count) : m_slot(slot), m_samples(count) {}
        void add(Milliseconds now, std::optional<Milliseconds> lag, quint64 bytes);
        [[nodiscard]] QList<Sample> last(qsizetype count, Milliseconds now) const;

    private:
        void advance(qint64 slot);

        Milliseconds m_slot;
        QList<Sample> m_samples; // slot n lies at n modulo the size
        qint64 m_newest = -1;
    };

    Ring m_seconds{Milliseconds(1000), 600};
    Ring m_minutes{Milliseconds(60'000), 1440};
    std::optional<quint64> m_sent;
};

} // namespace octopus::desktop
