#include "app/desktop/session/quietstart.h"

namespace octopus::desktop {

namespace {

constexpr Milliseconds interval{250};

} // namespace

QuietStart::QuietStart(QWidget &window, std::function<bool()> trayIsThere, Milliseconds patience)
    : m_window(window),
      m_trayIsThere(std::move(trayIsThere)),
      m_patience(patience)
{
    m_clock.start();
    m_timer.setInterval(std::min(interval, patience));
    connect(&m_timer, &QTimer::timeout, this, &QuietStart::look);
    m_timer.start();
}

void QuietStart::look()
{
    if (m_window.isVisible() || m_trayIsThere()) {
        m_timer.stop();
    } else if (m_clock.hasExpired(m_patience.count())) {
        m_timer.stop();
        m_window.show();
    }
}

} // namespace octopus::desktop
