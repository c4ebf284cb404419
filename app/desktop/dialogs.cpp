#include "app/desktop/dialogs.h"

#include "app/desktop/editor/vaulteditor.h"
#include "app/desktop/failurewording.h"
#include "app/desktop/machines/addressdialog.h"
#include "app/desktop/machines/digitsdialog.h"
#include "app/desktop/machines/machinesdialog.h"
#include "app/desktop/settings/settingsdialog.h"
#include "app/desktop/verificationdialog.h"
#include "app/desktop/wording.h"

namespace octopus::desktop {

Dialogs::Dialogs(EngineLink &link, const VaultModel &model, QWidget *window)
    : m_link(link),
      m_model(model),
      m_window(window),
      m_machines(link)
{}

Dialogs::~Dialogs()
{
    // They use what this has; the window would destroy them later.
    delete m_digits;
    delete m_editor;
    delete m_machinesDialog;
}

QStringList Dialogs::vaultNames() const
{
    QStringList names;
    for (const VaultRow &row : m_model.rows()) {
        if (row.direction == Direction::Outgoing)
            names.append(row.name);
    }
    return names;
}

QString Dialogs::freeName(const QString &wish) const
{
    const QStringList taken = vaultNames();
    QString name = wish;
    for (int number = 2; taken.contains(name); ++number)
        name = wish + u' ' + QString::number(number);
    return name;
}

void Dialogs::addVault(const QList<QByteArray> &sources)
{
    if (!m_editor)
        return edit(std::nullopt, sources);
    m_editor->raise();
    if (!sources.isEmpty())
        m_editor->setSources(sources);
}

void Dialogs::changeVault(const VaultRow &row)
{
    if (m_editor)
        return m_editor->raise();
    m_link.send(control::ShowVault{row.name}, this, [this](const control::Answer &answer) {
        if (answer)
            edit(draftFromJson(answer->toObject()), {});
        else
            Q_EMIT failed(FailureWording::text(answer.error(), control::EditVault{}));
    });
}

void Dialogs::edit(const std::optional<VaultDraft> &existing, const QList<QByteArray> &sources)
{
    QStringList taken = vaultNames();
    if (existing)
        taken.removeAll(existing->name);
    m_editor = new VaultEditor(m_link, m_machines, taken, existing, m_window);
    m_editor->setAttribute(Qt::WA_DeleteOnClose);
    // Another window may be asked for meanwhile (to pair), so it holds up nothing.
    m_editor->setModal(false);
    connect(m_editor, &VaultEditor::pairingWanted, this, &Dialogs::showMachines);
    connect(m_editor, &VaultEditor::saved, this, [this, isNew = !existing](const QString &name) {
        const QString shown = Wording::shown(name);
        Q_EMIT done(isNew ? tr("\"%1\" is mirrored from now on.").arg(shown)
                          : tr("\"%1\" is changed.").arg(shown));
        if (isNew)
            Q_EMIT added(name);
    });
    m_editor->show();
    if (!sources.isEmpty())
        m_editor->setSources(sources);
}

void Dialogs::showMachines()
{
    if (!m_machinesDialog) {
        m_machinesDialog = new MachinesDialog(m_link, m_machines, m_window);
        m_machinesDialog->setAttribute(Qt::WA_DeleteOnClose);
    }
    m_machinesDialog->show();
    m_machinesDialog->raise();
    m_machinesDialog->activateWindow();
}

void Dialogs::showSettings()
{
    if (!m_settings) {
        m_settings = new SettingsDialog(Startup::placeFor(m_link.location()), m_window);
        m_settings->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_settings, &QDialog::accepted, this,
                [this] { Q_EMIT done(tr("The settings are saved.")); });
    }
    m_settings->show();
    m_settings->raise();
    m_settings->activateWindow();
}

void Dialogs::diagnose(const QString &machine)
{
    auto *dialog = new AddressDialog(m_link, {}, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
    dialog->diagnose(machine);
}

void Dialogs::takePairings(const QList<PairingStatus> &pairings)
{
    for (const PairingStatus &pairing : pairings) {
        if (m_digits && m_digits->isVisible()) {
            if (m_digits->peer() == pairing.peer)
                m_digits->show(pairing);
        } else if (pairing.state == PairingState::Comparing && pairing.digits != m_closedDigits) {
            m_digits = new DigitsDialog(m_link, pairing, m_window);
            m_digits->setAttribute(Qt::WA_DeleteOnClose);
            connect(m_digits, &QDialog::finished, this,
                    [this, digits = pairing.digits] { m_closedDigits = digits; });
            m_digits->raise();
            m_digits->activateWindow();
        }
    }
}

void Dialogs::showDifferences(const QString &vault, const QJsonArray &different)
{
    auto *dialog = new VerificationDialog(Wording::shown(vault), different, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &VerificationDialog::repairWanted, this,
            [this, vault] { Q_EMIT repairWanted(vault); });
    dialog->show();
}

} // namespace octopus::desktop
