// SendWindow: how many bytes may wait for the kernel, so that what is sent next is on its way soon,
// however slow the line is, and a fast line never runs dry. Pure: told what the line delivers. It
// aims at 100 ms worth of that, within its bounds, and at most doubles or halves at a time; it grows
// only where the line has delivered as much as it is within 250 ms, so that a burst, such as one that
// a shaper lets through after a pause, is not taken for the line. One thread.
#pragma once

#include "engine/base/clock.h"

#include <optional>

namespace octopus::link {

class SendWindow
{
public:
    static constexpr qint64 least = 2 * 1024;
    static constexpr qint64 first = 8 * 1024;
    static constexpr qint64 most = 1024 * 1024;
    static constexpr Milliseconds aim{100};
    static constexpr Milliseconds period{50}; // before it shrinks again
    static constexpr Milliseconds span{250};  // in which it must be delivered before it grows

    // `rate`: bytes a second that the other side has acknowledged lately, while there was enough to
    // send; nullopt: nobody knows. `delivered`: bytes in all. True if bytes() has changed.
    bool update(MonotonicTime now, std::optional<double> rate, quint64 delivered);
    [[nodiscard]] qint64 bytes() const { return m_bytes; }

private:
    void count(MonotonicTime from, quint64 delivered);

    qint64 m_bytes = first;
    std::optional<MonotonicTime> m_changed;
    MonotonicTime m_counted; // since when deliveries count
    quint64 m_delivered = 0; // by then
};

} // namespace octopus::link
