#include "engine/link/sendwindow.h"

#include <algorithm>

namespace octopus::link {

bool SendWindow::update(MonotonicTime now, qint64 taken, qint64 waiting)
{
    const qint64 gone = taken - m_takenBefore;
    if (waiting == 0) {
        // The line took it all: it could have taken more, if it was given so much.
        const bool wasTried = gone >= m_bytes / 2;
        const bool grown = wasTried && now - m_since < aim && set(2 * m_bytes);
        startPeriod(now, taken, false);
        return grown;
    }
    if (!m_busy) {
        startPeriod(now, taken, true);
        return false;
    }
    const auto elapsed = now - m_since;
    if (elapsed < period || gone == 0)
        return false;
    const double rate = double(gone) / std::chrono::duration<double>(elapsed).count();
    const double wanted = rate * std::chrono::duration<double>(aim).count();
    const bool changed = set(qint64(std::clamp(wanted, double(m_bytes / 2), double(m_bytes * 2))));
    startPeriod(now, taken, true);
    return changed;
}

void SendWindow::startPeriod(MonotonicTime now, qint64 taken, bool isBusy)
{
    m_since = now;
    m_takenBefore = taken;
    m_busy = isBusy;
}

bool SendWindow::set(qint64 bytes)
{
    const qint64 before = m_bytes;
    m_bytes = std::clamp(bytes, least, most);
    return m_bytes != before;
}

} // namespace octopus::link
