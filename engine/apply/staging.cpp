#include "engine/apply/staging.h"

#include "engine/apply/layout.h"
#include "engine/model/bytes.h"

namespace octopus::apply {

// "s<stream>-<stage>" for a stage, "t<counter>" for what is being made, "x…" see TreeWriter.
static constexpr QByteArrayView freshPrefix("t");

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
    m_stages.clear();
    m_stream = stream;
    m_key = key;
}

Result<void> Staging::clearFresh()
{
    return removeAll(freshPrefix);
}

Result<void> Staging::clear()
{
    m_stages.clear();
    m_retired.clear();
    return removeAll({});
}

Result<void> Staging::removeAll(QByteArrayView prefix)
{
    const auto entries = m_root.list(layout::staging());
    if (!entries)
        return passOn(entries);
    for (const DirectoryEntry &entry : *entries) {
        if (!entry.name.startsWith(prefix))
            continue;
        const auto path = layout::staging().child(entry.name);
        if (!path)
            return passOn(path);
        OCTOPUS_TRY(tolerateAbsence(entry.kind == EntryKind::Directory
                                        ? m_root.removeDirectory(*path)
                                        : m_root.removeFile(*path)));
    }
    return {};
}

RelPath Staging::pathOf(StageId stage) const
{
    return inStaging(stagePrefix(m_stream)
                     + QByteArray::number(number(stage), 16).rightJustified(16, '0'));
}

RelPath Staging::freshPath()
{
    return inStaging(freshPrefix.toByteArray() + QByteArray::number(++m_counter));
}

Result<Staging::Stage *> Staging::stageFor(StageId id)
{
    const auto known = m_stages.find(id);
    if (known != m_stages.end())
        return &known->second;
    if (qsizetype(m_stages.size()) >= stageCap)
        return failure(ErrorCode::LimitReached, "too much content is sent ahead at once");
    Stage &stage = m_stages.emplace(id, Stage{nullptr, ContentDigest(m_key)}).first->second;
    auto file = m_root.open(pathOf(id), OpenMode::CreateNew);
    if (!file) {
        lose(id, stage, file.error());
        return passOn(file);
    }
    stage.file = std::move(*file);
    m_unsynced = true;
    return &stage;
}

void Staging::lose(StageId id, Stage &stage, const Error &error)
{
    const bool hadFile = stage.file != nullptr;
    stage.lost = error;
    stage.file.reset();
    stage.extents.clear();
    if (hadFile)
        (void)m_root.removeFile(pathOf(id)); // else it goes when the stream ends
}

Result<void> Staging::write(Stage &stage, const StageChunk &chunk)
{
    const auto length = quint64(chunk.bytes.size());
    if (chunk.offset < stage.end || chunk.offset > maximumFileSize
        || length > maximumFileSize - chunk.offset)
        return failure(ErrorCode::Corrupt, "content sent ahead is out of order");
    OCTOPUS_TRY(stage.file->write(chunk.offset, chunk.bytes));
    stage.digest.add(chunk.offset, chunk.bytes);
    if (!stage.extents.isEmpty() && chunk.offset == stage.end)
        stage.extents.last().length += length;
    else
        stage.extents.append({chunk.offset, length});
    stage.end = chunk.offset + length;
    return {};
}

Result<void> Staging::add(const StageChunk &chunk)
{
    const auto stage = stageFor(chunk.stage);
    if (!stage)
        return passOn(stage);
    if ((*stage)->lost)
        return {};
    const auto written = write(**stage, chunk);
    if (!written)
        lose(chunk.stage, **stage, written.error());
    return written;
}

void Staging::drop(StageId stage)
{
    if (m_stages.erase(stage) > 0)
        (void)m_root.removeFile(pathOf(stage)); // else it goes when the stream ends
}

Result<QList<Extent>> Staging::seal(StageId id, quint64 size, const FastDigest &digest)
{
    const auto found = m_stages.find(id);
    if (found == m_stages.end())
        return failure(ErrorCode::NotFound, "the content was not sent ahead");
    Stage stage = std::move(found->second);
    m_stages.erase(found);
    if (stage.lost)
        return std::unexpected(*stage.lost);
    const auto closed = [&]() -> Result<void> {
        if (stage.end > size || stage.digest.finish(size) != digest)
            return failure(ErrorCode::Corrupt, "the content sent ahead fails its check");
        if (stage.end < size)
            OCTOPUS_TRY(stage.file->truncate(size));
        return stage.file->syncData();
    }();
    if (!closed) {
        retire(id);
        return passOn(closed);
    }
    return std::move(stage.extents);
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
