#include "engine/mirror/verification.h"

#include <QtEndian>

#include <algorithm>

namespace octopus::mirror {

// A path that differs this often, each time with everything applied, is different.
static constexpr int mostRounds = 3;
static constexpr qsizetype hashStep = 4 * 1024 * 1024;

void Verification::start(bool repair)
{
    m_repair = repair || (isRunning() && m_repair);
    m_stage = Stage::Waiting;
}

void Verification::cancel()
{
    if (isRunning())
        finish(false);
}

void Verification::interrupt()
{
    if (isRunning() && m_stage != Stage::Waiting)
        finish(false);
}

void Verification::request(const RelPath &path)
{
    m_request = m_primary.m_nextRequest++;
    m_listed.clear();
    m_listingEnded = false;
    m_primary.m.outbox.add(wire::Message(wire::ListTree{m_request, path, true, true}));
}

bool Verification::work()
{
    switch (m_stage) {
    case Stage::Idle: return false;
    case Stage::Waiting:
        if (!m_primary.isCertain())
            return false;
        m_stage = Stage::Comparing;
        m_current = {};
        m_hasher = Sha256Hasher();
        m_hashing.reset();
        m_suspects.clear();
        m_rounds = 0;
        m_walk.clear();
        m_here = RelPath();
        m_walkEnded = false;
        m_started = m_primary.m_clock.monotonic();
        request(RelPath());
        return false;
    case Stage::Comparing: return compareNext();
    case Stage::Settling: return settle();
    case Stage::Rechecking: return recheck();
    }
    return false;
}

Result<void> Verification::receive(const wire::TreeListing &listing)
{
    std::ranges::copy(listing.entries, std::back_inserter(m_listed));
    return {};
}

Result<void> Verification::receive(const wire::TreeEnd &end)
{
    m_listingEnded = true;
    for (const QByteArray &unreadable : end.unreadable) {
        if (const auto path = RelPath::parse(unreadable))
            suspect(*path, "unreadable");
    }
    return {};
}

// The walk of the source in the order of RelPath, the order of the listing.
std::optional<RelPath> Verification::peekSource()
{
    return m_walkEnded ? std::nullopt : m_here;
}

void Verification::advanceSource()
{
    Root &source = m_primary.m.source;
    const auto stat = source.stat(*m_here);
    if (stat && stat->kind == EntryKind::Directory) {
        Directory directory{*m_here, {}, 0};
        if (const auto entries = source.list(*m_here)) {
            for (const DirectoryEntry &entry : *entries)
                directory.names.append(entry.name);
        }
        m_walk.push_back(std::move(directory));
    }
    while (!m_walk.empty()) {
        Directory &directory = m_walk.back();
        if (directory.position == directory.names.size()) {
            m_walk.pop_back();
            continue;
        }
        const auto path = directory.path.child(directory.names[directory.position++]);
        if (!path || *path == RelPath::of(".octopus"))
            continue;
        const auto found = source.stat(*path);
        if (!found || found->kind == EntryKind::Socket || found->kind == EntryKind::Device
            || !m_primary.m.rules.includes(*path, found->kind))
            continue;
        m_here = *path;
        return;
    }
    m_walkEnded = true;
}

bool Verification::compareNext()
{
    if (m_hashing) {
        hash();
        return true;
    }
    const auto here = peekSource();
    if (m_listed.empty()) {
        if (!m_listingEnded)
            return false;
        if (!here) {
            m_current.digest = m_hasher.result();
            m_barrier = m_primary.m_clock.monotonic();
            m_stage = Stage::Settling;
            return true;
        }
        ++m_current.compared;
        suspect(*here, "missing");
        advanceSource();
        return true;
    }
    const wire::TreeEntry listed = std::move(m_listed.front());
    if (here && *here < listed.path) {
        m_listed.front() = listed;
        ++m_current.compared;
        suspect(*here, "missing");
        advanceSource();
        return true;
    }
    m_listed.pop_front();
    if (listed.foreign)
        return true;
    addToDigest(listed);
    ++m_current.compared;
    if (here && *here == listed.path) {
        compareEntry(listed);
        advanceSource();
    } else {
        suspect(listed.path, "extra");
    }
    return true;
}

void Verification::addToDigest(const wire::TreeEntry &listed)
{
    const auto number = [this](quint64 value) {
        const quint64 little = qToLittleEndian(value);
        m_hasher.add({reinterpret_cast<const char *>(&little), qsizetype(sizeof little)});
    };
    const auto text = [&](const QByteArray &bytes) {
        number(quint64(bytes.size()));
        m_hasher.add(bytes);
    };
    text(listed.path.bytes());
    number(quint64(listed.kind));
    number(listed.attributes.mode);
    number(quint64(listed.attributes.mtimeNs));
    number(listed.size);
    text(listed.linkTarget);
    if (listed.content)
        m_hasher.add(listed.content->toByteArray());
}

void Verification::compareEntry(const wire::TreeEntry &listed)
{
    const auto stat = m_primary.m.source.stat(listed.path);
    QByteArray what = stat ? shapeDifference(listed, *stat) : "extra";
    if (what.isEmpty() && listed.kind == EntryKind::File) {
        auto file = m_primary.m.source.open(listed.path, OpenMode::Read);
        if (file && listed.content) {
            m_hashing.emplace(listed, std::move(*file));
            return;
        }
        what = "content";
    }
    if (what.isEmpty())
        what = attributeDifference(listed);
    conclude(listed.path, what);
}

// What differs between the source and what the target listed, besides content and attributes; empty:
// nothing.
QByteArray Verification::shapeDifference(const wire::TreeEntry &listed, const EntryStat &stat)
{
    if (stat.kind != listed.kind)
        return "kind";
    if (stat.kind == EntryKind::Symlink) {
        const auto target = m_primary.m.source.readSymlink(listed.path);
        if (!target || *target != listed.linkTarget)
            return "link";
    }
    if (stat.kind == EntryKind::File && stat.size != listed.size)
        return "size";
    return {};
}

QByteArray Verification::attributeDifference(const wire::TreeEntry &listed)
{
    Replication &m = m_primary.m;
    const auto stat = m.source.stat(listed.path);
    if (!stat)
        return "extra";
    const auto attributes = sourceAttributes(m, listed.path, *stat);
    EntryAttributes there = listed.attributes;
    normalise(there, listed.kind, m.targetSetsOwner);
    return attributes && *attributes == there ? QByteArray() : QByteArray("attributes");
}

// One piece of the content: a large file does not keep the mirror from its work.
void Verification::hash()
{
    const auto bytes = m_hashing->file->read(m_hashing->offset, hashStep);
    if (bytes) {
        m_hashing->hasher.add(*bytes);
        m_hashing->offset += quint64(bytes->size());
        m_current.bytesCompared += quint64(bytes->size());
        if (bytes->size() == hashStep)
            return;
    }
    Hashing done = std::move(*m_hashing);
    m_hashing.reset();
    const bool equal = bytes && done.hasher.result() == *done.listed.content;
    conclude(done.listed.path, equal ? attributeDifference(done.listed) : QByteArray("content"));
}

void Verification::conclude(const RelPath &path, const QByteArray &what)
{
    if (m_stage == Stage::Rechecking)
        concludeRecheck(what);
    else if (what.isEmpty())
        ++m_current.identical;
    else
        suspect(path, what);
}

void Verification::suspect(const RelPath &path, const QByteArray &what)
{
    m_suspects[path] = what;
}

// Until everything captured before the comparison ended has been applied.
bool Verification::settle()
{
    if (m_suspects.empty()) {
        finish(true);
        return true;
    }
    const auto oldest = m_primary.oldestPending();
    if (!m_primary.isCertain() || (oldest && *oldest <= m_barrier))
        return false;
    if (m_rounds++ == mostRounds) {
        finish(true);
        return true;
    }
    m_stage = Stage::Rechecking;
    m_rechecked = m_suspects.begin();
    request(m_rechecked->first);
    return false;
}

bool Verification::recheck()
{
    if (m_hashing) {
        hash();
        return true;
    }
    if (!m_listingEnded)
        return false;
    const RelPath path = m_rechecked->first;
    const auto listed = std::ranges::find(m_listed, path, &wire::TreeEntry::path);
    const auto stat = m_primary.m.source.stat(path);
    const bool carried = stat && stat->kind != EntryKind::Socket && stat->kind != EntryKind::Device
        && m_primary.m.rules.includes(path, stat->kind);
    if (listed == m_listed.end() || listed->foreign)
        concludeRecheck(carried ? "missing" : "");
    else if (!carried)
        concludeRecheck("extra");
    else
        compareEntry(*listed);
    return true;
}

void Verification::concludeRecheck(const QByteArray &what)
{
    if (what.isEmpty()) {
        ++m_current.identical;
        m_rechecked = m_suspects.erase(m_rechecked);
    } else {
        m_rechecked->second = what;
        ++m_rechecked;
    }
    if (m_rechecked != m_suspects.end()) {
        request(m_rechecked->first);
        return;
    }
    m_barrier = m_primary.m_clock.monotonic();
    m_stage = Stage::Settling;
}

void Verification::finish(bool complete)
{
    for (const auto &[path, what] : m_suspects)
        m_current.different.append({path, what});
    m_current.complete = complete;
    m_current.duration = m_primary.m_clock.monotonic() - m_started;
    m_report = std::exchange(m_current, {});
    m_stage = Stage::Idle;
    m_hashing.reset();
    ++m_finished;
    m_primary.onVerified(m_report, m_repair);
    m_suspects.clear();
}

} // namespace octopus::mirror
