// Passwords of proxies that are not written on the command line, where every user of the machine
// sees them while the program runs: "socks5://joe:-@proxy" has it asked for. Main thread.
#pragma once

#include "app/cli/terminal.h"
#include "engine/base/result.h"

namespace octopus::cli {

// The list of ways with the passwords for which a lone "-" stands; one that is a dash is written %2D.
// Invalid: the list is none, or no password came.
[[nodiscard]] Result<QString> withAskedPasswords(const QString &list, Terminal &terminal);

} // namespace octopus::cli
