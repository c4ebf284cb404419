#include "engine/wire/fieldwriter.h"

#include "engine/model/bytes.h"

namespace octopus::wire {

void FieldWriter::detail(quint64 key, const QByteArray &value)
{
    start(key).append(value.first(std::min(value.size(), maximumDetail)));
}

void FieldWriter::held(quint64 key, const std::optional<QList<HeldStage>> &stages)
{
    if (!stages)
        return;
    Q_ASSERT(stages->size() <= MirrorState::maximumHeld);
    QByteArray bytes;
    ByteWriter writer(bytes, stages->size() * (StageToken::size + qsizetype(sizeof(quint64))));
    for (const HeldStage &stage : *stages) {
        writer.raw(stage.token.bytes());
        writer.u64(stage.end);
    }
    start(key).append(bytes);
}

void FieldWriter::numbers(quint64 key, const QList<quint64> &values, qsizetype most)
{
    Q_ASSERT(values.size() <= most);
    start(key).startArray(quint64(values.size()));
    for (const quint64 value : values)
        m_writer.append(value);
    m_writer.endArray();
}

void FieldWriter::listedPaths(quint64 key, const QList<QByteArray> &paths)
{
    const qsizetype count = std::min(paths.size(), maximumListedPaths);
    start(key).startArray(quint64(count));
    for (const QByteArray &path : paths.first(count))
        m_writer.append(path.first(std::min(path.size(), RelPath::maximumLength)));
    m_writer.endArray();
}

} // namespace octopus::wire
