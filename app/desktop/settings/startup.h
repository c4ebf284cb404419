// Startup: what starts when the user logs in: nothing, the desktop (a file for the desktop
// environment) or only the engine (the systemd unit of this user); never two of them. systemctl is
// asked without waiting for it. GUI thread.
#pragma once

#include "app/desktop/settings/autostartfile.h"
#include "engine/control/location.h"

#include <QObject>

#include <functional>

namespace octopus::desktop {

enum class AtLogin : quint8 { Nothing, Desktop, Engine };

// Why something cannot be had here.
enum class Obstacle : quint8 {
    None,
    NotWritable, // the folder for such files
    NoSystemd,   // it does not run for this user
    NoUnit,      // the engine's unit is not installed
    OtherState,  // the unit serves the usual state folder, and this is another
};

class Startup : public QObject
{
    Q_OBJECT

public:
    struct Place {
        QString autostartFolder;
        QStringList command; // what the desktop is started with
        QString systemctl;   // the program
        bool usualState = true;
    };
    [[nodiscard]] static Place placeFor(const control::Location &location);
    explicit Startup(Place place);

    // looked() follows; until then nothing is known.
    void look();
    [[nodiscard]] AtLogin current() const;
    [[nodiscard]] Obstacle desktopObstacle() const;
    [[nodiscard]] Obstacle engineObstacle() const { return m_engineObstacle; }
    // chosen() or failed() follows.
    void choose(AtLogin what);

Q_SIGNALS:
    void looked();
    void chosen();
    void failed(const QByteArray &detail); // English, from the system

private:
    using Answered = std::function<void(int code, const QByteArray &output)>;
    void ask(const QStringList &arguments, Answered answered);
    void takeUnitState(int code, const QByteArray &word);
    void setFile(bool wanted);

    const Place m_place;
    const AutostartFile m_file;
    Obstacle m_engineObstacle = Obstacle::NoSystemd;
    bool m_unitIsEnabled = false;
};

} // namespace octopus::desktop
