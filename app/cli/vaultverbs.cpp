// The verbs about vaults: what is mirrored, and where to.
#include "app/cli/commandjob.h"
#include "app/cli/proxypassword.h"
#include "app/cli/text.h"
#include "app/cli/verb.h"
#include "app/process/rawtext.h"
#include "engine/control/json.h"

#include <QJsonArray>

#include <algorithm>

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

QString targetText(const QJsonValue &target)
{
    return shown(target[u"peer"].toString()) + u':' + pathText(target[u"destination"]);
}

// By which way of its own it is reached.
QString wayText(const QJsonValue &target)
{
    const QString way = target[u"transport"].toString();
    return way.isEmpty() ? QString() : QStringLiteral("  over ") + shown(way);
}

QStringList texts(const QJsonValue &list, QString (*textOf)(const QJsonValue &))
{
    QStringList texts;
    const QJsonArray array = list.toArray();
    for (const QJsonValue &one : array)
        texts.append(textOf(one));
    return texts;
}

QString listedTarget(const QJsonValue &target)
{
    return targetText(target) + wayText(target);
}

void presentVault(const QJsonValue &vault, Terminal &terminal)
{
    const auto line = [&terminal](const char *title, const QString &text) {
        terminal.print(QString::fromLatin1(title).leftJustified(13) + text);
    };
    line("name", shown(vault[u"name"].toString()));
    line("id", vault[u"id"].toString());
    for (const QString &source : texts(vault[u"sources"], pathText))
        line("source", source);
    const QJsonArray targets = vault[u"targets"].toArray();
    for (const QJsonValue &target : targets) {
        line("target",
             targetText(target) + wayText(target)
                 + (target[u"paused"].toBool() ? QStringLiteral("  (paused)") : QString())
                 + (target[u"adopt"].toBool() ? QStringLiteral("  (leaves foreign entries alone)")
                                              : QString()));
    }
    for (const QString &pattern : texts(vault[u"include"], pathText))
        line("include", pattern);
    for (const QString &pattern : texts(vault[u"exclude"], pathText))
        line("exclude", pattern);
    line("capture", vault[u"capture"].toString());
    line("acknowledge", vault[u"acknowledge"].toString());
    line("transport", shown(vault[u"transport"].toString()));
    const qint64 limit = vault[u"limit"].toInteger();
    line("limit", limit > 0 ? rateText(double(limit)) : QStringLiteral("none"));
}

void presentVaults(const QJsonValue &answer, Terminal &terminal)
{
    const QJsonArray vaults = answer.toArray();
    if (vaults.isEmpty())
        return terminal.print(
            QStringLiteral("no vaults yet; \"octopusctl vault add --help\" shows how to make one"));
    Table table({QStringLiteral("NAME"), QStringLiteral("CAPTURE"), QStringLiteral("SOURCES"),
                 QStringLiteral("TARGETS"), QStringLiteral("TRANSPORT")});
    for (const QJsonValue &vault : vaults) {
        table.addRow({{shown(vault[u"name"].toString())},
                      {vault[u"capture"].toString()},
                      {texts(vault[u"sources"], pathText).join(QStringLiteral(", "))},
                      {texts(vault[u"targets"], listedTarget).join(QStringLiteral(", "))},
                      {shown(vault[u"transport"].toString())}});
    }
    for (const QString &line : table.lines(terminal))
        terminal.print(line);
}

QList<QByteArray> sourcesOf(const Usage &usage)
{
    QList<QByteArray> sources;
    for (const QByteArray &source : usage.rawList("source"))
        sources.append(absolutePath(source));
    return sources;
}

QList<control::TargetChoice> targetsOf(const Usage &usage)
{
    QList<control::TargetChoice> targets;
    for (const QString &text : usage.textList("target")) {
        const qsizetype colon = text.indexOf(u':');
        if (colon < 0)
            targets.append({text, {}});
        else
            targets.append(
                {text.left(colon), process::rawFromText(QStringView(text).sliced(colon + 1))});
    }
    return targets;
}

// "LIST" for the vault or "PEER=LIST" for one target: a LIST has no '=' before a ':', '/' or ','.
Result<void> takeTransports(const Usage &usage, Terminal &terminal, control::EditVault &edit)
{
    QList<control::TargetTransport> ofTargets;
    for (const QString &text : usage.textList("transport")) {
        const auto end = std::ranges::find_if(
            text, [](QChar c) { return c == u'=' || c == u':' || c == u'/' || c == u','; });
        const bool isOfTarget = end != text.end() && *end == u'=';
        const qsizetype equals = end - text.begin();
        if (isOfTarget && equals == 0)
            return failure(ErrorCode::Invalid, "--transport PEER=LIST: the peer is missing");
        QString list = isOfTarget ? text.sliced(equals + 1) : text;
        if (!isOfTarget || !list.isEmpty()) {
            const auto filled = withAskedPasswords(list, terminal);
            if (!filled)
                return failure(ErrorCode::Invalid, "--transport: " + filled.error().detail);
            list = *filled;
        }
        if (isOfTarget)
            ofTargets.append({text.first(equals), list});
        else
            edit.transport = list;
    }
    if (!ofTargets.isEmpty())
        edit.targetTransports = ofTargets;
    return {};
}

// What add and edit have in common beside lists. `take` is called with each value that was given.
Result<control::EditVault> settingsOf(const Usage &usage, Terminal &terminal)
{
    control::EditVault edit;
    if (const QString grade = usage.text("capture"); grade == u"watch" || grade == u"exact")
        edit.capture = grade == u"exact" ? CaptureGrade::Exact : CaptureGrade::Watch;
    else if (usage.has("capture"))
        return failure(ErrorCode::Invalid, "--capture takes watch or exact");
    if (const QString mode = usage.text("acknowledge"); mode == u"async" || mode == u"durable")
        edit.acknowledge = mode == u"durable" ? AcknowledgeMode::Durable : AcknowledgeMode::Async;
    else if (usage.has("acknowledge"))
        return failure(ErrorCode::Invalid, "--acknowledge takes async or durable");
    OCTOPUS_TRY(takeTransports(usage, terminal, edit));
    if (usage.has("limit")) {
        edit.limit = parseRate(usage.text("limit"));
        if (!edit.limit)
            return failure(ErrorCode::Invalid,
                           "--limit takes bytes a second, such as 500K or 10M; 0 for none");
    }
    if (usage.has("adopt"))
        edit.adopt = true;
    return edit;
}

JobResult prepareAdd(const Usage &usage, const Context &context)
{
    const Result<control::EditVault> settings = settingsOf(usage, context.terminal);
    if (!settings)
        return passOn(settings);
    control::AddVault add;
    add.name = usage.argument(0);
    OCTOPUS_TRY(checkVaultName(add.name));
    add.sources = sourcesOf(usage);
    if (add.sources.isEmpty())
        return failure(ErrorCode::Invalid, "name what to mirror with --source PATH");
    add.targets = targetsOf(usage);
    if (add.targets.isEmpty())
        return failure(ErrorCode::Invalid, "name where to mirror it with --target PEER[:DEST]");
    add.rules = {usage.rawList("include"), usage.rawList("exclude")};
    add.capture = settings->capture.value_or(add.capture);
    add.acknowledge = settings->acknowledge.value_or(add.acknowledge);
    add.transport = settings->transport.value_or(add.transport);
    add.targetTransports = settings->targetTransports.value_or(QList<control::TargetTransport>());
    add.limit = settings->limit.value_or(add.limit);
    add.adopt = settings->adopt.value_or(add.adopt);
    return job(
        context,
        {add, [](const QJsonValue &answer, Terminal &terminal) {
             terminal.print(
                 QStringLiteral("%1 is mirrored to %2; \"octopusctl status\" shows how far it is")
                     .arg(shown(answer[u"name"].toString()),
                          texts(answer[u"targets"], targetText).join(QStringLiteral(", "))));
         }});
}

JobResult prepareEdit(const Usage &usage, const Context &context)
{
    Result<control::EditVault> edit = settingsOf(usage, context.terminal);
    if (!edit)
        return passOn(edit);
    edit->vault = usage.argument(0);
    if (usage.has("name")) {
        edit->name = usage.text("name");
        OCTOPUS_TRY(checkVaultName(*edit->name));
    }
    if (usage.has("source"))
        edit->sources = sourcesOf(usage);
    if (usage.has("target"))
        edit->targets = targetsOf(usage);
    if (usage.has("include") || usage.has("no-include"))
        edit->includes = usage.rawList("include");
    if (usage.has("exclude") || usage.has("no-exclude"))
        edit->excludes = usage.rawList("exclude");
    if (usage.has("no-adopt"))
        edit->adopt = false;
    if (*edit == control::EditVault{.vault = edit->vault})
        return failure(ErrorCode::Invalid, "name what to change; --help lists it");
    return job(context, {*edit, presentVault});
}

JobResult prepareRemove(const Usage &usage, const Context &context)
{
    const QString name = usage.argument(0);
    const bool erase = usage.has("erase-replicas");
    return job(
        context,
        {control::RemoveVault{name, erase}, [name, erase](const QJsonValue &, Terminal &terminal) {
             terminal.print(
                 erase
                     ? QStringLiteral("%1 is removed, and its replicas are erased").arg(shown(name))
                     : QStringLiteral("%1 is removed; its replicas stay as they are")
                           .arg(shown(name)));
         }});
}

QList<QCommandLineOption> settingOptions()
{
    return {{QStringLiteral("source"), QStringLiteral("a folder or file to mirror"),
             QStringLiteral("PATH")},
            {QStringLiteral("target"),
             QStringLiteral("a machine, and where the replica lies there (default: the vault's "
                            "name in a granted folder)"),
             QStringLiteral("PEER[:DEST]")},
            {QStringLiteral("include"),
             QStringLiteral("mirror only files that match; may be given several times"),
             QStringLiteral("GLOB")},
            {QStringLiteral("exclude"),
             QStringLiteral("leave out what matches; may be given several times"),
             QStringLiteral("GLOB")},
            {QStringLiteral("capture"), QStringLiteral("watch (default) or exact"),
             QStringLiteral("GRADE")},
            {QStringLiteral("acknowledge"), QStringLiteral("async (default) or durable"),
             QStringLiteral("MODE")},
            {QStringLiteral("transport"),
             QStringLiteral("by which ways to reach the targets, or one of them, the preferred one "
                            "first: auto (default), ipv4, ipv6, INTERFACE, "
                            "socks5://[USER:PASSWORD@]HOST:PORT, unix:/PATH; PEER= as all others. "
                            "A PASSWORD of - is asked for, or read from standard input"),
             QStringLiteral("[PEER=]WAY[,WAY…]")},
            {QStringLiteral("limit"),
             QStringLiteral("bytes a second, such as 500K or 10M; 0: none"),
             QStringLiteral("RATE")},
            {QStringLiteral("adopt"),
             QStringLiteral("the destination may hold other entries; they are left alone")}};
}

QList<QCommandLineOption> editOptions()
{
    return settingOptions()
        + QList<QCommandLineOption>{
            {QStringLiteral("name"), QStringLiteral("a new name for the vault"),
             QStringLiteral("NAME")},
            {QStringLiteral("no-include"), QStringLiteral("no include patterns any more")},
            {QStringLiteral("no-exclude"), QStringLiteral("no exclude patterns any more")},
            {QStringLiteral("no-adopt"),
             QStringLiteral("other entries at the destination are refused")}};
}

} // namespace

QList<Verb> vaultVerbs()
{
    const QString name = QStringLiteral("NAME");
    QList<Verb> verbs;
    verbs.append({QStringLiteral("vault add"),
                  QStringLiteral("NAME --source PATH… --target PEER[:DEST]… [OPTIONS]"),
                  QStringLiteral("starts mirroring a folder to another machine"),
                  {QStringLiteral("vault add docs --source ~/Documents --target beta"),
                   QStringLiteral("vault add photos --source /data/photos --target "
                                  "beta:/srv/mirrors/photos --exclude '*.tmp'")},
                  settingOptions(),
                  1,
                  1,
                  prepareAdd});
    verbs.append({QStringLiteral("vault list"),
                  {},
                  QStringLiteral("lists what is mirrored from this machine"),
                  {QStringLiteral("vault list")},
                  {},
                  0,
                  0,
                  [](const Usage &, const Context &context) {
                      return job(context, {control::ListVaults{}, presentVaults});
                  }});
    verbs.append({QStringLiteral("vault show"),
                  name,
                  QStringLiteral("shows one vault's settings"),
                  {QStringLiteral("vault show docs")},
                  {},
                  1,
                  1,
                  [](const Usage &usage, const Context &context) {
                      return job(context, {control::ShowVault{usage.argument(0)}, presentVault});
                  }});
    verbs.append({QStringLiteral("vault edit"),
                  QStringLiteral("NAME [OPTIONS]"),
                  QStringLiteral("changes a vault; what is not named stays, a list that is named "
                                 "replaces the former one"),
                  {QStringLiteral("vault edit docs --exclude '*.tmp' --exclude cache"),
                   QStringLiteral("vault edit docs --transport eth0,wlan0,auto"),
                   QStringLiteral("vault edit docs --transport beta=socks5://joe:-@proxy:1080")},
                  editOptions(),
                  1,
                  1,
                  prepareEdit});
    verbs.append({QStringLiteral("vault remove"),
                  QStringLiteral("NAME [--erase-replicas]"),
                  QStringLiteral("ends mirroring; the source is never touched, the replica stays "
                                 "unless it is to be erased"),
                  {QStringLiteral("vault remove docs"),
                   QStringLiteral("vault remove docs --erase-replicas")},
                  {{QStringLiteral("erase-replicas"),
                    QStringLiteral("delete what Octopus put at the targets")}},
                  1,
                  1,
                  prepareRemove});
    return verbs;
}

} // namespace octopus::cli
