// RemoveDialog: asks whether a vault is to be removed, and says exactly what happens to the source
// and to the replica in either case. Not modal to the event loop: open() it, wait for accepted().
#pragma once

#include "app/desktop/vaultrow.h"

#include <QDialog>

class QLabel;
class QRadioButton;

namespace octopus::desktop {

class RemoveDialog : public QDialog
{
    Q_OBJECT

public:
    // `targets`: the rows of all mirrors of the vault, at least one.
    RemoveDialog(const QList<VaultRow> &targets, QWidget *parent);
    [[nodiscard]] bool erasesReplicas() const;

private:
    void explain();

    const QList<VaultRow> m_targets;
    QRadioButton *m_keep;
    QRadioButton *m_erase;
    QLabel *m_explanation;
    QPushButton *m_remove;
};

} // namespace octopus::desktop
