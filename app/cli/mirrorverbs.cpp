// The verbs about running mirrors, and the demonstration.
#include "app/cli/activityjob.h"
#include "app/cli/commandjob.h"
#include "app/cli/demojob.h"
#include "app/cli/statusjob.h"
#include "app/cli/text.h"
#include "app/cli/verb.h"
#include "engine/control/json.h"

#include <QJsonArray>

namespace octopus::cli {

namespace {

JobResult job(const Context &context, CommandPlan plan)
{
    return std::make_unique<CommandJob>(context, std::move(plan));
}

QString pathText(const QJsonValue &value)
{
    return shown(control::bytesFromJson(value).value_or(QByteArray()));
}

QString count(const QJsonValue &value)
{
    return countText(quint64(value.toInteger()));
}

QString size(const QJsonValue &value)
{
    return sizeText(quint64(value.toInteger()));
}

QString seconds(const QJsonValue &value)
{
    return durationText(Milliseconds(qint64(value.toDouble() * 1000)));
}

void presentComparison(const QJsonValue &answer, Terminal &terminal)
{
    terminal.print(
        QStringLiteral(
            "%1 entries compared (%2), %3 identical, %4 copied (%5 sent), %6 removed, in %7")
            .arg(count(answer[u"compared"]), size(answer[u"bytesCompared"]),
                 count(answer[u"identical"]), count(answer[u"copied"]), size(answer[u"bytesSent"]),
                 count(answer[u"removed"]), seconds(answer[u"seconds"])));
    const QJsonArray problems = answer[u"problems"].toArray();
    for (const QJsonValue &problem : problems) {
        terminal.print(QStringLiteral("%1: %2 %3")
                           .arg(pathText(problem[u"path"]), problem[u"code"].toString(),
                                pathText(problem[u"text"])));
    }
}

ExitCode judgeComparison(const QJsonValue &answer)
{
    const QJsonArray problems = answer[u"problems"].toArray();
    for (const QJsonValue &problem : problems) {
        if (!problem[u"notice"].toBool())
            return ExitCode::LookAtIt;
    }
    return ExitCode::Done;
}

void presentVerification(const QJsonValue &answer, Terminal &terminal)
{
    const QJsonArray different = answer[u"different"].toArray();
    for (const QJsonValue &one : different)
        terminal.print(
            QStringLiteral("%1: %2").arg(pathText(one[u"path"]), shown(one[u"what"].toString())));
    terminal.print(QStringLiteral("%1 entries compared, %2 identical, %3 different, in %4")
                       .arg(count(answer[u"compared"]), count(answer[u"identical"]),
                            countText(quint64(different.size())), seconds(answer[u"seconds"])));
    terminal.print(QStringLiteral("digest %1").arg(shown(answer[u"digest"].toString())));
}

ExitCode judgeVerification(const QJsonValue &answer)
{
    return answer[u"different"].toArray().isEmpty() ? ExitCode::Done : ExitCode::LookAtIt;
}

JobResult preparePause(const Usage &usage, const Context &context)
{
    const QString name = usage.argument(0);
    return job(
        context,
        {control::Pause{name, usage.text("target")},
         [name](const QJsonValue &, Terminal &terminal) {
             terminal.print(
                 QStringLiteral("%1 is paused; \"octopusctl resume\" goes on").arg(shown(name)));
         }});
}

JobResult prepareResume(const Usage &usage, const Context &context)
{
    const QString name = usage.argument(0);
    return job(context,
               {control::Resume{name, usage.text("target"), usage.has("confirm")},
                [name](const QJsonValue &, Terminal &terminal) {
                    terminal.print(QStringLiteral("%1 goes on").arg(shown(name)));
                }});
}

JobResult prepareVerify(const Usage &usage, const Context &context)
{
    CommandPlan plan{control::Verify{usage.argument(0)}, presentVerification, judgeVerification};
    if (usage.has("report")) {
        if (usage.text("report").isEmpty())
            return failure(ErrorCode::Invalid, "--report needs a file");
        plan.reportFile = absolutePath(usage.rawList("report").constLast());
    }
    return job(context, std::move(plan));
}

JobResult prepareWait(const Usage &usage, const Context &context)
{
    const QString name = usage.argument(0);
    if (!usage.has("in-sync"))
        return failure(ErrorCode::Invalid, "say what to wait for: --in-sync");
    CommandPlan plan{control::WaitInSync{name}, [name](const QJsonValue &, Terminal &terminal) {
                         terminal.print(QStringLiteral("%1 is in sync").arg(shown(name)));
                     }};
    if (usage.has("timeout")) {
        bool valid = false;
        const double limit = usage.text("timeout").toDouble(&valid);
        const bool inRange = limit > 0 && limit < 1e6; // false for what is no number too
        if (!valid || !inRange)
            return failure(ErrorCode::Invalid, "--timeout takes seconds, more than 0");
        plan.timeout = Milliseconds(std::max<qint64>(qint64(limit * 1000), 1));
        plan.timeoutText =
            QStringLiteral(
                "%1 was not in sync within %2; \"octopusctl status\" shows how far it is")
                .arg(shown(name), durationText(plan.timeout));
    }
    return job(context, std::move(plan));
}

JobResult prepareStatus(const Usage &usage, const Context &context)
{
    return std::make_unique<StatusJob>(context, usage.argument(0), usage.has("watch"));
}

JobResult prepareDemo(const Usage &usage, const Context &context)
{
    DemoOptions options;
    if (usage.has("seconds")) {
        bool valid = false;
        options.seconds = usage.text("seconds").toInt(&valid);
        if (!valid || options.seconds < 1 || options.seconds > 86400)
            return failure(ErrorCode::Invalid, "--seconds takes a whole number from 1 to 86400");
    }
    if (usage.has("seed")) {
        bool valid = false;
        options.seed = usage.text("seed").toULongLong(&valid);
        if (!valid)
            return failure(ErrorCode::Invalid, "--seed takes a whole number");
    }
    return std::make_unique<DemoJob>(context, options);
}

Verb synchronizeVerb()
{
    return {QStringLiteral("synchronize"),
            QStringLiteral("NAME [--deep]"),
            QStringLiteral("compares both sides and copies what differs"),
            {QStringLiteral("synchronize docs"), QStringLiteral("synchronize docs --deep")},
            {{QStringLiteral("deep"),
              QStringLiteral("compare every byte on both sides, not only sizes and times")}},
            1,
            1,
            [](const Usage &usage, const Context &context) {
                return job(context,
                           {control::Synchronize{usage.argument(0), usage.has("deep")},
                            presentComparison, judgeComparison});
            }};
}

QCommandLineOption targetOption()
{
    return {QStringLiteral("target"), QStringLiteral("only the mirror to this machine"),
            QStringLiteral("PEER")};
}

QList<Verb> observingVerbs()
{
    QList<Verb> verbs;
    verbs.append({QStringLiteral("verify"),
                  QStringLiteral("NAME [--report FILE]"),
                  QStringLiteral("compares every byte on both sides and changes nothing"),
                  {QStringLiteral("verify docs"), QStringLiteral("verify docs --report docs.json")},
                  {{QStringLiteral("report"), QStringLiteral("write the result there too, as JSON"),
                    QStringLiteral("FILE")}},
                  1,
                  1,
                  prepareVerify});
    verbs.append(
        {QStringLiteral("wait"),
         QStringLiteral("NAME --in-sync [--timeout SECONDS]"),
         QStringLiteral("returns when every target has applied all that was captured before"),
         {QStringLiteral("wait docs --in-sync --timeout 60")},
         {{QStringLiteral("in-sync"), QStringLiteral("wait until the vault is in sync")},
          {QStringLiteral("timeout"), QStringLiteral("give up after this time, with exit code 5"),
           QStringLiteral("SECONDS")}},
         1,
         1,
         prepareWait});
    verbs.append(
        {QStringLiteral("status"),
         QStringLiteral("[NAME] [--watch]"),
         QStringLiteral("shows phase, lag, backlog and problems of every vault, or of one"),
         {QStringLiteral("status"), QStringLiteral("status docs --watch"),
          QStringLiteral("--json status")},
         {{QStringLiteral("watch"), QStringLiteral("keep showing changes until interrupted")}},
         0,
         1,
         prepareStatus});
    verbs.append(
        {QStringLiteral("activity"),
         QStringLiteral("NAME [--watch]"),
         QStringLiteral("shows the last changes that each target of a vault has applied"),
         {QStringLiteral("activity docs"), QStringLiteral("activity docs --watch")},
         {{QStringLiteral("watch"), QStringLiteral("keep showing changes until interrupted")}},
         1,
         1,
         [](const Usage &usage, const Context &x) -> JobResult {
             return std::make_unique<ActivityJob>(x, usage.argument(0), usage.has("watch"));
         }});
    verbs.append(
        {QStringLiteral("demo"),
         QStringLiteral("[--seconds N] [--seed N]"),
         QStringLiteral("two engines of its own mirror real files on this machine while you watch"),
         {QStringLiteral("demo"), QStringLiteral("demo --seconds 60")},
         {{QStringLiteral("seconds"), QStringLiteral("how long to change files, 10 by default"),
           QStringLiteral("N")},
          {QStringLiteral("seed"), QStringLiteral("repeat the changes of an earlier demonstration"),
           QStringLiteral("N")}},
         0,
         0,
         prepareDemo});
    return verbs;
}

} // namespace

QList<Verb> mirrorVerbs()
{
    QList<Verb> verbs;
    verbs.append({QStringLiteral("pause"),
                  QStringLiteral("NAME [--target PEER]"),
                  QStringLiteral("stops mirroring until it is resumed; changes are caught up then"),
                  {QStringLiteral("pause docs"), QStringLiteral("pause docs --target beta")},
                  {targetOption()},
                  1,
                  1,
                  preparePause});
    verbs.append({QStringLiteral("resume"),
                  QStringLiteral("NAME [--target PEER] [--confirm]"),
                  QStringLiteral("goes on after a pause, or after a halt that you looked at"),
                  {QStringLiteral("resume docs"), QStringLiteral("resume docs --confirm")},
                  {targetOption(),
                   {QStringLiteral("confirm"),
                    QStringLiteral("the vault is halted, and it is right to go on all the same")}},
                  1,
                  1,
                  prepareResume});
    verbs.append(synchronizeVerb());
    return verbs + observingVerbs();
}

} // namespace octopus::cli
