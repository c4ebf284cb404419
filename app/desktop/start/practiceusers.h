// PracticeUsers: the user's own vaults that mirror to the practice target, too: what its end leaves
// of them, and what is done about it. Pure; GUI thread.
#pragma once

#include "app/desktop/vaultrow.h"
#include "engine/control/command.h"

#include <QJsonArray>
#include <QStringList>

namespace octopus::desktop {

struct PracticeUsers {
    enum class Fate : quint8 { Keep, Remove }; // of those that have no other target

    QStringList alone;  // the names of those that have no other target
    QStringList shared; // and of those that go on with their others

    [[nodiscard]] bool isEmpty() const { return alone.isEmpty() && shared.isEmpty(); }
    // `own`: the name of the practice's own vault.
    [[nodiscard]] static PracticeUsers of(const QList<VaultRow> &rows, const MachineId &target,
                                          const QString &own);
    // What lets go of the target. `vaults`: what ListVaults answers.
    [[nodiscard]] static QList<control::Command> releases(const QJsonArray &vaults,
                                                          const MachineId &target, Fate fate);
};

} // namespace octopus::desktop
