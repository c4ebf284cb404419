// Result<T>: a value or an Error, never both, never silently dropped.
//
// Everything that can fail returns Result. Error is for the caller; Problem (model/problem.h)
// concerns one path and lets the vault go on; HaltReason (model/status.h) stops it.
// Values; any thread.
#pragma once

#include <QByteArray>

#include <expected>
#include <utility>

namespace octopus {

enum class ErrorCode : quint8 {
    NotFound = 1,     // no such entry
    Exists,           // an entry is there already
    NotDirectory,     // a component is not a directory
    IsDirectory,      // a directory where something else was expected
    NotEmpty,         // the directory has entries
    PermissionDenied, // the operating system refuses
    OutsideRoot,      // the path leaves its root or crosses a symbolic link
    NoSpace,          // disk, quota or inodes exhausted
    ReadOnly,         // the file system is mounted read-only
    InputOutput,      // the device failed (EIO and kin)
    Busy,             // in use now; trying again later can help
    TooLong,          // a name, path or value exceeds what the file system takes
    Unsupported,      // the file system or system lacks the feature
    LimitReached,     // a kernel limit (watches, descriptors) or one of our caps
    Invalid,          // malformed input
    Corrupt,          // stored or received bytes fail their check
    Unstable,         // the file kept changing while it was read
    Refused,          // a rule of ours forbids it
    NotPaired,        // the peer's key is not pinned
    NotGranted,       // the peer has no grant there
    VersionMismatch,  // no common protocol or format version
    Unreachable,      // nothing answers there
    TimedOut,         // no answer in time
    Disconnected,     // the connection ended
    Other,            // anything else; see detail
};

// Stable lower-case name of a code ("no-space"), as used in JSON and logs.
[[nodiscard]] const char *errorName(ErrorCode code);

struct Error {
    ErrorCode code = ErrorCode::Other;
    QByteArray detail;   // English, for logs and one-line messages; may hold raw path bytes
    int systemError = 0; // errno, or 0

    friend bool operator==(const Error &, const Error &) = default;
};

template <typename T> using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> failure(ErrorCode code, QByteArray detail = {})
{
    return std::unexpected(Error{code, std::move(detail), 0});
}

// The Error for errno value `number`, with `what` as its detail prefix.
[[nodiscard]] Error systemFailure(int number, const QByteArray &what);

// Passes an error of another Result on: `return passOn(r)`.
template <typename T> [[nodiscard]] std::unexpected<Error> passOn(const Result<T> &result)
{
    return std::unexpected(result.error());
}

} // namespace octopus

// Returns from the calling function with the error of `expression`, if it has one.
#define OCTOPUS_TRY(expression)                                                                    \
    do {                                                                                           \
        if (auto octopusTry = (expression); !octopusTry)                                           \
            return std::unexpected(std::move(octopusTry).error());                                 \
    } while (false)
