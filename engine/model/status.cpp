#include "engine/model/status.h"

namespace octopus {

const char *phaseName(Phase phase)
{
    switch (phase) {
    case Phase::Offline: return "offline";
    case Phase::Checking: return "checking";
    case Phase::Copying: return "copying";
    case Phase::Mirroring: return "mirroring";
    case Phase::Paused: return "paused";
    case Phase::Halted: return "halted";
    case Phase::Diverged: return "diverged";
    }
    return "offline";
}

const char *haltName(HaltReason reason)
{
    switch (reason) {
    case HaltReason::RootGone: return "root-gone";
    case HaltReason::RootEmptied: return "root-emptied";
    case HaltReason::MassDeletion: return "mass-deletion";
    case HaltReason::ForeignData: return "foreign-data";
    case HaltReason::NotPaired: return "not-paired";
    case HaltReason::NotGranted: return "not-granted";
    case HaltReason::EpochOutdated: return "epoch-outdated";
    case HaltReason::TargetReadOnly: return "target-read-only";
    case HaltReason::StateUnreadable: return "state-unreadable";
    case HaltReason::ReplicaGone: return "replica-gone";
    }
    return "unknown";
}

QByteArray haltAdvice(HaltReason reason)
{
    switch (reason) {
    case HaltReason::RootGone:
        return "The source folder is missing, unmounted or another one stands in its place. "
               "Nothing was removed at the target. Mount or restore it, and the mirror goes on. If "
               "another folder stands there on purpose, resume with --confirm.";
    case HaltReason::RootEmptied:
        return "The source folder suddenly holds nothing. Nothing was removed at the target. "
               "Resume with --confirm if it was emptied on purpose.";
    case HaltReason::MassDeletion:
        return "A large part of the entries disappeared at once. Nothing of it was removed at the "
               "target. Resume with --confirm if it was on purpose.";
    case HaltReason::ForeignData:
        return "The destination holds data that Octopus did not put there. Choose another folder, "
               "or allow it with --adopt.";
    case HaltReason::NotPaired:
        return "The two machines do not trust each other any more, or a key has changed. Pair them "
               "again.";
    case HaltReason::NotGranted:
        return "The target grants no folder for this destination. Grant it there, then resume.";
    case HaltReason::EpochOutdated:
        return "The target has seen a later writer of this vault. Decide which side is right.";
    case HaltReason::TargetReadOnly:
        return "The target's disk cannot be written. Repair it there, then resume.";
    case HaltReason::StateUnreadable:
        return "The replica's own records at the target are damaged. Its files were not touched.";
    case HaltReason::ReplicaGone:
        return "The replica is not where it was at the target; its disk may not be mounted. "
               "Nothing "
               "was put in its place. Mount or restore it, and the mirror goes on. To copy "
               "everything there anew, resume with --confirm.";
    }
    return {};
}

} // namespace octopus
