// Dialogs: opens the dialogs of the window and says what became of them. One machines dialog and
// one editor at a time. GUI thread.
#pragma once

#include "app/desktop/enginelink.h"
#include "app/desktop/machines/machinelist.h"
#include "app/desktop/vaultmodel.h"
#include "engine/model/pairing.h"

#include <QJsonArray>
#include <QPointer>

namespace octopus::desktop {

class DigitsDialog;
class MachinesDialog;
class SettingsDialog;
class VaultEditor;
struct VaultDraft;

class Dialogs : public QObject
{
    Q_OBJECT

public:
    // `window`: what the dialogs belong to. All outlive this.
    Dialogs(EngineLink &link, const VaultModel &model, QWidget *window);
    ~Dialogs() override;

    void addVault(const QList<QByteArray> &sources = {});
    void changeVault(const VaultRow &row);
    void showMachines();
    void showSettings();
    void diagnose(const QString &machine); // why it cannot be reached
    void showDifferences(const QString &vault, const QJsonArray &different);
    // The digits of the pairing that goes on, if any, are shown until the user has answered.
    void takePairings(const QList<PairingStatus> &pairings);
    // A name that no vault here has: `wish`, or `wish` with a number.
    [[nodiscard]] QString freeName(const QString &wish) const;

Q_SIGNALS:
    void done(const QString &text);
    void failed(const QString &text);
    void repairWanted(const QString &vault);
    void added(const QString &vault);

private:
    void edit(const std::optional<VaultDraft> &existing, const QList<QByteArray> &sources);
    [[nodiscard]] QStringList vaultNames() const;

    EngineLink &m_link;
    const VaultModel &m_model;
    QWidget *const m_window;
    MachineList m_machines;
    QPointer<MachinesDialog> m_machinesDialog;
    QPointer<SettingsDialog> m_settings;
    QPointer<VaultEditor> m_editor;
    QPointer<DigitsDialog> m_digits;
    QString m_closedDigits; // the user has answered; the engine may not know yet
};

} // namespace octopus::desktop
