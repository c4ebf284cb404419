// The status of an engine as octopusctl shows it: a table of vaults, then what is wrong. Pure.
#pragma once

#include "app/cli/exitcode.h"
#include "app/cli/text.h"
#include "engine/control/api.h"

namespace octopus::cli {

[[nodiscard]] QStringList statusLines(const control::EngineStatus &status,
                                      const Terminal &terminal);
// One line a mirror, for a log of changes: "docs -> beta  mirroring  in sync  lag 0 ms …".
[[nodiscard]] QStringList changeLines(const control::EngineStatus &status);
// LookAtIt: something is halted, diverged, or a path is not protected (notices do not count).
[[nodiscard]] ExitCode judgeStatus(const control::EngineStatus &status);

} // namespace octopus::cli
