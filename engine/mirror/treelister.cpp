#include "engine/mirror/treelister.h"

#include "engine/model/operationcodec.h"
#include "engine/wire/codec.h"

namespace octopus::mirror {

static constexpr int entriesPerStep = 256;
static constexpr qsizetype hashStep = 4 * 1024 * 1024;

TreeLister::TreeLister(Root &root, apply::Applier &applier, const wire::ListTree &request)
    : m_root(root),
      m_applier(applier),
      m_request(request)
{
    m_listing.request = request.request;
    m_end.request = request.request;
}

void TreeLister::unreadable(const RelPath &path)
{
    if (m_end.unreadable.size() < wire::maximumListedPaths)
        m_end.unreadable.append(path.bytes());
}

std::optional<wire::Message> TreeLister::step()
{
    if (!m_started) {
        m_started = true;
        visit(m_request.path);
    }
    for (int i = 0; i < entriesPerStep; ++i) {
        if (m_weight > wire::batchTarget / 2 || m_listing.entries.size() >= 4096)
            return flush();
        if (m_hashed) {
            if (!hash())
                return std::nullopt;
            continue;
        }
        if (m_frames.empty()) {
            if (!m_listing.entries.isEmpty())
                return flush();
            m_done = true;
            return m_end;
        }
        Frame &frame = m_frames.back();
        if (frame.position == frame.entries.size()) {
            m_frames.pop_back();
            continue;
        }
        const auto path = frame.directory.child(frame.entries[frame.position++].name);
        if (path && *path != RelPath::of(apply::controlFolder))
            visit(*path);
    }
    return std::nullopt;
}

void TreeLister::visit(const RelPath &path)
{
    const auto stat = m_root.stat(path);
    if (!stat) {
        if (stat.error().code != ErrorCode::NotFound && stat.error().code != ErrorCode::NotDirectory
            && stat.error().code != ErrorCode::OutsideRoot) // a symbolic link is in the way
            unreadable(path);
        else if (!m_request.forVerification)
            m_applier.sawNothing(path);
        return;
    }
    if (!m_request.forVerification)
        m_applier.sawEntry(path, stat->kind);
    auto entry = describe(path, *stat);
    if (!entry) {
        unreadable(path);
        return;
    }
    if (stat->kind == EntryKind::Directory)
        enter(path);
    if (stat->kind == EntryKind::File && m_request.withContent && !entry->foreign) {
        auto file = m_root.open(path, OpenMode::Read);
        if (!file) {
            unreadable(path);
            return;
        }
        m_file = std::move(*file);
        m_offset = 0;
        m_hashed = std::move(*entry);
        return;
    }
    add(std::move(*entry));
}

void TreeLister::enter(const RelPath &directory)
{
    auto entries = m_root.list(directory);
    if (!entries) {
        unreadable(directory);
        return;
    }
    if (!m_request.forVerification)
        m_applier.sawDirectory(directory, *entries);
    m_frames.push_back({directory, std::move(*entries), 0});
}

Result<wire::TreeEntry> TreeLister::describe(const RelPath &path, const EntryStat &stat)
{
    wire::TreeEntry entry;
    entry.path = path;
    entry.kind = stat.kind;
    entry.attributes = {stat.mode, stat.uid, stat.gid, stat.mtimeNs, {}};
    entry.size = stat.kind == EntryKind::File ? stat.size : 0;
    entry.linkGroup = stat.kind != EntryKind::Directory && stat.links > 1 ? stat.identity.inode : 0;
    entry.foreign = !path.isRoot() && !m_applier.isOwn(path);
    entry.inDoubt = m_applier.isInDoubt(path);
    if (stat.kind == EntryKind::Symlink) {
        auto target = m_root.readSymlink(path);
        if (!target)
            return passOn(target);
        entry.linkTarget = *target;
        return entry;
    }
    auto xattrs = m_root.xattrs(path);
    if (!xattrs)
        return passOn(xattrs);
    entry.attributes.xattrs = std::move(*xattrs);
    OCTOPUS_TRY(checkAttributes(entry.attributes));
    return entry;
}

// One piece of the content; true when the file is complete.
bool TreeLister::hash()
{
    const auto bytes = m_file->read(m_offset, hashStep);
    if (!bytes) {
        unreadable(m_hashed->path);
        m_hashed.reset();
        m_hasher = Sha256Hasher();
        return true;
    }
    m_hasher.add(*bytes);
    m_offset += quint64(bytes->size());
    if (bytes->size() == hashStep)
        return false;
    m_hashed->content = m_hasher.result();
    add(*std::exchange(m_hashed, std::nullopt));
    return true;
}

void TreeLister::add(wire::TreeEntry entry)
{
    m_weight += wire::treeEntryBound(entry);
    ++m_end.entries;
    m_listing.entries.append(std::move(entry));
}

wire::Message TreeLister::flush()
{
    m_weight = 0;
    wire::TreeListing full{m_request.request, {}};
    std::swap(full, m_listing);
    return full;
}

} // namespace octopus::mirror
