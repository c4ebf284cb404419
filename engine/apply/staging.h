// Staging: `.octopus/staging`, where content waits before it is visible under its final name.
//
// Content sent ahead is written as it comes and hashed on the way, never read again; seal() makes it
// durable and gives it out only if its digest is right. New entries are made here under passing
// names, too. Nothing in here survives its stream. One thread.
#pragma once

#include "engine/base/fileio.h"
#include "engine/model/operation.h"

#include <map>

namespace octopus::apply {

class Staging
{
public:
    static constexpr qsizetype stageCap = 256; // open at once

    explicit Staging(Root &root) : m_root(root) {}

    // From now on stages belong to this stream.
    void setStream(StreamId stream, HashKey key);
    // Removes what an interrupted operation left that will be begun anew.
    [[nodiscard]] Result<void> clearFresh();
    // Removes everything.
    [[nodiscard]] Result<void> clear();

    // Corrupt: out of order or overlapping; LimitReached; NoSpace and kin. After an error the stage
    // is lost: further chunks are ignored, and seal() gives that error.
    [[nodiscard]] Result<void> add(const StageChunk &chunk);
    void drop(StageId stage);

    // Closes a stage: durable, of this size. The ranges it holds, adjacent ones joined. NotFound;
    // Corrupt: another digest; the error that lost it.
    [[nodiscard]] Result<QList<Extent>> seal(StageId stage, quint64 size, const FastDigest &digest);
    // Makes the names of sealed stages durable, if there are new ones.
    [[nodiscard]] Result<void> sync();
    [[nodiscard]] RelPath pathOf(StageId stage) const;
    // Its file is needed until the next removeRetired() and no longer.
    void retire(StageId stage);
    [[nodiscard]] Result<void> removeRetired();

    // A name in here that nothing has.
    [[nodiscard]] RelPath freshPath();

private:
    [[nodiscard]] Result<void> removeAll(QByteArrayView prefix);
    struct Stage {
        std::unique_ptr<File> file;
        ContentDigest digest;
        quint64 end = 0;
        QList<Extent> extents;
        std::optional<Error> lost;
    };
    [[nodiscard]] Result<Stage *> stageFor(StageId id);
    [[nodiscard]] Result<void> write(Stage &stage, const StageChunk &chunk);
    void lose(StageId id, Stage &stage, const Error &error);

    Root &m_root;
    StreamId m_stream{};
    HashKey m_key;
    std::map<StageId, Stage> m_stages;
    QList<RelPath> m_retired;
    bool m_unsynced = false;
    quint64 m_counter = 0;
};

} // namespace octopus::apply
