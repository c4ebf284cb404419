// Scan: walks directories of the source, each watched before it is listed, and names every path that
// is there or that the index has there. Stepwise; depth first, a directory before its content.
// Belongs to the thread of its mirror.
#pragma once

#include "engine/capture/changesource.h"
#include "engine/mirror/replication.h"

#include <set>

namespace octopus::mirror {

class Scan
{
public:
    Scan(Replication &replication, ChangeSource &changes) : m(replication), m_changes(changes) {}

    // Looks at what is in `directory` as well.
    void enter(const RelPath &directory, MonotonicTime capturedAt);
    // The next path to examine; nullopt when nothing is left.
    [[nodiscard]] std::optional<std::pair<RelPath, MonotonicTime>> next();
    [[nodiscard]] bool isRunning() const { return !m_frames.empty(); }
    void clear();

    // The root was found without any entry although the index has some: nothing was named.
    [[nodiscard]] bool foundRootEmptied() const { return m_rootEmptied; }
    void setEmptyAllowed(bool allowed) { m_emptyAllowed = allowed; } // for the next listing of it
    // Looks again at the directories that cannot be watched.
    void enterUnwatched(MonotonicTime now);
    [[nodiscard]] bool hasUnwatched() const { return !m_unwatched.empty(); }
    void forgetUnwatched(const RelPath &path);

private:
    struct Frame {
        RelPath directory;
        MonotonicTime capturedAt;
        bool listed = false;
        QList<QByteArray> names;
        qsizetype position = 0;
    };
    [[nodiscard]] bool list(Frame &frame);

    Replication &m;
    ChangeSource &m_changes;
    std::vector<Frame> m_frames;
    std::set<RelPath> m_waiting; // entered and not listed yet
    std::set<RelPath> m_unwatched;
    bool m_rootEmptied = false;
    bool m_emptyAllowed = false;
};

} // namespace octopus::mirror
