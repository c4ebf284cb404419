// ProblemModel: the problems of one mirror: path, what is wrong, since when. GUI thread.
#pragma once

#include "engine/model/problem.h"

#include <QAbstractTableModel>

namespace octopus::desktop {

class ProblemModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Path, What, Since, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setProblems(const QList<Problem> &problems);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    QList<Problem> m_problems;
};

} // namespace octopus::desktop
