#include "engine/granted.h"

namespace octopus {

std::optional<QByteArray> partBelow(const QByteArray &destination, const QByteArray &grant)
{
    if (!destination.startsWith('/'))
        return destination;
    if (destination == grant)
        return QByteArray();
    const QByteArray prefix = grant.endsWith('/') ? grant : grant + '/';
    if (!destination.startsWith(prefix))
        return std::nullopt;
    return destination.sliced(prefix.size());
}

static Result<quint64> freeBelow(const QByteArray &folder, FileSystem &files)
{
    const auto root = files.openRoot(folder);
    if (!root)
        return passOn(root);
    const auto space = (*root)->space();
    if (!space)
        return passOn(space);
    if (!space->writable)
        return failure(ErrorCode::PermissionDenied);
    return space->freeBytes;
}

wire::Grants describeGrants(const QList<QByteArray> &folders, FileSystem &files, WallTime now)
{
    constexpr qint64 millisecond = 1'000'000;
    wire::Grants grants;
    grants.time = quint64(std::max<qint64>(0, now.nanoseconds / millisecond));
    for (const QByteArray &folder : folders) {
        const Result<quint64> free = freeBelow(folder, files);
        if (!grants.add(folder, free.value_or(0), free ? 0 : quint64(free.error().code)))
            break;
    }
    return grants;
}

} // namespace octopus
