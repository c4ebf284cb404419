// ActivityModel: the changes that a mirror carried lately, the newest first; where there were too many
// to list, a line that says how many. GUI thread.
#pragma once

#include "engine/model/activity.h"

#include <QAbstractTableModel>

namespace octopus::desktop {

class ActivityModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Time, What, Path, Size, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    // The newest first.
    void setEntries(const QList<ActivityEntry> &entries);
    // The number of the change in this line, and the line of a change; -1: none.
    [[nodiscard]] quint64 numberAt(int line) const;
    [[nodiscard]] int lineOf(quint64 number) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    struct Line {
        ActivityEntry entry;
        bool isRest = false; // stands for entry.more changes
        friend bool operator==(const Line &, const Line &) = default;
    };
    [[nodiscard]] static QString text(const ActivityEntry &entry, int column);

    QList<Line> m_lines;
};

} // namespace octopus::desktop
