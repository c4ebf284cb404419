#include "engine/apply/attributes.h"

namespace octopus::apply {

namespace {

struct OpenFile {
    File &file;
    Result<Xattrs> xattrs() { return file.xattrs(); }
    Result<void> setOwner(quint32 uid, quint32 gid) { return file.setOwner(uid, gid); }
    Result<void> setMode(quint32 mode) { return file.setMode(mode); }
    Result<void> setTime(qint64 ns) { return file.setModificationTime(ns); }
    Result<void> setXattr(const QByteArray &n, const QByteArray &v) { return file.setXattr(n, v); }
    Result<void> removeXattr(const QByteArray &n) { return file.removeXattr(n); }
};

struct NamedEntry {
    Root &root;
    const RelPath &path;
    Result<Xattrs> xattrs() { return root.xattrs(path); }
    Result<void> setOwner(quint32 uid, quint32 gid) { return root.setOwner(path, uid, gid); }
    Result<void> setMode(quint32 mode) { return root.setMode(path, mode); }
    Result<void> setTime(qint64 ns) { return root.setModificationTime(path, ns); }
    Result<void> setXattr(const QByteArray &n, const QByteArray &v)
    {
        return root.setXattr(path, n, v);
    }
    Result<void> removeXattr(const QByteArray &n) { return root.removeXattr(path, n); }
};

// True for what only this attribute suffers from; anything else concerns the whole operation.
bool isLoss(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Unsupported:
    case ErrorCode::PermissionDenied:
    case ErrorCode::TooLong:
    case ErrorCode::Refused:
    case ErrorCode::Invalid: return true;
    default: return false;
    }
}

Result<void> unlessLost(Result<void> result, Loss &loss)
{
    if (result || !isLoss(result.error().code))
        return result;
    if (!loss)
        loss = std::move(result).error();
    return {};
}

template <typename Target>
Result<void> removeOtherXattrs(Target &target, const Xattrs &present, const Xattrs &wanted,
                               Loss &loss)
{
    for (const auto &[name, value] : present) {
        if (wanted.contains(name))
            continue;
        auto removed = target.removeXattr(name);
        if (!removed && removed.error().code == ErrorCode::NotFound)
            continue;
        OCTOPUS_TRY(unlessLost(std::move(removed), loss));
    }
    return {};
}

template <typename Target>
Result<void> addXattrs(Target &target, const Xattrs &present, const Xattrs &wanted, Loss &loss)
{
    for (const auto &[name, value] : wanted) {
        const auto there = present.find(name);
        if (there == present.end() || there->second != value)
            OCTOPUS_TRY(unlessLost(target.setXattr(name, value), loss));
    }
    return {};
}

struct Present {
    Owner owner;
    quint32 mode = 0;
    Xattrs xattrs;
};

// A change of the owner clears mode bits, and an access list is part of the mode: owner, mode,
// lists, and the time last.
template <typename Target>
Result<Loss> set(Target target, const Present &present, const EntryAttributes &wanted,
                 bool canSetOwner)
{
    Loss loss;
    const bool otherOwner =
        canSetOwner && (present.owner.uid != wanted.uid || present.owner.gid != wanted.gid);
    if (otherOwner)
        OCTOPUS_TRY(unlessLost(target.setOwner(wanted.uid, wanted.gid), loss));
    OCTOPUS_TRY(removeOtherXattrs(target, present.xattrs, wanted.xattrs, loss));
    if (otherOwner || present.mode != wanted.mode)
        OCTOPUS_TRY(unlessLost(target.setMode(wanted.mode), loss));
    OCTOPUS_TRY(addXattrs(target, present.xattrs, wanted.xattrs, loss));
    OCTOPUS_TRY(unlessLost(target.setTime(wanted.mtimeNs), loss));
    return loss;
}

// Where extended attributes cannot even be listed there are none.
Result<Xattrs> presentXattrs(Result<Xattrs> listed)
{
    if (!listed && isLoss(listed.error().code))
        return Xattrs();
    return listed;
}

} // namespace

Result<Loss> setNewAttributes(File &file, const EntryAttributes &attributes, const Owner &owner,
                              bool canSetOwner)
{
    return set(OpenFile{file}, {owner, 0600, {}}, attributes, canSetOwner);
}

Result<Loss> setAttributes(File &file, const EntryStat &stat, const EntryAttributes &attributes,
                           bool canSetOwner)
{
    auto xattrs = presentXattrs(file.xattrs());
    if (!xattrs)
        return passOn(xattrs);
    return set(OpenFile{file}, {{stat.uid, stat.gid}, stat.mode, std::move(*xattrs)}, attributes,
               canSetOwner);
}

Result<Loss> setAttributes(Root &root, const RelPath &path, const EntryStat &stat,
                           const EntryAttributes &attributes)
{
    const Owner owner{stat.uid, stat.gid};
    NamedEntry entry{root, path};
    if (stat.kind == EntryKind::Symlink) {
        EntryAttributes wanted = attributes;
        wanted.mode = stat.mode;
        wanted.xattrs.clear();
        Loss loss;
        if (root.canSetOwner() && (owner.uid != wanted.uid || owner.gid != wanted.gid))
            OCTOPUS_TRY(unlessLost(entry.setOwner(wanted.uid, wanted.gid), loss));
        OCTOPUS_TRY(unlessLost(entry.setTime(wanted.mtimeNs), loss));
        return loss;
    }
    auto xattrs = presentXattrs(entry.xattrs());
    if (!xattrs)
        return passOn(xattrs);
    return set(entry, {owner, stat.mode, std::move(*xattrs)}, attributes, root.canSetOwner());
}

} // namespace octopus::apply
