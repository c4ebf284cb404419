#include "app/cli/usage.h"

#include "app/process/rawtext.h"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>

namespace octopus::cli {

Usage::Usage(const QList<QCommandLineOption> &options, const QStringList &arguments)
{
    m_parser.addOptions(options);
    if (!m_parser.parse(QStringList{QStringLiteral("octopusctl")} + arguments))
        m_error = m_parser.errorText();
    if (m_error.endsWith(u'.')) // it becomes part of a sentence
        m_error.chop(1);
}

bool Usage::has(const char *option) const
{
    return m_parser.isSet(QString::fromLatin1(option));
}

QString Usage::text(const char *option) const
{
    return m_parser.value(QString::fromLatin1(option));
}

QStringList Usage::textList(const char *option) const
{
    return m_parser.values(QString::fromLatin1(option));
}

QList<QByteArray> Usage::rawList(const char *option) const
{
    QList<QByteArray> list;
    for (const QString &value : textList(option))
        list.append(process::rawFromText(value));
    return list;
}

QByteArray Usage::rawArgument(qsizetype index) const
{
    return process::rawFromText(argument(index));
}

QByteArray absolutePath(const QByteArray &typed)
{
    QByteArray path = typed;
    if (!path.startsWith('/')) {
        std::error_code removed; // by somebody else: what was typed is below nothing then
        path = QByteArray::fromStdString(std::filesystem::current_path(removed).native()) + '/'
            + typed;
    }
    QList<QByteArray> parts;
    bool climbs = false;
    for (const QByteArray &part : path.split('/')) {
        climbs = climbs || part == "..";
        if (!part.isEmpty() && part != ".")
            parts.append(part);
    }
    QByteArray clean = '/' + parts.join('/');
    if (climbs) { // what ".." leads to depends on symbolic links
        const std::unique_ptr<char, decltype(&std::free)> real(
            ::realpath(clean.constData(), nullptr), &std::free);
        if (real)
            return QByteArray(real.get());
    }
    return clean;
}

} // namespace octopus::cli
