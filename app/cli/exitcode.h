// The exit codes of octopusctl, as the command-line contract lists them. Pure.
#pragma once

#include "engine/base/result.h"

namespace octopus::cli {

enum class ExitCode : int {
    Done = 0,
    LookAtIt = 1, // done, and there are differences or problems
    WrongUsage = 2,
    NoAnswer = 3, // no engine answers, or the peer cannot be reached
    Refused = 4,  // not paired, not granted, halted, or otherwise not possible
    TimedOut = 5,
    Interrupted = 130, // as a shell shows a program that SIGINT ended
};

[[nodiscard]] ExitCode exitCodeOf(ErrorCode code);

} // namespace octopus::cli
