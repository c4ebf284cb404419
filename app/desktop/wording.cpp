#include "app/desktop/wording.h"

#include <QDateTime>
#include <QGuiApplication>
#include <QLocale>

#include <cstdlib>

namespace octopus::desktop {

namespace {

constexpr QChar leftToRightIsolate(0x2066); // a path starts at its slash
constexpr QChar firstStrongIsolate(0x2068);
constexpr QChar endOfIsolate(0x2069);

// So that slashes and digits stay in their order within an Arabic sentence.
QString isolated(const QString &text, QChar isolate)
{
    if (!QGuiApplication::isRightToLeft() || text.isEmpty())
        return text;
    return isolate + text + endOfIsolate;
}

} // namespace

QString Wording::phase(Phase phase)
{
    switch (phase) {
    case Phase::Offline: return tr("Offline");
    case Phase::Checking: return tr("Checking");
    case Phase::Copying: return tr("Copying");
    case Phase::Mirroring: return tr("Mirroring");
    case Phase::Paused: return tr("Paused");
    case Phase::Halted: return tr("Halted");
    case Phase::Diverged: return tr("Diverged");
    }
    return tr("Unknown");
}

QString Wording::phaseExplained(const VaultRow &row)
{
    const QString peer = shown(row.peerName);
    switch (row.phase) {
    case Phase::Offline:
        return tr("%1 cannot be reached. Changes are kept in mind and caught up when it is back.")
            .arg(peer);
    case Phase::Checking:
        return tr("Both sides are compared; nothing is known for certain until that is done.");
    case Phase::Copying: return tr("What is missing or different at the target is being copied.");
    case Phase::Mirroring:
        if (row.inSync)
            return tr("Everything is mirrored; changes follow as they happen.");
        if (row.hasOnlyProblems())
            return tr("Everything is mirrored but for %n problem(s).", nullptr, int(row.faults()));
        return tr("Changes are on their way.");
    case Phase::Paused: return tr("Paused by you. Changes are caught up when it is resumed.");
    case Phase::Halted: return tr("Stopped until you decide; nothing is changed at the target.");
    case Phase::Diverged: return tr("Both sides were changed on their own.");
    }
    return {};
}

QString Wording::haltReason(HaltReason reason)
{
    switch (reason) {
    case HaltReason::RootGone: return tr("The source folder is missing or another one");
    case HaltReason::RootEmptied: return tr("The source folder is suddenly empty");
    case HaltReason::MassDeletion: return tr("Very many entries disappeared at once");
    case HaltReason::ForeignData: return tr("The destination holds other data");
    case HaltReason::NotPaired: return tr("The target does not know this machine");
    case HaltReason::NotGranted: return tr("The target allows no replica at that place");
    case HaltReason::EpochOutdated: return tr("Another machine has taken this vault over");
    case HaltReason::TargetReadOnly: return tr("The target's disk cannot be written");
    case HaltReason::StateUnreadable: return tr("The replica's own records are damaged");
    case HaltReason::ReplicaGone: return tr("The replica is not at its place any more");
    }
    return tr("Halted");
}

QString Wording::haltAdvice(HaltReason reason)
{
    switch (reason) {
    case HaltReason::RootGone:
        return tr("Mount or restore the source folder; mirroring goes on by itself once it is "
                  "back. Resume only if "
                  "the folder that is there now is meant.");
    case HaltReason::RootEmptied:
        return tr("If the folder was emptied on purpose, resume: the target is emptied too, what "
                  "was there is kept "
                  "among its versions. Else restore it first.");
    case HaltReason::MassDeletion:
        return tr("If that was on purpose, resume: the same entries are removed at the target and "
                  "kept among its "
                  "versions. Else restore them first.");
    case HaltReason::ForeignData:
        return tr("Choose another destination, or let the vault adopt this one: what is there is "
                  "left alone then.");
    case HaltReason::NotPaired:
        return tr("Pair the two machines again, or choose another target for the vault.");
    case HaltReason::NotGranted:
        return tr("On the target, grant this machine a folder for its replicas.");
    case HaltReason::EpochOutdated:
        return tr("This machine must not write any more. See on the other one which copy is the "
                  "live one.");
    case HaltReason::TargetReadOnly:
        return tr("Make the disk at the target writable, then resume.");
    case HaltReason::StateUnreadable:
        return tr("Resume to compare both sides anew and repair what differs.");
    case HaltReason::ReplicaGone:
        return tr(
            "Its disk may not be mounted at the target. Mount or restore it; mirroring goes on "
            "by itself once it is back. Resume only if everything is to be copied there anew.");
    }
    return {};
}

QString Wording::haltDetail(const Halt &halt)
{
    if (halt.reason == HaltReason::MassDeletion && halt.known > 0)
        return tr("%1 of %2 files and folders disappeared.")
            .arg(QLocale().toString(halt.gone), QLocale().toString(halt.known));
    const bool names = halt.reason == HaltReason::TargetReadOnly
        || halt.reason == HaltReason::StateUnreadable || halt.detail.contains('/');
    if (!names || halt.detail.isEmpty())
        return {};
    QString detail = shown(QString::fromUtf8(halt.detail));
    detail[0] = detail[0].toUpper();
    return detail;
}

QString Wording::problem(ProblemCode code)
{
    switch (code) {
    case ProblemCode::NotMirrored: return tr("Not mirrored (a socket or device)");
    case ProblemCode::ReservedName: return tr("Not mirrored (the name belongs to Octopus)");
    case ProblemCode::CannotRead: return tr("Cannot be read");
    case ProblemCode::Unstable: return tr("Keeps changing while it is read");
    case ProblemCode::CannotApply: return tr("The target cannot write it");
    case ProblemCode::NoSpace: return tr("The target has no room for it");
    case ProblemCode::ForeignEntry: return tr("Something else stands there at the target");
    case ProblemCode::NotWatched: return tr("Only checked now and then (watch limit)");
    case ProblemCode::LostAttributes: return tr("Some attributes cannot be stored");
    case ProblemCode::Different: return tr("Differs at the target");
    }
    return tr("Unknown");
}

QString Wording::problemAdvice(ProblemCode code)
{
    switch (code) {
    case ProblemCode::NotMirrored:
        return tr(
            "Sockets, pipes and devices have no content to mirror. Nothing needs to be done.");
    case ProblemCode::ReservedName:
        return tr("Octopus keeps its own records under this name. Rename the entry to have it "
                  "mirrored.");
    case ProblemCode::CannotRead:
        return tr("Give the user that Octopus runs as the right to read it; it is then mirrored by "
                  "itself. Or leave it out by a pattern.");
    case ProblemCode::Unstable:
        return tr("The file is written without a pause. It is tried again and again; it is "
                  "mirrored as soon as it rests for a moment.");
    case ProblemCode::CannotApply:
        return tr("See on the target whether its folder may be written; then synchronize.");
    case ProblemCode::NoSpace: return tr("Make room at the target; then synchronize.");
    case ProblemCode::ForeignEntry:
        return tr("Move what stands there at the target out of the way; then synchronize. Octopus "
                  "does not overwrite what it did not put there.");
    case ProblemCode::NotWatched:
        return tr("Changes here are found by looking now and then, not at once. Let the "
                  "administrator raise fs.inotify.max_user_watches.");
    case ProblemCode::LostAttributes:
        return tr("The content is mirrored; some of its attributes cannot be kept by the file "
                  "system at the target.");
    case ProblemCode::Different:
        return tr("Synchronize to copy it anew; what stands at the target now is kept among the "
                  "versions.");
    }
    return {};
}

QString Wording::problemExplained(const Problem &problem)
{
    QStringList lines{tr("%1.", "a sentence").arg(Wording::problem(problem.code)),
                      problemAdvice(problem.code)};
    if (!problem.detail.isEmpty())
        lines.append(tr("In the system's words: %1").arg(shown(problem.detail)));
    return lines.join(u'\n');
}

QString Wording::difference(const QString &what)
{
    if (what == u"missing")
        return tr("Missing at the target");
    if (what == u"extra")
        return tr("Only at the target");
    if (what == u"content")
        return tr("Other content");
    if (what == u"size")
        return tr("Other size");
    if (what == u"kind")
        return tr("Another kind of entry");
    if (what == u"link")
        return tr("Leads elsewhere");
    if (what == u"attributes")
        return tr("Other owner, rights, time or attributes");
    return shown(what);
}

QString Wording::lag(std::optional<Milliseconds> lag)
{
    return lag ? duration(*lag) : tr("unknown");
}

QString Wording::duration(Milliseconds duration)
{
    const qint64 milliseconds = duration.count();
    if (milliseconds < 1000)
        return tr("%1 ms").arg(QLocale().toString(milliseconds));
    if (milliseconds < 59'950)
        return tr("%1 s").arg(QLocale().toString(double(milliseconds) / 1000, 'f', 1));
    const auto text = [](qint64 number) { return QLocale().toString(number); };
    const qint64 seconds = (milliseconds + 500) / 1000;
    if (seconds < 3600 && seconds % 60 == 0)
        return tr("%1 min").arg(text(seconds / 60));
    if (seconds < 3600)
        return tr("%1 min %2 s").arg(text(seconds / 60), text(seconds % 60));
    const qint64 minutes = (milliseconds + 30'000) / 60'000;
    return tr("%1 h %2 min").arg(text(minutes / 60), text(minutes % 60));
}

QString Wording::roundDuration(Milliseconds duration)
{
    const qint64 milliseconds = duration.count();
    const auto text = [](qint64 number) { return QLocale().toString(number); };
    const qint64 size = std::abs(milliseconds);
    if (size < 1000)
        return tr("%1 ms").arg(text(milliseconds));
    if (size < 60'000)
        return tr("%1 s").arg(text(milliseconds / 1000));
    if (size < 3'600'000)
        return size % 60'000 == 0
            ? tr("%1 min").arg(text(milliseconds / 60'000))
            : tr("%1 min %2 s").arg(text(milliseconds / 60'000), text(size / 1000 % 60));
    return size % 3'600'000 == 0
        ? tr("%1 h").arg(text(milliseconds / 3'600'000))
        : tr("%1 h %2 min").arg(text(milliseconds / 3'600'000), text(size / 60'000 % 60));
}

QString Wording::roundSize(quint64 bytes)
{
    quint64 unit = 1;
    while (bytes / unit >= 1024)
        unit *= 1024;
    return QLocale().formattedDataSize(qint64(bytes), bytes % unit == 0 ? 0 : 1);
}

QString Wording::size(quint64 bytes)
{
    return QLocale().formattedDataSize(qint64(bytes), 1);
}

QString Wording::time(WallTime time)
{
    constexpr qint64 nanosecondsPerMillisecond = 1'000'000;
    return QLocale().toString(
        QDateTime::fromMSecsSinceEpoch(time.nanoseconds / nanosecondsPerMillisecond),
        QLocale::ShortFormat);
}

QString Wording::ago(WallTime then, WallTime now)
{
    constexpr qint64 nanosecondsPerMinute = 60'000'000'000;
    const qint64 minutes = (now.nanoseconds - then.nanoseconds) / nanosecondsPerMinute;
    if (minutes < 1) // also where a clock was set back
        return tr("Just now");
    if (minutes < 60)
        return tr("%n min ago", nullptr, int(minutes));
    if (minutes < 24 * 60)
        return tr("%n h ago", nullptr, int(minutes / 60));
    if (minutes < 30 * 24 * 60)
        return tr("%n day(s) ago", nullptr, int(minutes / (24 * 60)));
    return time(then);
}

QString Wording::verified(const VaultRow &row, WallTime now)
{
    if (row.direction == Direction::Incoming)
        return QStringLiteral("–"); // its primary verifies it
    if (!row.lastVerified)
        return tr("Never");
    const QString when = ago(row.lastVerified->at, now);
    return tr("%1, %2", "when, and what came of it").arg(when, outcome(*row.lastVerified));
}

QString Wording::outcome(const LastVerification &verification)
{
    const auto different = int(std::min<quint64>(verification.different, 1'000'000'000));
    if (different == 0)
        return tr("identical");
    return verification.repaired ? tr("%n difference(s), repaired", nullptr, different)
                                 : tr("%n difference(s)", nullptr, different);
}

QString Wording::activity(ActivityKind kind)
{
    switch (kind) {
    case ActivityKind::Created: return tr("Created");
    case ActivityKind::Changed: return tr("Changed");
    case ActivityKind::Appended: return tr("Appended");
    case ActivityKind::Moved: return tr("Moved");
    case ActivityKind::Removed: return tr("Removed");
    case ActivityKind::Attributes: return tr("Attributes");
    }
    return tr("Changed");
}

QString Wording::exactTime(WallTime time)
{
    constexpr qint64 nanosecondsPerMillisecond = 1'000'000;
    const QTime local =
        QDateTime::fromMSecsSinceEpoch(time.nanoseconds / nanosecondsPerMillisecond).time();
    return QLocale().toString(local, QStringLiteral("HH:mm:ss"));
}

QString Wording::mirror(const VaultRow &row, const QString &machine, bool stale)
{
    const bool outgoing = row.direction == Direction::Outgoing;
    QStringList lines{tr("%1: from %2 to %3")
                          .arg(shown(row.name), shown(outgoing ? machine : row.peerName),
                               shown(outgoing ? row.peerName : machine)),
                      shown(row.destination)};
    if (stale) {
        lines.append(tr("The engine does not answer."));
        return lines.join(u'\n');
    }
    lines.append(row.halt ? haltReason(row.halt->reason) : phaseExplained(row));
    lines.append(tr("Lag: %1").arg(lag(row.lag)));
    if (const qsizetype faults = row.faults(); faults > 0)
        lines.append(tr("%n problem(s)", nullptr, int(faults)));
    if (outgoing)
        lines.append(tr("Verified: %1").arg(verified(row, SystemClock().wall())));
    return lines.join(u'\n');
}

QString Wording::machineState(const Machine &machine)
{
    if (!machine.paired)
        return tr("Not paired");
    return machine.online ? tr("Paired, connected") : tr("Paired, not connected");
}

QString Wording::foundBy(const Machine &machine)
{
    QStringList ways;
    for (const QString &way : machine.foundBy) {
        if (way == u"dns-sd")
            ways.append(tr("DNS-SD"));
        else if (way == u"broadcast")
            ways.append(tr("broadcast"));
        else if (way == u"manual")
            ways.append(tr("pairing"));
        else
            ways.append(shown(way));
    }
    QString list = ways.join(tr(", ", "between words of a list"));
    if (!list.isEmpty())
        list[0] = list[0].toUpper(); // it stands alone
    return list;
}

QString Wording::shown(const QString &text)
{
    return isolated(displayText(text.toUtf8()), firstStrongIsolate);
}

QString Wording::shown(const QByteArray &bytes)
{
    return isolated(displayText(bytes), leftToRightIsolate);
}

QString Wording::toolTip(const QString &text)
{
    if (text.isEmpty())
        return {};
    return QStringLiteral("<p style='white-space:pre-wrap'>") + text.toHtmlEscaped()
        + QStringLiteral("</p>");
}

} // namespace octopus::desktop
