// Transfer: carries the content of one large file, in steps: whole, only the blocks that differ from
// the index's block map, or only what was appended.
//
// What the target holds of the same content from an earlier connection is read, not sent again.
// It sends nothing as current that the file never held: the content is taken between two equal
// stats of the same object, or the transfer fails as Unstable and its stage is dropped. Belongs to
// the thread of its mirror; at most one runs in a mirror.
#pragma once

#include "engine/mirror/replication.h"

namespace octopus::mirror {

class Transfer
{
public:
    static constexpr quint64 stepBytes = 1024 * 1024;
    // Growing files above this size are first carried by their appended part alone; the whole file
    // is compared once it is quiet.
    static constexpr quint64 appendThreshold = 8 * 1024 * 1024;

    // Opens the file. The errors of Root::open and stat.
    [[nodiscard]] static Result<std::unique_ptr<Transfer>> begin(Replication &replication,
                                                                 const RelPath &path,
                                                                 const WorkItem &item,
                                                                 StageId stage);

    // Reads and sends up to `most` bytes, in whole blocks (stepBytes at most, one block at least);
    // true when the transfer is complete. Unstable: the file changed meanwhile; NotFound, InputOutput
    // and kin.
    [[nodiscard]] Result<bool> step(quint64 most = stepBytes);
    // The next step completes it.
    [[nodiscard]] bool isRead() const { return m_map->fileSize >= m_stat.size; }
    // Tells the target to forget what was sent ahead.
    void abandon();

    [[nodiscard]] const RelPath &path() const { return m_path; }
    [[nodiscard]] const WorkItem &item() const { return m_item; }
    [[nodiscard]] quint64 done() const { return m_map->fileSize; } // bytes looked at
    [[nodiscard]] quint64 size() const { return m_stat.size; }

private:
    enum class Mode : quint8 { Whole, Delta, Append };
    Transfer(Replication &replication, RelPath path, const WorkItem &item, StageId stage);
    void chooseMode();
    [[nodiscard]] Result<quint64> holeAt(quint64 offset);
    [[nodiscard]] Result<void> readWindow(quint64 offset, quint64 most);
    void passHole(quint64 offset, quint64 length);
    void compareBlocks(quint64 offset, const QByteArray &bytes);
    void emitRange(quint64 offset, QByteArray bytes);
    void sendChunk(quint64 offset, const QByteArray &bytes);
    [[nodiscard]] StageToken token() const;
    void beginStage();
    [[nodiscard]] bool fits() const;
    [[nodiscard]] Result<void> finish();
    void sendResult(EntryAttributes attributes);

    Replication &m;
    const RelPath m_path;
    const WorkItem m_item;
    const StageId m_stage;
    std::unique_ptr<File> m_file;
    EntryStat m_stat;
    quint64 m_revision = 0; // of the index entry that the transfer builds upon
    Mode m_mode = Mode::Whole;
    std::shared_ptr<const index::BlockMap> m_old;
    std::shared_ptr<index::BlockMap> m_map; // grows with what was looked at
    std::optional<Extent> m_data;           // the data extent that is read now
    ContentDigest m_digest;
    bool m_staged = false;
    quint64 m_held = 0; // the target has every chunk below this offset
    quint64 m_bufferedBytes = 0;
    QList<DataRange> m_ranges;
    QList<Extent> m_holes;
};

} // namespace octopus::mirror
