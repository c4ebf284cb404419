#include "app/desktop/failurewording.h"

#include "app/desktop/wording.h"

namespace octopus::desktop {

namespace {

template <typename... Kinds> bool isAnyOf(const control::Command &command)
{
    return (std::holds_alternative<Kinds>(command) || ...);
}

// The other machine does not answer.
bool isAway(ErrorCode code)
{
    return code == ErrorCode::Unreachable || code == ErrorCode::TimedOut;
}

// What the engine says of these is a path, an address, or what the system says.
bool isOfSystem(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NotDirectory:
    case ErrorCode::IsDirectory:
    case ErrorCode::NotEmpty:
    case ErrorCode::PermissionDenied:
    case ErrorCode::OutsideRoot:
    case ErrorCode::NoSpace:
    case ErrorCode::ReadOnly:
    case ErrorCode::InputOutput:
    case ErrorCode::TooLong:
    case ErrorCode::Unreachable:
    case ErrorCode::Corrupt: return true;
    default: return false;
    }
}

// Of these there is no more to say than what the engine itself says.
bool isVague(ErrorCode code)
{
    return code == ErrorCode::Refused || code == ErrorCode::Invalid
        || code == ErrorCode::Unsupported || code == ErrorCode::Other;
}

} // namespace

QString FailureWording::text(const control::Failure &failure, const control::Command &command)
{
    const ErrorCode code = failure.error.code;
    QString special;
    if (isAnyOf<control::Pair>(command))
        special = ofTicket(code);
    else if (isAnyOf<control::PairWith, control::Check>(command))
        special = ofPairing(code);
    else if (isAnyOf<control::ConfirmPairing, control::DeclinePairing>(command)
             && failure.paths.isEmpty())
        special = ofDigits(code);
    else if (isAnyOf<control::Invite, control::Grant, control::Revoke, control::ConfirmPairing>(
                 command))
        special = ofFolder(code, !failure.paths.isEmpty());
    else if (isAnyOf<control::AddVault, control::EditVault, control::RemoveVault>(command))
        special = ofVault(code, !failure.paths.isEmpty());
    else if (isAnyOf<control::Synchronize, control::Verify, control::Resume>(command))
        special = ofComparison(code);
    if (special.isEmpty())
        return ordinary(failure.error);
    return isOfSystem(code) ? withDetail(special, failure.error) : special;
}

QString FailureWording::text(const Error &error)
{
    switch (error.code) {
    case ErrorCode::Disconnected: return tr("The engine has stopped.");
    case ErrorCode::TimedOut: return tr("The engine did not answer in time.");
    case ErrorCode::Busy:
        return withDetail(tr("Another program uses the port or the folder that the engine needs. "
                             "End that one, then try again."),
                          error);
    default: return ordinary(error);
    }
}

QString FailureWording::ordinary(const Error &error)
{
    const bool names = isOfSystem(error.code) || isVague(error.code) || error.systemError != 0
        || error.detail.contains('/');
    return names ? withDetail(general(error.code), error) : general(error.code);
}

QString FailureWording::text(const PairingStatus &pairing)
{
    QString sentence = ofDigits(pairing.code);
    if (sentence.isEmpty())
        return ordinary(Error{pairing.code, pairing.detail, 0});
    return sentence;
}

QString FailureWording::withDetail(const QString &sentence, const Error &error)
{
    if (error.detail.isEmpty())
        return sentence;
    return tr("%1 (%2)", "what failed, and what the engine says of it")
        .arg(sentence, Wording::shown(QString::fromUtf8(error.detail)));
}

QString FailureWording::general(ErrorCode code)
{
    if (const QString text = ofDisk(code); !text.isEmpty())
        return text;
    if (const QString text = ofMachine(code); !text.isEmpty())
        return text;
    switch (code) {
    case ErrorCode::NotFound:
        return tr("It is not there any more. Perhaps it was renamed or removed meanwhile: look "
                  "again, and choose another one.");
    case ErrorCode::Exists: return tr("There is one of that name already. Choose another name.");
    case ErrorCode::Busy:
        return tr("It is in use at the moment. Nothing was changed; try again in a minute.");
    case ErrorCode::TooLong:
        return tr("A name or path is longer than it may be. Choose a shorter one.");
    case ErrorCode::Unsupported:
        return tr("This is not possible with this version of Octopus or on this system. Nothing "
                  "was changed; choose something else.");
    case ErrorCode::LimitReached:
        return tr("That is more at once than is allowed. Try again in some minutes; if it stays "
                  "so, let the administrator raise the limits of the system.");
    case ErrorCode::Invalid:
        return tr("What was entered cannot be used. Nothing was changed; correct it and try "
                  "again.");
    case ErrorCode::Corrupt:
        return tr("What was stored or received is damaged, so it was not used. Try again; if it "
                  "stays so, look at the disk and the network.");
    case ErrorCode::Refused: return tr("It was refused, and nothing was changed.");
    default: break;
    }
    return tr("Something unexpected happened. Try again; if it stays so, the log of the engine "
              "says more.");
}

QString FailureWording::ofDisk(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NotDirectory:
        return tr("A folder is needed, but something else stands there. Choose a folder.");
    case ErrorCode::IsDirectory:
        return tr("A folder stands where a file is needed. Move it away, or choose another "
                  "place.");
    case ErrorCode::NotEmpty:
        return tr("The folder is not empty, so it was left alone. Choose an empty one.");
    case ErrorCode::PermissionDenied:
        return tr("The right to do that is missing. Give it to the user that Octopus runs as, or "
                  "choose another place.");
    case ErrorCode::OutsideRoot:
        return tr("The path leads out of its folder or over a symbolic link, where Octopus does "
                  "not follow. Choose the real folder.");
    case ErrorCode::NoSpace:
        return tr("There is no room left on the disk. Make room, then try again.");
    case ErrorCode::ReadOnly:
        return tr("The disk can only be read. Make it writable, then try again.");
    case ErrorCode::InputOutput:
        return tr("The disk reports a fault and may be about to fail. Save what is on it, and "
                  "have it checked.");
    case ErrorCode::Unstable:
        return tr("A file kept changing while it was read. Try again when it rests for a "
                  "moment.");
    default: return {};
    }
}

QString FailureWording::ofMachine(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NotPaired:
        return tr("The two machines are not paired, or no longer. Pair them under Machines.");
    case ErrorCode::NotGranted:
        return tr("The other machine lets this one keep no replica there. Allow a folder for it "
                  "on the other machine, or choose another destination.");
    case ErrorCode::VersionMismatch:
        return tr("The two machines run versions of Octopus that do not understand each other. "
                  "Update the older one.");
    case ErrorCode::Unreachable:
        return tr("The other machine cannot be reached. See that it is switched on, that Octopus "
                  "runs there and that both are on a network.");
    case ErrorCode::TimedOut:
        return tr("No answer came in time. Whether it was done is not known; look, and try again "
                  "if it was not.");
    case ErrorCode::Disconnected:
        return tr("The connection ended before it was done. Try again when it is back.");
    default: return {};
    }
}

QString FailureWording::ofTicket(ErrorCode code)
{
    if (isAway(code))
        return tr("The machine where the ticket was made does not answer. See that Octopus runs "
                  "there and that both are on the same network, then use the ticket again.");
    switch (code) {
    case ErrorCode::Refused:
    case ErrorCode::NotFound:
    case ErrorCode::NotPaired:
        return tr("This ticket does not hold any more: it was used already, has run out or was "
                  "withdrawn. Make a new one on the other machine.");
    case ErrorCode::Invalid:
    case ErrorCode::TooLong:
        return tr("This ticket cannot be used here: it is not whole, or was made on this very "
                  "machine. Make one on the other machine and copy all of it.");
    default: return {};
    }
}

QString FailureWording::ofPairing(ErrorCode code)
{
    if (isAway(code))
        return tr("No machine with Octopus answers there. See that it is switched on and the "
                  "address is right; Check shows where it fails.");
    switch (code) {
    case ErrorCode::NotFound:
        return tr("No machine of that name is known here. Type its address instead.");
    case ErrorCode::Invalid:
        return tr("That is neither a name nor an address. Type the name of a machine, 192.0.2.7, "
                  "or [2001:db8::7]:17290.");
    case ErrorCode::Busy:
        return tr("One of the two machines is pairing already. Finish or decline that, then try "
                  "again.");
    case ErrorCode::LimitReached:
        return tr("Pairing was tried too often. Wait ten minutes, or use a ticket.");
    default: return {};
    }
}

QString FailureWording::ofDigits(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Refused:
        return tr("The pairing was declined, or the digits were not the same. If they were not, "
                  "somebody may be between the two machines: begin anew only on a network that "
                  "you trust, or use a ticket.");
    case ErrorCode::TimedOut:
        return tr("The pairing was not confirmed on both machines in time. Nothing was changed; "
                  "begin it anew.");
    case ErrorCode::Disconnected:
    case ErrorCode::Unreachable:
        return tr("The connection ended before both machines had confirmed. Nothing was changed; "
                  "begin the pairing anew.");
    case ErrorCode::NotFound:
    case ErrorCode::Invalid: return tr("This pairing is over. Begin it anew.");
    default: return {};
    }
}

QString FailureWording::ofFolder(ErrorCode code, bool namesFolder)
{
    if (code == ErrorCode::NotFound)
        return tr("The machine or the folder is not in the list any more, so nothing had to be "
                  "changed.");
    if (code != ErrorCode::Invalid)
        return {};
    return namesFolder
        ? tr("This folder cannot be allowed: name one by its whole path, and not the root.")
        : tr("This machine has no address that a ticket could name. Connect it to a network, "
             "then make the ticket.");
}

QString FailureWording::ofVault(ErrorCode code, bool namesEntries)
{
    if (code == ErrorCode::Unreachable)
        return tr("The target does not answer. See that it is switched on and connected, then "
                  "try again.");
    switch (code) {
    case ErrorCode::NotFound:
        return tr("The vault or one of its machines is not known any more. Close this and look at "
                  "the list again.");
    case ErrorCode::Exists:
        return tr("There is a vault of that name already. Choose another name.");
    case ErrorCode::Refused:
        return namesEntries
            ? tr("The folder at the target holds what Octopus did not put there, and it is left "
                 "alone. Choose another folder, or say that it may hold other files.")
            : tr("The target does not take the vault at that place: another replica may be kept "
                 "there. Choose another folder.");
    case ErrorCode::Invalid:
        return tr("The engine cannot use these settings. A source must not hold the folder where "
                  "Octopus keeps its own records, and the replica needs a folder of its own below "
                  "one that is allowed.");
    default: return {};
    }
}

QString FailureWording::ofComparison(ErrorCode code)
{
    if (code == ErrorCode::Unreachable)
        return tr("The target is not connected. Try again when it is back.");
    switch (code) {
    case ErrorCode::Busy: return tr("It is being compared already. Wait until that is done.");
    case ErrorCode::Refused:
        return tr("It is halted or paused. See its state, decide there, then try again.");
    case ErrorCode::NotFound: return tr("There is no such vault any more. Look at the list again.");
    default: return {};
    }
}

} // namespace octopus::desktop
