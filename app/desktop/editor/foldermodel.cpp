#include "app/desktop/editor/foldermodel.h"

#include <QFile>

#include <algorithm>
#include <optional>

namespace octopus::desktop {

namespace {

QByteArray withSlash(const QByteArray &path)
{
    return path.endsWith('/') ? path : path + '/';
}

bool liesBelow(const QByteArray &inner, const QByteArray &outer)
{
    return inner != outer && inner.startsWith(withSlash(outer));
}

// The source that the folder lies below.
std::optional<QByteArray> sourceAbove(const QByteArray &path, const QList<QByteArray> &sources)
{
    for (const QByteArray &source : sources) {
        if (liesBelow(path, source))
            return source;
    }
    return std::nullopt;
}

QByteArray relativeTo(const QByteArray &source, const QByteArray &path)
{
    return path.sliced(withSlash(source).size());
}

} // namespace

QByteArray patternFor(const QByteArray &relative)
{
    QByteArray pattern("/");
    for (const char c : relative) {
        if (c == '*' || c == '?' || c == '[' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    return pattern + '/';
}

FolderModel::FolderModel()
{
    m_files.setFilter(QDir::Dirs | QDir::Drives | QDir::NoDotAndDotDot);
    m_files.setOption(QFileSystemModel::DontUseCustomDirectoryIcons);
    m_files.setRootPath(QStringLiteral("/"));
    setSourceModel(&m_files);
}

void FolderModel::setSources(const QList<QByteArray> &sources)
{
    m_sources = sources;
}

void FolderModel::setRules(const Rules &rules)
{
    m_rules = RuleMatcher::compile(rules).value_or(RuleMatcher());
}

QModelIndex FolderModel::indexOf(const QByteArray &path) const
{
    return mapFromSource(m_files.index(QFile::decodeName(path)));
}

int FolderModel::columnCount(const QModelIndex & /*parent*/) const
{
    return 1; // size and time say nothing about folders
}

Qt::ItemFlags FolderModel::flags(const QModelIndex &index) const
{
    return QIdentityProxyModel::flags(index) | Qt::ItemIsUserCheckable;
}

QVariant FolderModel::data(const QModelIndex &index, int role) const
{
    if (role == Qt::CheckStateRole && index.isValid())
        return stateOf(pathOf(index));
    return QIdentityProxyModel::data(index, role);
}

bool FolderModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid())
        return false;
    const QByteArray path = pathOf(index);
    const bool in = value.toInt() == Qt::Checked;
    if (const auto source = sourceAbove(path, m_sources)) {
        Q_EMIT folderChosen(patternFor(relativeTo(*source, path)), in);
        return true;
    }
    QList<QByteArray> sources = m_sources;
    sources.removeIf(
        [&](const QByteArray &source) { return source == path || liesBelow(source, path); });
    if (in)
        sources.append(path);
    Q_EMIT sourcesChosen(sources);
    return true;
}

QByteArray FolderModel::pathOf(const QModelIndex &index) const
{
    return QFile::encodeName(m_files.filePath(mapToSource(index)));
}

Qt::CheckState FolderModel::stateOf(const QByteArray &path) const
{
    if (m_sources.contains(path))
        return Qt::Checked;
    if (const auto source = sourceAbove(path, m_sources)) {
        const auto relative = RelPath::parse(relativeTo(*source, path));
        return relative && m_rules.includes(*relative, EntryKind::Directory) ? Qt::Checked
                                                                             : Qt::Unchecked;
    }
    const bool leads = std::ranges::any_of(
        m_sources, [&](const QByteArray &source) { return liesBelow(source, path); });
    return leads ? Qt::PartiallyChecked : Qt::Unchecked;
}

} // namespace octopus::desktop
