// StageList: the stages of a check of an address as far as they have come, each with its outcome and
// what to do. GUI thread.
#pragma once

#include <QTreeWidget>

class QJsonObject;

namespace octopus::desktop {

class StageList : public QTreeWidget
{
    Q_OBJECT

public:
    explicit StageList(QWidget *parent);
    // `report`: a CheckReport, or as much of one as is known.
    void show(const QJsonObject &report);
};

} // namespace octopus::desktop
