// What the values and arguments of octopusctl's commands are, told from the words that --help has for
// them, so that a shell can complete them. Pure.
#pragma once

#include "app/cli/verb.h"

namespace octopus::cli {

// "vault", "peer", "dir", "file", "text" (nothing to offer), or the choices: "watch|exact".
[[nodiscard]] QString optionKind(const QCommandLineOption &option); // empty: it takes no value
// One for each argument that the verb takes, in their order.
[[nodiscard]] QStringList argumentKinds(const Verb &verb);

} // namespace octopus::cli
