// DetailsPane: what there is to know of the selected vault: its state in a sentence, why it is
// halted and what to do, its lag and throughput, its problems, what it carried lately, and its
// verifications. GUI thread.
#pragma once

#include "app/desktop/enginelink.h"
#include "app/desktop/vaultrow.h"

#include <QWidget>

#include <optional>

class QFrame;
class QLabel;
class QPushButton;
class QTabWidget;

namespace octopus::desktop {

class ActivityPane;
class ChartPane;
class HistoryBook;
class ProblemPane;
class VerificationPane;

class DetailsPane : public QWidget
{
    Q_OBJECT

public:
    // Both outlive the pane.
    DetailsPane(HistoryBook &book, EngineLink &link);
    // nullptr: nothing is selected. `stale`: the engine does not answer, the row is an old one.
    void show(const VaultRow *row, bool stale);
    void takeFocus(); // to its pages

Q_SIGNALS:
    void resumeWanted();
    void changeWanted();
    void machinesWanted();
    void diagnosisWanted(const QString &machine);
    void synchronizeWanted();
    void verifyWanted();
    void folderWanted(const QByteArray &path);

private:
    void buildHaltBox();
    void buildPages();
    void showHalt(const VaultRow &row);
    void showOffline(const VaultRow &row);
    void showSign(Phase phase);
    void help();
    [[nodiscard]] QString summary(const VaultRow &row, bool stale) const;

    QLabel *m_title;
    QLabel *m_summary;
    QFrame *m_haltBox;
    QLabel *m_haltSign;
    QLabel *m_haltText;
    QPushButton *m_haltHelp;
    QTabWidget *m_pages;
    ChartPane *m_charts;
    ProblemPane *m_problems;
    ActivityPane *m_activity;
    VerificationPane *m_verification;
    std::optional<HaltReason> m_reason; // nullopt: it is only offline
    QString m_peer;
};

} // namespace octopus::desktop
