// Glob: one pattern of the rules, compiled. Value; any thread.
//
// fnmatch(3) on bytes: `?` and a bracket stand for one byte, whatever the process's locale, and `*`
// also for a leading dot. A pattern without a slash matches a name at any depth. One with a slash
// matches the path from the source's root, component by component (FNM_PATHNAME); if it contains
// `**`, fnmatch without FNM_PATHNAME, where every `*` crosses slashes, and a leading or inner `**/`
// may also stand for nothing. A slash at the end restricts it to directories, a leading one does
// not change what is matched. An inner slash inside brackets ends a component.
#pragma once

#include "engine/base/relpath.h"
#include "engine/base/result.h"

#include <QByteArrayList>

namespace octopus {

class Glob
{
public:
    // Invalid, with the pattern: empty, over 4095 bytes, with a NUL byte, an empty, "." or ".."
    // component, or a backslash at the end of a component.
    [[nodiscard]] static Result<Glob> compile(const QByteArray &pattern);

    [[nodiscard]] bool onlyDirectories() const { return m_onlyDirectories; }
    // Whether it matches this entry itself, whatever lies above it.
    [[nodiscard]] bool matches(const RelPath &path) const;
    // Whether something below this directory could match, judged by the path alone.
    [[nodiscard]] bool mayMatchBelow(const RelPath &directory) const;

private:
    Glob() = default;

    QByteArrayList m_components; // of the pattern; one for a name at any depth
    QByteArrayList m_wholes;     // with `**`: what the whole path may match instead
    qsizetype m_fixed = 0;       // components before the first with `**`
    bool m_anyDepth = false;
    bool m_onlyDirectories = false;
};

} // namespace octopus
