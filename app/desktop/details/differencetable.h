// DifferenceTable: the paths that a verification found to differ, and how. GUI thread.
#pragma once

#include "engine/model/verificationrecord.h"

#include <QTableWidget>

namespace octopus::desktop {

class DifferenceTable : public QTableWidget
{
    Q_OBJECT

public:
    explicit DifferenceTable(QWidget *parent);
    void show(const QList<RecordedDifference> &differences);
};

} // namespace octopus::desktop
