#include "app/desktop/problemmodel.h"

#include "app/desktop/icons.h"
#include "app/desktop/wording.h"

namespace octopus::desktop {

void ProblemModel::setProblems(const QList<Problem> &problems)
{
    if (problems == m_problems)
        return; // the view keeps its place
    beginResetModel();
    m_problems = problems;
    endResetModel();
}

int ProblemModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_problems.size());
}

int ProblemModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ProblemModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_problems.size())
        return {};
    const Problem &problem = m_problems[index.row()];
    if (role == Qt::DecorationRole && index.column() == Path)
        return icon(isNotice(problem.code) ? QStringLiteral("notice") : QStringLiteral("warning"));
    if (role == Qt::ToolTipRole)
        return Wording::toolTip(Wording::problemExplained(problem));
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Path:
        return problem.path.isRoot() ? tr("(the folder itself)") : problem.path.displayText();
    case What: return Wording::problem(problem.code);
    case Since: return Wording::time(problem.since);
    default: return {};
    }
}

QVariant ProblemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Path: return tr("Path");
    case What: return tr("What is wrong");
    case Since: return tr("Since");
    default: return {};
    }
}

} // namespace octopus::desktop
