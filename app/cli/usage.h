// Usage: the arguments of one call, parsed by the rules of one verb. Values come as text or, for
// paths, as the raw bytes that were typed. Main thread.
#pragma once

#include <QCommandLineParser>

namespace octopus::cli {

class Usage
{
public:
    // `arguments` without the program's name and the verb.
    Usage(const QList<QCommandLineOption> &options, const QStringList &arguments);

    // What is wrong with the options; empty if nothing is.
    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] bool has(const char *option) const;
    [[nodiscard]] QString text(const char *option) const;
    [[nodiscard]] QList<QByteArray> rawList(const char *option) const;
    [[nodiscard]] QStringList textList(const char *option) const;
    [[nodiscard]] QStringList arguments() const { return m_parser.positionalArguments(); }
    [[nodiscard]] QString argument(qsizetype index) const { return arguments().value(index); }
    [[nodiscard]] QByteArray rawArgument(qsizetype index) const;

private:
    QCommandLineParser m_parser;
    QString m_error;
};

// The path that was typed as an absolute one: below the current folder if it was relative, without
// "." and doubled slashes; with ".." resolved where it exists.
[[nodiscard]] QByteArray absolutePath(const QByteArray &typed);

} // namespace octopus::cli
