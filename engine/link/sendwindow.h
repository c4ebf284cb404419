// SendWindow: how many bytes may wait for the kernel, so that what is sent next is on its way soon,
// however slow the line is, and a fast line never runs dry. Pure: told what was taken and when. It
// aims at 100 ms worth of the rate that was measured, within its bounds, and at most doubles or
// halves at a time. One thread.
#pragma once

#include "engine/base/clock.h"

namespace octopus::link {

class SendWindow
{
public:
    static constexpr qint64 least = 2 * 1024;
    static constexpr qint64 first = 32 * 1024;
    static constexpr qint64 most = 1024 * 1024;
    static constexpr Milliseconds aim{100};
    static constexpr Milliseconds period{50}; // the shortest over which a rate is measured

    // `taken`: bytes that the kernel has taken since the start; `waiting`: those it has not.
    // True if bytes() has changed.
    bool update(MonotonicTime now, qint64 taken, qint64 waiting);
    [[nodiscard]] qint64 bytes() const { return m_bytes; }

private:
    void startPeriod(MonotonicTime now, qint64 taken, bool isBusy);
    bool set(qint64 bytes);

    qint64 m_bytes = first;
    MonotonicTime m_since;
    qint64 m_takenBefore = 0;
    bool m_busy = false; // something was waiting ever since
};

} // namespace octopus::link
