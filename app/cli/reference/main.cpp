// octopus-reference TEMPLATE OUTPUT: fills the places of a manual page's or completion script's
// template from the tables of octopusctl. Runs while the project is built; is not installed.
#include "app/cli/reference/roff.h"
#include "app/cli/reference/shells.h"
#include "app/process/version.h"

#include <QFile>
#include <QMap>

#include <cstdio>

namespace {

using namespace octopus;

QMap<QByteArray, QString> places()
{
    const QList<cli::Verb> &verbs = cli::allVerbs();
    return {{"@VERSION@", process::programVersion()},
            {"@ROFF_OPTIONS@", cli::roffOptions(cli::commonOptions())},
            {"@ROFF_COMMANDS@", cli::roffCommands(verbs)},
            {"@BASH_COMMANDS@", cli::bashCommands(verbs)},
            {"@BASH_CASES@", cli::bashCases(verbs)},
            {"@ZSH_FIRST_WORDS@", cli::zshFirstWords(verbs)},
            {"@ZSH_SECOND_WORDS@", cli::zshSecondWords(verbs)},
            {"@ZSH_CASES@", cli::zshCases(verbs)},
            {"@FISH_WITH_VALUE@", cli::fishOptionsWithValue(verbs)},
            {"@FISH_LINES@", cli::fishLines(verbs)}};
}

int complain(const QFile &file)
{
    std::fprintf(stderr, "octopus-reference: %s: %s\n", qPrintable(file.fileName()),
                 qPrintable(file.errorString()));
    return 1;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::fputs("octopus-reference: it takes a template and where to write\n", stderr);
        return 2;
    }
    QFile input(QFile::decodeName(argv[1]));
    if (!input.open(QIODevice::ReadOnly))
        return complain(input);
    QByteArray text = input.readAll();
    const QMap<QByteArray, QString> all = places();
    for (const auto &[place, value] : all.asKeyValueRange())
        text.replace(place, value.trimmed().toUtf8());
    QFile output(QFile::decodeName(argv[2]));
    if (!output.open(QIODevice::WriteOnly) || output.write(text) != text.size() || !output.flush())
        return complain(output);
    return 0;
}
