// Versions: what a replica's operations replaced or removed, kept for the retention period.
//
// One file a version, in one folder, named by the operation that put it there; an index (FORMAT.md)
// says which path it had and when. keep() links or moves, so the file has a name at every moment.
// The index is written by flush(); what a crash takes from it, the caller's redo keeps again. One
// thread; `root` and `clock` outlive it.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/fileio.h"
#include "engine/model/ids.h"

#include <QList>

namespace octopus::archive {

struct VersionId {
    StreamId stream{};
    Sequence sequence{};
    friend auto operator<=>(const VersionId &, const VersionId &) = default;
};

enum class KeptBecause : quint8 {
    Replaced = 1, // another content took its place
    Removed,
    Found, // stood in the way when operations were redone after a crash
};

struct Version {
    VersionId id;
    RelPath path;
    EntryKind kind = EntryKind::File; // File or Symlink
    KeptBecause why = KeptBecause::Replaced;
    WallTime keptAt;
    friend bool operator==(const Version &, const Version &) = default;
};

enum class KeepBy : quint8 {
    Link, // the entry stays at its path too, where the file system can link; else it is moved
    Move,
};

class Versions
{
public:
    // Files removed by one purge() at most.
    static constexpr qsizetype purgeStep = 20000;

    // Makes `folder` (in an existing directory) if it is missing and reads the index. Corrupt: the
    // index is damaged. Retention 0: nothing is kept.
    [[nodiscard]] static Result<std::unique_ptr<Versions>> open(Root &root, const RelPath &folder,
                                                                const Clock &clock,
                                                                Milliseconds retention);

    [[nodiscard]] bool keepsAnything() const { return m_retention > Milliseconds(0); }

    // Keeps the entry at version.path, a file or symbolic link, as version.id, instead of one that
    // is kept under this id already; keptAt is set here. NotFound: nothing is at the path; Refused:
    // a directory is there; NoSpace and kin.
    [[nodiscard]] Result<void> keep(Version version, KeepBy how);
    // Puts a version that exists() into the index again.
    void remember(Version version);
    [[nodiscard]] Result<bool> exists(const VersionId &id);
    // The file that holds a version.
    [[nodiscard]] RelPath fileOf(const VersionId &id) const;

    // Appends what is new to the index, durably.
    [[nodiscard]] Result<void> flush();
    // The versions of one path, oldest first.
    [[nodiscard]] Result<QList<Version>> list(const RelPath &path);
    // Every version, oldest first.
    [[nodiscard]] Result<QList<Version>> listAll();
    // Removes versions older than the retention period, purgeStep at most; says how many.
    [[nodiscard]] Result<qsizetype> purge();

private:
    Versions(Root &root, RelPath folder, const Clock &clock, Milliseconds retention);
    [[nodiscard]] Result<QList<Version>> readIndex();
    [[nodiscard]] Result<void> createIndex();
    [[nodiscard]] Result<void> rewriteIndex(const QList<Version> &versions);
    [[nodiscard]] Result<void> keepByLink(const RelPath &original, const RelPath &kept);
    [[nodiscard]] Result<void> keepByMove(const RelPath &original, const RelPath &kept);
    [[nodiscard]] bool isExpired(const Version &version) const;

    Root &m_root;
    const RelPath m_folder;
    const RelPath m_indexPath;
    const Clock &m_clock;
    const Milliseconds m_retention;
    std::unique_ptr<File> m_index;
    quint64 m_end = 0;        // where the next group of the index belongs
    quint64 m_nextNumber = 0; // and its number
    QList<Version> m_pending; // kept, not in the index yet
    std::optional<WallTime> m_oldest;
};

} // namespace octopus::archive
