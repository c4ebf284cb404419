#include "app/desktop/start/practiceusers.h"

#include "app/desktop/editor/vaultdraft.h"

#include <QJsonObject>

#include <algorithm>

namespace octopus::desktop {

PracticeUsers PracticeUsers::of(const QList<VaultRow> &rows, const MachineId &target,
                                const QString &own)
{
    PracticeUsers users;
    for (const VaultRow &row : rows) {
        if (row.direction != Direction::Outgoing || row.peer != target || row.name == own)
            continue;
        const bool hasOthers = std::ranges::any_of(rows, [&](const VaultRow &other) {
            return other.direction == Direction::Outgoing && other.vault == row.vault
                && other.peer != target;
        });
        (hasOthers ? users.shared : users.alone).append(row.name);
    }
    return users;
}

QList<control::Command> PracticeUsers::releases(const QJsonArray &vaults, const MachineId &target,
                                                Fate fate)
{
    QList<control::Command> commands;
    for (const QJsonValue &vault : vaults) {
        const VaultDraft before = draftFromJson(vault.toObject());
        VaultDraft after = before;
        if (after.targets.removeIf([&](const DraftTarget &one) { return one.peer == target; }) == 0)
            continue;
        if (!after.targets.isEmpty())
            commands.append(editCommand(before, after));
        else if (fate == Fate::Remove)
            commands.append(control::RemoveVault{before.name, false});
    }
    return commands;
}

} // namespace octopus::desktop
