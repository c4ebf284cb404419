#include "app/cli/statustext.h"

#include <algorithm>

namespace octopus::cli {

namespace {

constexpr qsizetype shownProblems = 10;

Colour colourOf(Phase phase)
{
    switch (phase) {
    case Phase::Mirroring: return Colour::Good;
    case Phase::Halted:
    case Phase::Diverged: return Colour::Bad;
    case Phase::Offline:
    case Phase::Checking:
    case Phase::Copying: return Colour::Busy;
    case Phase::Paused: break;
    }
    return Colour::Plain;
}

Table::Cell phaseCell(Phase phase, const Progress *progress)
{
    QString text = QString::fromLatin1(phaseName(phase));
    if (progress && phase == Phase::Copying && progress->total > 0) {
        const double share =
            100 * double(std::min(progress->done, progress->total)) / double(progress->total);
        text += QStringLiteral(" %1 %").arg(int(share));
        if (progress->remaining)
            text += QStringLiteral(", %1 left").arg(durationText(*progress->remaining));
    }
    return {text, colourOf(phase)};
}

bool isFault(const Problem &problem)
{
    return !isNotice(problem.code);
}

Table::Cell problemCell(const QList<Problem> &problems, const std::optional<Halt> &halt)
{
    const auto faults = std::ranges::count_if(problems, isFault);
    if (halt)
        return {QStringLiteral("halted"), Colour::Bad};
    return {faults ? countText(quint64(faults)) : QStringLiteral("-"),
            faults ? Colour::Bad : Colour::Plain};
}

// "eth0, 192.0.2.7:17290"
QString wayText(const MirrorStatus &mirror)
{
    if (mirror.via.isEmpty())
        return QStringLiteral("-");
    const QString address =
        mirror.address.isEmpty() ? QString() : QStringLiteral(", ") + shown(mirror.address);
    return shown(mirror.via) + address;
}

QList<Table::Cell> rowOf(const VaultStatus &vault, const MirrorStatus &mirror)
{
    return {{shown(vault.vault.name)},
            {QStringLiteral("-> %1:%2").arg(shown(mirror.peerName), shown(mirror.destination))},
            phaseCell(mirror.phase, &mirror.progress),
            {mirror.inSync ? QStringLiteral("yes") : QStringLiteral("no"),
             mirror.inSync ? Colour::Good : Colour::Busy},
            {lagText(mirror.lag)},
            {mirror.backlogOperations ? countText(mirror.backlogOperations) : QStringLiteral("-")},
            {countText(mirror.files)},
            {sizeText(mirror.bytes)},
            {sizeText(mirror.sentBytes)},
            {wayText(mirror)},
            problemCell(mirror.problems, mirror.halt)};
}

QList<Table::Cell> rowOf(const ReplicaStatus &replica)
{
    return {
        {shown(replica.name)},
        {QStringLiteral("<- %1:%2").arg(shown(replica.primaryName), shown(replica.destination))},
        phaseCell(replica.phase, nullptr),
        {replica.consistent ? QStringLiteral("whole") : QStringLiteral("partial"),
         replica.consistent ? Colour::Good : Colour::Busy},
        {lagText(replica.lag)},
        {QStringLiteral("-")},
        {QStringLiteral("-")},
        {QStringLiteral("-")},
        {QStringLiteral("-")},
        {QStringLiteral("-")},
        problemCell(replica.problems, replica.halt)};
}

void appendTroubles(QStringList &lines, const QString &who, const QList<Problem> &problems,
                    const std::optional<Halt> &halt, const Terminal &terminal)
{
    if (halt) {
        lines.append(terminal.coloured(
            QStringLiteral("%1 is halted (%2): %3")
                .arg(who, QLatin1StringView(haltName(halt->reason)), shown(halt->detail)),
            Colour::Bad));
        lines.append(QStringLiteral("  ") + shown(haltAdvice(halt->reason)));
        for (const QByteArray &path :
             halt->paths.first(std::min(halt->paths.size(), shownProblems)))
            lines.append(QStringLiteral("    ") + shown(path));
    }
    for (const Problem &problem : problems.first(std::min(problems.size(), shownProblems))) {
        lines.append(QStringLiteral("%1: %2: %3%4")
                         .arg(who,
                              problem.path.isRoot() ? QStringLiteral("the root")
                                                    : problem.path.displayText(),
                              QLatin1StringView(problemName(problem.code)),
                              problem.detail.isEmpty()
                                  ? QString()
                                  : QStringLiteral(" (%1)").arg(shown(problem.detail))));
    }
    if (problems.size() > shownProblems) {
        lines.append(QStringLiteral("%1: and %2 more; --json has them all")
                         .arg(who, countText(quint64(problems.size() - shownProblems))));
    }
}

bool isTrouble(Phase phase, const QList<Problem> &problems, const std::optional<Halt> &halt)
{
    return halt || phase == Phase::Halted || phase == Phase::Diverged
        || std::ranges::any_of(problems, isFault);
}

} // namespace

QStringList statusLines(const control::EngineStatus &status, const Terminal &terminal)
{
    QStringList lines{QStringLiteral("%1  %2  %3")
                          .arg(shown(status.machine.name), shown(status.machine.address),
                               terminal.coloured(status.machine.id.text(), Colour::Faint))};
    if (!status.machine.warning.isEmpty())
        lines.append(terminal.coloured(shown(status.machine.warning), Colour::Bad));
    for (const PairingStatus &pairing : status.pairings) {
        if (pairing.state == PairingState::Comparing)
            lines.append(QStringLiteral("%1 is pairing with this machine; see: octopusctl pair "
                                        "--list")
                             .arg(shown(pairing.name)));
    }
    if (status.vaults.isEmpty() && status.replicas.isEmpty()) {
        lines.append(
            QStringLiteral("no vaults yet; \"octopusctl vault add --help\" shows how to make one"));
        return lines;
    }
    Table table({QStringLiteral("VAULT"), QStringLiteral("WITH"), QStringLiteral("PHASE"),
                 QStringLiteral("IN SYNC"), QStringLiteral(">LAG"), QStringLiteral(">BACKLOG"),
                 QStringLiteral(">FILES"), QStringLiteral(">SIZE"), QStringLiteral(">SENT"),
                 QStringLiteral("VIA"), QStringLiteral(">PROBLEMS")});
    QStringList troubles;
    for (const VaultStatus &vault : status.vaults) {
        for (const MirrorStatus &mirror : vault.targets) {
            table.addRow(rowOf(vault, mirror));
            appendTroubles(
                troubles,
                QStringLiteral("%1 -> %2").arg(shown(vault.vault.name), shown(mirror.peerName)),
                mirror.problems, mirror.halt, terminal);
            if (mirror.phase == Phase::Offline && !mirror.offlineBecause.isEmpty())
                troubles.append(QStringLiteral("%1 cannot be reached: %2")
                                    .arg(shown(mirror.peerName), shown(mirror.offlineBecause)));
        }
    }
    for (const ReplicaStatus &replica : status.replicas) {
        table.addRow(rowOf(replica));
        appendTroubles(troubles, shown(replica.name), replica.problems, replica.halt, terminal);
    }
    lines += table.lines(terminal);
    return lines + troubles;
}

QStringList changeLines(const control::EngineStatus &status)
{
    QStringList lines;
    for (const VaultStatus &vault : status.vaults) {
        for (const MirrorStatus &mirror : vault.targets) {
            lines.append(
                QStringLiteral("%1 -> %2  %3  %4  lag %5  backlog %6  files %7  %8  sent %9")
                    .arg(shown(vault.vault.name), shown(mirror.peerName),
                         phaseCell(mirror.phase, &mirror.progress).text,
                         mirror.inSync ? QStringLiteral("in sync") : QStringLiteral("not in sync"),
                         lagText(mirror.lag), countText(mirror.backlogOperations),
                         countText(mirror.files), sizeText(mirror.bytes),
                         sizeText(mirror.sentBytes))
                + (mirror.via.isEmpty() ? QString() : QStringLiteral("  via ") + wayText(mirror))
                + (mirror.halt ? QStringLiteral("  halted: ") + shown(mirror.halt->detail)
                               : QString()));
        }
    }
    for (const ReplicaStatus &replica : status.replicas) {
        lines.append(QStringLiteral("%1 <- %2  %3  lag %4")
                         .arg(shown(replica.name), shown(replica.primaryName),
                              phaseCell(replica.phase, nullptr).text, lagText(replica.lag)));
    }
    return lines;
}

ExitCode judgeStatus(const control::EngineStatus &status)
{
    const bool vaults = std::ranges::any_of(status.vaults, [](const VaultStatus &vault) {
        return std::ranges::any_of(vault.targets, [](const MirrorStatus &mirror) {
            return isTrouble(mirror.phase, mirror.problems, mirror.halt);
        });
    });
    const bool replicas = std::ranges::any_of(status.replicas, [](const ReplicaStatus &replica) {
        return isTrouble(replica.phase, replica.problems, replica.halt);
    });
    return vaults || replicas ? ExitCode::LookAtIt : ExitCode::Done;
}

} // namespace octopus::cli
