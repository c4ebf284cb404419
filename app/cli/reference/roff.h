// The part of octopusctl's manual page that follows from its tables: all options and commands, as
// roff. Pure.
#pragma once

#include "app/cli/verb.h"

namespace octopus::cli {

// Text as roff shows it, however it begins.
[[nodiscard]] QString roffText(const QString &text);
[[nodiscard]] QString roffOptions(const QList<QCommandLineOption> &options);
[[nodiscard]] QString roffCommands(const QList<Verb> &verbs);

} // namespace octopus::cli
