#include "engine/link/sendwindow.h"

#include <algorithm>

namespace octopus::link {

bool SendWindow::update(MonotonicTime now, std::optional<double> rate, quint64 delivered)
{
    const quint64 lately = delivered - m_delivered;
    if (now - m_counted >= span)
        count(now, delivered);
    if (!rate)
        return false;
    const double wanted = *rate * std::chrono::duration<double>(aim).count();
    const double bytes = std::clamp(wanted, double(m_bytes) / 2, double(m_bytes) * 2);
    const qint64 next = std::clamp(qint64(bytes), least, most);
    const bool isTooSoon =
        next > m_bytes ? lately < quint64(m_bytes) : m_changed && now - *m_changed < period;
    if (next == m_bytes || isTooSoon)
        return false;
    m_bytes = next;
    m_changed = now;
    count(now, delivered);
    return true;
}

void SendWindow::count(MonotonicTime from, quint64 delivered)
{
    m_counted = from;
    m_delivered = delivered;
}

} // namespace octopus::link
