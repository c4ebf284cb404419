#include "engine/base/result.h"

#include <cerrno>
#include <cstring>

namespace octopus {

const char *errorName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NotFound: return "not-found";
    case ErrorCode::Exists: return "exists";
    case ErrorCode::NotDirectory: return "not-directory";
    case ErrorCode::IsDirectory: return "is-directory";
    case ErrorCode::NotEmpty: return "not-empty";
    case ErrorCode::PermissionDenied: return "permission-denied";
    case ErrorCode::OutsideRoot: return "outside-root";
    case ErrorCode::NoSpace: return "no-space";
    case ErrorCode::ReadOnly: return "read-only";
    case ErrorCode::InputOutput: return "input-output";
    case ErrorCode::Busy: return "busy";
    case ErrorCode::TooLong: return "too-long";
    case ErrorCode::Unsupported: return "unsupported";
    case ErrorCode::LimitReached: return "limit-reached";
    case ErrorCode::Invalid: return "invalid";
    case ErrorCode::Corrupt: return "corrupt";
    case ErrorCode::Unstable: return "unstable";
    case ErrorCode::Refused: return "refused";
    case ErrorCode::NotPaired: return "not-paired";
    case ErrorCode::NotGranted: return "not-granted";
    case ErrorCode::VersionMismatch: return "version-mismatch";
    case ErrorCode::Unreachable: return "unreachable";
    case ErrorCode::TimedOut: return "timed-out";
    case ErrorCode::Disconnected: return "disconnected";
    case ErrorCode::Other: break;
    }
    return "other";
}

static ErrorCode codeForSystemError(int number)
{
    switch (number) {
    case ENOENT: return ErrorCode::NotFound;
    case EEXIST: return ErrorCode::Exists;
    case ENOTDIR: return ErrorCode::NotDirectory;
    case EISDIR: return ErrorCode::IsDirectory;
    case ENOTEMPTY: return ErrorCode::NotEmpty;
    case EACCES:
    case EPERM: return ErrorCode::PermissionDenied;
    case EXDEV:
    case ELOOP: return ErrorCode::OutsideRoot;
    case ENOSPC:
    case EDQUOT: return ErrorCode::NoSpace;
    case EROFS: return ErrorCode::ReadOnly;
    case EIO:
    case ENXIO:
    case ENODEV:
    case ENOTCONN: // a FUSE file system whose server is gone
    case EUCLEAN:  // ext4, XFS: the file system is damaged
    case EBADMSG:
    case EREMOTEIO:
    case ENOMEDIUM:
    case ESHUTDOWN:
    case ESTALE: return ErrorCode::InputOutput;
    case EBUSY:
    case ETXTBSY:
    case EAGAIN:
    case EINTR: return ErrorCode::Busy;
    case ENAMETOOLONG:
    case E2BIG:
    case ERANGE:
    case EOVERFLOW:
    case EFBIG: return ErrorCode::TooLong;
    case EOPNOTSUPP:
    case ENOTTY:
    case EILSEQ: // the file system takes no such name
    case ENOSYS: return ErrorCode::Unsupported;
    case EMFILE:
    case ENFILE:
    case EMLINK:
    case ENOMEM: return ErrorCode::LimitReached;
    case EINVAL: return ErrorCode::Invalid;
    case ETIMEDOUT: return ErrorCode::TimedOut;
    case ECONNREFUSED:
    case EHOSTUNREACH:
    case ENETUNREACH: return ErrorCode::Unreachable;
    case ECONNRESET:
    case EPIPE: return ErrorCode::Disconnected;
    default: return ErrorCode::Other;
    }
}

Error systemFailure(int number, const QByteArray &what)
{
    return Error{codeForSystemError(number), what + ": " + std::strerror(number), number};
}

} // namespace octopus
