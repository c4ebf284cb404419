// QuietStart: a start after login, which shows no window, only the tray icon; but the window where no
// tray comes within some seconds: it could not be found again. GUI thread.
#pragma once

#include "engine/base/clock.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include <functional>

namespace octopus::desktop {

class QuietStart : public QObject
{
    Q_OBJECT

public:
    // `trayIsThere` is asked until it says yes or `patience` is over. The window outlives this.
    QuietStart(QWidget &window, std::function<bool()> trayIsThere,
               Milliseconds patience = std::chrono::seconds(10));

private:
    void look();

    QWidget &m_window;
    const std::function<bool()> m_trayIsThere;
    const Milliseconds m_patience;
    QElapsedTimer m_clock;
    QTimer m_timer;
};

} // namespace octopus::desktop
