// WindowMemory: how the window looked when it was last seen, kept in the state folder: its place and
// size, splitters, columns, the chosen mirror, and whether it was open. Written a moment after a
// change, as a session may end without a word. GUI thread.
#pragma once

#include "app/desktop/session/settingsfile.h"
#include "app/desktop/vaultrow.h"

#include <QObject>
#include <QTimer>

class QMainWindow;
class QSplitter;

namespace octopus::desktop {

class VaultView;

class WindowMemory : public QObject
{
    Q_OBJECT

public:
    // Restores at once, so the window is not shown yet; outlives this. Splitters are known by their
    // object names.
    WindowMemory(QMainWindow &window, const QByteArray &stateDirectory);

    // The window was open when the last session ended, and the user had not quit.
    [[nodiscard]] bool wasOpen() const { return m_wasOpen; }
    // Returns when it is written.
    void save();
    // The user quits: a start after login has no window to bring back.
    void saveAsQuit();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void restore();
    void watch();
    void write(bool open);
    void chooseFormerMirror();
    [[nodiscard]] QList<QSplitter *> splitters() const;

    QMainWindow &m_window;
    VaultView *const m_view;
    SettingsFile m_settings;
    QString m_mirror; // the chosen one, as written
    bool m_mirrorIsDue = false;
    bool m_wasOpen = false;
    QTimer m_timer;
};

} // namespace octopus::desktop
