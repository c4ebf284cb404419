#include "app/cli/verb.h"

namespace octopus::cli {

namespace {

QString padded(const QString &text, qsizetype width)
{
    return QStringLiteral("  ") + text.leftJustified(width) + QStringLiteral("  ");
}

QStringList optionLines(const QList<QCommandLineOption> &options)
{
    QStringList names;
    qsizetype width = 0;
    for (const QCommandLineOption &option : options) {
        QString name = QStringLiteral("--") + option.names().constFirst();
        if (!option.valueName().isEmpty())
            name += u' ' + option.valueName();
        width = std::max(width, name.size());
        names.append(name);
    }
    QStringList lines;
    for (qsizetype i = 0; i < options.size(); ++i)
        lines.append(padded(names[i], width) + options[i].description());
    return lines;
}

} // namespace

const QList<Verb> &allVerbs()
{
    static const QList<Verb> verbs = machineVerbs() + checkVerbs() + vaultVerbs() + mirrorVerbs();
    return verbs;
}

QList<QCommandLineOption> commonOptions()
{
    return {{QStringLiteral("state"),
             QStringLiteral("the folder where the engine keeps everything (or OCTOPUS_STATE)"),
             QStringLiteral("DIR")},
            {QStringLiteral("json"),
             QStringLiteral("one JSON document on standard output, nothing else there")},
            {{QStringLiteral("help"), QStringLiteral("h")}, QStringLiteral("this help")},
            {{QStringLiteral("version"), QStringLiteral("v")},
             QStringLiteral("the program's version")}};
}

QString generalHelp()
{
    QStringList lines{
        QStringLiteral("Usage: octopusctl [--state DIR] [--json] COMMAND …"), QString(),
        QStringLiteral("Controls the engine that octopusd or octopus-mirror runs for this user."),
        QString(), QStringLiteral("Commands:")};
    qsizetype width = 0;
    for (const Verb &verb : allVerbs())
        width = std::max(width, verb.name.size());
    for (const Verb &verb : allVerbs())
        lines.append(padded(verb.name, width) + verb.summary);
    lines += {QString(), QStringLiteral("Options of all commands:")};
    lines += optionLines(commonOptions());
    lines +=
        {QString(), QStringLiteral("\"octopusctl COMMAND --help\" explains one, with examples."),
         QString(),
         QStringLiteral(
             "Exit codes: 0 done, 1 done and there is something to look at, 2 wrong usage,"),
         QStringLiteral("3 no engine or no peer answers, 4 refused, 5 timed out.")};
    return lines.join(u'\n');
}

QString helpFor(const Verb &verb)
{
    QStringList lines{
        QStringLiteral("Usage: octopusctl %1 %2").arg(verb.name, verb.arguments).trimmed(),
        QString(), verb.summary.left(1).toUpper() + verb.summary.mid(1) + u'.', QString(),
        QStringLiteral("Options:")};
    lines += optionLines(verb.options + commonOptions());
    lines += {QString(), QStringLiteral("Examples:")};
    for (const QString &example : verb.examples)
        lines.append(QStringLiteral("  octopusctl ") + example);
    return lines.join(u'\n');
}

} // namespace octopus::cli
