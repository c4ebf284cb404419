#include "app/desktop/session/settingsfile.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>

namespace octopus::desktop {

SettingsFile::SettingsFile(const QString &path) : m_path(path)
{
    m_writer.setMaxThreadCount(1);
}

QVariant SettingsFile::value(const QString &key, const QVariant &otherwise) const
{
    return QSettings(m_path, QSettings::IniFormat).value(key, otherwise);
}

void SettingsFile::write(const QHash<QString, QVariant> &values)
{
    m_writer.start([path = m_path, values] {
        if (!QFileInfo(path).dir().exists())
            return;
        QSettings settings(path, QSettings::IniFormat); // its end writes
        for (const auto &[key, value] : values.asKeyValueRange())
            settings.setValue(key, value);
    });
}

void SettingsFile::waitUntilWritten()
{
    m_writer.waitForDone();
}

} // namespace octopus::desktop
