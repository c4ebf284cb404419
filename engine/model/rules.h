// RuleMatcher: which entries of a source belong to its vault, by the Rules of model/vault.h; what a
// pattern means is in glob.h. Judges by paths alone, never looks. Immutable value; any thread.
//
// Excludes win over includes. With includes, a directory belongs if it matches, lies below one that
// matches, or something below it could match: with an include like *.txt all directories do.
#pragma once

#include "engine/base/fileio.h"
#include "engine/model/glob.h"
#include "engine/model/vault.h"

namespace octopus {

class RuleMatcher
{
public:
    static constexpr qsizetype maximumPatterns = 1000;

    // Everything belongs.
    RuleMatcher() = default;
    // Invalid, with the pattern, as Glob::compile(); LimitReached: more than 1000 patterns.
    [[nodiscard]] static Result<RuleMatcher> compile(const Rules &rules);

    // Whether the entry belongs to the vault. The root always does.
    [[nodiscard]] bool includes(const RelPath &path, EntryKind kind) const;
    // Whether this directory is to be watched and walked: the same as that it belongs.
    [[nodiscard]] bool descends(const RelPath &directory) const;

private:
    QList<Glob> m_includes;
    QList<Glob> m_excludes;
};

} // namespace octopus
