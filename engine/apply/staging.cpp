#include "engine/apply/staging.h"

#include "engine/apply/layout.h"
#include "engine/model/bytes.h"

#include <algorithm>

namespace octopus::apply {

// "s<stream>-<stage>" for a stage, "k…" for one with a token until it is sealed (HeldStages),
// "t<counter>" for what is being made, "x…" see TreeWriter.
static constexpr QByteArrayView freshPrefix("t");
static constexpr quint64 readStep = 4 * 1024 * 1024;

static QByteArray stagePrefix(StreamId stream)
{
    return 's' + QByteArray::number(number(stream), 16).rightJustified(16, '0') + '-';
}

static RelPath inStaging(const QByteArray &name)
{
    return *layout::staging().child(name); // ours: short and valid
}

void Staging::setStream(StreamId stream, HashKey key)
{
    part();
    m_held.forgetDigests();
    m_stream = stream;
    m_key = key;
}

Result<void> Staging::clearFresh()
{
    return removeAll(freshPrefix);
}

Result<void> Staging::clear()
{
    part();
    m_retired.clear();
    return removeAll({});
}

Result<void> Staging::removeAll(QByteArrayView prefix)
{
    const auto entries = m_root.list(layout::staging());
    if (!entries)
        return passOn(entries);
    for (const DirectoryEntry &entry : *entries) {
        if (!entry.name.startsWith(prefix) || HeldStages::isName(entry.name))
            continue;
        const auto path = layout::staging().child(entry.name);
        if (!path)
            return passOn(path);
        OCTOPUS_TRY(entry.kind == EntryKind::Directory ? removeFolder(m_root, *path)
                                                       : tolerateAbsence(m_root.removeFile(*path)));
    }
    return {};
}

RelPath Staging::pathOf(StageId stage) const
{
    return inStaging(stagePrefix(m_stream)
                     + QByteArray::number(number(stage), 16).rightJustified(16, '0'));
}

RelPath Staging::pathOf(StageId id, const Stage &stage) const
{
    return stage.token.isNull() ? pathOf(id) : HeldStages::pathOf(stage.token, stage.durable);
}

RelPath Staging::freshPath()
{
    return inStaging(freshPrefix.toByteArray() + QByteArray::number(++m_counter));
}

Result<Staging::Stage *> Staging::insert(StageId id, Stage stage)
{
    if (qsizetype(m_stages.size()) >= stageCap)
        return failure(ErrorCode::LimitReached, "too much content is sent ahead at once");
    stage.syncedAt = m_clock.monotonic();
    return &m_stages.emplace(id, std::move(stage)).first->second;
}

// One that was begun, or the first that is heard of it.
Result<Staging::Stage *> Staging::stageFor(StageId id)
{
    const auto known = m_stages.find(id);
    if (known != m_stages.end())
        return &known->second;
    const auto stage = insert(id, {.digest = ContentDigest(m_key)});
    if (!stage)
        return stage;
    auto file = m_root.open(pathOf(id), OpenMode::CreateNew);
    if (!file) {
        lose(id, **stage, file.error());
        return passOn(file);
    }
    (*stage)->file = std::move(*file);
    m_unsynced = true;
    return stage;
}

Result<void> Staging::begin(const StageBegin &begun)
{
    const auto lost = [&](StageId id, Stage &stage, const Error &error) -> Result<void> {
        lose(id, stage, error);
        return std::unexpected(error);
    };
    if (const auto known = m_stages.find(begun.stage); known != m_stages.end())
        return lost(known->first, known->second, {ErrorCode::Corrupt, "a stage begins twice", 0});
    const auto isTaken = [&](const auto &x) { return x.second.token == begun.token; };
    const bool taken = std::ranges::any_of(m_stages, isTaken);
    const auto stage =
        insert(begun.stage, {.digest = ContentDigest(m_key, ContentDigest::Cuts::Joined)});
    if (!stage)
        return passOn(stage);
    if (taken)
        return lost(begun.stage, **stage,
                    {ErrorCode::Corrupt, "the same content is sent ahead twice", 0});
    (*stage)->token = begun.token;
    const auto opened = begun.offset == 0 ? makeHeld(**stage) : openHeld(**stage, begun.offset);
    return opened ? opened : lost(begun.stage, **stage, opened.error());
}

Result<void> Staging::makeHeld(Stage &stage)
{
    m_held.drop(stage.token);
    const RelPath path = HeldStages::pathOf(stage.token, 0);
    auto file = m_root.open(path, OpenMode::CreateNew);
    if (!file && file.error().code == ErrorCode::Exists) { // it could not be removed before
        OCTOPUS_TRY(m_root.removeFile(path));
        file = m_root.open(path, OpenMode::CreateNew);
    }
    if (!file)
        return passOn(file);
    stage.file = std::move(*file);
    return {};
}

Result<void> Staging::openHeld(Stage &stage, quint64 offset)
{
    auto held = m_held.take(stage.token);
    if (!held)
        return failure(ErrorCode::NotFound, "what was sent ahead is not held any more");
    stage.durable = held->durable;
    stage.end = held->end;
    stage.extents = std::move(held->extents);
    if (held->digest)
        stage.digest = std::move(*held->digest);
    else
        stage.unhashed = stage.end;
    auto file = m_root.open(HeldStages::pathOf(stage.token, stage.durable), OpenMode::ReadWrite);
    if (!file)
        return passOn(file);
    stage.file = std::move(*file);
    if (offset != stage.end)
        return failure(ErrorCode::Corrupt, "content sent ahead goes on where it did not end");
    return stage.file->truncate(stage.end); // nothing else may lie behind
}

// Everything that was there goes into the digest before anything that follows.
Result<bool> Staging::hashAgain(Stage &stage)
{
    const quint64 from = stage.end - stage.unhashed;
    for (const Extent &extent : stage.extents) {
        const quint64 end = extent.offset + extent.length;
        if (end <= from)
            continue;
        const quint64 begin = std::max(from, extent.offset);
        const quint64 length = std::min(end - begin, readStep);
        const auto bytes = stage.file->read(begin, qsizetype(length));
        if (!bytes)
            return passOn(bytes);
        if (quint64(bytes->size()) != length)
            return failure(ErrorCode::Corrupt, "content sent ahead is gone");
        stage.digest.add(begin, *bytes);
        stage.unhashed = stage.end - (begin + length);
        break;
    }
    return stage.unhashed == 0;
}

bool Staging::catchUp(StageId id)
{
    const auto found = m_stages.find(id);
    if (found == m_stages.end() || found->second.lost || found->second.unhashed == 0)
        return true;
    const auto done = hashAgain(found->second);
    if (!done)
        lose(id, found->second, done.error());
    return !done || *done;
}

void Staging::lose(StageId id, Stage &stage, const Error &error)
{
    const bool hadFile = stage.file != nullptr;
    stage.lost = error;
    stage.file.reset();
    stage.extents.clear();
    if (hadFile)
        (void)m_root.removeFile(pathOf(id, stage)); // else it goes when the stream ends
}

Result<void> Staging::write(Stage &stage, const StageChunk &chunk)
{
    const auto length = quint64(chunk.bytes.size());
    if (chunk.offset < stage.end || chunk.offset > maximumFileSize
        || length > maximumFileSize - chunk.offset)
        return failure(ErrorCode::Corrupt, "content sent ahead is out of order");
    auto written = stage.file->write(chunk.offset, chunk.bytes);
    if (!written && written.error().code == ErrorCode::NoSpace && !m_held.isEmpty()) {
        m_held.dropAll();
        written = stage.file->write(chunk.offset, chunk.bytes);
    }
    OCTOPUS_TRY(written);
    stage.digest.add(chunk.offset, chunk.bytes);
    if (!stage.extents.isEmpty() && chunk.offset == stage.end)
        stage.extents.last().length += length;
    else
        stage.extents.append({chunk.offset, length});
    stage.end = chunk.offset + length;
    if (!stage.token.isNull() && m_clock.monotonic() - stage.syncedAt >= syncInterval)
        return makeDurable(stage);
    return {};
}

// Nothing behind a hole is found again after a restart.
Result<void> Staging::makeDurable(Stage &stage)
{
    stage.syncedAt = m_clock.monotonic();
    if (stage.extents.size() != 1 || stage.extents.first().offset != 0
        || stage.durable == stage.end)
        return {};
    OCTOPUS_TRY(stage.file->syncData());
    OCTOPUS_TRY(m_root.rename(HeldStages::pathOf(stage.token, stage.durable),
                              HeldStages::pathOf(stage.token, stage.end), RenameMode::Replace));
    stage.durable = stage.end;
    return {};
}

Result<void> Staging::add(const StageChunk &chunk)
{
    const auto stage = stageFor(chunk.stage);
    if (!stage)
        return passOn(stage);
    while (!catchUp(chunk.stage)) {}
    if ((*stage)->lost)
        return {};
    const auto written = write(**stage, chunk);
    if (!written)
        lose(chunk.stage, **stage, written.error());
    return written;
}

void Staging::drop(StageId id)
{
    const auto found = m_stages.find(id);
    if (found == m_stages.end())
        return;
    if (found->second.file)
        (void)m_root.removeFile(pathOf(id, found->second)); // else it goes when the stream ends
    m_stages.erase(found);
}

void Staging::part()
{
    for (auto &[id, stage] : std::exchange(m_stages, {})) {
        const bool isUseful = !stage.token.isNull() && !stage.lost && stage.end > 0;
        if (isUseful && makeDurable(stage)) {
            const bool isHashed = stage.unhashed == 0;
            m_held.keep({stage.token,
                         std::move(stage.extents),
                         stage.end,
                         stage.durable,
                         {},
                         isHashed ? std::optional(std::move(stage.digest)) : std::nullopt});
        } else if (stage.file) {
            (void)m_root.removeFile(pathOf(id, stage)); // else it goes when the stream ends
        }
    }
}

// Under the name that the journal knows it by.
Result<void> Staging::close(StageId id, Stage &stage, quint64 size, const FastDigest &digest)
{
    if (stage.end > size || stage.digest.finish(size) != digest)
        return failure(ErrorCode::Corrupt, "the content sent ahead fails its check");
    if (stage.end < size)
        OCTOPUS_TRY(stage.file->truncate(size));
    OCTOPUS_TRY(stage.file->syncData());
    if (stage.token.isNull())
        return {};
    OCTOPUS_TRY(m_root.rename(pathOf(id, stage), pathOf(id), RenameMode::NoReplace));
    stage.token = {};
    m_unsynced = true;
    return {};
}

Result<QList<Extent>> Staging::seal(StageId id, quint64 size, const FastDigest &digest)
{
    const auto found = m_stages.find(id);
    if (found == m_stages.end())
        return failure(ErrorCode::NotFound, "the content was not sent ahead");
    while (!catchUp(id)) {}
    Stage stage = std::move(found->second);
    m_stages.erase(found);
    if (stage.lost)
        return std::unexpected(*stage.lost);
    const auto closed = close(id, stage, size, digest);
    if (!closed && stage.token.isNull())
        retire(id);
    else if (!closed) // not later: the same content may be on its way again by then
        (void)m_root.removeFile(pathOf(id, stage));
    return closed ? Result<QList<Extent>>(std::move(stage.extents)) : passOn(closed);
}

Result<void> Staging::sync()
{
    if (!m_unsynced)
        return {};
    OCTOPUS_TRY(m_root.syncDirectory(layout::staging()));
    m_unsynced = false;
    return {};
}

void Staging::retire(StageId stage)
{
    m_retired.append(pathOf(stage));
}

Result<void> Staging::removeRetired()
{
    for (const RelPath &path : std::exchange(m_retired, {}))
        OCTOPUS_TRY(tolerateAbsence(m_root.removeFile(path)));
    return {};
}

} // namespace octopus::apply
