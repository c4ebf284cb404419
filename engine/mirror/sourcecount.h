// SourceCount: how many bytes the files of a source have, counted ahead of a copy, so that it can be
// said how much is left. Stepwise and at leisure: it takes a small part of its thread's time. What
// cannot be read does not count, nor what changes after it was counted: it is an estimate. Belongs
// to the thread of its mirror.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/fileio.h"
#include "engine/model/rules.h"

#include <optional>
#include <vector>

namespace octopus::mirror {

class SourceCount
{
public:
    static constexpr int stepEntries = 256;
    static constexpr Milliseconds interval{20}; // between two steps

    // Both outlive it.
    SourceCount(Root &source, const RuleMatcher &rules) : m_source(source), m_rules(rules) {}

    void start(MonotonicTime at); // from the beginning; the first step is due then
    void stop();
    // Looks at some entries, if it is time.
    void work(MonotonicTime now);
    // Of all files; nullopt while they have not all been looked at.
    [[nodiscard]] std::optional<quint64> bytes() const;

private:
    struct Frame {
        RelPath directory;
        QList<DirectoryEntry> entries;
        qsizetype position = 0;
    };
    void enter(const RelPath &directory);
    void look(const RelPath &path);

    Root &m_source;
    const RuleMatcher &m_rules;
    std::optional<MonotonicTime> m_due; // nullopt: not counting
    std::vector<Frame> m_frames;
    bool m_entered = false; // the root
    bool m_complete = false;
    quint64 m_bytes = 0;
};

} // namespace octopus::mirror
