#include "app/desktop/vaultview.h"

#include "app/desktop/activitydelegate.h"
#include "app/desktop/charts/lagdelegate.h"
#include "app/desktop/roomystyle.h"

#include <QAction>
#include <QHeaderView>
#include <QResizeEvent>

#include <algorithm>

namespace octopus::desktop {

VaultView::VaultView(VaultModel &model, const HistoryBook &book, const QList<QAction *> &actions)
    : m_model(model)
{
    setModel(&model);
    RoomyStyle::give(*this);
    setAccessibleName(tr("Vaults"));
    setItemDelegateForColumn(VaultModel::Lag, new LagDelegate(book, model, this));
    connect(&book, &HistoryBook::recorded, this, [this] {
        if (!isVisible())
            return;
        widenColumns(std::exchange(m_othersChanged, false));
        widenActivity();
        // What changes with time alone.
        for (const int column : {int(VaultModel::Lag), int(VaultModel::Verified)})
            viewport()->update(columnViewportPosition(column), 0, columnWidth(column),
                               viewport()->height());
    });
    setItemDelegateForColumn(VaultModel::Activity, new ActivityDelegate(this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setTabKeyNavigation(false); // Tab leaves the table
    setShowGrid(false);
    setWordWrap(false);
    setTextElideMode(Qt::ElideMiddle);
    setAlternatingRowColors(true);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    addActions(actions);
    verticalHeader()->hide();
    // Two lines of text fit: the activity may have a bar below.
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() * 2 + 4);

    QHeaderView *header = horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionResizeMode(QHeaderView::Fixed); // see widenColumns()
    header->setSectionResizeMode(VaultModel::Place, QHeaderView::Stretch);
    header->setSectionResizeMode(VaultModel::Activity, QHeaderView::Interactive);

    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        if (const VaultRow *row = currentRow())
            m_last = *row;
        Q_EMIT currentRowChanged();
    });
    connect(&model, &QAbstractItemModel::dataChanged, this, [this](const QModelIndex &topLeft) {
        m_othersChanged = m_othersChanged || topLeft.column() < VaultModel::Lag;
        Q_EMIT currentRowChanged();
    });
    connect(&model, &QAbstractItemModel::modelReset, this, &VaultView::keepSelection);
    connect(&model, &QAbstractItemModel::modelReset, this, &VaultView::fitColumns);
    fitColumns();
}

// Once a second, only wider, and only what may have become so: a header that fits its columns by
// itself measures every cell at each change, and lets them dance with their numbers.
void VaultView::widenColumns(bool others)
{
    QHeaderView *header = horizontalHeader();
    for (int column = 0; column < VaultModel::ColumnCount; ++column) {
        if (header->sectionResizeMode(column) != QHeaderView::Fixed
            || (column != VaultModel::Lag && !others))
            continue;
        const int wanted = std::min(
            std::max(sizeHintForColumn(column), header->sectionSizeHint(column)), widest(column));
        if (wanted > header->sectionSize(column))
            header->resizeSection(column, wanted);
    }
}

// Names are others' choice: however long one is, the rest of the line stays in the window.
int VaultView::widest(int column) const
{
    if (column != VaultModel::Name && column != VaultModel::With)
        return QWIDGETSIZE_MAX;
    return std::max(viewport()->width() / 6, fontMetrics().averageCharWidth() * 20);
}

void VaultView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        fitColumns();
}

// Other rows, or another window: as wide as they need.
void VaultView::fitColumns()
{
    for (int column = 0; column < VaultModel::ColumnCount; ++column) {
        if (horizontalHeader()->sectionResizeMode(column) == QHeaderView::Fixed)
            horizontalHeader()->resizeSection(column, horizontalHeader()->minimumSectionSize());
    }
    if (activityIsFitted()) {
        m_activityWidth = fontMetrics().averageCharWidth() * 31;
        horizontalHeader()->resizeSection(VaultModel::Activity, m_activityWidth);
    }
    widenColumns(true);
    widenActivity();
}

// The activity gets what the places do not need, unless the user has given it a width.
void VaultView::widenActivity()
{
    if (!activityIsFitted())
        return;
    const int spare = columnWidth(VaultModel::Place) - sizeHintForColumn(VaultModel::Place);
    const int missing = sizeHintForColumn(VaultModel::Activity) - columnWidth(VaultModel::Activity);
    m_activityWidth =
        columnWidth(VaultModel::Activity) + std::clamp(missing, 0, std::max(spare, 0));
    horizontalHeader()->resizeSection(VaultModel::Activity, m_activityWidth);
}

bool VaultView::activityIsFitted() const
{
    return m_activityWidth == 0 || columnWidth(VaultModel::Activity) == m_activityWidth;
}

void VaultView::restoreColumns(const QByteArray &state, bool fitted)
{
    if (horizontalHeader()->restoreState(state))
        m_activityWidth = fitted ? 0 : -1;
}

const VaultRow *VaultView::currentRow() const
{
    return m_model.rowAt(currentIndex());
}

void VaultView::choose(int row)
{
    setCurrentIndex(m_model.index(row, VaultModel::Name));
}

// The same mirror again, wherever it is now; else the first.
void VaultView::keepSelection()
{
    const QList<VaultRow> &rows = m_model.rows();
    const auto same = std::ranges::find_if(
        rows, [this](const VaultRow &row) { return m_last && row.isSameMirror(*m_last); });
    const qsizetype row = same == rows.end() ? 0 : same - rows.begin();
    if (!rows.isEmpty())
        choose(int(row));
    Q_EMIT currentRowChanged();
}

} // namespace octopus::desktop
