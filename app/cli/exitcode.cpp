#include "app/cli/exitcode.h"

namespace octopus::cli {

ExitCode exitCodeOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Invalid:
    case ErrorCode::NotFound:
    case ErrorCode::TooLong:
    case ErrorCode::Unsupported: return ExitCode::WrongUsage;
    case ErrorCode::Unreachable:
    case ErrorCode::Disconnected: return ExitCode::NoAnswer;
    case ErrorCode::TimedOut: return ExitCode::TimedOut;
    default: return ExitCode::Refused;
    }
}

} // namespace octopus::cli
