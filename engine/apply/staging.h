// Staging: `.octopus/staging`, where content waits before it is visible under its final name.
//
// Content sent ahead is written as it comes and hashed on the way, read again only when it goes on
// after a restart; seal() makes it durable and gives it out only if its digest is right. New entries
// are made here under passing names, too. Nothing in here survives its stream but stages with a
// token (HeldStages). One thread.
#pragma once

#include "engine/apply/heldstages.h"

#include <map>

namespace octopus::apply {

class Staging
{
public:
    static constexpr qsizetype stageCap = 256; // open at once
    // A stage with a token is made durable as far as it is this often.
    static constexpr Milliseconds syncInterval{2000};

    Staging(Root &root, const Clock &clock) : m_root(root), m_clock(clock), m_held(root, clock) {}

    // From now on stages belong to this stream; those that are open have ended.
    void setStream(StreamId stream, HashKey key);
    // Removes what an interrupted operation left that will be begun anew.
    [[nodiscard]] Result<void> clearFresh();
    // Removes everything but what is held.
    [[nodiscard]] Result<void> clear();
    // What is held of contents that were sent ahead in part.
    [[nodiscard]] HeldStages &held() { return m_held; }
    [[nodiscard]] const HeldStages &held() const { return m_held; }

    // The stage that is named is made, or goes on. Where it cannot, it is lost, as after an error of
    // add().
    [[nodiscard]] Result<void> begin(const StageBegin &stage);
    // A bounded part of reading again what was held of a stage; false: there is more to do before
    // add(), which otherwise does all of it.
    [[nodiscard]] bool catchUp(StageId stage);
    // Corrupt: out of order or overlapping; LimitReached; NoSpace and kin. After an error the stage
    // is lost: further chunks are ignored, and seal() gives that error.
    [[nodiscard]] Result<void> add(const StageChunk &chunk);
    void drop(StageId stage);
    // The connection has ended: open stages are held if they have a token, or dropped.
    void part();
    [[nodiscard]] bool hasOpen() const { return !m_stages.empty(); }

    // Closes a stage: durable, of this size. The ranges it holds, adjacent ones joined. NotFound;
    // Corrupt: another digest; the error that lost it.
    [[nodiscard]] Result<QList<Extent>> seal(StageId stage, quint64 size, const FastDigest &digest);
    // Makes the names of sealed stages durable, if there are new ones.
    [[nodiscard]] Result<void> sync();
    [[nodiscard]] RelPath pathOf(StageId stage) const; // once it is sealed
    // Its file is needed until the next removeRetired() and no longer.
    void retire(StageId stage);
    [[nodiscard]] Result<void> removeRetired();

    // A name in here that nothing has.
    [[nodiscard]] RelPath freshPath();

private:
    struct Stage {
        std::unique_ptr<File> file;
        ContentDigest digest;
        StageToken token; // null: it ends with the connection
        quint64 end = 0;
        quint64 durable = 0;  // as in the name of the file
        quint64 unhashed = 0; // bytes of the extents, from their end, that the digest lacks
        QList<Extent> extents;
        MonotonicTime syncedAt;
        std::optional<Error> lost;
    };
    [[nodiscard]] Result<void> removeAll(QByteArrayView prefix);
    [[nodiscard]] RelPath pathOf(StageId id, const Stage &stage) const;
    [[nodiscard]] Result<Stage *> stageFor(StageId id);
    [[nodiscard]] Result<Stage *> insert(StageId id, Stage stage);
    [[nodiscard]] Result<void> makeHeld(Stage &stage);
    [[nodiscard]] Result<void> openHeld(Stage &stage, quint64 offset);
    [[nodiscard]] Result<void> write(Stage &stage, const StageChunk &chunk);
    [[nodiscard]] Result<bool> hashAgain(Stage &stage);
    [[nodiscard]] Result<void> makeDurable(Stage &stage);
    [[nodiscard]] Result<void> close(StageId id, Stage &stage, quint64 size,
                                     const FastDigest &digest);
    void lose(StageId id, Stage &stage, const Error &error);

    Root &m_root;
    const Clock &m_clock;
    HeldStages m_held;
    StreamId m_stream{};
    HashKey m_key;
    std::map<StageId, Stage> m_stages;
    QList<RelPath> m_retired;
    bool m_unsynced = false;
    quint64 m_counter = 0;
};

} // namespace octopus::apply
