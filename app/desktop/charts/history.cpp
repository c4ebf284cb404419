#include "app/desktop/charts/history.h"

#include <algorithm>

namespace octopus::desktop {

void History::Ring::advance(qint64 slot)
{
    const qint64 size = m_samples.size();
    // Every slot that nothing was said of is one that nobody saw.
    for (qint64 at = std::max(m_newest + 1, slot - size + 1); at <= slot; ++at)
        m_samples[at % size] = {};
    m_newest = std::max(m_newest, slot);
}

void History::Ring::add(Milliseconds now, std::optional<Milliseconds> lag, quint64 bytes)
{
    const qint64 slot = now / m_slot;
    if (slot > m_newest)
        advance(slot);
    Sample &sample = m_samples[slot % m_samples.size()];
    sample.seen = true;
    if (lag)
        sample.lag = std::max(sample.lag, *lag);
    else
        sample.unknown = true;
    sample.bytesPerSecond += double(bytes) * 1000.0 / double(m_slot.count());
}

QList<Sample> History::Ring::last(qsizetype count, Milliseconds now) const
{
    const qint64 newest = now / m_slot;
    QList<Sample> samples;
    samples.reserve(count);
    for (qint64 slot = newest - count + 1; slot <= newest; ++slot) {
        const bool kept = slot >= 0 && slot <= m_newest && slot > m_newest - m_samples.size();
        samples.append(kept ? m_samples[slot % m_samples.size()] : Sample());
    }
    return samples;
}

void History::add(Milliseconds now, std::optional<Milliseconds> lag, quint64 sentBytes)
{
    const quint64 before = m_sent.value_or(sentBytes);
    const quint64 bytes = sentBytes >= before ? sentBytes - before : sentBytes;
    m_sent = sentBytes;
    m_seconds.add(now, lag, bytes);
    m_minutes.add(now, lag, bytes);
}

QList<Sample> History::samples(Span span, Milliseconds now) const
{
    return (span == Span::Day ? m_minutes : m_seconds).last(slotCount(span), now);
}

QList<Sample> History::seconds(qsizetype count, Milliseconds now) const
{
    return m_seconds.last(count, now);
}

Milliseconds History::slotLength(Span span)
{
    return span == Span::Day ? Milliseconds(60'000) : Milliseconds(1000);
}

qsizetype History::slotCount(Span span)
{
    return span == Span::Day ? 1440 : 600;
}

} // namespace octopus::desktop
