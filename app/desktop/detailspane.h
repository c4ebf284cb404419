// DetailsPane: what there is to know of the selected vault: its state in a sentence, why it is
// halted and what to do, its problems. Shows only what it is given. GUI thread.
#pragma once

#include "app/desktop/problemmodel.h"
#include "app/desktop/vaultrow.h"

#include <QWidget>

class QFrame;
class QLabel;
class QTableView;

namespace octopus::desktop {

class DetailsPane : public QWidget
{
    Q_OBJECT

public:
    DetailsPane();
    // nullptr: nothing is selected. `stale`: the engine does not answer, the row is an old one.
    void show(const VaultRow *row, bool stale);

private:
    void showHalt(const VaultRow &row);
    [[nodiscard]] QString summary(const VaultRow &row, bool stale) const;

    ProblemModel m_problems;
    QLabel *m_title;
    QLabel *m_summary;
    QFrame *m_haltBox;
    QLabel *m_haltText;
    QLabel *m_noProblems;
    QTableView *m_problemView;
};

} // namespace octopus::desktop
