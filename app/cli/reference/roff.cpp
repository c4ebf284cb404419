#include "app/cli/reference/roff.h"

#include <QRegularExpression>

namespace octopus::cli {

namespace {

QString sentence(const QString &text)
{
    return roffText(text.left(1).toUpper() + text.mid(1)
                    + (text.endsWith(u'.') ? QString() : QStringLiteral(".")));
}

// "NAME --source PATH…": options bold, what stands for something in italics.
QString roffUsage(const QString &usage)
{
    static const QRegularExpression parts(QStringLiteral("(--[a-z-]+)|([A-Z]+)|([^A-Z-]+|-)"));
    QString roff;
    QRegularExpressionMatchIterator found = parts.globalMatch(usage);
    while (found.hasNext()) {
        const QRegularExpressionMatch match = found.next();
        const QString text = roffText(match.captured());
        if (match.hasCaptured(1))
            roff += QStringLiteral("\\fB%1\\fR").arg(text);
        else if (match.hasCaptured(2))
            roff += QStringLiteral("\\fI%1\\fR").arg(text);
        else
            roff += text;
    }
    return roff;
}

} // namespace

QString roffText(const QString &text)
{
    QString roff = text;
    roff.replace(u'\\', QStringLiteral("\\e"));
    roff.replace(u'-', QStringLiteral("\\-"));
    roff.replace(u'\'', QStringLiteral("\\(aq"));
    roff.replace(u'~', QStringLiteral("\\(ti"));
    roff.replace(u'^', QStringLiteral("\\(ha"));
    roff.replace(u'…', QStringLiteral("..."));
    return roff.startsWith(u'.') ? QStringLiteral("\\&") + roff : roff;
}

QString roffOptions(const QList<QCommandLineOption> &options)
{
    QString roff;
    for (const QCommandLineOption &option : options) {
        QStringList names;
        for (const QString &name : option.names()) {
            const QString dashes = QString(name.size() > 1 ? 2 : 1, u'-');
            names.append(QStringLiteral("\\fB%1\\fR").arg(roffText(dashes + name)));
        }
        roff += QStringLiteral(".TP\n") + names.join(QStringLiteral(", "));
        if (!option.valueName().isEmpty())
            roff += QStringLiteral(" \\fI%1\\fR").arg(roffText(option.valueName()));
        roff += u'\n' + sentence(option.description()) + u'\n';
    }
    return roff;
}

QString roffCommands(const QList<Verb> &verbs)
{
    QString roff;
    for (const Verb &verb : verbs) {
        roff += QStringLiteral(".SS %1\n.B octopusctl %1\n").arg(roffText(verb.name));
        if (!verb.arguments.isEmpty())
            roff += roffUsage(verb.arguments) + u'\n';
        roff += QStringLiteral(".PP\n%1\n").arg(sentence(verb.summary));
        roff += roffOptions(verb.options);
        roff += QStringLiteral(".PP\n.RS 4\n.EX\n");
        for (const QString &example : verb.examples)
            roff += QStringLiteral("octopusctl %1\n").arg(roffText(example));
        roff += QStringLiteral(".EE\n.RE\n");
    }
    return roff;
}

} // namespace octopus::cli
