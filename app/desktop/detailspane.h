// DetailsPane: what there is to know of the selected vault: its state in a sentence, why it is
// halted and what to do, its lag and throughput, its problems. Shows only what it is given. GUI
// thread.
#pragma once

#include "app/desktop/vaultrow.h"

#include <QWidget>

class QFrame;
class QLabel;
class QPushButton;

namespace octopus::desktop {

class ChartPane;
class HistoryBook;
class ProblemPane;

class DetailsPane : public QWidget
{
    Q_OBJECT

public:
    explicit DetailsPane(HistoryBook &book); // outlives the pane
    // nullptr: nothing is selected. `stale`: the engine does not answer, the row is an old one.
    void show(const VaultRow *row, bool stale);

Q_SIGNALS:
    void resumeWanted();
    void changeWanted();
    void machinesWanted();
    void synchronizeWanted();
    void folderWanted(const QByteArray &path);

private:
    void buildHaltBox();
    void showHalt(const VaultRow &row);
    void helpHalt();
    [[nodiscard]] QString summary(const VaultRow &row, bool stale) const;

    QLabel *m_title;
    QLabel *m_summary;
    QFrame *m_haltBox;
    QLabel *m_haltText;
    QPushButton *m_haltHelp;
    ChartPane *m_charts;
    ProblemPane *m_problems;
    HaltReason m_reason = HaltReason::RootGone;
};

} // namespace octopus::desktop
