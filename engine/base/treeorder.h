// TreeOrder: how a map of paths is ordered so that a directory stands directly before everything
// below it and a whole subtree can be skipped. Pure; any thread.
#pragma once

#include "engine/base/relpath.h"

namespace octopus {

struct TreeOrder {
    using is_transparent = void;
    bool operator()(const RelPath &a, const RelPath &b) const { return a < b; }
    struct After {
        const RelPath &path;
    }; // just behind the path and everything below it
    bool operator()(const RelPath &a, After b) const { return a < b.path || a.isWithin(b.path); }
    bool operator()(After a, const RelPath &b) const { return !(*this)(b, a); }
};

// Calls `visit(path)` for each path of `map` (ordered by TreeOrder) directly below the directory, or
// highest below it where those between are missing; in order. Costs a look-up each, whatever is below.
template <typename Map, typename Visit>
void forEachChild(const Map &map, const RelPath &directory, Visit visit)
{
    auto it = map.upper_bound(directory);
    while (it != map.end() && it->first.isWithin(directory)) {
        visit(it->first);
        it = map.lower_bound(TreeOrder::After{it->first});
    }
}

} // namespace octopus
