// VaultDraft: what the vault editor holds, and the commands that make it true. Value; pure.
#pragma once

#include "engine/control/command.h"

#include <QJsonObject>

namespace octopus::desktop {

struct DraftTarget {
    MachineId peer;
    QByteArray destination; // empty: the vault's name
    QString transport = {}; // empty: the vault's
    friend bool operator==(const DraftTarget &, const DraftTarget &) = default;
};

struct VaultDraft {
    QString name;
    QList<QByteArray> sources;
    Rules rules;
    QList<DraftTarget> targets;
    QString transport = QStringLiteral("auto");
    bool adopt = false; // destinations may hold what Octopus did not put there
    friend bool operator==(const VaultDraft &, const VaultDraft &) = default;
};

// The answer of ShowVault.
[[nodiscard]] VaultDraft draftFromJson(const QJsonObject &vault);

[[nodiscard]] control::AddVault addCommand(const VaultDraft &draft);
// Names only what differs.
[[nodiscard]] control::EditVault editCommand(const VaultDraft &before, const VaultDraft &after);

} // namespace octopus::desktop
