// ProblemPane: the problems of a mirror, advice for the selected one, and a button that helps where
// there is one. GUI thread.
#pragma once

#include "app/desktop/problemmodel.h"
#include "app/desktop/vaultrow.h"

#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;
class QTableView;

namespace octopus::desktop {

class ProblemPane : public QWidget
{
    Q_OBJECT

public:
    ProblemPane();
    void show(const VaultRow &row);

Q_SIGNALS:
    void folderWanted(const QByteArray &path); // of this machine
    void synchronizeWanted();

private:
    enum class Help : quint8 { None, ShowFolder, Synchronize };

    void buildTable();
    void advise();
    void help();
    [[nodiscard]] Help helpFor(ProblemCode code) const;

    ProblemModel m_model;
    std::optional<VaultRow> m_row;
    QTableView *m_table;
    QLabel *m_advice;
    QPushButton *m_help;
};

} // namespace octopus::desktop
