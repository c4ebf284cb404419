#include "engine/model/glob.h"

#include <fnmatch.h>

#include <algorithm>
#include <clocale>

namespace octopus {

static constexpr qsizetype mostWholes = 16;

// While it lives, this thread matches bytes: in a UTF-8 locale, fnmatch() would take `?` for a
// character, and the daemon and the desktop could disagree on what a vault holds.
class ByteLocale
{
public:
    ByteLocale() : m_before(::uselocale(plain())) {}
    ~ByteLocale() { ::uselocale(m_before); }
    Q_DISABLE_COPY_MOVE(ByteLocale)

private:
    static locale_t plain()
    {
        static const locale_t locale = ::newlocale(LC_ALL_MASK, "C", nullptr);
        return locale;
    }
    locale_t m_before;
};

static bool fits(const QByteArray &pattern, const QByteArray &bytes)
{
    return ::fnmatch(pattern.constData(), bytes.constData(), 0) == 0;
}

static bool endsInBackslash(const QByteArray &component)
{
    qsizetype count = 0;
    while (count < component.size() && component.at(component.size() - 1 - count) == '\\')
        ++count;
    return count % 2 == 1;
}

static bool isComponent(const QByteArray &bytes)
{
    return !bytes.isEmpty() && bytes != "." && bytes != ".." && !endsInBackslash(bytes);
}

// Every way to leave components `**` out, but for the last one, which stands for what is below.
static QByteArrayList wholesOf(const QByteArrayList &components)
{
    QByteArrayList wholes{QByteArray()};
    for (qsizetype i = 0; i < components.size(); ++i) {
        const QByteArray &component = components.at(i);
        const bool last = i == components.size() - 1;
        const QByteArrayList shorter = wholes;
        for (QByteArray &whole : wholes)
            whole += last ? component : component + '/';
        if (component == "**" && !last && wholes.size() < mostWholes)
            wholes += shorter;
    }
    return wholes;
}

Result<Glob> Glob::compile(const QByteArray &pattern)
{
    const auto invalid = [&](const char *why) {
        return failure(ErrorCode::Invalid, QByteArray(why) + ": " + pattern);
    };
    QByteArray rest = pattern;
    Glob glob;
    glob.m_onlyDirectories = rest.endsWith('/');
    if (glob.m_onlyDirectories)
        rest.chop(1);
    glob.m_anyDepth = !rest.contains('/');
    if (rest.startsWith('/'))
        rest.remove(0, 1);
    if (rest.isEmpty())
        return invalid("empty pattern");
    if (rest.contains('\0') || pattern.size() > RelPath::maximumLength)
        return invalid("a pattern of over 4095 bytes or with a NUL byte");
    glob.m_components = rest.split('/');
    if (!std::ranges::all_of(glob.m_components, isComponent))
        return invalid("a pattern with an empty, '.' or '..' component or a trailing backslash");
    if (rest.contains("**")) {
        glob.m_wholes = wholesOf(glob.m_components);
        while (!glob.m_components.at(glob.m_fixed).contains("**"))
            ++glob.m_fixed;
    }
    return glob;
}

bool Glob::matches(const RelPath &path) const
{
    if (path.isRoot())
        return false;
    const ByteLocale locale;
    if (m_anyDepth)
        return fits(m_components.first(), path.name().toByteArray());
    if (!m_wholes.isEmpty()) {
        return std::ranges::any_of(
            m_wholes, [&](const QByteArray &whole) { return fits(whole, path.bytes()); });
    }
    return std::ranges::equal(m_components, path.bytes().split('/'), fits);
}

bool Glob::mayMatchBelow(const RelPath &directory) const
{
    if (m_anyDepth || directory.isRoot())
        return true;
    const ByteLocale locale;
    const QByteArrayList names = directory.bytes().split('/');
    const qsizetype fixed = m_wholes.isEmpty() ? m_components.size() : m_fixed;
    if (m_wholes.isEmpty() && names.size() >= fixed)
        return false;
    const qsizetype common = std::min(fixed, names.size());
    return std::equal(
        names.cbegin(), names.cbegin() + common, m_components.cbegin(),
        [](const QByteArray &name, const QByteArray &component) { return fits(component, name); });
}

} // namespace octopus
