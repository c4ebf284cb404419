#include "app/cli/reference/shells.h"

#include "app/cli/reference/kinds.h"

namespace octopus::cli {

namespace {

QString quoted(QString text)
{
    return u'\'' + text.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

// fish knows \' within single quotes.
QString fishQuoted(QString text)
{
    text.replace(u'\\', QStringLiteral("\\\\"));
    return u'\'' + text.replace(u'\'', QStringLiteral("\\'")) + u'\'';
}

QString nameOf(const QCommandLineOption &option)
{
    return option.names().constFirst();
}

// What a group is about, as far as it is needed to offer it: the summaries of its commands say more.
QString groupSummary(const QList<Verb> &verbs, const QString &group)
{
    QStringList words;
    for (const Verb &verb : verbs) {
        if (verb.name.startsWith(group + u' '))
            words.append(verb.name.section(u' ', 1));
    }
    return words.join(QStringLiteral(", "));
}

QStringList firstWords(const QList<Verb> &verbs)
{
    QStringList words;
    for (const Verb &verb : verbs) {
        const QString word = verb.name.section(u' ', 0, 0);
        if (!words.contains(word))
            words.append(word);
    }
    return words;
}

QString summaryOf(const QList<Verb> &verbs, const QString &firstWord)
{
    for (const Verb &verb : verbs) {
        if (verb.name == firstWord)
            return verb.summary;
    }
    return groupSummary(verbs, firstWord);
}

// That offers the ways to a target, or to one target.
QString functionOf(const QString &kind)
{
    return QStringLiteral("_octopusctl_%1s").arg(QString(kind).replace(u'-', u'_'));
}

QString zshAction(const QString &kind)
{
    if (kind == u"vault" || kind == u"peer")
        return QStringLiteral("_octopusctl_%1s").arg(kind);
    if (kind == u"way" || kind == u"target-way")
        return functionOf(kind);
    if (kind == u"dir")
        return QStringLiteral("_files -/");
    if (kind == u"file")
        return QStringLiteral("_files");
    if (kind.contains(u'|'))
        return u'(' + QString(kind).replace(u'|', u' ') + u')';
    return QStringLiteral(" ");
}

QString zshOption(const QCommandLineOption &option)
{
    static const QString special = QStringLiteral("[]:");
    QString spec = QStringLiteral("*--%1").arg(nameOf(option));
    QString description = option.description();
    for (const QChar character : special)
        description.replace(character, QStringLiteral("\\") + character);
    if (option.valueName().isEmpty())
        return quoted(spec + u'[' + description + u']');
    QString value = option.valueName();
    value.replace(u':', QStringLiteral("\\:"));
    return quoted(spec + QStringLiteral("=[") + description + QStringLiteral("]:") + value + u':'
                  + zshAction(optionKind(option)));
}

QString fishValue(const QCommandLineOption &option)
{
    const QString kind = optionKind(option);
    if (kind.isEmpty())
        return {};
    if (kind == u"vault" || kind == u"peer")
        return QStringLiteral(" -x -a '(__octopusctl_%1s)'").arg(kind);
    if (kind == u"way" || kind == u"target-way")
        return QStringLiteral(" -x -a '(_%1)'").arg(functionOf(kind));
    if (kind == u"dir")
        return QStringLiteral(" -x -a '(__fish_complete_directories)'");
    if (kind == u"file")
        return QStringLiteral(" -r -F");
    if (kind.contains(u'|'))
        return QStringLiteral(" -x -a %1").arg(fishQuoted(QString(kind).replace(u'|', u' ')));
    return QStringLiteral(" -x");
}

QString fishOption(const QString &condition, const QCommandLineOption &option)
{
    return QStringLiteral("complete -c octopusctl%1 -l %2%3 -d %4\n")
        .arg(condition, nameOf(option), fishValue(option), fishQuoted(option.description()));
}

QString fishVerb(const Verb &verb)
{
    QString lines;
    const QString uses = QStringLiteral(" -n %1").arg(
        fishQuoted(QStringLiteral("__octopusctl_uses '%1'").arg(verb.name)));
    for (const QCommandLineOption &option : verb.options)
        lines += fishOption(uses, option);
    const QStringList kinds = argumentKinds(verb);
    for (qsizetype place = 0; place < kinds.size(); ++place) {
        const QString at =
            fishQuoted(QStringLiteral("__octopusctl_uses '%1' %2").arg(verb.name).arg(place));
        if (kinds[place] == u"vault" || kinds[place] == u"peer") {
            lines += QStringLiteral("complete -c octopusctl -n %1 -a '(__octopusctl_%2s)'\n")
                         .arg(at, kinds[place]);
        } else if (kinds[place] != u"text") {
            lines += QStringLiteral("complete -c octopusctl -n %1 -F\n").arg(at);
        }
    }
    return lines;
}

} // namespace

QString bashCommands(const QList<Verb> &verbs)
{
    QStringList lines;
    for (const Verb &verb : verbs)
        lines.append(QStringLiteral("    ") + quoted(verb.name));
    return lines.join(u'\n');
}

QString bashCases(const QList<Verb> &verbs)
{
    QStringList lines;
    for (const Verb &verb : verbs) {
        QStringList arguments;
        for (const QString &kind : argumentKinds(verb))
            arguments.append(quoted(kind));
        QStringList options;
        for (const QCommandLineOption &option : verb.options) {
            const QString kind = optionKind(option);
            options.append(quoted(QStringLiteral("--") + nameOf(option)
                                  + (kind.isEmpty() ? QString() : u'=' + kind)));
        }
        lines.append(QStringLiteral("        %1)").arg(quoted(verb.name)));
        lines.append(QStringLiteral("            arguments=(%1)").arg(arguments.join(u' ')));
        lines.append(QStringLiteral("            options+=(%1)").arg(options.join(u' ')));
        lines.append(QStringLiteral("            ;;"));
    }
    return lines.join(u'\n');
}

QString zshFirstWords(const QList<Verb> &verbs)
{
    QStringList lines;
    for (const QString &word : firstWords(verbs))
        lines.append(QStringLiteral("        ") + quoted(word + u':' + summaryOf(verbs, word)));
    return lines.join(u'\n');
}

QString zshSecondWords(const QList<Verb> &verbs)
{
    QStringList lines;
    for (const Verb &verb : verbs) {
        if (verb.name.contains(u' '))
            lines.append(QStringLiteral("        ")
                         + quoted(verb.name.section(u' ', 1) + u':' + verb.summary));
    }
    return lines.join(u'\n');
}

QString zshCases(const QList<Verb> &verbs)
{
    QStringList lines;
    for (const Verb &verb : verbs) {
        lines.append(QStringLiteral("        (%1)").arg(quoted(verb.name)));
        lines.append(QStringLiteral("            specs+=("));
        for (const QCommandLineOption &option : verb.options)
            lines.append(QStringLiteral("                ") + zshOption(option));
        const QStringList kinds = argumentKinds(verb);
        for (qsizetype place = 0; place < kinds.size(); ++place) {
            lines.append(QStringLiteral("                ")
                         + quoted(QStringLiteral("%1:%2:%3")
                                      .arg(place + 1)
                                      .arg(kinds[place], zshAction(kinds[place]))));
        }
        lines.append(QStringLiteral("            )"));
        lines.append(QStringLiteral("            ;;"));
    }
    return lines.join(u'\n');
}

QString fishOptionsWithValue(const QList<Verb> &verbs)
{
    QList<QCommandLineOption> options = commonOptions();
    for (const Verb &verb : verbs)
        options += verb.options;
    QStringList names;
    for (const QCommandLineOption &option : options) {
        if (!option.valueName().isEmpty())
            names.append(QStringLiteral("--") + nameOf(option));
    }
    names.removeDuplicates();
    return names.join(u' ');
}

QString fishLines(const QList<Verb> &verbs)
{
    QString lines;
    for (const QCommandLineOption &option : commonOptions())
        lines += fishOption({}, option);
    for (const QString &word : firstWords(verbs)) {
        lines +=
            QStringLiteral("complete -c octopusctl -n '__octopusctl_uses \\'\\'' -a %1 -d %2\n")
                .arg(word, fishQuoted(summaryOf(verbs, word)));
    }
    for (const Verb &verb : verbs) {
        if (verb.name.contains(u' ')) {
            const QString group =
                QStringLiteral("__octopusctl_uses '%1'").arg(verb.name.section(u' ', 0, 0));
            lines +=
                QStringLiteral("complete -c octopusctl -n %1 -a %2 -d %3\n")
                    .arg(fishQuoted(group), verb.name.section(u' ', 1), fishQuoted(verb.summary));
        }
        lines += fishVerb(verb);
    }
    return lines;
}

} // namespace octopus::cli
