#include "app/desktop/machines/stagelist.h"

#include "app/desktop/icons.h"
#include "app/desktop/machines/stagewording.h"
#include "app/desktop/wording.h"

#include <QHeaderView>
#include <QJsonArray>
#include <QJsonObject>
#include <QStyledItemDelegate>

namespace octopus::desktop {

namespace {

// Lines whose letters come from several fonts are not equally high: without room to spare the style
// takes it that the last one does not fit, and leaves it out.
class RoomyLines : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override
    {
        constexpr int room = 8;
        return QStyledItemDelegate::sizeHint(option, index) + QSize(0, room);
    }
};

} // namespace

StageList::StageList(QWidget *parent) : QTreeWidget(parent)
{
    setObjectName(QStringLiteral("stages"));
    setAccessibleName(tr("What was checked"));
    setHeaderLabels({tr("Checked"), tr("Found")});
    setRootIsDecorated(false);
    setWordWrap(true);
    header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    setItemDelegate(new RoomyLines(this));
    setSelectionMode(QAbstractItemView::NoSelection);
    // How high a row is depends on how wide its column is.
    connect(header(), &QHeaderView::sectionResized, this, &StageList::scheduleDelayedItemsLayout);
}

void StageList::show(const QJsonObject &report)
{
    clear();
    const QJsonArray stages = report[u"stages"].toArray();
    for (const QJsonValue &stage : stages) {
        const bool ok = stage[u"ok"].toBool();
        const QString detail = StageWording::detail(stage);
        const QString advice = StageWording::advice(stage);
        auto *item = new QTreeWidgetItem(this,
                                         {StageWording::title(stage[u"stage"].toString()),
                                          advice.isEmpty() ? detail : detail + u'\n' + advice});
        item->setIcon(0, ok ? phaseIcon(Phase::Mirroring) : icon(QStringLiteral("warning")));
        item->setData(0, Qt::AccessibleTextRole,
                      ok ? tr("%1: in order").arg(item->text(0))
                         : tr("%1: failed").arg(item->text(0)));
        item->setToolTip(1, Wording::toolTip(item->text(1)));
    }
}

} // namespace octopus::desktop
