// What a mirror carried lately: one change that the target has applied. Values; any thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/relpath.h"

namespace octopus {

enum class ActivityKind : quint8 {
    Created = 1,
    Changed,  // its content, or what it is
    Appended, // content was added at its end
    Moved,    // from another name
    Removed,
    Attributes, // owner, rights, times, extended attributes
};

[[nodiscard]] const char *activityName(ActivityKind kind); // "created", …

struct ActivityEntry {
    quint64 number = 0; // counts the changes of one mirror from 1; gaps are changes not listed
    WallTime at;        // when the target had applied it
    ActivityKind what = ActivityKind::Changed;
    RelPath path;
    RelPath from;      // of Moved
    quint64 bytes = 0; // of content that was sent
    quint64 more = 0;  // changes right after it that are not listed: there were too many
    friend bool operator==(const ActivityEntry &, const ActivityEntry &) = default;
};

} // namespace octopus
