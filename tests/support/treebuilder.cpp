#include "tests/support/treebuilder.h"

#include <utility>

namespace octopus::testing {

Result<void> makeDirectories(Root &root, const RelPath &path)
{
    if (path.isRoot())
        return {};
    OCTOPUS_TRY(makeDirectories(root, path.parent()));
    const auto made = root.makeDirectory(path, 0755);
    if (!made && made.error().code != ErrorCode::Exists)
        return made;
    return {};
}

Result<void> writeFile(Root &root, const RelPath &path, QByteArrayView content)
{
    OCTOPUS_TRY(makeDirectories(root, path.parent()));
    auto file = root.open(path, OpenMode::ReadWrite);
    if (!file && file.error().code == ErrorCode::NotFound) {
        file = root.open(path, OpenMode::CreateNew);
        if (file)
            OCTOPUS_TRY((*file)->setMode(0644));
    }
    if (!file)
        return passOn(file);
    OCTOPUS_TRY((*file)->truncate(quint64(content.size())));
    return (*file)->write(0, content);
}

Result<QByteArray> readFile(Root &root, const RelPath &path)
{
    const auto file = root.open(path, OpenMode::Read);
    if (!file)
        return passOn(file);
    const auto stat = (*file)->stat();
    if (!stat)
        return passOn(stat);
    return (*file)->read(0, qsizetype(stat->size));
}

Result<void> removeTree(Root &root, const RelPath &path)
{
    const auto stat = root.stat(path);
    if (!stat && stat.error().code == ErrorCode::NotFound)
        return {};
    if (!stat)
        return passOn(stat);
    if (stat->kind != EntryKind::Directory)
        return root.removeFile(path);
    const auto entries = root.list(path);
    if (!entries)
        return passOn(entries);
    for (const DirectoryEntry &entry : *entries) {
        const auto child = path.child(entry.name);
        if (!child)
            return passOn(child);
        OCTOPUS_TRY(removeTree(root, *child));
    }
    return path.isRoot() ? Result<void>() : root.removeDirectory(path);
}

// "name<mark>rest" in two, or nothing.
static std::optional<std::pair<QByteArray, QByteArray>> cut(const QByteArray &line,
                                                            QByteArrayView mark)
{
    const qsizetype at = line.indexOf(mark);
    if (at < 0)
        return std::nullopt;
    return std::pair(line.first(at), line.sliced(at + mark.size()));
}

static Result<void> buildLine(Root &root, const QByteArray &line)
{
    const auto link = cut(line, "->");
    const auto hardLink = cut(line, "=>");
    const auto file = cut(line, "=");
    const QByteArray name = link                   ? link->first
        : hardLink                                 ? hardLink->first
        : file                                     ? file->first
        : line.endsWith('/') || line.endsWith('|') ? line.chopped(1)
                                                   : line;
    const auto path = RelPath::parse(name);
    if (!path)
        return passOn(path);
    OCTOPUS_TRY(makeDirectories(root, path->parent()));
    if (link)
        return root.makeSymlink(link->second, *path);
    if (hardLink) {
        const auto existing = RelPath::parse(hardLink->second);
        return existing ? root.link(*existing, *path) : passOn(existing);
    }
    if (file)
        return writeFile(root, *path, file->second);
    if (line.endsWith('/'))
        return makeDirectories(root, *path);
    if (line.endsWith('|'))
        return root.makeFifo(*path, 0644);
    return writeFile(root, *path, {});
}

Result<void> buildTree(Root &root, const QList<QByteArray> &lines)
{
    for (const QByteArray &line : lines)
        OCTOPUS_TRY(buildLine(root, line));
    return {};
}

static Result<void> listBelow(Root &root, const RelPath &path, QList<QByteArray> &out)
{
    const auto entries = root.list(path);
    if (!entries)
        return passOn(entries);
    for (const DirectoryEntry &entry : *entries) {
        const auto child = path.child(entry.name);
        if (!child)
            return passOn(child);
        const bool isDirectory = entry.kind == EntryKind::Directory;
        out.append(isDirectory ? child->bytes() + '/' : child->bytes());
        if (isDirectory)
            OCTOPUS_TRY(listBelow(root, *child, out));
    }
    return {};
}

Result<QList<QByteArray>> listTree(Root &root)
{
    QList<QByteArray> out;
    OCTOPUS_TRY(listBelow(root, {}, out));
    return out;
}

} // namespace octopus::testing
