// HeldStages: contents that were sent ahead in part and are kept for the next connection, each as a
// file `k<token>-<length>` in the staging folder: from its start so many bytes are durable.
//
// What is listed is there, or the digest of the whole content will tell; the operation is then
// carried out with another one. At most `cap` are kept, none longer than `longest`, and together they
// take no more than what is free on the disk: the oldest go first. Nothing here is ever needed. One
// thread; Staging owns it.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/fileio.h"
#include "engine/model/operation.h"

namespace octopus::apply {

// A stage that no connection works on.
struct Held {
    StageToken token;
    QList<Extent> extents;               // that were sent, ascending
    quint64 end = 0;                     // of the last
    quint64 durable = 0;                 // as in the name of its file
    WallTime since;                      // when the last of it came
    std::optional<ContentDigest> digest; // of the extents; nullopt: they are to be read again
    [[nodiscard]] qint64 bytes() const;
};

class HeldStages
{
public:
    static constexpr qsizetype cap = 16;
    static constexpr Nanoseconds longest = std::chrono::hours(24 * 7);

    HeldStages(Root &root, const Clock &clock) : m_root(root), m_clock(clock) {}

    [[nodiscard]] static RelPath pathOf(const StageToken &token, quint64 durable);
    // True for the name of such a file.
    [[nodiscard]] static bool isName(QByteArrayView name);

    // Finds what an earlier run has left; what is of no use is removed.
    void open();
    void keep(Held stage);
    [[nodiscard]] std::optional<Held> take(const StageToken &token);
    void drop(const StageToken &token);
    void dropAll();
    // Contents are hashed with another key from now on.
    void forgetDigests();
    [[nodiscard]] QList<HeldStage> list() const; // oldest first
    [[nodiscard]] bool isEmpty() const { return m_held.empty(); }

private:
    [[nodiscard]] std::optional<Held> read(const QByteArray &name) const;
    void prune();
    void remove(const Held &stage);

    Root &m_root;
    const Clock &m_clock;
    std::vector<Held> m_held; // oldest first
};

} // namespace octopus::apply
