#include "app/desktop/vaultactions.h"

#include "app/desktop/failurewording.h"
#include "app/desktop/icons.h"
#include "app/desktop/removedialog.h"
#include "app/desktop/wording.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QMessageBox>
#include <QPushButton>

#include <algorithm>

namespace octopus::desktop {

namespace {

bool runs(const VaultRow &row)
{
    return row.runs();
}

bool isPaused(const VaultRow &row)
{
    return row.phase == Phase::Paused;
}

} // namespace

VaultActions::VaultActions(EngineLink &link, VaultModel &model, QWidget *window)
    : m_link(link),
      m_model(model),
      m_window(window)
{
    describe(m_add, QStringLiteral("add"), tr("&Add…"), tr("Mirror a folder to another machine"),
             QKeySequence(QKeySequence::New), &VaultActions::addWanted);
    describe(m_change, QStringLiteral("edit"), tr("&Change…"),
             tr("Change what this vault mirrors, and where to"), QKeySequence(Qt::Key_F2),
             &VaultActions::change);
    describe(m_synchronize, QStringLiteral("synchronize"), tr("&Synchronize"),
             tr("Compare both sides and copy what differs"), QKeySequence(Qt::Key_F5),
             &VaultActions::synchronize);
    describe(m_verify, QStringLiteral("verify"), tr("&Verify"),
             tr("Read every byte on both sides and say what differs; nothing is changed"),
             QKeySequence(Qt::CTRL | Qt::Key_F5), &VaultActions::verify);
    describe(m_pause, QStringLiteral("pause"), tr("&Pause"),
             tr("Stop mirroring until it is resumed"), QKeySequence(Qt::CTRL | Qt::Key_P),
             &VaultActions::pause);
    describe(m_resume, QStringLiteral("resume"), tr("&Resume"), tr("Go on after a pause or a halt"),
             QKeySequence(Qt::CTRL | Qt::Key_R), &VaultActions::resume);
    describe(m_remove, QStringLiteral("remove"), tr("Re&move…"),
             tr("Stop mirroring this vault for good"), QKeySequence(QKeySequence::Delete),
             &VaultActions::remove);
    describe(m_synchronizeAll, QStringLiteral("synchronize"), tr("Synchronize A&ll"),
             tr("Compare every vault of this machine and copy what differs"),
             QKeySequence(Qt::SHIFT | Qt::Key_F5), &VaultActions::synchronizeAll);
    describe(m_pauseAll, QStringLiteral("pause"), tr("Pa&use All"),
             tr("Stop mirroring every vault of this machine until it is resumed"),
             QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P), &VaultActions::pauseAll);
    describe(m_resumeAll, QStringLiteral("resume"), tr("R&esume All"),
             tr("Go on with every vault that is paused"),
             QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R), &VaultActions::resumeAll);
    connect(&m_link, &EngineLink::stateChanged, this, &VaultActions::enable);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &VaultActions::enable);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &VaultActions::enable);
    enable();
}

QList<QAction *> VaultActions::actions()
{
    return {&m_add, &m_change, &m_synchronize, &m_verify, &m_pause, &m_resume, &m_remove};
}

QList<QAction *> VaultActions::allActions()
{
    return {&m_synchronizeAll, &m_pauseAll, &m_resumeAll};
}

void VaultActions::describe(QAction &action, const QString &iconName, const QString &text,
                            const QString &tip, const QKeySequence &shortcut,
                            void (VaultActions::*slot)())
{
    action.setObjectName(iconName);
    action.setIcon(icon(iconName));
    action.setText(text);
    action.setToolTip(tip);
    action.setStatusTip(tip);
    action.setShortcut(shortcut);
    connect(&action, &QAction::triggered, this, slot);
}

void VaultActions::setCurrent(const VaultRow *row)
{
    m_current = row ? std::optional(*row) : std::nullopt;
    enable();
}

void VaultActions::enable()
{
    // A replica belongs to its primary: nothing of this is asked here.
    const bool ours = m_current && m_current->direction == Direction::Outgoing
        && m_link.state() == LinkState::Connected;
    const Phase phase = m_current ? m_current->phase : Phase::Offline;
    const bool stands = phase == Phase::Paused || phase == Phase::Halted;
    m_add.setEnabled(m_link.state() == LinkState::Connected);
    m_change.setEnabled(ours);
    m_synchronize.setEnabled(ours && runs(*m_current));
    m_verify.setEnabled(ours && runs(*m_current));
    m_pause.setEnabled(ours && !stands);
    m_resume.setEnabled(ours && stands);
    m_remove.setEnabled(ours);
    m_synchronizeAll.setEnabled(anyVault(runs));
    m_pauseAll.setEnabled(
        anyVault([](const VaultRow &row) { return !row.halt && row.phase != Phase::Paused; }));
    m_resumeAll.setEnabled(anyVault(isPaused));
}

void VaultActions::synchronize()
{
    if (!m_current)
        return;
    synchronizeVault(m_current->name);
}

void VaultActions::synchronizeVault(const QString &vault)
{
    const QString name = Wording::shown(vault);
    Q_EMIT done(tr("Comparing \"%1\"…").arg(name));
    m_link.send(
        control::Synchronize{vault, false}, this, [this, name](const control::Answer &answer) {
            if (!answer) {
                Q_EMIT failed(
                    tr("\"%1\" could not be synchronized: %2")
                        .arg(name, FailureWording::text(answer.error(), control::Synchronize{})));
                return;
            }
            const auto copied = int(answer->toObject()[u"copied"].toInteger());
            const auto removed = int(answer->toObject()[u"removed"].toInteger());
            Q_EMIT done(copied == 0 && removed == 0
                            ? tr("\"%1\" was compared: nothing differed.").arg(name)
                            : tr("\"%1\" was compared: %2 copied, %3 removed.")
                                  .arg(name)
                                  .arg(copied)
                                  .arg(removed));
        });
}

void VaultActions::verify()
{
    if (!m_current)
        return;
    const QString name = Wording::shown(m_current->name);
    Q_EMIT done(tr("Verifying \"%1\": every byte is read on both sides…").arg(name));
    m_link.send(
        control::Verify{m_current->name}, this,
        [this, name, vault = m_current->name](const control::Answer &answer) {
            if (!answer) {
                Q_EMIT failed(
                    tr("\"%1\" could not be verified: %2")
                        .arg(name, FailureWording::text(answer.error(), control::Verify{})));
                return;
            }
            const QJsonArray different = (*answer)[u"different"].toArray();
            if (!different.isEmpty())
                Q_EMIT differencesFound(vault, different);
            const auto compared =
                int(std::min<qint64>(answer->toObject()[u"compared"].toInteger(), 1'000'000'000));
            const QString entries = tr("%n file(s) and folder(s)", nullptr, compared);
            Q_EMIT done(different.isEmpty()
                            ? tr("\"%1\" was verified: %2, all identical.").arg(name, entries)
                            : tr("\"%1\" was verified: there are differences.").arg(name));
        });
}

void VaultActions::change()
{
    if (!m_current)
        return;
    Q_EMIT changeWanted(*m_current);
}

void VaultActions::pause()
{
    run(control::Pause{m_current->name, m_current->peer.text()},
        tr("\"%1\" is paused.").arg(Wording::shown(m_current->name)));
}

void VaultActions::resume()
{
    if (!m_current)
        return;
    if (m_current->halt)
        return confirmResume();
    run(control::Resume{m_current->name, m_current->peer.text(), false},
        tr("\"%1\" goes on.").arg(Wording::shown(m_current->name)));
}

void VaultActions::confirmResume()
{
    const VaultRow row = *m_current;
    auto *question = new QMessageBox(m_window);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setObjectName(QStringLiteral("resumeQuestion"));
    question->setIcon(QMessageBox::Warning);
    question->setWindowTitle(tr("Resume a halted vault"));
    question->setTextFormat(Qt::PlainText);
    question->setText(tr("\"%1\" halted: %2.")
                          .arg(Wording::shown(row.name), Wording::haltReason(row.halt->reason)));
    QStringList lines{Wording::haltDetail(*row.halt), Wording::haltAdvice(row.halt->reason)};
    lines.removeAll(QString());
    question->setInformativeText(lines.join(u'\n'));
    QPushButton *go = question->addButton(tr("Resume All the Same"), QMessageBox::AcceptRole);
    QPushButton *cancel = question->addButton(QMessageBox::Cancel);
    cancel->setText(tr("Cancel"));
    question->setDefaultButton(cancel);
    connect(go, &QPushButton::clicked, this, [this, row] {
        run(control::Resume{row.name, row.peer.text(), true},
            tr("\"%1\" goes on.").arg(Wording::shown(row.name)));
    });
    question->open();
}

bool VaultActions::anyVault(bool (*is)(const VaultRow &)) const
{
    return m_link.state() == LinkState::Connected
        && std::ranges::any_of(m_model.rows(), [is](const VaultRow &row) {
               return row.direction == Direction::Outgoing && is(row);
           });
}

void VaultActions::pauseAll()
{
    for (const VaultRow &row : m_model.rows()) {
        if (row.direction == Direction::Outgoing && !row.halt && !isPaused(row))
            run(control::Pause{row.name, row.peer.text()}, tr("Every vault is paused."));
    }
}

void VaultActions::resumeAll()
{
    for (const VaultRow &row : m_model.rows()) {
        if (row.direction == Direction::Outgoing && isPaused(row))
            run(control::Resume{row.name, row.peer.text(), false}, tr("Every vault goes on."));
    }
}

void VaultActions::synchronizeAll()
{
    QStringList names; // a vault with two targets is one
    for (const VaultRow &row : m_model.rows()) {
        if (row.direction == Direction::Outgoing && runs(row) && !names.contains(row.name))
            names.append(row.name);
    }
    for (const QString &name : names)
        synchronizeVault(name);
}

void VaultActions::remove()
{
    QList<VaultRow> targets;
    for (const VaultRow &row : m_model.rows()) {
        if (row.vault == m_current->vault && row.direction == Direction::Outgoing)
            targets.append(row);
    }
    if (targets.isEmpty())
        return;
    auto *dialog = new RemoveDialog(targets, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, name = m_current->name] {
        const bool erase = dialog->erasesReplicas();
        run(control::RemoveVault{name, erase},
            erase ? tr("\"%1\" is removed and its replica erased.").arg(Wording::shown(name))
                  : tr("\"%1\" is removed; its replica stays.").arg(Wording::shown(name)));
    });
    dialog->open();
}

void VaultActions::run(const control::Command &command, const QString &doneText)
{
    m_link.send(command, this, [this, command, doneText](const control::Answer &answer) {
        if (answer)
            Q_EMIT done(doneText);
        else
            Q_EMIT failed(FailureWording::text(answer.error(), command));
    });
}

} // namespace octopus::desktop
