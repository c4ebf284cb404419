// The desktop's words for what the engine says in codes, in the user's language, and its numbers
// by the user's locale. Pure but for the locale; GUI thread.
#pragma once

#include "app/desktop/machines/machine.h"
#include "app/desktop/vaultrow.h"
#include "engine/model/activity.h"

#include <QCoreApplication>

namespace octopus::desktop {

class Wording
{
    Q_DECLARE_TR_FUNCTIONS(octopus::desktop::Wording)

public:
    [[nodiscard]] static QString phase(Phase phase);
    [[nodiscard]] static QString phaseExplained(const VaultRow &row); // one sentence
    [[nodiscard]] static QString haltReason(HaltReason reason);       // a short headline
    [[nodiscard]] static QString haltAdvice(HaltReason reason);       // what to do
    // How much, or what path or system error; empty: the reason says it all.
    [[nodiscard]] static QString haltDetail(const Halt &halt);
    [[nodiscard]] static QString problem(ProblemCode code);
    [[nodiscard]] static QString difference(const QString &what); // of a verification
    [[nodiscard]] static QString problemAdvice(ProblemCode code); // what to do
    // All of that, and behind it what the system said.
    [[nodiscard]] static QString problemExplained(const Problem &problem);
    [[nodiscard]] static QString lag(std::optional<Milliseconds> lag);
    [[nodiscard]] static QString duration(Milliseconds duration);
    // As short as they can be exact, for axes; a negative duration with its sign.
    [[nodiscard]] static QString roundDuration(Milliseconds duration);
    [[nodiscard]] static QString roundSize(quint64 bytes);
    [[nodiscard]] static QString size(quint64 bytes);
    [[nodiscard]] static QString time(WallTime time);
    [[nodiscard]] static QString exactTime(WallTime time); // of the day, with seconds
    [[nodiscard]] static QString activity(ActivityKind kind);
    [[nodiscard]] static QString outcome(const LastVerification &verification);
    [[nodiscard]] static QString ago(WallTime time, WallTime now);
    // "2 h ago, identical"; "Never".
    [[nodiscard]] static QString verified(const VaultRow &row, WallTime now);
    // All there is to know of a mirror at a glance, in a few lines. `machine`: this one's name.
    [[nodiscard]] static QString mirror(const VaultRow &row, const QString &machine, bool stale);
    [[nodiscard]] static QString machineState(const Machine &machine);
    [[nodiscard]] static QString foundBy(const Machine &machine);
    // Names and paths of others, safe in a widget, and within text that is read from right to left.
    [[nodiscard]] static QString shown(const QString &text);
    [[nodiscard]] static QString shown(const QByteArray &bytes);
    // Plain text as a tool tip, which else might take it for markup.
    [[nodiscard]] static QString toolTip(const QString &text);
};

} // namespace octopus::desktop
