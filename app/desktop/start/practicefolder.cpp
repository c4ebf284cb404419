#include "app/desktop/start/practicefolder.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QTemporaryDir>

#include <filesystem>

namespace octopus::desktop {

namespace {

const QString namePattern = QStringLiteral("octopus-practice-");

QString recordName(const QByteArray &stateDirectory)
{
    return QFile::decodeName(stateDirectory) + QStringLiteral("/practice.json");
}

} // namespace

Result<PracticeFolder> PracticeFolder::make()
{
    QTemporaryDir folder(QDir::tempPath() + u'/' + namePattern + QStringLiteral("XXXXXX"));
    if (!folder.isValid())
        return failure(ErrorCode::NoSpace, folder.errorString().toUtf8());
    folder.setAutoRemove(false);
    PracticeFolder made(QFile::encodeName(folder.path()));
    for (const char *name : {"documents", "replicas"})
        QDir(folder.path()).mkdir(QLatin1StringView(name));
    return made;
}

Result<void> PracticeFolder::writeSample(const QString &greeting) const
{
    const QDir folder(QFile::decodeName(sample()));
    folder.mkdir(QStringLiteral("letters"));
    folder.mkdir(QStringLiteral("pictures"));
    const std::initializer_list<std::pair<QString, QByteArray>> files{
        {QStringLiteral("read-me.txt"), greeting.toUtf8() + '\n'},
        {QStringLiteral("letters/first.txt"), "1\n2\n3\n"},
        {QStringLiteral("letters/second.txt"), "4\n5\n6\n"},
        {QStringLiteral("pictures/noise.bin"), QByteArray(1 << 20, '\x5a')}};
    for (const auto &[name, content] : files) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()
            || !file.flush())
            return failure(ErrorCode::NoSpace, file.errorString().toUtf8());
    }
    return {};
}

void PracticeFolder::remove(const QByteArray &path)
{
    const QString text = QFile::decodeName(path);
    if (!text.section(u'/', -1).startsWith(namePattern) || !text.startsWith(QDir::tempPath() + u'/')
        || text.contains(QStringLiteral("/../")))
        return;
    std::error_code ignored; // what cannot be removed lies in the temporary folder
    std::filesystem::remove_all(path.toStdString(), ignored);
}

void PracticeFolder::writeRecord(const QByteArray &stateDirectory, const PracticeRecord &record)
{
    QSaveFile file(recordName(stateDirectory));
    if (!file.open(QIODevice::WriteOnly))
        return; // only a crash would miss it
    file.write(
        QJsonDocument(QJsonObject{{QStringLiteral("folder"), QFile::decodeName(record.folder)},
                                  {QStringLiteral("target"), record.target.text()},
                                  {QStringLiteral("vault"), record.vault}})
            .toJson());
    file.commit();
}

std::optional<PracticeRecord> PracticeFolder::readRecord(const QByteArray &stateDirectory)
{
    QFile file(recordName(stateDirectory));
    constexpr qint64 most = 10'000;
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(file.read(most)).object();
    return PracticeRecord{QFile::encodeName(object[u"folder"].toString()),
                          MachineId::fromText(object[u"target"].toString()).value_or(MachineId()),
                          object[u"vault"].toString()};
}

void PracticeFolder::removeRecord(const QByteArray &stateDirectory)
{
    QFile::remove(recordName(stateDirectory));
}

} // namespace octopus::desktop
