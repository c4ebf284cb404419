#include "app/desktop/settings/autostartfile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace octopus::desktop {

namespace {

constexpr const char *fileName = "org.octopusmirror.Octopus.desktop";

Error errorOf(const QFileDevice &file)
{
    return {.code = ErrorCode::Other,
            .detail = QFile::encodeName(file.fileName()) + ": " + file.errorString().toUtf8()};
}

// Quoted as the Desktop Entry Specification asks: once for the command line, once for the value.
QString quoted(const QString &argument)
{
    static const QString plain = QStringLiteral("-_./:=,+@");
    QString text;
    bool isPlain = !argument.isEmpty();
    for (const QChar character : argument) {
        isPlain = isPlain && (character.isLetterOrNumber() || plain.contains(character));
        if (character == u'"' || character == u'`' || character == u'$')
            text += QStringLiteral("\\\\");
        if (character == u'\\')
            text += QStringLiteral("\\\\\\");
        if (character == u'%')
            text += u'%';
        text += character;
    }
    return isPlain ? argument : u'"' + text + u'"';
}

} // namespace

AutostartFile::AutostartFile(QString folder, QStringList command)
    : m_folder(std::move(folder)),
      m_command(std::move(command))
{}

QString AutostartFile::path() const
{
    return m_folder + u'/' + QLatin1StringView(fileName);
}

bool AutostartFile::isActive() const
{
    QFile file(path());
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QByteArrayList lines = file.read(64 * 1024).split('\n');
    return !lines.contains("Hidden=true") && !lines.contains("X-GNOME-Autostart-enabled=false");
}

bool AutostartFile::canBeWritten() const
{
    // The nearest folder that exists decides.
    QFileInfo folder(m_folder);
    while (!folder.exists() && folder.filePath() != folder.path())
        folder.setFile(folder.path());
    return folder.isDir() && folder.isWritable();
}

Result<void> AutostartFile::write() const
{
    QFile pattern(QStringLiteral(":/desktop/autostart.desktop"));
    if (!pattern.open(QIODevice::ReadOnly))
        return std::unexpected(errorOf(pattern));
    QByteArray text = pattern.readAll();
    text.replace("Exec=octopus-mirror --hidden",
                 QByteArray("Exec=") + execLine(m_command).toUtf8());
    QSaveFile file(path());
    if (!QDir().mkpath(m_folder) || !file.open(QIODevice::WriteOnly)
        || file.write(text) != text.size() || !file.commit())
        return std::unexpected(errorOf(file));
    return {};
}

Result<void> AutostartFile::remove() const
{
    QFile file(path());
    if (file.exists() && !file.remove())
        return std::unexpected(errorOf(file));
    return {};
}

QString AutostartFile::execLine(const QStringList &command)
{
    QStringList words;
    for (const QString &word : command)
        words.append(quoted(word));
    return words.join(u' ');
}

} // namespace octopus::desktop
