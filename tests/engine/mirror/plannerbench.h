// A Bench with a planner that works like a primary: examines what is ready, enters directories,
// carries large files, and removes what is still absent once nothing else is left.
#pragma once

#include "tests/engine/mirror/fixture.h"

namespace octopus::mirror {

class PlannerBench : public Bench
{
public:
    PlannerBench() : planner(m) {}

    [[nodiscard]] Finding examine(const QByteArray &path, bool rescan = false)
    {
        return planner.examine(at(path), {clock.monotonic(), 0, rescan});
    }
    // Tells of changes at these paths, in this order.
    void hint(const QList<QByteArray> &paths)
    {
        for (const QByteArray &path : paths)
            take(at(path), {clock.monotonic(), 0, true});
    }
    // Until nothing is left to do now; the replica has carried it out.
    [[nodiscard]] Result<void> settle()
    {
        for (int i = 0; i < 10'000; ++i) {
            if (const auto ready = m.work.takeReady(clock.monotonic())) {
                take(ready->first, ready->second);
                continue;
            }
            if (!m.work.absent().empty()) {
                for (const auto &[path, capturedAt] : m.work.takeAbsent())
                    planner.remove(path, capturedAt);
                continue;
            }
            if (const auto directory = m.work.takeDirectory()) {
                planner.settleDirectory(directory->first, directory->second);
                continue;
            }
            return deliver();
        }
        return failure(ErrorCode::TimedOut, "the planner does not come to rest");
    }
    // What the replica has is as the source is.
    [[nodiscard]] Result<void> mirror()
    {
        hint({""});
        OCTOPUS_TRY(settle());
        forget();
        return {};
    }

    Planner planner;

private:
    void take(const RelPath &path, const WorkItem &item)
    {
        switch (planner.examine(path, item)) {
        case Finding::EnterDirectory:
            if (const auto entries = sourceRoot->list(path)) {
                for (const DirectoryEntry &entry : *entries)
                    m.work.add(*path.child(entry.name), {item.capturedAt, 0, true});
            }
            for (const QByteArray &name : m.index.children(path))
                m.work.add(*path.child(name), {item.capturedAt, 0, true});
            return;
        case Finding::LargeContent: carry(path, item); return;
        default: return;
        }
    }
    void carry(const RelPath &path, const WorkItem &item)
    {
        const auto transfer = Transfer::begin(m, path, item, StageId(++m_stage));
        while (transfer) {
            const auto step = (*transfer)->step();
            if (!step || *step)
                return;
        }
    }

    quint64 m_stage = 0;
};

} // namespace octopus::mirror
