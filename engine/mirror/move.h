// Move: an operation that gives entries another path, for whoever remembers things by their path.
// Immutable value; any thread.
#pragma once

#include "engine/base/relpath.h"

namespace octopus::mirror {

struct Move {
    RelPath from;
    RelPath to;
    bool exchange = false; // what was at `to` is at `from` afterwards

    // Where what was at `path` is afterwards; the path itself if it would get too long.
    [[nodiscard]] RelPath applied(const RelPath &path) const
    {
        if (path.isWithin(from))
            return path.rebased(from, to).value_or(path);
        if (exchange && path.isWithin(to))
            return path.rebased(to, from).value_or(path);
        return path;
    }
};

} // namespace octopus::mirror
