// ChangeSource: tells which paths below one source root may have changed. Hints, never content.
//
// The mirror walks the tree and calls watch() for each directory BEFORE it lists it, so nothing
// between the two can be missed. The kinds: InotifySource (inotifysource.h); tests script one.
// Belongs to the thread of its mirror; poll() never blocks.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/relpath.h"
#include "engine/base/result.h"

#include <QList>

#include <functional>

namespace octopus {

enum class ChangeKind : quint8 {
    Entry = 1, // the entry at path, its content or its attributes may have changed; or it is gone
    Subtree,   // anything at or below path may have changed (a directory appeared there)
    Lost,      // events were lost (queue overflow): anything below the root may have changed
    RootGone,  // the root itself was moved, removed or unmounted
};

struct Change {
    ChangeKind kind = ChangeKind::Entry;
    RelPath path;
    MonotonicTime at; // when this was read from the kernel, at the latest
    friend bool operator==(const Change &, const Change &) = default;
};

class ChangeSource
{
public:
    virtual ~ChangeSource() = default;
    // Watches the directory at `path` (not what is below it). A directory that is watched under
    // another path has moved: it and everything watched below it take the new path. LimitReached:
    // the kernel's watch limit; the caller checks that directory periodically. NotFound,
    // NotDirectory: it is gone already.
    [[nodiscard]] virtual Result<void> watch(const RelPath &path) = 0;
    // Forgets the watches of `path` and everything below it.
    virtual void unwatch(const RelPath &path) = 0;
    // What happened since the last call, merged: one change a path, oldest first.
    [[nodiscard]] virtual QList<Change> poll() = 0;
    // Called (on the owner's thread) when poll() may have something. One notifier at a time.
    virtual void setNotifier(std::function<void()> notifier) = 0;
};

} // namespace octopus
