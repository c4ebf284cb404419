#include "app/desktop/details/activitymodel.h"

#include "app/desktop/wording.h"

#include <QFont>

#include <algorithm>

namespace octopus::desktop {

void ActivityModel::setEntries(const QList<ActivityEntry> &entries)
{
    QList<Line> lines;
    for (const ActivityEntry &entry : entries) {
        if (entry.more > 0) // they came after it
            lines.append({entry, true});
        lines.append({entry, false});
    }
    if (lines == m_lines)
        return; // the view keeps its place
    beginResetModel();
    m_lines = lines;
    endResetModel();
}

quint64 ActivityModel::numberAt(int line) const
{
    return line >= 0 && line < m_lines.size() ? m_lines[line].entry.number : 0;
}

int ActivityModel::lineOf(quint64 number) const
{
    const auto found = std::ranges::find_if(m_lines, [number](const Line &line) {
        return line.entry.number == number && !line.isRest;
    });
    return found == m_lines.end() ? -1 : int(found - m_lines.begin());
}

int ActivityModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

int ActivityModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ActivityModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_lines.size())
        return {};
    const Line &line = m_lines[index.row()];
    const auto more = int(std::min<quint64>(line.entry.more, 1'000'000'000));
    switch (role) {
    case Qt::DisplayRole:
        if (!line.isRest)
            return text(line.entry, index.column());
        return index.column() == Path ? tr("and %n more change(s)", nullptr, more) : QString();
    case Qt::FontRole: {
        QFont font;
        font.setItalic(true);
        return line.isRest ? QVariant(font) : QVariant();
    }
    case Qt::TextAlignmentRole:
        return QVariant((index.column() == Size ? Qt::AlignRight : Qt::AlignLeft)
                        | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return line.isRest ? QVariant() : Wording::toolTip(text(line.entry, index.column()));
    default: return {};
    }
}

QString ActivityModel::text(const ActivityEntry &entry, int column)
{
    const QString path =
        entry.path.isRoot() ? tr("(the folder itself)") : Wording::shown(entry.path.bytes());
    switch (column) {
    case Time: return Wording::exactTime(entry.at);
    case What: return Wording::activity(entry.what);
    case Path:
        return entry.what == ActivityKind::Moved
            ? tr("%1, before: %2").arg(path, Wording::shown(entry.from.bytes()))
            : path;
    case Size: return entry.bytes > 0 ? Wording::size(entry.bytes) : QString();
    default: return {};
    }
}

QVariant ActivityModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time: return tr("Time");
    case What: return tr("What");
    case Path: return tr("Path");
    case Size: return tr("Sent");
    default: return {};
    }
}

} // namespace octopus::desktop
