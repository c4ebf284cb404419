// The parts of the completion scripts of bash, zsh and fish that follow from octopusctl's tables.
// What they call is in the templates under resources/completion. Pure.
#pragma once

#include "app/cli/verb.h"

namespace octopus::cli {

// "identity peers … vault add …": one command a line, quoted.
[[nodiscard]] QString bashCommands(const QList<Verb> &verbs);
[[nodiscard]] QString bashCases(const QList<Verb> &verbs);
// The first words, with what they do, as `_describe` takes them; then the same below each group.
[[nodiscard]] QString zshFirstWords(const QList<Verb> &verbs);
[[nodiscard]] QString zshSecondWords(const QList<Verb> &verbs);
[[nodiscard]] QString zshCases(const QList<Verb> &verbs);
// "--state --source …": the options whose next word is their value.
[[nodiscard]] QString fishOptionsWithValue(const QList<Verb> &verbs);
[[nodiscard]] QString fishLines(const QList<Verb> &verbs);

} // namespace octopus::cli
