#include "engine/model/rules.h"

#include <algorithm>

namespace octopus {

static Result<QList<Glob>> compileAll(const QList<QByteArray> &patterns)
{
    QList<Glob> globs;
    for (const QByteArray &pattern : patterns) {
        auto glob = Glob::compile(pattern);
        if (!glob)
            return passOn(glob);
        globs.append(*std::move(glob));
    }
    return globs;
}

Result<RuleMatcher> RuleMatcher::compile(const Rules &rules)
{
    if (rules.includes.size() + rules.excludes.size() > maximumPatterns)
        return failure(ErrorCode::LimitReached, "more than 1000 include and exclude patterns");
    auto includes = compileAll(rules.includes);
    if (!includes)
        return passOn(includes);
    auto excludes = compileAll(rules.excludes);
    if (!excludes)
        return passOn(excludes);
    RuleMatcher matcher;
    matcher.m_includes = *std::move(includes);
    matcher.m_excludes = *std::move(excludes);
    return matcher;
}

// Whether one of the globs matches the entry or a directory above it.
static bool covers(const QList<Glob> &globs, const RelPath &path, EntryKind kind)
{
    bool directory = kind == EntryKind::Directory;
    for (RelPath at = path; !at.isRoot(); at = at.parent()) {
        const bool hit = std::ranges::any_of(globs, [&](const Glob &glob) {
            return (directory || !glob.onlyDirectories()) && glob.matches(at);
        });
        if (hit)
            return true;
        directory = true;
    }
    return false;
}

bool RuleMatcher::includes(const RelPath &path, EntryKind kind) const
{
    if (path.isRoot())
        return true;
    if (!m_excludes.isEmpty() && covers(m_excludes, path, kind))
        return false;
    if (m_includes.isEmpty() || covers(m_includes, path, kind))
        return true;
    return kind == EntryKind::Directory && std::ranges::any_of(m_includes, [&](const Glob &glob) {
               return glob.mayMatchBelow(path);
           });
}

bool RuleMatcher::descends(const RelPath &directory) const
{
    return includes(directory, EntryKind::Directory);
}

} // namespace octopus
