// Workload: random changes to a source tree, as the user's programs make them, with the shapes that
// matter: saves by rename, appends, rewrites in place, moves of trees, swaps, links, deletions, and
// whole trees that come at once. One thread; the same random numbers give the same changes.
#pragma once

#include "tests/support/fakeroot.h"
#include "tests/support/seededrandom.h"

#include <functional>
#include <set>
#include <utility>

namespace octopus::testing {

class Workload
{
public:
    // `namesAreKnown`: true if the primary has looked at every name that there is now. Whoever watches
    // directories cannot notice what is changed through a further name of a file that comes and goes
    // between two looks; such changes are not made. `unpacks`: whole trees come, too.
    Workload(FakeRoot &root, SeededRandom random, std::function<bool()> namesAreKnown, bool unpacks)
        : m_root(root),
          m_random(std::move(random)),
          m_namesAreKnown(std::move(namesAreKnown)),
          m_unpacks(unpacks)
    {}

    // One change; some fail (an entry is in the way), as they do in life.
    void change();
    // Checksums of every content that any file had at any moment.
    [[nodiscard]] const std::set<quint64> &contents() const { return m_contents; }

private:
    [[nodiscard]] RelPath anyPath();
    [[nodiscard]] QByteArray anyContent();
    [[nodiscard]] bool mayChangeInPlace(const RelPath &path);
    void remember(const RelPath &path);
    void put(const RelPath &path);
    void save(const RelPath &path);
    void append(const RelPath &path);
    void rewrite(const RelPath &path);
    void touch(const RelPath &path);
    void unpack(const RelPath &path);

    FakeRoot &m_root;
    SeededRandom m_random;
    std::function<bool()> m_namesAreKnown;
    const bool m_unpacks;
    std::set<quint64> m_contents;
};

} // namespace octopus::testing
