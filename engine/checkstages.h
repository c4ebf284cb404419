// What a check of an address has found, in words: each fact becomes a stage with a sentence and, if
// it is in the way, what to do about it, in English and as a word with its facts. Pure; any thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/control/answer.h"
#include "engine/link/call.h"
#include "engine/model/peer.h"

#include <optional>

namespace octopus::stages {

using control::CheckStage;

[[nodiscard]] CheckStage resolved(const QString &asked, const QList<link::Endpoint> &addresses,
                                  const Transport &over);
[[nodiscard]] CheckStage reached(const link::Endpoint &endpoint, const Transport &over);
[[nodiscard]] CheckStage secured();
// `name`: as the machine calls itself. `expected`: the peer to whom this address belonged so far.
[[nodiscard]] CheckStage identified(const MachineId &id, const QString &name,
                                    const std::optional<Peer> &expected);
// `known`: the highest protocol that was ever spoken with it; 0: none.
[[nodiscard]] CheckStage versioned(const wire::Hello &hello, quint32 protocol, quint32 known);

// The stage at which a call ended in vain. `self`: this machine.
[[nodiscard]] CheckStage notReached(const QString &asked, const link::CallFailure &failure,
                                    const MachineId &self);

[[nodiscard]] CheckStage notPairedHere(const QString &name);
// What the other side said, or did, instead of telling its grants.
[[nodiscard]] CheckStage notAnswered(const QString &name, const Error &error);
[[nodiscard]] CheckStage paired(const QString &name);

// Of the folders that are granted there, the one for `destination` (empty: any). A stage that fails
// has no folder.
struct GrantFound {
    CheckStage stage;
    std::optional<qsizetype> folder; // in `grants`
};
[[nodiscard]] GrantFound granted(const QString &name, const wire::Grants &grants,
                                 const QByteArray &destination);
[[nodiscard]] CheckStage spaced(const wire::Grants &grants, qsizetype folder);
// `ahead`: the other machine's clock less this one's.
[[nodiscard]] CheckStage clocked(Milliseconds ahead);

} // namespace octopus::stages
