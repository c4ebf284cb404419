#include "tests/support/treesnapshot.h"

#include <QStringList>

namespace octopus::testing {

static constexpr qsizetype step = 1 << 20;

// No engine has this key.
static constexpr HashKey ownKey{0x5eed'0f'7465'7374};

FastDigest snapshotDigest(QByteArrayView content)
{
    return fastDigest(content, ownKey);
}

static Result<FastDigest> contentOf(Root &root, const RelPath &path)
{
    const auto file = root.open(path, OpenMode::Read);
    if (!file)
        return passOn(file);
    FastHasher hasher(ownKey);
    for (quint64 offset = 0;; offset += step) {
        const auto bytes = (*file)->read(offset, step);
        if (!bytes)
            return passOn(bytes);
        hasher.add(*bytes);
        if (bytes->size() < step)
            return hasher.result();
    }
}

namespace {

class Walk
{
public:
    Walk(Root &root, const SnapshotOptions &options) : m_root(root), m_options(options) {}

    [[nodiscard]] Result<void> visit(const RelPath &path)
    {
        const auto stat = m_root.stat(path);
        if (!stat)
            return passOn(stat);
        if (!path.isRoot() || m_options.rootAttributes)
            OCTOPUS_TRY(add(path, *stat));
        if (stat->kind != EntryKind::Directory)
            return {};
        const auto children = m_root.list(path);
        if (!children)
            return passOn(children);
        for (const DirectoryEntry &child : *children) {
            const auto below = path.child(child.name);
            if (!below)
                return passOn(below);
            if (!path.isRoot() || child.name != m_options.excludedName)
                OCTOPUS_TRY(visit(*below));
        }
        return {};
    }

    TreeSnapshot result;

private:
    [[nodiscard]] Result<void> add(const RelPath &path, const EntryStat &stat)
    {
        SnapshotEntry entry;
        entry.kind = stat.kind;
        entry.mode = stat.kind == EntryKind::Symlink ? 0 : stat.mode;
        entry.uid = stat.uid;
        entry.gid = stat.gid;
        const bool isDirectory = stat.kind == EntryKind::Directory;
        entry.mtimeNs = isDirectory && !m_options.directoryTimes ? 0 : stat.mtimeNs;
        entry.firstName =
            isDirectory ? path : m_firstNames.try_emplace(stat.identity, path).first->second;
        const auto xattrs = m_root.xattrs(path);
        if (!xattrs)
            return passOn(xattrs);
        entry.xattrs = *xattrs;
        if (stat.kind == EntryKind::File) {
            const auto content = contentOf(m_root, path);
            if (!content)
                return passOn(content);
            entry.size = stat.size;
            entry.content = *content;
        } else if (stat.kind == EntryKind::Symlink) {
            const auto target = m_root.readSymlink(path);
            if (!target)
                return passOn(target);
            entry.linkTarget = *target;
        }
        result.entries.emplace(path, std::move(entry));
        return {};
    }

    Root &m_root;
    const SnapshotOptions &m_options;
    std::map<FileIdentity, RelPath> m_firstNames;
};

} // namespace

Result<TreeSnapshot> takeSnapshot(Root &root, const SnapshotOptions &options)
{
    Walk walk(root, options);
    OCTOPUS_TRY(walk.visit({}));
    return std::move(walk.result);
}

static QString xattrText(const Xattrs &xattrs)
{
    QStringList parts;
    for (const auto &[name, value] : xattrs)
        parts.append(displayText(name) + QLatin1Char('=') + displayText(value));
    return parts.join(QLatin1Char(' '));
}

static QStringList fields(const SnapshotEntry &entry)
{
    static const char *const kinds[] = {"?",    "file",   "directory", "symlink",
                                        "fifo", "socket", "device"};
    return {
        QStringLiteral("kind ") + QLatin1StringView(kinds[int(entry.kind)]),
        QStringLiteral("mode 0%1").arg(entry.mode, 0, 8),
        QStringLiteral("owner %1:%2").arg(entry.uid).arg(entry.gid),
        QStringLiteral("mtime %1").arg(entry.mtimeNs),
        QStringLiteral("size %1").arg(entry.size),
        QStringLiteral("content ") + QString::number(entry.content.low, 16),
        QStringLiteral("target ") + displayText(entry.linkTarget),
        QStringLiteral("same file as ") + entry.firstName.displayText(),
        QStringLiteral("xattrs [") + xattrText(entry.xattrs) + QLatin1Char(']'),
    };
}

static QString difference(const RelPath &path, const SnapshotEntry *expected,
                          const SnapshotEntry *actual)
{
    const QString name = path.isRoot() ? QStringLiteral("(root)") : path.displayText();
    if (!actual)
        return name + QStringLiteral(": missing");
    if (!expected)
        return name + QStringLiteral(": not expected");
    const QStringList want = fields(*expected);
    const QStringList have = fields(*actual);
    QStringList parts;
    for (qsizetype i = 0; i < want.size(); ++i) {
        if (want[i] != have[i])
            parts.append(have[i] + QStringLiteral(", expected ") + want[i]);
    }
    return name + QStringLiteral(": ") + parts.join(QStringLiteral("; "));
}

QString differences(const TreeSnapshot &expected, const TreeSnapshot &actual, int limit)
{
    std::map<RelPath, std::pair<const SnapshotEntry *, const SnapshotEntry *>> both;
    for (const auto &[path, entry] : expected.entries)
        both[path].first = &entry;
    for (const auto &[path, entry] : actual.entries)
        both[path].second = &entry;
    QStringList lines;
    for (const auto &[path, pair] : both) {
        if (pair.first && pair.second && *pair.first == *pair.second)
            continue;
        if (lines.size() == limit) {
            lines.append(QStringLiteral("…"));
            break;
        }
        lines.append(difference(path, pair.first, pair.second));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace octopus::testing
