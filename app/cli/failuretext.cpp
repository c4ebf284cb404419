// How a failure is told: the two functions at the end of job.h.
#include "app/cli/job.h"
#include "app/cli/text.h"
#include "engine/control/json.h"

namespace octopus::cli {

namespace {

template <typename... Kinds> bool isAnyOf(const control::Command *command)
{
    return command && (std::holds_alternative<Kinds>(*command) || ...);
}

QString adviceFor(const control::Failure &failure, const control::Command *command)
{
    switch (failure.error.code) {
    case ErrorCode::Unreachable:
    case ErrorCode::Disconnected:
        return QStringLiteral(
            "see that octopusd runs on that machine and that its address and port "
            "can be reached from here");
    case ErrorCode::NotPaired:
        return QStringLiteral(
            "pair first: \"octopusctl invite\" there, \"octopusctl pair TICKET\" here");
    case ErrorCode::NotGranted:
        return QStringLiteral("on the target, allow a folder with \"octopusctl grant PEER DIR\"");
    case ErrorCode::VersionMismatch: return QStringLiteral("update the older of the two programs");
    case ErrorCode::Exists:
        return QStringLiteral("choose another name, or see \"octopusctl vault list\"");
    case ErrorCode::NoSpace: return QStringLiteral("make room there and try again");
    case ErrorCode::Refused:
        if (isAnyOf<control::AddVault, control::EditVault>(command) && !failure.paths.isEmpty()) {
            return QStringLiteral(
                "choose another destination, or leave these entries alone with --adopt");
        }
        if (isAnyOf<control::Synchronize, control::Verify, control::WaitInSync, control::Resume>(
                command))
            return QStringLiteral("\"octopusctl status\" says why and what to do");
        return {};
    default: return {};
    }
}

// Advice that the engine gave already is not given twice.
bool saysWhatToDo(const QString &text)
{
    return text.contains(u';') || text.contains(QStringLiteral(". "))
        || text.contains(QStringLiteral("octopusctl "));
}

} // namespace

ExitCode presentFailure(const Context &context, const control::Failure &failure,
                        const control::Command *command)
{
    QString text = failure.error.detail.isEmpty()
        ? QString::fromLatin1(errorName(failure.error.code))
        : shown(failure.error.detail);
    if (text.endsWith(u'.')) // what to do may follow
        text.chop(1);
    if (const QString advice = adviceFor(failure, command);
        !advice.isEmpty() && !saysWhatToDo(text))
        text += QStringLiteral("; ") + advice;
    context.terminal.complain(text);
    if (context.json) {
        context.terminal.printJson(QJsonObject{{QStringLiteral("error"), toJson(failure)}});
    } else {
        for (const QByteArray &path : failure.paths)
            context.terminal.print(shown(path));
    }
    return exitCodeOf(failure.error.code);
}

ExitCode presentNoEngine(const Context &context, const Error &error)
{
    const QString folder = shown(context.location.stateDirectory);
    QString text;
    switch (error.code) {
    case ErrorCode::Unreachable:
        text =
            QStringLiteral("no engine is running for %1; start octopusd or octopus-mirror, or name "
                           "another folder with --state")
                .arg(folder);
        break;
    case ErrorCode::TimedOut:
        text = QStringLiteral("the engine for %1 does not answer; see its log, or restart it")
                   .arg(folder);
        break;
    case ErrorCode::Disconnected:
        text = QStringLiteral("the engine for %1 has stopped; start it again").arg(folder);
        break;
    case ErrorCode::PermissionDenied:
        text = QStringLiteral("the engine for %1 belongs to another user; run this as that user")
                   .arg(folder);
        break;
    default:
        text = QStringLiteral("the engine for %1 cannot be asked: %2; restart it")
                   .arg(folder, shown(error.detail));
        break;
    }
    context.terminal.complain(text);
    return ExitCode::NoAnswer;
}

} // namespace octopus::cli
