#include "app/cli/reference/kinds.h"

#include <QHash>

namespace octopus::cli {

namespace {

QString kindOf(const QString &word)
{
    static const QHash<QString, QString> kinds{
        {QStringLiteral("NAME"), QStringLiteral("vault")},
        {QStringLiteral("PEER"), QStringLiteral("peer")},
        {QStringLiteral("PEER[:DEST]"), QStringLiteral("peer")},
        {QStringLiteral("ADDRESS"), QStringLiteral("peer")}, // a peer's name will do
        {QStringLiteral("DIR"), QStringLiteral("dir")},
        {QStringLiteral("PATH"), QStringLiteral("file")},
        {QStringLiteral("FILE"), QStringLiteral("file")},
        {QStringLiteral("GRADE"), QStringLiteral("watch|exact")},
        {QStringLiteral("MODE"), QStringLiteral("async|durable")},
        {QStringLiteral("WAY[,WAY…]"), QStringLiteral("way")},
        {QStringLiteral("[PEER=]WAY[,WAY…]"), QStringLiteral("target-way")},
    };
    return kinds.value(word, QStringLiteral("text"));
}

} // namespace

QString optionKind(const QCommandLineOption &option)
{
    if (option.valueName().isEmpty())
        return {};
    const QString name = option.names().constFirst();
    // A vault's new name, and a folder of another machine.
    if (name == u"name" || name == u"destination")
        return QStringLiteral("text");
    return kindOf(option.valueName());
}

QStringList argumentKinds(const Verb &verb)
{
    QStringList kinds;
    for (QString word : verb.arguments.split(u' ', Qt::SkipEmptyParts)) {
        if (kinds.size() == verb.mostArguments || word.contains(u'-') || word == u"|")
            break;
        if (word.startsWith(u'['))
            word = word.sliced(1).chopped(1);
        if (word.endsWith(u'…'))
            word.chop(1);
        kinds.append(verb.name == u"vault add" ? QStringLiteral("text") : kindOf(word));
    }
    return kinds;
}

} // namespace octopus::cli
