// VerificationDialog: what a verification found to differ. Not modal. GUI thread.
#pragma once

#include <QDialog>
#include <QJsonArray>

namespace octopus::desktop {

class VerificationDialog : public QDialog
{
    Q_OBJECT

public:
    // `different`: as the answer of Verify has it.
    VerificationDialog(const QString &vault, const QJsonArray &different, QWidget *parent);

Q_SIGNALS:
    void repairWanted();

private:
    [[nodiscard]] QWidget *buildTable(const QJsonArray &different);
};

} // namespace octopus::desktop
