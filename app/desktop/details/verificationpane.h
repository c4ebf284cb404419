// VerificationPane: what the last verifications of the selected mirror came to, with the paths that
// differed, and what can be done about them. Asks the engine when it is seen and when there is a
// new report. GUI thread.
#pragma once

#include "app/desktop/enginelink.h"
#include "app/desktop/vaultrow.h"

#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;
class QTableWidget;

namespace octopus::desktop {

class DifferenceTable;

class VerificationPane : public QWidget
{
    Q_OBJECT

public:
    explicit VerificationPane(EngineLink &link); // outlives the pane
    // `usable`: the mirror runs, so that it may be verified and synchronized now.
    void show(const VaultRow &row, bool usable);

Q_SIGNALS:
    void verifyWanted();
    void synchronizeWanted();

protected:
    void showEvent(QShowEvent *event) override;

private:
    void buildReports();
    void ask();
    void take(const QJsonValue &answer);
    void showReports();
    void showDifferences();

    EngineLink &m_link;
    QTableWidget *m_reports;
    DifferenceTable *m_differences;
    QLabel *m_text;
    QPushButton *m_repair;
    QPushButton *m_verify;
    std::optional<VaultRow> m_row;
    QList<VerificationRecord> m_records;
    bool m_due = true; // the reports have to be asked for
};

} // namespace octopus::desktop
