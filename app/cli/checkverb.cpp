// The verb that finds out, stage by stage, whether a machine can be mirrored to.
#include "app/cli/commandjob.h"
#include "app/cli/proxypassword.h"
#include "app/cli/text.h"
#include "app/cli/verb.h"
#include "engine/control/json.h"

#include <QJsonArray>

namespace octopus::cli {

namespace {

QString sentence(const QJsonValue &text)
{
    return shown(control::bytesFromJson(text).value_or(QByteArray()));
}

// Shows each stage once, however often the report comes.
class StageView
{
public:
    void show(const QJsonValue &report, Terminal &terminal)
    {
        const QJsonArray stages = report[u"stages"].toArray();
        for (; m_shown < stages.size(); ++m_shown) {
            const QJsonValue stage = stages[m_shown];
            const bool ok = stage[u"ok"].toBool();
            const QString word = ok ? QStringLiteral("ok    ") : QStringLiteral("failed");
            terminal.print(QStringLiteral("%1  %2  %3")
                               .arg(stage[u"stage"].toString().leftJustified(8),
                                    terminal.coloured(word, ok ? Colour::Good : Colour::Bad),
                                    sentence(stage[u"detail"])));
            if (const QString advice = sentence(stage[u"advice"]); !advice.isEmpty())
                terminal.print(QString(18, u' ') + advice);
        }
    }

private:
    qsizetype m_shown = 0;
};

// 3: it cannot be reached; 4: it may not be used; 1: it can, and there is something to look at.
ExitCode judge(const QJsonValue &report)
{
    const QJsonValue last = report[u"stages"].toArray().last();
    if (last[u"ok"].toBool())
        return ExitCode::Done;
    const QString stage = last[u"stage"].toString();
    if (stage == u"resolve" || stage == u"reach" || stage == u"tls")
        return ExitCode::NoAnswer;
    return stage == u"clock" ? ExitCode::LookAtIt : ExitCode::Refused;
}

JobResult prepareCheck(const Usage &usage, const Context &context)
{
    control::Check check;
    check.address = usage.argument(0).trimmed();
    if (check.address.isEmpty())
        return failure(ErrorCode::Invalid, "the address is empty");
    if (usage.has("destination"))
        check.destination = usage.rawList("destination").constLast();
    if (usage.has("transport")) {
        const auto list = withAskedPasswords(usage.text("transport"), context.terminal);
        if (!list)
            return failure(ErrorCode::Invalid, "--transport: " + list.error().detail);
        check.transport = *list;
    }
    const auto view = std::make_shared<StageView>();
    const auto show = [view](const QJsonValue &report, Terminal &terminal) {
        view->show(report, terminal);
    };
    CommandPlan plan{check, show, judge};
    plan.progress = show;
    return std::make_unique<CommandJob>(context, std::move(plan));
}

} // namespace

QList<Verb> checkVerbs()
{
    return {{QStringLiteral("check"),
             QStringLiteral("ADDRESS [--destination DIR] [--transport LIST]"),
             QStringLiteral("finds out, stage by stage, whether ADDRESS can be mirrored to"),
             {QStringLiteral("check beta"), QStringLiteral("check 192.0.2.7:17290"),
              QStringLiteral("check [fe80::1%eth0] --destination /srv/mirrors/docs")},
             {{QStringLiteral("destination"),
               QStringLiteral("the folder there that shall be granted, instead of any"),
               QStringLiteral("DIR")},
              {QStringLiteral("transport"),
               QStringLiteral("by which ways to reach it; see \"octopusctl vault add --help\""),
               QStringLiteral("WAY[,WAY…]")}},
             1,
             1,
             prepareCheck}};
}

} // namespace octopus::cli
