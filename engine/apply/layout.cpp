#include "engine/apply/layout.h"

namespace octopus::apply {

RelPath layout::control()
{
    return RelPath::of(controlFolder);
}

RelPath layout::lock()
{
    return RelPath::of(".octopus/lock");
}

RelPath layout::replica()
{
    return RelPath::of(".octopus/replica");
}

RelPath layout::journal()
{
    return RelPath::of(".octopus/journal");
}

RelPath layout::manifest()
{
    return RelPath::of(".octopus/manifest");
}

RelPath layout::staging()
{
    return RelPath::of(".octopus/staging");
}

RelPath layout::versions()
{
    return RelPath::of(".octopus/versions");
}

RelPath layout::fresh(const RelPath &path)
{
    return *path.parent().child(path.name().toByteArray() + ".new"); // ours: short and valid
}

bool isReserved(const RelPath &path)
{
    const QByteArrayView bytes(path.bytes());
    const QByteArrayView control(controlFolder);
    return bytes.startsWith(control)
        && (bytes.size() == control.size() || bytes[control.size()] == '/');
}

Result<void> tolerateAbsence(Result<void> result)
{
    if (!result && result.error().code == ErrorCode::NotFound)
        return {};
    return result;
}

Result<void> removeFolder(Root &root, const RelPath &folder)
{
    const auto entries = root.list(folder);
    if (!entries)
        return tolerateAbsence(passOn(entries));
    for (const DirectoryEntry &entry : *entries) {
        const auto path = folder.child(entry.name);
        if (!path)
            return passOn(path);
        OCTOPUS_TRY(entry.kind == EntryKind::Directory ? removeFolder(root, *path)
                                                       : tolerateAbsence(root.removeFile(*path)));
    }
    return tolerateAbsence(root.removeDirectory(folder));
}

Result<std::unique_ptr<File>> writeFresh(Root &root, const RelPath &path, QByteArrayView content)
{
    const RelPath fresh = layout::fresh(path);
    if (auto removed = tolerateAbsence(root.removeFile(fresh)); !removed)
        return passOn(removed);
    auto file = root.open(fresh, OpenMode::CreateNew);
    if (!file)
        return file;
    if (auto written = (*file)->write(0, content); !written)
        return passOn(written);
    if (auto synced = (*file)->syncData(); !synced)
        return passOn(synced);
    return file;
}

Result<void> publishFresh(Root &root, const RelPath &path)
{
    OCTOPUS_TRY(root.rename(layout::fresh(path), path, RenameMode::Replace));
    return root.syncDirectory(path.parent());
}

} // namespace octopus::apply
