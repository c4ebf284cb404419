#include "app/desktop/details/differencetable.h"

#include "app/desktop/roomystyle.h"
#include "app/desktop/wording.h"

#include <QHeaderView>

#include <algorithm>

namespace octopus::desktop {

namespace {

constexpr qsizetype mostRows = 10'000;

} // namespace

DifferenceTable::DifferenceTable(QWidget *parent) : QTableWidget(0, 2, parent)
{
    setObjectName(QStringLiteral("differences"));
    RoomyStyle::giveList(*this);
    setAccessibleName(tr("Differences"));
    setHorizontalHeaderLabels({tr("Path"), tr("What differs")});
    horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    horizontalHeader()->setHighlightSections(false);
}

void DifferenceTable::show(const QList<RecordedDifference> &differences)
{
    const qsizetype rows = std::min(differences.size(), mostRows);
    setRowCount(int(rows));
    for (qsizetype row = 0; row < rows; ++row) {
        const RecordedDifference &one = differences[row];
        auto *name = new QTableWidgetItem(one.path.isRoot() ? tr("(the folder itself)")
                                                            : Wording::shown(one.path.bytes()));
        name->setToolTip(Wording::toolTip(name->text()));
        setItem(int(row), 0, name);
        setItem(int(row), 1,
                new QTableWidgetItem(Wording::difference(QString::fromLatin1(one.what))));
    }
}

} // namespace octopus::desktop
