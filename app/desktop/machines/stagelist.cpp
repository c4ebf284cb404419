#include "app/desktop/machines/stagelist.h"

#include "app/desktop/icons.h"
#include "app/desktop/machines/stagewording.h"
#include "app/desktop/wording.h"

#include <QHeaderView>
#include <QJsonArray>
#include <QJsonObject>

namespace octopus::desktop {

StageList::StageList(QWidget *parent) : QTreeWidget(parent)
{
    setObjectName(QStringLiteral("stages"));
    setAccessibleName(tr("What was checked"));
    setHeaderLabels({tr("Checked"), tr("Found")});
    setRootIsDecorated(false);
    setWordWrap(true);
    header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    setSelectionMode(QAbstractItemView::NoSelection);
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
