// AutostartFile: the file by which a desktop environment starts Octopus in the tray after login (the
// Desktop Application Autostart Specification). Any thread.
#pragma once

#include "engine/base/result.h"

#include <QStringList>

namespace octopus::desktop {

class AutostartFile
{
public:
    // `folder`: usually ~/.config/autostart. `command`: the program and its arguments.
    AutostartFile(QString folder, QStringList command);

    // It is there, and not switched off by the desktop environment.
    [[nodiscard]] bool isActive() const;
    [[nodiscard]] bool canBeWritten() const;
    [[nodiscard]] Result<void> write() const;
    [[nodiscard]] Result<void> remove() const; // nothing to do if there is none

    // The command as the key Exec has it.
    [[nodiscard]] static QString execLine(const QStringList &command);

private:
    [[nodiscard]] QString path() const;

    const QString m_folder;
    const QStringList m_command;
};

} // namespace octopus::desktop
