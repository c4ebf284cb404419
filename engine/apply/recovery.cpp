#include "engine/apply/recovery.h"

#include "engine/apply/layout.h"
#include "engine/apply/redo.h"
#include "engine/base/log.h"

namespace octopus::apply {

static Result<bool> exists(Root &root, const RelPath &path)
{
    const auto stat = root.stat(path);
    if (stat)
        return true;
    if (stat.error().code == ErrorCode::NotFound)
        return false;
    return passOn(stat);
}

Result<QList<RelPath>> listForeign(Root &root, qsizetype limit)
{
    const auto entries = root.list({});
    if (!entries)
        return passOn(entries);
    const auto manifest = Manifest::open(root);
    if (!manifest && manifest.error().code != ErrorCode::NotFound
        && manifest.error().code != ErrorCode::NotDirectory)
        return passOn(manifest);
    QList<RelPath> foreign;
    for (const DirectoryEntry &entry : *entries) {
        const auto path = RelPath().child(entry.name);
        if (!path)
            return passOn(path);
        const bool isOurs = (*path == layout::control() && entry.kind == EntryKind::Directory)
            || (manifest && (*manifest)->find(*path));
        if (!isOurs && foreign.size() < limit)
            foreign.append(*path);
    }
    return foreign;
}

static Result<void> lockReplica(Replica &replica)
{
    if (auto made = replica.root.makeDirectory(layout::control(), 0700);
        !made && made.error().code != ErrorCode::Exists)
        return made;
    auto lock = replica.root.openLocked(layout::lock());
    if (!lock)
        return passOn(lock);
    replica.lock = std::move(*lock);
    return {};
}

static Result<void> openVersions(Replica &replica, const OpenOptions &options)
{
    auto versions =
        archive::Versions::open(replica.root, layout::versions(), replica.clock, options.retention);
    if (!versions)
        return passOn(versions);
    replica.versions = std::move(*versions);
    return {};
}

// The record is written last: without it nothing was founded. But where there is no record and yet
// a manifest with entries, the record was lost, and nothing may be taken for foreign or missing.
static Result<void> checkLeftovers(Replica &replica)
{
    const auto manifest = Manifest::open(replica.root);
    if (!manifest && manifest.error().code == ErrorCode::NotFound)
        return {};
    if (manifest && (*manifest)->entries().empty())
        return {};
    return failure(ErrorCode::Corrupt, "the replica's record is missing");
}

static Result<void> makeStaging(Root &root)
{
    auto made = root.makeDirectory(layout::staging(), 0700);
    if (!made && made.error().code != ErrorCode::Exists)
        return made;
    root.hold(layout::staging());
    return {};
}

static Result<void> found(Replica &replica, const OpenOptions &options)
{
    OCTOPUS_TRY(checkLeftovers(replica));
    const auto foreign = listForeign(replica.root, 1);
    if (!foreign)
        return passOn(foreign);
    if (!foreign->isEmpty() && !options.adopt)
        return failure(ErrorCode::Refused, "the destination holds foreign entries");
    OCTOPUS_TRY(makeStaging(replica.root));
    OCTOPUS_TRY(replica.staging.clear());
    replica.staging.held().open();
    replica.staging.held().dropAll(); // of a replica that was erased in part
    OCTOPUS_TRY(openVersions(replica, options));
    auto manifest = Manifest::create(replica.root);
    if (!manifest)
        return passOn(manifest);
    replica.manifest = std::move(*manifest);
    auto journal = Journal::create(replica.root, {1, StreamId{}, Sequence{}});
    if (!journal)
        return passOn(journal);
    replica.journal = std::move(*journal);
    replica.record = {.vault = options.vault, .primary = options.primary};
    OCTOPUS_TRY(replica.root.syncDirectory({}));
    return writeReplicaRecord(replica.root, replica.record);
}

static Result<void> checkIdentity(const ReplicaRecord &record, const OpenOptions &options)
{
    if (record.vault != options.vault)
        return failure(ErrorCode::Refused, "the destination is the replica of another vault");
    if (record.primary != options.primary)
        return failure(ErrorCode::Refused, "the replica belongs to another primary");
    return {};
}

// NotFound here means that a part of the replica's own records is gone.
template <typename T> static Result<T> mustExist(Result<T> opened, const char *what)
{
    if (!opened && opened.error().code == ErrorCode::NotFound)
        return failure(ErrorCode::Corrupt, QByteArray(what) + " is missing");
    return opened;
}

// Reads everything. What comes back are the records that the manifest does not contain yet.
static Result<QList<JournalRecord>> load(Replica &replica, const OpenOptions &options)
{
    auto manifest = mustExist(Manifest::open(replica.root), "the manifest");
    if (!manifest)
        return passOn(manifest);
    replica.manifest = std::move(*manifest);
    QList<JournalRecord> records;
    auto journal = mustExist(Journal::open(replica.root,
                                           [&](QByteArrayView group) {
                                               auto decoded = decodeRecords(group);
                                               if (!decoded)
                                                   return Result<void>(passOn(decoded));
                                               records.append(std::move(*decoded));
                                               return Result<void>();
                                           }),
                             "the journal");
    if (!journal)
        return passOn(journal);
    replica.journal = std::move(*journal);
    OCTOPUS_TRY(openVersions(replica, options));
    const JournalHead &head = replica.journal->head();
    const ManifestMark &mark = replica.manifest->mark();
    if (head.generation <= mark.journal)
        records.clear(); // the checkpoint was complete but for the journal's reset
    else if (head.stream != replica.record.stream && !records.isEmpty())
        return failure(ErrorCode::Corrupt, "the journal belongs to another stream");
    replica.applied = mark.stream == replica.record.stream ? mark.sequence : Sequence{};
    return records;
}

static Result<void> recover(Replica &replica, const OpenOptions &options)
{
    const auto records = load(replica, options);
    if (!records)
        return passOn(records);
    replica.staging.setStream(replica.record.stream, replica.record.key);
    replica.staging.held().open();
    OCTOPUS_TRY(makeStaging(replica.root));
    if (!records->isEmpty()) {
        qCDebug(logApply) << "redoing" << records->size() << "records after an interruption";
        OCTOPUS_TRY(replica.staging.clearFresh());
        OCTOPUS_TRY(redo(replica, *records));
    }
    // Always: it settles how the journal and the manifest stand to each other.
    OCTOPUS_TRY(takeCheckpoint(replica));
    return replica.staging.clear();
}

Result<void> openReplica(Replica &replica, const OpenOptions &options)
{
    replica.adopt = options.adopt;
    const auto control = exists(replica.root, layout::control());
    if (!control)
        return passOn(control);
    if (!*control && !options.adopt) { // leave no trace where nothing may be founded
        const auto foreign = listForeign(replica.root, 1);
        if (!foreign)
            return passOn(foreign);
        if (!foreign->isEmpty())
            return failure(ErrorCode::Refused, "the destination holds foreign entries");
    }
    OCTOPUS_TRY(lockReplica(replica));
    const auto record = readReplicaRecord(replica.root);
    if (!record)
        return passOn(record);
    if (!*record) {
        OCTOPUS_TRY(found(replica, options));
    } else {
        OCTOPUS_TRY(checkIdentity(**record, options));
        replica.record = **record;
        const auto recovered = recover(replica, options);
        if (!recovered && recovered.error().code == ErrorCode::NoSpace)
            replica.staging.held().dropAll(); // the next start finds more room
        OCTOPUS_TRY(recovered);
    }
    replica.durable = replica.applied;
    return {};
}

} // namespace octopus::apply
