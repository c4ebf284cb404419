// Problem: one path that is not protected now, and why. Listed until it is solved; the vault goes
// on. A Notice-grade problem (a socket, a device) is a statement, not a failure: it does not keep
// a mirror from being in sync. Value; any thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/relpath.h"
#include "engine/base/result.h"

namespace octopus {

enum class ProblemCode : quint8 {
    NotMirrored = 1, // a socket or a device: not carried, by design (notice)
    ReservedName,    // the name belongs to Octopus (notice)
    CannotRead,      // the source entry cannot be read
    Unstable,        // the file keeps changing while it is read
    CannotApply,     // the target cannot write it
    NoSpace,         // the target has no room for it
    ForeignEntry,    // at the target something stands there that Octopus did not put there
    NotWatched,      // the kernel's watch limit is used up; checked periodically instead
    LostAttributes,  // the target cannot store some attribute (extended attribute, owner)
    Different,       // a verification found another content at the target
};

[[nodiscard]] const char *problemName(ProblemCode code); // "not-mirrored", …
[[nodiscard]] bool isNotice(ProblemCode code);

struct Problem {
    RelPath path;
    ProblemCode code = ProblemCode::CannotRead;
    QByteArray detail; // English
    WallTime since;
    friend bool operator==(const Problem &, const Problem &) = default;
};

} // namespace octopus
