// SettingsFile: how the user likes the window, in an INI file in the state folder. Read at once, and
// written by a thread of its own: the file is synchronized, and a busy disk may take seconds for that.
// GUI thread.
#pragma once

#include <QHash>
#include <QThreadPool>
#include <QVariant>

namespace octopus::desktop {

class SettingsFile
{
public:
    // Its folder is the engine's to make, for this user alone; without it nothing is written.
    explicit SettingsFile(const QString &path);
    [[nodiscard]] QVariant value(const QString &key, const QVariant &otherwise = {}) const;
    // Other keys stay as they are. Does not wait; a later call is written later.
    void write(const QHash<QString, QVariant> &values);
    void waitUntilWritten();

private:
    const QString m_path;
    QThreadPool m_writer; // its end waits until everything is written
};

} // namespace octopus::desktop
