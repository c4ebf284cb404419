// Placement: how something new comes to stand at a path, and what becomes of what stood there: the
// old content is kept first, foreign entries stop everything, directories keep the mode and time
// that the operations gave them. One thread; the replica outlives it.
#pragma once

#include "engine/apply/replica.h"

#include <functional>
#include <set>

namespace octopus::apply {

class Placement
{
public:
    explicit Placement(Replica &replica) : m(replica) {}

    // Moves the finished entry at `fresh` to the operation's path and takes it into the manifest.
    // After a failure the path is as before and `fresh` is still there. Refused: a foreign entry;
    // IsDirectory.
    [[nodiscard]] Result<void> place(const RelPath &fresh, const Task &task, const OwnEntry &entry);

    // What stands at the operation's path came there with its directory: the manifest learns of it.
    void placed(const Task &task, const OwnEntry &entry);

    // The own entry at `path`. NotFound; Refused: what is there is foreign.
    [[nodiscard]] Result<OwnEntry> own(const RelPath &path);

    // Keeps what is at the operation's path as a version, if that was decided. With KeepBy::Move
    // nothing is at the path afterwards.
    [[nodiscard]] Result<void> keepOld(const Task &task, archive::KeptBecause why,
                                       archive::KeepBy how);
    // When redoing what turns out to be done: the version kept then goes into the index again.
    [[nodiscard]] Result<void> rememberOld(const Task &task, archive::KeptBecause why);
    // When redoing: what is at the operation's path may be ours or have come there since the crash.
    // If it is not plainly ours (`like`: what the operation puts there) it is kept.
    [[nodiscard]] Result<void> keepFound(const Task &task, const RelPath &like,
                                         archive::KeepBy how);

    // Calls `action`, a second time if the entry's directory had to be made writable first.
    [[nodiscard]] Result<void> inDirectoryOf(const RelPath &path,
                                             const std::function<Result<void>()> &action);
    // The entries of the directory of `path` changed.
    void disturbed(const RelPath &path);
    // Gives disturbed directories their mode and time again.
    void settle(bool redo);

private:
    [[nodiscard]] archive::Version versionFor(const Task &task, archive::KeptBecause why) const;
    [[nodiscard]] bool loosen(const RelPath &directory);

    Replica &m;
    std::set<RelPath> m_disturbed;
    std::set<RelPath> m_loosened;
};

// True for errors that say what is or is not at a path, rather than that the system failed.
[[nodiscard]] bool isStructural(ErrorCode code);

} // namespace octopus::apply
